// Any bytes as a JSON report: read or refused, and every value visited.
#include <cstddef>
#include <cstdint>

#include "base/report_json.hpp"

namespace {

std::size_t walk(holdpoint::JsonNode node) {
  std::size_t seen = node.string().value_or("").size() + (node.integer() ? 1 : 0);
  for (const holdpoint::JsonNode item : node.items()) seen += walk(item);
  for (const auto& [name, value] : node.members()) seen += name.size() + walk(value);
  return seen + (node.repeats_names() ? 1 : 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto report = holdpoint::ReportJson::parse({reinterpret_cast<const char*>(bytes), size});
  if (report) walk(report->root());
  return 0;
}

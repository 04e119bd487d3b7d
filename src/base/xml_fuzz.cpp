// Any bytes as XML: read or refused, and every element visited.
#include <cstddef>
#include <cstdint>

#include "base/xml.hpp"

namespace {

std::size_t walk(holdpoint::XmlNode node) {
  std::size_t seen = node.text().size() + node.attribute("name").value_or("").size();
  for (const holdpoint::XmlNode child : node.children()) seen += walk(child);
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto document = holdpoint::XmlDocument::parse({reinterpret_cast<const char*>(bytes), size});
  if (document) walk(document->root());
  return 0;
}

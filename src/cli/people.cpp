// See people.hpp.
#include "cli/people.hpp"

#include "cli/fields.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {

std::string named(const json::object& answer, const std::string& id) {
  const json::object* names = object_at(answer, "names");
  const std::string name = names == nullptr ? "" : shown_at(*names, id);
  if (name.empty()) return printable(id);
  return printable(name) + " (" + printable(id) + ")";
}

std::string with_names(const json::object& answer, std::string sentence) {
  const json::object* names = object_at(answer, "names");
  if (names == nullptr) return sentence;
  for (const auto& member : *names) {
    const std::string id(view(member.key()));
    const auto at = sentence.find(id);
    if (!id.empty() && at != std::string::npos) sentence.replace(at, id.size(), named(answer, id));
  }
  return sentence;
}

}  // namespace holdpoint::cli

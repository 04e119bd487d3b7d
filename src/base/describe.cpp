// See describe.hpp: the parts that need no template.
#include "base/describe.hpp"

namespace holdpoint::describe {

std::string_view type_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64: return "integer";
    case json::kind::double_: return "number";
    case json::kind::string: return "string";
    case json::kind::array: return "array";
    case json::kind::object: return "object";
  }
  return "nothing";
}

}  // namespace holdpoint::describe

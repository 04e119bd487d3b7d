// See fact_bounds.hpp. What cannot be read here has no bounds; the schema's own reader refuses it.
#include "policy/cel/fact_bounds.hpp"

#include <algorithm>
#include <string_view>

namespace holdpoint::policy::cel {
namespace {

/// References and items that are followed, one within the other.
constexpr std::size_t depth_max = 32;
constexpr std::int64_t character_bytes_max = 4;

std::optional<std::int64_t> number_in(const json::object& schema, std::string_view key) {
  const auto* found = schema.if_contains(key);
  if (found == nullptr || !found->is_int64() || found->get_int64() < 0) return std::nullopt;
  return found->get_int64();
}

/// The longest of the texts that a schema lists, when it lists texts only.
std::optional<std::int64_t> longest_choice(const json::object& schema) {
  std::optional<std::int64_t> longest;
  const auto look = [&](const json::value& choice) {
    if (const auto* text = choice.if_string()) {
      longest = std::max(longest.value_or(0), static_cast<std::int64_t>(text->size()));
    }
    return choice.is_string() || choice.is_null();
  };
  if (const auto* value = schema.if_contains("const")) {
    if (!look(*value)) return std::nullopt;
  }
  if (const auto* values = schema.if_contains("enum"); values != nullptr && values->is_array()) {
    if (!std::ranges::all_of(values->get_array(), look)) return std::nullopt;
  }
  return longest;
}

std::optional<std::int64_t> length_of(const json::object& schema) {
  if (const auto longest = longest_choice(schema)) return longest;
  if (const auto items = number_in(schema, "maxItems")) return items;
  if (const auto entries = number_in(schema, "maxProperties")) return entries;
  if (const auto bytes = number_in(schema, "x-maxBytes")) return bytes;
  const auto characters = number_in(schema, "maxLength");
  if (!characters || *characters > INT64_MAX / character_bytes_max) return std::nullopt;
  return *characters * character_bytes_max;
}

bool is_scalar_choice(const json::object& schema) {
  const auto* type = schema.if_contains("type");
  const auto* names = type == nullptr ? nullptr : type->if_array();
  return names != nullptr && std::ranges::none_of(*names, [](const json::value& name) {
           return !name.is_string() || name == "array" || name == "object";
         });
}

const json::value* referred(const json::object& document, std::string_view target) {
  for (const std::string_view holder : {"$defs", "definitions"}) {
    const std::string prefix = "#/" + std::string(holder) + "/";
    if (!target.starts_with(prefix)) continue;
    const auto* definitions = document.if_contains(holder);
    if (definitions == nullptr || !definitions->is_object()) return nullptr;
    return definitions->get_object().if_contains(target.substr(prefix.size()));
  }
  return nullptr;
}

Bounds read(const json::object& document, const json::value& schema, std::size_t depth);

/// Of a choice between null and one type; what is wider has no bounds.
Bounds read_options(const json::object& document, const json::array& options, std::size_t depth) {
  const json::value* chosen = nullptr;
  for (const json::value& option : options) {
    const auto* object = option.if_object();
    const auto* type = object == nullptr ? nullptr : object->if_contains("type");
    if (type != nullptr && type->is_string() && view(type->get_string()) == "null") continue;
    if (chosen != nullptr) return {};
    chosen = &option;
  }
  return chosen == nullptr ? Bounds{} : read(document, *chosen, depth + 1);
}

Bounds read(const json::object& document, const json::value& schema, std::size_t depth) {
  const auto* object = schema.if_object();
  if (object == nullptr || depth > depth_max) return {};
  if (const auto* target = object->if_contains("$ref"); target != nullptr && target->is_string()) {
    const auto* found = referred(document, view(target->get_string()));
    return found == nullptr ? Bounds{} : read(document, *found, depth + 1);
  }
  for (const std::string_view key : {"anyOf", "oneOf"}) {
    const auto* options = object->if_contains(key);
    if (options != nullptr && options->is_array()) {
      return read_options(document, options->get_array(), depth);
    }
  }
  Bounds out{length_of(*object), is_scalar_choice(*object), nullptr};
  // One of them only, so that a schema that refers to itself is no tree of branches.
  const auto* inner = object->if_contains("items");
  if (inner == nullptr) inner = object->if_contains("additionalProperties");
  if (inner != nullptr && inner->is_object()) {
    out.element = std::make_shared<const Bounds>(read(document, *inner, depth + 1));
  }
  return out;
}

}  // namespace

Bounds bounds_of(const json::object& document, const json::value& schema) {
  return read(document, schema, 0);
}

}  // namespace holdpoint::policy::cel

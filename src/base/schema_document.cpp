// See schema_document.hpp.
#include "base/schema_document.hpp"

#include "base/assert.hpp"

namespace holdpoint {
namespace {

void require_lists_of(json::object& schema, const std::set<std::string_view>& may_be_cut) {
  auto* properties = schema.if_contains("properties");
  if (properties == nullptr) return;
  json::array required;
  if (const auto* present = schema.if_contains("required")) required = present->as_array();
  for (const auto& property : properties->as_object()) {
    const auto* type = property.value().as_object().if_contains("type");
    if (type != nullptr && *type == "array" && !may_be_cut.contains(property.key())) {
      required.emplace_back(property.key());
    }
  }
  if (!required.empty()) schema["required"] = std::move(required);
}

void bound_text(json::object& schema, std::size_t bytes_max) {
  schema["maxLength"] = bytes_max;
  schema["x-maxBytes"] = bytes_max;
}

}  // namespace

json::object schema_document(std::string_view id, std::string_view title, json::object root,
                             json::object components) {
  json::object document{
      {"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}};
  for (auto& member : root) document.insert_or_assign(member.key(), std::move(member.value()));
  document["$defs"] = std::move(components);
  std::string text = json::serialize(document);
  constexpr std::string_view from = "#/components/schemas/";
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), "#/$defs/");
  }
  return json::parse(text).as_object();
}

void require_lists(json::object& components, const std::set<std::string_view>& may_be_cut) {
  for (auto& component : components) {
    require_lists_of(component.value().as_object(), may_be_cut);
  }
}

void bound_lengths(json::object& components, std::span<const LengthBound> bounds) {
  for (const LengthBound& one : bounds) {
    auto* component = components.if_contains(one.type);
    if (component == nullptr) continue;
    auto* found = component->at("properties").as_object().if_contains(one.member);
    HP_ASSERT(found != nullptr, "BA-12: a bound is of a member that is described");
    json::object& schema = found->as_object();
    if (auto* items = schema.if_contains("items")) {
      // Before the schema grows, which moves what is in it.
      if (one.bytes_max) bound_text(items->as_object(), *one.bytes_max);
      schema["maxItems"] = one.length_max;
    } else if (schema.contains("additionalProperties")) {
      schema["maxProperties"] = one.length_max;
    } else {
      bound_text(schema, one.length_max);
    }
  }
}

}  // namespace holdpoint

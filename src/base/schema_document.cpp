// See schema_document.hpp.
#include "base/schema_document.hpp"

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

}  // namespace holdpoint

// The JSON Schema of policy documents, for editors and for whoever writes documents by program. It
// says what the reader takes; what only the reader can tell (types of expressions, tests, demands
// that cannot be met) it leaves to the reader.
#include "base/schema_document.hpp"
#include "policy/document_text.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::string_view name_pattern = "^[a-z0-9][a-z0-9-]{0,63}$";
constexpr std::string_view identifier_pattern = "^[A-Za-z_][A-Za-z0-9_]{0,63}$";

json::object text_type(std::string_view description) {
  return {{"type", "string"},
          {"minLength", 1},
          {"maxLength", CriteriaDocument::text_length_max},
          {"description", description}};
}

json::object optional_text(std::string_view description) {
  json::object type = text_type(description);
  type.erase("minLength");
  return type;
}

json::object expression_type(std::string_view description) {
  return {{"type", "string"},
          {"minLength", 1},
          {"maxLength", cel::Limits{}.source_bytes_max},
          {"description", description}};
}

json::object remedy_schema() {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", {"do", "by"}},
          {"properties",
           {{"do", text_type("What to do when the rule does not pass")},
            {"by", text_type("Who can")},
            {"command", optional_text("The command that does it")},
            {"within", text_type("How long it may take from the decision on, such as 4h")},
            {"effect",
             {{"type", "object"},
              {"description", "The facts when it was done, merged as RFC 7396 says"}}}}}};
}

json::object& properties_of(json::object& schema) { return schema.at("properties").as_object(); }

void bound(json::object& schema, std::string_view list, std::size_t items_max) {
  properties_of(schema).at(list).as_object()["maxItems"] = items_max;
}

/// The vocabulary that all kinds share, with its bounds.
void refine(json::object& components) {
  const auto component = [&](const std::string& name) -> json::object& {
    return components.at("policy." + name).as_object();
  };
  json::object& metadata = properties_of(component("MetadataText"));
  metadata["name"] = {{"type", "string"}, {"pattern", name_pattern}};
  metadata["owner"] = text_type("The team that answers for the document");
  metadata["description"] = optional_text("What it is for");
  metadata["reviewBy"] = {{"type", "string"}, {"format", "date"}};
  json::object& variable = properties_of(component("VariableText"));
  variable["name"] = {{"type", "string"}, {"pattern", identifier_pattern}};
  variable["expression"] = expression_type("CEL; others refer to it as variables.<name>");
  json::object& rule = properties_of(component("RuleText"));
  rule["id"] = {{"type", "string"}, {"pattern", name_pattern}};
  rule["when"] = expression_type("CEL; the rule applies when it is true");
  rule["require"] = expression_type("CEL; the rule passes when it is true");
  rule["message"] = text_type("What must hold, as a sentence");
  rule["evidence"] = optional_text("The kind of evidence that the rule reads");
  rule["remedy"] = remedy_schema();
  rule["waivable"] = {{"type", "boolean"},
                      {"description", "Whether a failure may be waived; yes when it is not said"}};
  json::object& test = component("TestText");
  properties_of(test)["name"] = text_type("What the test shows");
  properties_of(test)["given"] = {
      {"type", "object"}, {"description", "Facts, merged over the smallest ones as RFC 7396 says"}};
}

json::object spec_schema(Kind kind, json::object& components) {
  (void)describe::schema<SpecText>(components);
  refine(components);
  json::object spec = components.at("policy.SpecText").as_object();
  components.erase("policy.SpecText");
  properties_of(spec)["match"] =
      expression_type("CEL; the document applies when it is true, and always without it");
  bound(spec, "variables", CriteriaDocument::variables_max);
  bound(spec, "rules", CriteriaDocument::rules_max);
  bound(spec, "tests", CriteriaDocument::tests_max);
  json::array required;
  json::object part = part_schema(kind, components);
  if (part.empty()) {
    required.emplace_back("rules");
    properties_of(spec).at("rules").as_object()["minItems"] = 1;
  } else {
    for (auto& member : properties_of(part)) properties_of(spec)[member.key()] = member.value();
    if (const auto* needed = part.if_contains("required")) required = needed->as_array();
  }
  if (!required.empty()) spec["required"] = std::move(required);
  return spec;
}

}  // namespace

std::vector<std::string> remedy_keys() {
  std::vector<std::string> keys;
  const json::object schema = remedy_schema();
  for (const auto& member : schema.at("properties").as_object()) keys.emplace_back(member.key());
  return keys;
}

json::value document_schema(Kind kind) {
  const KindRow& row = row_of(kind);
  json::object components;
  const json::object metadata = describe::schema<MetadataText>(components);
  json::object spec = spec_schema(kind, components);
  json::object root{{"type", "object"},
                    {"additionalProperties", false},
                    {"required", {"apiVersion", "kind", "metadata", "spec"}},
                    {"description", "Judges " + std::string(row.judges) + "."},
                    {"properties",
                     {{"apiVersion", {{"const", "holdpoint/v1"}}},
                      {"kind", {{"const", row.name}}},
                      {"metadata", metadata},
                      {"spec", std::move(spec)}}}};
  return schema_document(
      "https://holdpoint.dev/schemas/policies/" + std::string(row.schema) + ".json",
      "A document of kind " + std::string(row.name), std::move(root), std::move(components));
}

}  // namespace holdpoint::policy

// See cases.hpp.
#include "conformance/cases.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "conformance/values.hpp"
#include "policy/cel/signatures.hpp"

namespace holdpoint::conformance {
namespace {

using policy::cel::Field;
using policy::cel::Function;
using policy::cel::Receiver;
using policy::cel::Schema;
using policy::cel::TypeKind;
using policy::cel::TypeStore;

std::string text_in(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found == nullptr ? "" : std::string(view(found->as_string()));
}

Expectation expectation_of(const std::string& word) {
  static const std::map<std::string, Expectation> words = {
      {"value", Expectation::value},          {"error", Expectation::error},
      {"true", Expectation::holds},           {"accepted", Expectation::accepted},
      {"refused", Expectation::refused},      {"readable", Expectation::readable},
      {"unreadable", Expectation::unreadable}};
  return words.at(word);
}

/// A variable of a type parameter may be of any type.
const policy::cel::Type* type_of(const std::string& text, TypeStore& types) {
  const auto type = read_type(text, types);
  if (!type) throw std::runtime_error(text + ": " + type.error());
  return (*type)->kind == TypeKind::parameter ? TypeStore::of(TypeKind::dyn) : *type;
}

/// The declared variables, and as dyn those that only have a value.
Schema schema_of(const json::object& source, const json::object& facts) {
  auto types = std::make_shared<TypeStore>();
  std::vector<Field> fields;
  for (const json::value& declared : source.at("variables").as_array()) {
    Field field;
    field.name = text_in(declared.as_object(), "name");
    field.type = type_of(text_in(declared.as_object(), "type"), *types);
    fields.push_back(std::move(field));
  }
  for (const auto& fact : facts) {
    const std::string name(fact.key().data(), fact.key().size());
    if (std::ranges::find(fields, name, &Field::name) != fields.end()) continue;
    Field& field = fields.emplace_back();
    field.name = name;
    field.type = TypeStore::of(TypeKind::dyn);
  }
  return Schema::of(std::move(types), std::move(fields));
}

std::vector<Function> functions_of(const json::object& source) {
  std::vector<Function> out;
  for (const json::value& declared : source.at("functions").as_array()) {
    const json::object& one = declared.as_object();
    Function function;
    function.name = view(one.at("name").as_string());
    function.receiver = one.at("method").as_bool() ? Receiver::present : Receiver::absent;
    function.signatures.push_back(
        {.parameters = {}, .result = TypeKind::dyn, .text = view(one.at("text").as_string())});
    out.push_back(std::move(function));
  }
  return out;
}

Case read_case(const json::object& source) {
  Case out;
  out.id = text_in(source, "id");
  out.expression = text_in(source, "expr");
  for (const auto& binding : source.at("bindings").as_object()) {
    const auto* value = binding.value().as_object().if_contains("value");
    if (value != nullptr) out.facts[binding.key()] = fact_of(value->as_object());
  }
  out.schema = schema_of(source, out.facts);
  out.functions = functions_of(source);
  out.options.container = text_in(source, "container");
  if (!source.at("check").as_bool()) out.options.checking = policy::cel::Checking::names;
  out.expectation = expectation_of(text_in(source, "expect"));
  if (const auto* value = source.if_contains("value")) out.value = *value;
  out.type = text_in(source, "type");
  return out;
}

}  // namespace

std::string_view Case::group() const {
  const std::string_view whole(id);
  const auto first = whole.find('/');
  if (whole.substr(0, first) != "conformance") return whole.substr(0, first);
  return whole.substr(0, whole.find('/', first + 1));
}

std::expected<Suite, std::string> read_suite(const std::string& text) {
  Suite out;
  try {
    out.document = json::parse(text);
    for (const json::value& one : out.document.as_array()) {
      out.cases.push_back(read_case(one.as_object()));
    }
  } catch (const std::exception& problem) {
    return std::unexpected(std::string(problem.what()) + " in case " +
                           std::to_string(out.cases.size()));
  }
  return out;
}

}  // namespace holdpoint::conformance

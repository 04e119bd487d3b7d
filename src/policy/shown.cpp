// See shown.hpp.
#include "policy/shown.hpp"

#include <algorithm>
#include <vector>

#include "policy/verdict.hpp"

namespace holdpoint::policy {
namespace {

using cel::Node;
using cel::NodeId;
using cel::NodeKind;

void collect_fields(const cel::Compiled& program, NodeId id, std::string_view variable,
                    std::vector<std::string_view>& names) {
  const Node& node = program.tree.nodes[id];
  if (node.kind == NodeKind::select) {
    const Node& target = program.tree.nodes[node.children[0]];
    if (target.kind == NodeKind::ident && target.name == variable) names.push_back(node.name);
  }
  for (const NodeId child : node.children) collect_fields(program, child, variable, names);
}

/// What most texts are already.
bool is_short_line(std::string_view text) {
  if (text.size() > Blame::text_length_max) return false;
  char before = ' ';
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (is_blank && (c != ' ' || before == ' ')) return false;
    before = c;
  }
  return true;
}

}  // namespace

/// On one line and short.
std::string shortened(std::string_view text) {
  if (is_short_line(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (is_blank && (out.empty() || out.back() == ' ')) continue;
    if (out.size() >= Blame::text_length_max && (static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      return out + "…";
    }
    out += is_blank ? ' ' : c;
  }
  return out;
}

bool is_withheld(const cel::Compiled& program, NodeId id) {
  if (program.disclosures[id] == cel::Disclosure::withheld) return true;
  const auto& children = program.tree.nodes[id].children;
  return std::ranges::any_of(children, [&](NodeId child) { return is_withheld(program, child); });
}

std::string shown_value(const cel::Compiled& program, NodeId id, const cel::Value& value) {
  if (value.is(cel::Kind::error)) {
    return "an error (" + std::string(value.trouble().message) + ")";
  }
  if (value.is(cel::Kind::unknown)) return "unknown";
  if (is_withheld(program, id)) return "(withheld)";
  return cel::text_of(value, Blame::text_length_max);
}

json::object identifying_fields(const cel::Compiled& program, NodeId loop, const cel::Value& range,
                                std::size_t index) {
  json::object out;
  if (!range.is(cel::Kind::list)) return out;
  const json::object* element = range.element(index).json_map();
  if (element == nullptr) return out;
  std::vector<std::string_view> names = {"id",     "key",      "name",  "kind",  "rule",
                                         "digest", "severity", "state", "status"};
  const Node& node = program.tree.nodes[loop];
  collect_fields(program, node.children[1], node.name, names);
  const cel::Type& type = *program.node_types[node.children[0]];
  const cel::ObjectType* object = type.kind == cel::TypeKind::list ? type.element->object : nullptr;
  for (const std::string_view name : names) {
    const auto* value = element->if_contains(name);
    if (value == nullptr || value->is_structured() || out.contains(name)) continue;
    const cel::Field* field = object == nullptr ? nullptr : object->find(name);
    if (field != nullptr && field->disclosure == cel::Disclosure::withheld) continue;
    const auto* text = value->if_string();
    out[name] = text == nullptr ? *value : json::value(shortened(view(*text)));
  }
  return out;
}

std::string text_of(const json::object& fields) {
  std::string out;
  for (const auto& entry : fields) {
    if (!out.empty()) out += ", ";
    out += std::string(entry.key()) + " ";
    const auto* text = entry.value().if_string();
    out += text == nullptr ? json::serialize(entry.value()) : std::string(view(*text));
  }
  return out;
}

}  // namespace holdpoint::policy

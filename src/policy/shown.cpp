// See shown.hpp.
#include "policy/shown.hpp"

#include <algorithm>
#include <array>

#include "policy/verdict.hpp"

namespace holdpoint::policy {
namespace {

using cel::Node;
using cel::NodeId;
using cel::NodeKind;

/// Visits the fields of the variable that the part of the expression reads.
template <class Visit>
void each_field(const cel::Compiled& program, NodeId id, std::string_view variable,
                const Visit& visit) {
  const Node& node = program.tree.nodes[id];
  if (node.kind == NodeKind::select) {
    const Node& target = program.tree.nodes[node.children[0]];
    if (target.kind == NodeKind::ident && target.name == variable) visit(node.name);
  }
  for (const NodeId child : node.children) each_field(program, child, variable, visit);
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

void shorten(std::string& text) {
  if (!is_short_line(text)) text = shortened(text);
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
  constexpr std::array<std::string_view, 9> usual = {"id",     "key",      "name",  "kind",  "rule",
                                                     "digest", "severity", "state", "status"};
  json::object out;
  if (!range.is(cel::Kind::list)) return out;
  const json::object* element = range.element(index).json_map();
  if (element == nullptr) return out;
  const cel::Type& type = *program.node_types[program.tree.nodes[loop].children[0]];
  const cel::ObjectType* object = type.kind == cel::TypeKind::list ? type.element->object : nullptr;
  const auto add = [&](std::string_view name) {
    const auto* value = element->if_contains(name);
    if (value == nullptr || value->is_structured()) return;
    const cel::Field* field = object == nullptr ? nullptr : object->find(name);
    if (field != nullptr && field->disclosure == cel::Disclosure::withheld) return;
    const auto* text = value->if_string();
    if (text == nullptr || is_short_line(view(*text))) {
      out.emplace(name, *value);
    } else {
      out.emplace(name, shortened(view(*text)));
    }
  };
  out.reserve(std::min(element->size(), usual.size()));
  for (const std::string_view name : usual) add(name);
  const Node& node = program.tree.nodes[loop];
  each_field(program, node.children[1], node.name, add);
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

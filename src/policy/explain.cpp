// See explain.hpp. The walk asks of each part why it is not what is wanted: of a conjunction, each
// conjunct that is not true; of a disjunction, all its alternatives; a negation turns the question
// around; a loop answers with its elements; a comparison with have and need.
#include "policy/explain.hpp"

#include <algorithm>

#include "policy/cel/evaluator.hpp"

namespace holdpoint::policy {
namespace {

using cel::Evaluator;
using cel::Kind;
using cel::Node;
using cel::NodeId;
using cel::NodeKind;
using cel::Op;
using cel::Step;
using cel::Value;

enum class Wanted : std::uint8_t { holds, fails };

Wanted opposite(Wanted wanted) { return wanted == Wanted::holds ? Wanted::fails : Wanted::holds; }

constexpr std::string_view withheld_text = "(withheld)";
constexpr std::size_t elements_in_detail_max = 3;

/// On one line and short.
std::string shortened(std::string_view text) {
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

std::string relation_text(NodeKind kind, Wanted wanted) {
  if (wanted == Wanted::holds) return std::string(cel::operator_text(kind));
  switch (kind) {
    case NodeKind::equal: return "!=";
    case NodeKind::not_equal: return "==";
    case NodeKind::less: return ">=";
    case NodeKind::less_equal: return ">";
    case NodeKind::greater: return "<=";
    case NodeKind::greater_equal: return "<";
    default: return "not " + std::string(cel::operator_text(kind));
  }
}

/// The relation with its sides exchanged.
NodeKind mirrored(NodeKind kind) {
  switch (kind) {
    case NodeKind::less: return NodeKind::greater;
    case NodeKind::less_equal: return NodeKind::greater_equal;
    case NodeKind::greater: return NodeKind::less;
    case NodeKind::greater_equal: return NodeKind::less_equal;
    default: return kind;
  }
}

std::string sentence(const Blame& blame) {
  return blame.expression + " is " + blame.have + ", needs " + blame.relation + " " + blame.need;
}

class Explainer {
 public:
  Explainer(const cel::Compiled& program, cel::Session& session, const ExpressionPlace& place,
            Explanation& out)
      : program_(program), evaluator_(program, session), place_(place), out_(out) {}

  /// Goes on inside a loop whose element is bound.
  Explainer(const Evaluator& evaluator, const ExpressionPlace& place, Explanation& out)
      : program_(evaluator.program()), evaluator_(evaluator), place_(place), out_(out) {}

  /// Adds what is to blame and returns it in words.
  std::string why(NodeId id, Wanted wanted) {
    const Value value = evaluator_.eval(id);
    if (evaluator_.session().is_exhausted()) return "the limit of cost or memory is exceeded";
    const Node& node = program_.tree.nodes[id];
    switch (node.kind) {
      case NodeKind::logical_and: return several(id, wanted, Wanted::holds);
      case NodeKind::logical_or: return several(id, wanted, Wanted::fails);
      case NodeKind::logical_not: return why(node.children[0], opposite(wanted));
      case NodeKind::conditional: return branch(id, wanted);
      case NodeKind::all:
      case NodeKind::exists:
        if (evaluator_.eval(node.children[0]).is_value()) return loop(id, wanted);
        return leaf(id, value, wanted);
      case NodeKind::equal:
      case NodeKind::not_equal:
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal:
      case NodeKind::in: return comparison(id, value, wanted);
      default: break;
    }
    if (program_.steps[id].op == Op::variable && value.is(Kind::boolean)) {
      return variable(id, wanted);
    }
    return leaf(id, value, wanted);
  }

 private:
  /// Whether the part already is what is wanted.
  [[nodiscard]] static bool is_wanted(const Value& value, Wanted wanted) {
    return wanted == Wanted::holds ? value.is_true() : value.is_false();
  }

  std::string several(NodeId id, Wanted wanted, Wanted strict) {
    // "a && b" wanted true, or "a || b" wanted false: all parts must change. Otherwise any may.
    const std::string_view separator = wanted == strict ? "; " : ", or ";
    std::string words;
    for (const NodeId child : program_.tree.nodes[id].children) {
      if (is_wanted(evaluator_.eval(child), wanted)) continue;
      const std::string part = why(child, wanted);
      if (part.empty()) continue;
      if (!words.empty()) words += separator;
      words += part;
    }
    return words;
  }

  std::string branch(NodeId id, Wanted wanted) {
    const std::vector<NodeId>& children = program_.tree.nodes[id].children;
    const Value condition = evaluator_.eval(children[0]);
    if (!condition.is(Kind::boolean)) return leaf(children[0], condition, wanted);
    return why(children[condition.as_bool() ? 1 : 2], wanted);
  }

  std::string variable(NodeId id, Wanted wanted) {
    const std::uint32_t index = program_.steps[id].variable;
    ExpressionPlace place = place_;
    if (place.variables != nullptr && index < place.variables->size()) {
      place.line = (*place.variables)[index].line;
      place.column = (*place.variables)[index].column;
    }
    const cel::Compiled& inner = *program_.variables[index].program;
    return Explainer(inner, evaluator_.session(), place, out_).why(inner.tree.root, wanted);
  }

  // --- single conditions -------------------------------------------------------------------------

  [[nodiscard]] bool is_withheld(NodeId id) const {
    if (program_.disclosures[id] == cel::Disclosure::withheld) return true;
    const auto& children = program_.tree.nodes[id].children;
    return std::ranges::any_of(children, [&](NodeId child) { return is_withheld(child); });
  }

  std::string value_text(NodeId id, const Value& value) {
    if (value.is(Kind::error)) return "an error (" + std::string(value.trouble().message) + ")";
    if (value.is(Kind::unknown)) return "unknown";
    if (is_withheld(id)) return std::string(withheld_text);
    return cel::text_of(value, Blame::text_length_max);
  }

  void note_missing(const Value& value) {
    if (!value.is(Kind::unknown)) return;
    const cel::Trouble& trouble = value.trouble();
    for (std::size_t i = 0; i < trouble.path_count; ++i) {
      const std::string path(trouble.paths[i]);
      if (std::ranges::find(out_.missing, path) == out_.missing.end()) out_.missing.push_back(path);
    }
  }

  std::string add(NodeId id, Blame blame) {
    const cel::Place inside = cel::place_of(program_.tree.source, program_.tree.nodes[id].begin);
    blame.line = place_.line + inside.line - 1;
    blame.column = place_.column + inside.column - 1;
    std::string words = sentence(blame);
    if (out_.blame.size() < RuleVerdict::blame_max) out_.blame.push_back(std::move(blame));
    return words;
  }

  std::string leaf(NodeId id, const Value& value, Wanted wanted) {
    note_missing(value);
    const Node& node = program_.tree.nodes[id];
    Blame blame;
    blame.expression = shortened(program_.tree.text(id));
    blame.have = value_text(id, value);
    blame.relation = "==";
    blame.need = wanted == Wanted::holds ? "true" : "false";
    if (node.kind == NodeKind::has && value.is_value()) {
      blame.expression = evaluator_.path_of(id);
      blame.have = value.is_true() ? "present" : "absent";
      blame.relation = "to be";
      blame.need = wanted == Wanted::holds ? "present" : "absent";
    } else if (node.kind == NodeKind::call && value.is_value() && node.children.size() == 2) {
      const Value subject = evaluator_.eval(node.children[0]);
      const Value argument = evaluator_.eval(node.children[1]);
      blame.expression = shortened(program_.tree.text(node.children[0]));
      blame.have = value_text(node.children[0], subject);
      blame.relation = (wanted == Wanted::holds ? "" : "not ") + node.name;
      blame.need = value_text(node.children[1], argument);
    }
    return add(id, std::move(blame));
  }

  std::string comparison(NodeId id, const Value& value, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    NodeId left = node.children[0];
    NodeId right = node.children[1];
    NodeKind kind = node.kind;
    const bool is_turned = kind != NodeKind::in && program_.steps[left].op == Op::constant &&
                           program_.steps[right].op != Op::constant;
    if (is_turned) {
      std::swap(left, right);
      kind = mirrored(kind);
    }
    note_missing(value);
    const Value have = evaluator_.eval(left);
    const Value need = evaluator_.eval(right);
    Blame blame;
    blame.expression = shortened(program_.tree.text(left));
    blame.have = value_text(left, have);
    blame.relation = relation_text(kind, wanted);
    blame.need = value_text(right, need);
    if (program_.steps[right].op != Op::constant && need.is_value()) {
      blame.need += " (" + shortened(program_.tree.text(right)) + ")";
    }
    if (value.is(Kind::error) && have.is_value() && need.is_value()) {
      blame.have += ", an error (" + std::string(value.trouble().message) + ")";
    }
    std::string words = add(id, std::move(blame));
    if (have.is_number() && need.is_number()) words += counted(left, have, need);
    return words;
  }

  // --- lists -------------------------------------------------------------------------------------

  /// Of size(x.filter(…)): the elements that did not count when there are too few, those that did
  /// when there are too many.
  std::string counted(NodeId id, const Value& have, const Value& need) {
    const Node* size = &program_.tree.nodes[id];
    if (size->kind != NodeKind::call || size->name != "size" || size->children.size() != 1) {
      return "";
    }
    const NodeId of = size->children[0];
    const bool has_too_few = cel::compare_numbers(have, need) < 0;
    if (program_.steps[of].op == Op::filter) return counted_in(of, has_too_few);
    if (program_.steps[of].op != Op::variable) return "";
    const std::uint32_t index = program_.steps[of].variable;
    const cel::Compiled& inner = *program_.variables[index].program;
    if (inner.steps[inner.tree.root].op != Op::filter) return "";
    return Explainer(inner, evaluator_.session(), place_, out_)
        .counted_in(inner.tree.root, has_too_few);
  }

  std::string counted_in(NodeId filter, bool has_too_few) {
    const Value range = evaluator_.eval(program_.tree.nodes[filter].children[0]);
    if (!range.is(Kind::list)) return "";
    add_elements(filter, range, has_too_few ? Wanted::holds : Wanted::fails);
    return "";
  }

  std::string loop(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    const Value range = evaluator_.eval(node.children[0]);
    if (!range.is(Kind::list) && !range.is(Kind::map)) {
      return leaf(id, evaluator_.eval(id), wanted);
    }
    const std::size_t count = range.count();
    const std::size_t first = out_.elements.size();
    // Elements that stand in the way: all() fails on some, exists() on every one.
    const std::size_t failing = add_elements(id, range, wanted);
    if (requirement(node.kind, wanted) == some_element) {
      // The nearest misses first.
      std::ranges::sort(out_.elements.begin() + static_cast<std::ptrdiff_t>(first),
                        out_.elements.end(), fewer_blames);
    }
    Blame blame;
    blame.expression = shortened(program_.tree.text(id));
    blame.have = std::to_string(failing) + " of " + std::to_string(count) +
                 (count == 1 ? " element fails" : " elements fail");
    blame.relation = requirement(node.kind, wanted);
    blame.need = shortened(program_.tree.text(node.children[1]));
    if (wanted == Wanted::fails) blame.need = "!(" + blame.need + ")";
    add(id, blame);
    std::string words = shortened(program_.tree.text(node.children[0])) + ": " + blame.have;
    for (std::size_t i = first; i < out_.elements.size(); ++i) {
      if (i - first == elements_in_detail_max) {
        words += "; …";
        break;
      }
      words += (i == first ? ": " : "; ") + element_sentence(out_.elements[i]);
    }
    return words;
  }

  static constexpr std::string_view every_element = "every element";
  static constexpr std::string_view some_element = "some element";

  static bool fewer_blames(const FailingElement& a, const FailingElement& b) {
    return a.blame.size() < b.blame.size();
  }

  static std::string_view requirement(NodeKind kind, Wanted wanted) {
    const bool needs_every = (kind == NodeKind::all) == (wanted == Wanted::holds);
    return needs_every ? every_element : some_element;
  }

  static std::string element_sentence(const FailingElement& element) {
    std::string words = element.path;
    for (const Blame& blame : element.blame) words += " " + sentence(blame);
    return words;
  }

  /// Adds the elements for which the predicate is not what is wanted; returns how many there are.
  std::size_t add_elements(NodeId loop, const Value& range, Wanted wanted) {
    const NodeId predicate = program_.tree.nodes[loop].children[1];
    std::size_t failing = 0;
    for (std::size_t i = 0; i < range.count(); ++i) {
      evaluator_.session().charge(1);
      if (evaluator_.session().is_exhausted()) break;
      evaluator_.bind(loop, range, i);
      if (is_wanted(evaluator_.eval(predicate), wanted)) continue;
      ++failing;
      if (out_.elements.size() >= RuleVerdict::elements_max) continue;
      add_element(loop, range, i, wanted);
    }
    return failing;
  }

  void add_element(NodeId loop, const Value& range, std::size_t index, Wanted wanted) {
    const NodeId predicate = program_.tree.nodes[loop].children[1];
    FailingElement element;
    element.path = element_path(loop, range, index);
    element.keys = keys(loop, range, index);
    Explanation inner;
    Explainer(evaluator_, place_, inner).why(predicate, wanted);
    element.blame = std::move(inner.blame);
    for (std::string& path : inner.missing) {
      if (std::ranges::find(out_.missing, path) == out_.missing.end()) {
        out_.missing.push_back(std::move(path));
      }
    }
    out_.elements.push_back(std::move(element));
  }

  std::string element_path(NodeId loop, const Value& range, std::size_t index) {
    const std::string list = evaluator_.path_of(program_.tree.nodes[loop].children[0]);
    if (range.is(Kind::list)) return shortened(list) + "[" + std::to_string(index) + "]";
    return shortened(list) + "." + cel::text_of(range.key_at(index));
  }

  /// The fields that tell the element from others, and those that the predicate reads.
  json::object keys(NodeId loop, const Value& range, std::size_t index) {
    json::object out;
    const json::array* list = range.json_list();
    const auto* element = list == nullptr ? nullptr : (*list)[index].if_object();
    if (element == nullptr) return out;
    std::vector<std::string_view> names = {"id",     "key",      "name",  "kind",
                                           "digest", "severity", "state", "status"};
    collect_fields(program_.tree.nodes[loop].children[1], program_.tree.nodes[loop].name, names);
    const cel::Type& type = *program_.node_types[program_.tree.nodes[loop].children[0]];
    const cel::ObjectType* object =
        type.kind == cel::TypeKind::list ? type.element->object : nullptr;
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

  void collect_fields(NodeId id, std::string_view variable,
                      std::vector<std::string_view>& names) const {
    const Node& node = program_.tree.nodes[id];
    if (node.kind == NodeKind::select) {
      const Node& target = program_.tree.nodes[node.children[0]];
      if (target.kind == NodeKind::ident && target.name == variable) names.push_back(node.name);
    }
    for (const NodeId child : node.children) collect_fields(child, variable, names);
  }

  const cel::Compiled& program_;
  Evaluator evaluator_;
  const ExpressionPlace& place_;
  Explanation& out_;
};

}  // namespace

Explanation explain(const cel::Compiled& program, cel::Session& session,
                    const ExpressionPlace& place) {
  Explanation out;
  session.restart_cost(program.limits.cost_max);
  out.detail = Explainer(program, session, place, out).why(program.tree.root, Wanted::holds);
  if (session.is_exhausted()) {
    return {"the reason is too costly to work out", {}, {}, {}};
  }
  std::ranges::sort(out.missing);
  return out;
}

}  // namespace holdpoint::policy

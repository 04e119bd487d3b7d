// See explain.hpp. The walk asks of each part why it is not what is wanted: of a conjunction, each
// conjunct that is not true; of a disjunction, all its alternatives; a negation turns the question
// around; a loop answers with its elements; a comparison with have and need. It looks at every
// part, also at those that the first run had no need to, and says what the whole comes to.
#include "policy/explain.hpp"

#include <algorithm>

#include "policy/cel/evaluator.hpp"
#include "policy/relation.hpp"
#include "policy/shown.hpp"
#include "policy/violation.hpp"

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

constexpr std::size_t elements_in_detail_max = 3;
constexpr std::size_t blames_usual = 4;

std::string relation_text(NodeKind kind, Wanted wanted) {
  if (wanted == Wanted::holds) return std::string(cel::operator_text(kind));
  if (kind == NodeKind::in) return "not in";
  return std::string(cel::operator_text(negated(kind)));
}

void append_sentence(std::string& out, const Blame& blame) {
  out += blame.expression;
  out += " is ";
  out += blame.have;
  out += ", needs ";
  out += blame.relation;
  out += ' ';
  out += blame.need;
}

/// Room for what most reasons say.
std::string roomy() {
  std::string out;
  out.reserve(240);
  return out;
}

struct Why {
  Truth truth{};
  std::string words;
};

class Explainer {
 public:
  /// A silent one leaves it to its caller to put what it finds into words.
  enum class Voice : std::uint8_t { speaking, silent };

  struct Manner {
    Voice voice;
    Identities identities;
  };

  Explainer(Evaluator& evaluator, const ExpressionPlace& place, Explanation& out, Manner manner)
      : program_(evaluator.program()),
        evaluator_(evaluator),
        place_(place),
        out_(out),
        manner_(manner) {}

  /// Of the whole expression, whose operands the evaluation may have settled.
  Why why_whole(const cel::Evaluation& evaluation) {
    const NodeId root = program_.tree.root;
    const NodeKind kind = program_.tree.nodes[root].kind;
    if (kind == NodeKind::logical_and) {
      return several(root, Wanted::holds, Wanted::holds, &evaluation);
    }
    if (kind == NodeKind::logical_or) {
      return several(root, Wanted::holds, Wanted::fails, &evaluation);
    }
    return why(root, Wanted::holds);
  }

  /// Adds what is to blame, and says it in words.
  Why why(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    switch (node.kind) {
      case NodeKind::logical_and: return several(id, wanted, Wanted::holds);
      case NodeKind::logical_or: return several(id, wanted, Wanted::fails);
      case NodeKind::logical_not: return negation(id, wanted);
      case NodeKind::conditional: return branch(id, wanted);
      case NodeKind::all:
      case NodeKind::exists: return loop(id, wanted);
      case NodeKind::equal:
      case NodeKind::not_equal:
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal:
      case NodeKind::in: return comparison(id, evaluator_.eval(id), wanted);
      default: break;
    }
    const Value value = evaluator_.eval(id);
    if (program_.steps[id].op == Op::variable && value.is(Kind::boolean)) {
      return variable(id, wanted);
    }
    return leaf(id, value, wanted);
  }

 private:
  /// Whether the part already is what is wanted.
  [[nodiscard]] static bool is_wanted(Truth truth, Wanted wanted) {
    return truth == (wanted == Wanted::holds ? Truth::yes : Truth::no);
  }

  /// What an operand of && (`neutral` is yes) or || (no) comes to, evaluated unless it is settled.
  Truth operand(std::size_t index, NodeId id, Truth neutral, const cel::Evaluation* settled) {
    if (settled != nullptr && index < settled->settled_operands) return neutral;
    if (settled != nullptr && index == settled->settled_operands && settled->is_decided_early) {
      return neutral == Truth::yes ? Truth::no : Truth::yes;
    }
    return truth_of(evaluator_.eval(id));
  }

  [[nodiscard]] bool is_exhausted() { return evaluator_.session().is_exhausted(); }

  Why several(NodeId id, Wanted wanted, Wanted strict, const cel::Evaluation* settled = nullptr) {
    // "a && b" wanted true, or "a || b" wanted false: all parts must change. Otherwise any may.
    const std::string_view separator = wanted == strict ? "; " : ", or ";
    const Truth neutral = strict == Wanted::holds ? Truth::yes : Truth::no;
    Fold fold(strict == Wanted::holds ? Truth::no : Truth::yes);
    std::string words;
    const bool needs_all = wanted == Wanted::holds && strict == Wanted::holds;
    bool is_guarded = false;
    const std::vector<NodeId>& children = program_.tree.nodes[id].children;
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (is_exhausted()) break;
      const NodeId child = children[i];
      const Truth truth = operand(i, child, neutral, settled);
      // After has(x) that does not hold, what follows only errs because there is no x.
      if (is_wanted(truth, wanted) || (is_guarded && truth == Truth::error)) {
        fold.add(truth);
        continue;
      }
      is_guarded |= needs_all && program_.tree.nodes[child].kind == NodeKind::has;
      Why part = why(child, wanted);
      fold.add(part.truth);
      if (part.words.empty()) continue;
      if (words.empty()) {
        words = std::move(part.words);
      } else {
        words += separator;
        words += part.words;
      }
    }
    return {fold.truth(), std::move(words)};
  }

  Why negation(NodeId id, Wanted wanted) {
    Why inner = why(program_.tree.nodes[id].children[0], opposite(wanted));
    if (inner.truth == Truth::yes) {
      inner.truth = Truth::no;
    } else if (inner.truth == Truth::no) {
      inner.truth = Truth::yes;
    }
    return inner;
  }

  Why branch(NodeId id, Wanted wanted) {
    const std::vector<NodeId>& children = program_.tree.nodes[id].children;
    const Value condition = evaluator_.eval(children[0]);
    if (!condition.is(Kind::boolean)) {
      Why undecided = leaf(children[0], condition, wanted);
      if (condition.is_value()) undecided.truth = Truth::error;
      return undecided;
    }
    return why(children[condition.as_bool() ? 1 : 2], wanted);
  }

  Why variable(NodeId id, Wanted wanted) {
    const std::uint32_t index = program_.steps[id].variable;
    ExpressionPlace place = place_;
    if (place.variables != nullptr && index < place.variables->size()) {
      place.line = (*place.variables)[index].line;
      place.column = (*place.variables)[index].column;
    }
    const cel::Compiled& inner = *program_.variables[index].program;
    Evaluator evaluator(inner, evaluator_.session());
    return Explainer(evaluator, place, out_, manner_).why(inner.tree.root, wanted);
  }

  // --- single conditions -------------------------------------------------------------------------

  std::string value_text(NodeId id, const Value& value) const {
    return shown_value(program_, id, value);
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
    std::string words;
    if (manner_.voice == Voice::speaking) {
      words = roomy();
      append_sentence(words, blame);
    }
    put(id, std::move(blame));
    return words;
  }

  void put(NodeId id, Blame blame) {
    if (out_.blame.size() >= RuleVerdict::blame_max) return;
    const cel::Place inside = cel::place_of(program_.tree.source, program_.tree.nodes[id].begin);
    blame.line = place_.line + inside.line - 1;
    blame.column = place_.column + inside.column - 1;
    out_.blame.push_back(std::move(blame));
  }

  Why leaf(NodeId id, const Value& value, Wanted wanted) {
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
    return {truth_of(value), add(id, std::move(blame))};
  }

  Why comparison(NodeId id, const Value& value, Wanted wanted) {
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
    Why out{truth_of(value), add(id, std::move(blame))};
    if (have.is_number() && need.is_number()) out.words += counted(left, have, need);
    return out;
  }

  // --- lists -------------------------------------------------------------------------------------

  /// Of size(x.filter(…)): the elements that did not count when there are too few, those that did
  /// when there are too many.
  std::string counted(NodeId id, const Value& have, const Value& need) {
    const Node& node = program_.tree.nodes[id];
    const Op op = program_.steps[id].op;
    if (op == Op::filter) return counted_in(id, cel::compare_numbers(have, need) < 0);
    if (op == Op::variable) {
      const cel::Compiled& inner = *program_.variables[program_.steps[id].variable].program;
      Evaluator evaluator(inner, evaluator_.session());
      return Explainer(evaluator, place_, out_, manner_).counted(inner.tree.root, have, need);
    }
    const bool is_size =
        node.kind == NodeKind::call && node.name == "size" && node.children.size() == 1;
    return is_size ? counted(node.children[0], have, need) : "";
  }

  std::string counted_in(NodeId filter, bool has_too_few) {
    const Value range = evaluator_.eval(program_.tree.nodes[filter].children[0]);
    if (!range.is(Kind::list)) return "";
    const std::size_t first = out_.elements.size();
    add_elements(filter, range, has_too_few ? Wanted::holds : Wanted::fails);
    if (!has_too_few) return "";
    std::string words;
    for (std::size_t i = first; i < out_.elements.size(); ++i) {
      const FailingElement& element = out_.elements[i];
      std::string reason = "does not count";
      for (const Blame& blame : element.blame) {
        reason += &blame == &element.blame.front() ? ": " : "; ";
        append_sentence(reason, blame);
      }
      if (i - first < elements_in_detail_max) words += "; " + element.path + " " + reason;
      if (i - first == elements_in_detail_max) words += "; …";
      out_.excluded.push_back({element.path, element.keys, std::move(reason)});
    }
    return words;
  }

  Why loop(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    const Value range = evaluator_.eval(node.children[0]);
    if (!range.is(Kind::list) && !range.is(Kind::map)) {
      return leaf(id, evaluator_.eval(id), wanted);
    }
    const std::size_t count = range.count();
    const std::size_t first = out_.elements.size();
    // Elements that stand in the way: all() fails on some, exists() on every one.
    const Elements found = add_elements(id, range, wanted);
    if (requirement(node.kind, wanted) == some_element) {
      // The nearest misses first.
      std::ranges::sort(out_.elements.begin() + static_cast<std::ptrdiff_t>(first),
                        out_.elements.end(), fewer_blames);
    }
    Blame blame;
    blame.expression = shortened(program_.tree.text(id));
    blame.have = count == 0 ? "empty" : share_text(found.failing, count);
    blame.relation = requirement(node.kind, wanted);
    blame.need = shortened(program_.tree.text(node.children[1]));
    if (wanted == Wanted::fails) blame.need = "!(" + blame.need + ")";
    std::string words = roomy();
    words += shortened(program_.tree.text(node.children[0]));
    words += ": ";
    words += blame.have;
    put(id, std::move(blame));
    for (std::size_t i = first; i < out_.elements.size(); ++i) {
      if (i - first == elements_in_detail_max) {
        words += "; …";
        break;
      }
      words += i == first ? ": " : "; ";
      append_element(words, out_.elements[i]);
    }
    return {node.kind == NodeKind::all ? found.all : found.some, std::move(words)};
  }

  static std::string share_text(std::size_t failing, std::size_t count) {
    std::string out;
    out.reserve(40);
    out += std::to_string(failing);
    out += " of ";
    out += std::to_string(count);
    out += count == 1 ? " element fails" : " elements fail";
    return out;
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

  static void append_element(std::string& words, const FailingElement& element) {
    words += element.path;
    for (std::size_t i = 0; i < element.blame.size(); ++i) {
      words += i == 0 ? " " : " and ";
      append_sentence(words, element.blame[i]);
    }
  }

  struct Elements {
    std::size_t failing = 0;
    Truth all = Truth::yes;  // what all() and exists() over them come to
    Truth some = Truth::no;
  };

  /// Adds the elements for which the predicate is not what is wanted.
  Elements add_elements(NodeId loop, const Value& range, Wanted wanted) {
    const NodeId predicate = program_.tree.nodes[loop].children[1];
    const std::size_t count = range.count();
    std::size_t failing = 0;
    Fold all(Truth::no);
    Fold some(Truth::yes);
    for (std::size_t i = 0; i < count; ++i) {
      evaluator_.session().charge(1);
      if (is_exhausted()) break;
      evaluator_.bind(loop, range, i);
      const Value value = evaluator_.eval(predicate);
      Truth truth = truth_of(value);
      if (!is_wanted(truth, wanted)) {
        ++failing;
        if (out_.elements.size() < RuleVerdict::elements_max) {
          truth = add_element(loop, range, i, wanted);
        }
      }
      all.add(truth);
      some.add(truth);
    }
    return {failing, all.truth(), some.truth()};
  }

  Truth add_element(NodeId loop, const Value& range, std::size_t index, Wanted wanted) {
    const NodeId predicate = program_.tree.nodes[loop].children[1];
    FailingElement element;
    element.path = element_path(loop, range, index);
    element.keys = identifying_fields(program_, loop, range, index);
    if (manner_.identities == Identities::worked_out && range.is(Kind::list)) {
      const json::object* facts = range.element(index).json_map();
      if (facts != nullptr) element.identity = identity_of(*facts);
    }
    Explanation inner;
    inner.blame.reserve(blames_usual);
    const Manner silent{Voice::silent, manner_.identities};
    const Why why = Explainer(evaluator_, place_, inner, silent).why(predicate, wanted);
    element.blame = std::move(inner.blame);
    for (std::string& path : inner.missing) {
      if (std::ranges::find(out_.missing, path) == out_.missing.end()) {
        out_.missing.push_back(std::move(path));
      }
    }
    out_.elements.push_back(std::move(element));
    return why.truth;
  }

  std::string element_path(NodeId loop, const Value& range, std::size_t index) {
    std::string path = evaluator_.path_of(program_.tree.nodes[loop].children[0]);
    shorten(path);
    if (range.is(Kind::list)) {
      path += '[';
      path += std::to_string(index);
      path += ']';
    } else {
      path += '.';
      path += cel::text_of(range.key_at(index));
    }
    return path;
  }

  const cel::Compiled& program_;
  Evaluator& evaluator_;
  const ExpressionPlace& place_;
  Explanation& out_;
  Manner manner_;
};

}  // namespace

Explanation explain(const cel::Compiled& program, const cel::Evaluation& evaluation,
                    cel::Session& session, const ExpressionPlace& place, Identities identities) {
  Explanation out;
  out.blame.reserve(blames_usual);
  session.restart_cost(program.limits.cost_max, cel::Spending::reasons);
  Evaluator evaluator(program, session);
  const Explainer::Manner manner{Explainer::Voice::speaking, identities};
  Why why = Explainer(evaluator, place, out, manner).why_whole(evaluation);
  if (session.is_exhausted()) {
    Explanation too_costly;
    too_costly.detail = "the reason is too costly to work out";
    return too_costly;
  }
  out.truth = why.truth;
  out.detail = std::move(why.words);
  std::ranges::sort(out.missing);
  return out;
}

}  // namespace holdpoint::policy

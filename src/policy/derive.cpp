// See derive.hpp. The walk mirrors the explanation: of a conjunction all parts have to change, of a
// disjunction one; of a loop the elements that fail are mended or removed; a comparison moves a
// fact to the nearest value that satisfies it.
#include "policy/derive.hpp"

#include <algorithm>

#include "policy/cel/evaluator.hpp"
#include "policy/fact_place.hpp"
#include "policy/now.hpp"
#include "policy/relation.hpp"
#include "policy/shown.hpp"

namespace holdpoint::policy {
namespace {

using cel::Kind;
using cel::Node;
using cel::NodeId;
using cel::NodeKind;
using cel::Op;
using cel::Value;

enum class Wanted : std::uint8_t { holds, fails };

Wanted opposite(Wanted wanted) { return wanted == Wanted::holds ? Wanted::fails : Wanted::holds; }

bool is_wanted(const Value& value, Wanted wanted) {
  return wanted == Wanted::holds ? value.is_true() : value.is_false();
}

Proposals impossible(std::string why) { return {{}, std::move(why)}; }

Proposals one(Proposal changes) {
  Proposals out;
  out.alternatives.push_back(std::move(changes));
  return out;
}

/// After those with as few changes, within the bound.
void put(Proposals& to, Proposal proposal) {
  const auto place =
      std::ranges::upper_bound(to.alternatives, proposal.size(), {}, &Proposal::size);
  to.alternatives.insert(place, std::move(proposal));
  if (to.alternatives.size() > Proposals::proposals_max) to.alternatives.pop_back();
}

/// All of both.
Proposals together(const Proposals& a, const Proposals& b) {
  if (a.alternatives.empty()) return a;
  if (b.alternatives.empty()) return b;
  Proposals out;
  for (const Proposal& first : a.alternatives) {
    for (const Proposal& second : b.alternatives) {
      if (first.size() + second.size() > Proposals::changes_max) continue;
      put(out, combined(first, second));
    }
  }
  if (out.alternatives.empty()) return impossible("too many facts would have to change");
  return out;
}

/// Either.
void offer(Proposals& to, Proposals more) {
  if (to.obstacle.empty()) to.obstacle = std::move(more.obstacle);
  for (Proposal& proposal : more.alternatives) put(to, std::move(proposal));
}

class Deriver {
 public:
  Deriver(const cel::Compiled& program, cel::Session& session, TimeReaders& readers)
      : program_(program),
        evaluator_(program, session),
        places_(evaluator_),
        readers_(readers),
        reads_now_(readers.of(program)) {}

  Proposals to(NodeId id, Wanted wanted) {
    if (evaluator_.session().is_exhausted()) return impossible("it is too costly to work out");
    const Value value = evaluator_.eval(id);
    if (is_wanted(value, wanted)) return one({});
    const Node& node = program_.tree.nodes[id];
    switch (node.kind) {
      case NodeKind::logical_and: return several(id, wanted, Wanted::holds);
      case NodeKind::logical_or: return several(id, wanted, Wanted::fails);
      case NodeKind::logical_not: return to(node.children[0], opposite(wanted));
      case NodeKind::conditional: return branch(id, wanted);
      case NodeKind::all:
      case NodeKind::exists: return loop(id, wanted);
      case NodeKind::equal:
      case NodeKind::not_equal:
      case NodeKind::less:
      case NodeKind::less_equal:
      case NodeKind::greater:
      case NodeKind::greater_equal: return comparison(id, wanted);
      case NodeKind::in: return membership(id, wanted);
      case NodeKind::has: return presence(id, wanted);
      default: break;
    }
    if (program_.steps[id].op == Op::variable) {
      const cel::Compiled& inner = *program_.variables[program_.steps[id].variable].program;
      return Deriver(inner, evaluator_.session(), readers_).to(inner.tree.root, wanted);
    }
    if (!value.is(Kind::boolean)) return no_value(id, value);
    if (reads_now_[id]) return only_time(id);
    return set(id, Value::of(wanted == Wanted::holds), NodeKind::equal, value, "");
  }

 private:
  // --- obstacles ---------------------------------------------------------------------------------

  std::string source(NodeId id) const { return shortened(program_.tree.text(id)); }

  Proposals no_value(NodeId id, const Value& value) const {
    if (value.is(Kind::unknown) && value.trouble().path_count > 0) {
      return impossible("the facts lack " + std::string(value.trouble().paths[0]) +
                        ", and what it would be cannot be derived");
    }
    return impossible("'" + source(id) + "' has no value that a remedy could be derived from");
  }

  Proposals only_time(NodeId id) const {
    return impossible("only time changes '" + source(id) + "'");
  }

  Proposals not_derivable(NodeId id) const {
    return impossible("what would change '" + source(id) + "' cannot be derived");
  }

  Proposals too_few(NodeId id) const {
    return impossible("'" + source(id) +
                      "' needs more elements, and what has to be added cannot be derived");
  }

  // --- logic -------------------------------------------------------------------------------------

  Proposals several(NodeId id, Wanted wanted, Wanted strict) {
    const bool needs_all = wanted == strict;
    Proposals out = needs_all ? one({}) : Proposals{};
    for (const NodeId child : program_.tree.nodes[id].children) {
      Proposals part = to(child, wanted);
      if (!needs_all) {
        offer(out, std::move(part));
        continue;
      }
      out = together(out, part);
      if (out.alternatives.empty()) break;
    }
    return out;
  }

  Proposals branch(NodeId id, Wanted wanted) {
    const std::vector<NodeId>& children = program_.tree.nodes[id].children;
    const Value condition = evaluator_.eval(children[0]);
    if (!condition.is(Kind::boolean)) return no_value(children[0], condition);
    return to(children[condition.as_bool() ? 1 : 2], wanted);
  }

  // --- lists -------------------------------------------------------------------------------------

  Proposals loop(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    const bool needs_every = (node.kind == NodeKind::all) == (wanted == Wanted::holds);
    if (!needs_every) return too_few(id);
    const Value range = evaluator_.eval(node.children[0]);
    const auto elements = places_.of_elements(node.children[0]);
    if (!elements) return not_derivable(node.children[0]);
    std::vector<std::size_t> failing;
    for (std::size_t i = 0; i < elements->size() && !evaluator_.session().is_exhausted(); ++i) {
      evaluator_.bind(id, range, i);
      if (!is_wanted(evaluator_.eval(node.children[1]), wanted)) failing.push_back(i);
    }
    return mend_or_remove(id, range, *elements, failing, wanted);
  }

  /// Each of these elements is mended when that can be derived, and removed otherwise; or all go.
  Proposals mend_or_remove(NodeId loop, const Value& range, const std::vector<FactPath>& elements,
                           const std::vector<std::size_t>& indexes, Wanted wanted) {
    const NodeId condition = program_.tree.nodes[loop].children[1];
    Proposal mended;
    Proposal removed;
    bool is_any_mended = false;
    bool may_all_go = true;
    for (const std::size_t i : indexes) {
      evaluator_.bind(loop, range, i);
      // The name of a loop over a map means the key, which stands nowhere by itself.
      places_.bind(loop, range.is(Kind::list) ? std::optional(elements[i]) : std::nullopt);
      removed.push_back(removal(loop, range, i, elements[i]));
      Proposals mends = to(condition, wanted);
      // What is not known of an element, or will be in time, is no reason to take it away.
      const bool may_go = !reads_now_[condition] && !evaluator_.eval(condition).is(Kind::unknown);
      if (mends.alternatives.empty() && !may_go) return mends;
      may_all_go = may_all_go && may_go;
      is_any_mended = is_any_mended || !mends.alternatives.empty();
      const Proposal& best =
          mends.alternatives.empty() ? Proposal{removed.back()} : mends.alternatives.front();
      mended.insert(mended.end(), best.begin(), best.end());
      if (mended.size() > Proposals::changes_max || removed.size() > Proposals::changes_max) {
        return impossible("too many elements of '" + source(program_.tree.nodes[loop].children[0]) +
                          "' would have to change");
      }
    }
    Proposals out;
    if (is_any_mended) put(out, std::move(mended));
    if (may_all_go) put(out, std::move(removed));
    return out;
  }

  ProposedChange removal(NodeId loop, const Value& range, std::size_t index,
                         const FactPath& element) const {
    return {{ChangeKind::remove, element, {}},
            {shortened(text_of(element)), text_of(identifying_fields(program_, loop, range, index)),
             "absent"}};
  }

  /// Of a number of elements that is too large: which of them have to go.
  std::optional<Proposals> fewer(NodeId id, NodeKind relation, const Value& have,
                                 const Value& need) {
    const Node& node = program_.tree.nodes[id];
    const Op op = program_.steps[id].op;
    if (op == Op::variable) {
      const cel::Compiled& inner = *program_.variables[program_.steps[id].variable].program;
      return Deriver(inner, evaluator_.session(), readers_)
          .fewer(inner.tree.root, relation, have, need);
    }
    if (node.kind != NodeKind::call || node.name != "size" || node.children.size() != 1) {
      return std::nullopt;
    }
    const auto target = nearest(relation, have, need, json::value(have.as_int()));
    if (!target || !target->is_int64()) return std::nullopt;
    if (target->get_int64() < 0) return not_derivable(id);
    const auto kept = static_cast<std::size_t>(target->get_int64());
    const auto count = static_cast<std::size_t>(have.as_int());
    if (kept > count) return too_few(id);
    return fewer_of(node.children[0], count - kept);
  }

  std::optional<Proposals> fewer_of(NodeId list, std::size_t surplus) {
    const Op op = program_.steps[list].op;
    if (op == Op::variable) {
      const cel::Compiled& inner = *program_.variables[program_.steps[list].variable].program;
      return Deriver(inner, evaluator_.session(), readers_).fewer_of(inner.tree.root, surplus);
    }
    if (op == Op::filter) return fewer_that_count(list, surplus);
    const auto elements = places_.of_elements(list);
    if (!elements) return std::nullopt;
    Proposal out;
    for (std::size_t i = elements->size() - std::min(surplus, elements->size());
         i < elements->size() && out.size() < Proposals::changes_max; ++i) {
      const FactPath& path = (*elements)[i];
      out.push_back({{ChangeKind::remove, path, {}}, {shortened(text_of(path)), "", "absent"}});
    }
    return one(std::move(out));
  }

  Proposals fewer_that_count(NodeId filter, std::size_t surplus) {
    const Node& node = program_.tree.nodes[filter];
    const Value range = evaluator_.eval(node.children[0]);
    const auto elements = places_.of_elements(node.children[0]);
    if (!elements) return not_derivable(node.children[0]);
    std::vector<std::size_t> counting;
    for (std::size_t i = elements->size(); i-- > 0 && counting.size() < surplus;) {
      if (evaluator_.session().is_exhausted()) break;
      evaluator_.bind(filter, range, i);
      if (evaluator_.eval(node.children[1]).is_true()) counting.insert(counting.begin(), i);
    }
    return mend_or_remove(filter, range, *elements, counting, Wanted::fails);
  }

  // --- single facts ------------------------------------------------------------------------------

  Proposals comparison(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    if (reads_now_[id]) return only_time(id);
    const NodeId left = node.children[0];
    const NodeId right = node.children[1];
    const NodeKind relation = wanted == Wanted::holds ? node.kind : negated(node.kind);
    const Value have = evaluator_.eval(left);
    const Value need = evaluator_.eval(right);
    if (!have.is_value()) return no_value(left, have);
    if (!need.is_value()) return no_value(right, need);
    Proposals out = side(left, relation, have, right, need);
    offer(out, side(right, mirrored(relation), need, left, have));
    return out;
  }

  /// Moves one side of a comparison.
  Proposals side(NodeId id, NodeKind relation, const Value& have, NodeId other, const Value& need) {
    if (program_.steps[id].op == Op::constant) return {};
    if (have.is(Kind::integer) && need.is_number()) {
      if (auto fewer_elements = fewer(id, relation, have, need)) return std::move(*fewer_elements);
    }
    if (have.is(Kind::list) && need.is(Kind::list) && need.count() == 0 &&
        relation == NodeKind::equal) {
      if (auto none = fewer_of(id, have.count())) return std::move(*none);
    }
    return set(id, need, relation, have, is_withheld(program_, other) ? "(withheld)" : "");
  }

  /// Gives the fact that the part reads the value nearest to what it has.
  Proposals set(NodeId id, const Value& need, NodeKind relation, const Value& have,
                std::string_view shown_instead) {
    const auto path = places_.of(id);
    const auto* before = path ? find_fact(evaluator_.session().facts(), *path) : nullptr;
    if (before == nullptr) return not_derivable(id);
    auto value = nearest(relation, have, need, *before);
    if (!value) return not_derivable(id);
    ProposedChange change{{ChangeKind::set, *path, std::move(*value)},
                          {shortened(text_of(*path)), shown_value(program_, id, have), ""}};
    change.shown.to = is_withheld(program_, id)
                          ? shown_value(program_, id, need)
                          : std::string(shown_instead.empty() ? shown_target(have, need, relation,
                                                                             change.change.value)
                                                              : shown_instead);
    return one({std::move(change)});
  }

  /// Times read better as the criteria write them than as microseconds.
  static std::string shown_target(const Value& have, const Value& need, NodeKind relation,
                                  const json::value& written) {
    const bool is_time = have.is(Kind::timestamp) || have.is(Kind::duration);
    const bool is_exact = relation != NodeKind::less && relation != NodeKind::greater;
    if (is_time && is_exact) return cel::text_of(need, Blame::text_length_max);
    return cel::text_of(cel::from_json(written), Blame::text_length_max);
  }

  /// `value in list`: the value becomes one of the list, or the list gets or loses it.
  Proposals membership(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    if (reads_now_[id]) return only_time(id);
    const Value value = evaluator_.eval(node.children[0]);
    const Value list = evaluator_.eval(node.children[1]);
    if (!value.is_value()) return no_value(node.children[0], value);
    if (!list.is_value()) return no_value(node.children[1], list);
    if (!list.is(Kind::list)) return not_derivable(id);
    if (wanted == Wanted::fails) return taken_out(node.children[1], value, list);
    Proposals out;
    if (list.count() > 0) {
      offer(out, set(node.children[0], list.element(0), NodeKind::equal, value,
                     is_withheld(program_, node.children[1]) ? "(withheld)" : ""));
    }
    offer(out, put_in(node, value));
    return out;
  }

  Proposals put_in(const Node& membership, const Value& value) {
    const auto path = places_.of(membership.children[1]);
    const auto written = written_like(value, {});
    if (!path || !written) return not_derivable(membership.children[1]);
    return one({{{ChangeKind::append, *path, *written},
                 {shortened(text_of(*path)), "",
                  "with " + shown_value(program_, membership.children[0], value)}}});
  }

  Proposals taken_out(NodeId id, const Value& value, const Value& list) {
    const auto elements = places_.of_elements(id);
    if (!elements) return not_derivable(id);
    Proposal out;
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (!cel::equal(list.element(i), value)) continue;
      const FactPath& path = (*elements)[i];
      out.push_back({{ChangeKind::remove, path, {}},
                     {shortened(text_of(path)), shown_value(program_, id, value), "absent"}});
      if (out.size() > Proposals::changes_max) return not_derivable(id);
    }
    return one(std::move(out));
  }

  Proposals presence(NodeId id, Wanted wanted) {
    const Node& node = program_.tree.nodes[id];
    auto path = places_.of(node.children[0]);
    if (wanted == Wanted::holds || !path) {
      return impossible("the facts lack " + evaluator_.path_of(id) +
                        ", and what it would be cannot be derived");
    }
    path->emplace_back(node.name);
    return one(
        {{{ChangeKind::remove, *path, {}}, {shortened(text_of(*path)), "present", "absent"}}});
  }

  const cel::Compiled& program_;
  cel::Evaluator evaluator_;
  FactPlaces places_;
  TimeReaders& readers_;
  const std::vector<bool>& reads_now_;
};

}  // namespace

Proposal combined(const Proposal& first, const Proposal& second) {
  Proposal out = first;
  for (const ProposedChange& next : second) {
    out.push_back(next);
    if (next.change.kind != ChangeKind::set) continue;
    const auto before = std::ranges::find_if(out, [&](const ProposedChange& one) {
      return one.change.kind == ChangeKind::set && one.change.path == next.change.path;
    });
    if (before == out.end() - 1) continue;
    out.back().shown.from = before->shown.from;
    out.erase(before);
  }
  return out;
}

Proposals derive(const cel::Compiled& program, cel::Session& session) {
  session.restart_cost(program.limits.cost_max, cel::Spending::reasons);
  TimeReaders readers;
  Proposals out = Deriver(program, session, readers).to(program.tree.root, Wanted::holds);
  if (session.is_exhausted()) return impossible("it is too costly to work out");
  if (out.alternatives.empty() && out.obstacle.empty()) {
    out.obstacle = "what would make it hold cannot be derived";
  }
  return out;
}

}  // namespace holdpoint::policy

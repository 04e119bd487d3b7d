// See time_boundaries.hpp. A side of a comparison that moves with `now` moves as fast as it does,
// so the sides meet after as long as they are apart now; whether that is so is for judging to find
// out.
#include "policy/time_boundaries.hpp"

#include <algorithm>
#include <set>

#include "policy/cel/evaluator.hpp"
#include "policy/cel/time.hpp"

namespace holdpoint::policy {
namespace {

using cel::Kind;
using cel::Node;
using cel::NodeId;
using cel::NodeKind;
using cel::Op;
using cel::Value;

constexpr std::int64_t instant_us_max = cel::Timestamp::seconds_max * 1'000'000;

/// Nanoseconds of what a getter of durations counts, 0 for another function.
std::int64_t unit_of(std::string_view getter) {
  constexpr std::int64_t second = cel::nanoseconds_per_second;
  if (getter == "getHours") return 3'600 * second;
  if (getter == "getMinutes") return 60 * second;
  return getter == "getSeconds" ? second : 0;
}

class Walk {
 public:
  Walk(const cel::Compiled& program, cel::Session& session, TimeReaders& readers, Instant now,
       TimeBoundaries& out)
      : program_(program),
        evaluator_(program, session),
        readers_(readers),
        reads_now_(readers.of(program)),
        now_(now),
        out_(out) {}

  void visit(NodeId id) {
    if (!reads_now_[id] || evaluator_.session().is_exhausted()) return;
    evaluator_.session().charge(1);
    const Node& node = program_.tree.nodes[id];
    if (program_.steps[id].op == Op::variable) return visit_variable(id);
    if (cel::is_loop(node.kind)) return visit_loop(id);
    if (cel::is_comparison(node.kind) && node.kind != NodeKind::in) compare(id);
    if (node.kind == NodeKind::call) visit_call(id);
    for (const NodeId child : node.children) visit(child);
  }

 private:
  void visit_variable(NodeId id) {
    const std::uint32_t index = program_.steps[id].variable;
    if (!variables_seen_.insert(index).second) return;
    const cel::Compiled& inner = *program_.variables[index].program;
    Walk walk(inner, evaluator_.session(), readers_, now_, out_);
    walk.variables_seen_ = std::move(variables_seen_);
    walk.visit(inner.tree.root);
    variables_seen_ = std::move(walk.variables_seen_);
  }

  void visit_loop(NodeId id) {
    const std::vector<NodeId>& children = program_.tree.nodes[id].children;
    visit(children[0]);
    const Value range = evaluator_.eval(children[0]);
    if (!range.is(Kind::list) && !range.is(Kind::map)) return;
    for (std::size_t i = 0; i < range.count(); ++i) {
      if (evaluator_.session().is_exhausted()) return;
      for (std::size_t child = 1; child < children.size(); ++child) {
        evaluator_.bind(id, range, i);
        visit(children[child]);
      }
    }
  }

  /// A field of the calendar, or a function that is not known to move with time: only trying tells.
  void visit_call(NodeId id) {
    const Node& node = program_.tree.nodes[id];
    const Value subject = node.children.empty() ? Value() : evaluator_.eval(node.children[0]);
    const bool is_of_duration = subject.is(Kind::duration) && unit_of(node.name) != 0;
    const Value value = evaluator_.eval(id);
    const bool is_time = value.is(Kind::timestamp) || value.is(Kind::duration);
    if (!is_of_duration && !is_time && node.name != "int") out_.needs_grid = true;
  }

  void compare(NodeId id) {
    const std::vector<NodeId>& children = program_.tree.nodes[id].children;
    const Value left = evaluator_.eval(children[0]);
    const Value right = evaluator_.eval(children[1]);
    if (left.is(Kind::timestamp) && right.is(Kind::timestamp)) {
      const auto gap = cel::difference(left.as_timestamp(), right.as_timestamp());
      if (gap) add_after(*gap);
    } else if (left.is(Kind::duration) && right.is(Kind::duration)) {
      add_gap(left.as_nanoseconds(), right.as_nanoseconds());
    } else if (left.is(Kind::integer) && right.is(Kind::integer)) {
      if (!counts_duration(children[0], right) && !counts_duration(children[1], left)) {
        seconds_apart(left.as_int(), right.as_int());
      }
    }
  }

  /// `(now - x).getHours() >= 48`: where the duration reaches the number, and the next one.
  bool counts_duration(NodeId id, const Value& number) {
    const Node& node = program_.tree.nodes[id];
    if (node.kind != NodeKind::call || node.children.size() != 1) return false;
    const std::int64_t unit = unit_of(node.name);
    const Value subject = evaluator_.eval(node.children[0]);
    if (unit == 0 || !subject.is(Kind::duration)) return false;
    for (std::int64_t step = 0; step <= 1; ++step) {
      std::int64_t whole = 0;
      std::int64_t reached = 0;
      if (__builtin_add_overflow(number.as_int(), step, &whole)) continue;
      if (__builtin_mul_overflow(whole, unit, &reached)) continue;
      add_gap(subject.as_nanoseconds(), reached);
    }
    return true;
  }

  /// Two numbers, of which one is the time as whole seconds.
  void seconds_apart(std::int64_t a, std::int64_t b) {
    constexpr std::int64_t second = 1'000'000;
    std::int64_t apart = 0;
    if (__builtin_sub_overflow(std::max(a, b), std::min(a, b), &apart)) return;
    if (apart > instant_us_max / second) return;
    const std::int64_t begin = now_.us - now_.us % second;
    add(begin + apart * second);
    add(begin + (apart + 1) * second);
  }

  void add_gap(std::int64_t a, std::int64_t b) {
    std::int64_t gap = 0;
    if (!__builtin_sub_overflow(a, b, &gap)) add_after(gap);
  }

  /// The sides meet then; one microsecond later one is strictly beyond the other.
  void add_after(std::int64_t nanoseconds) {
    if (nanoseconds == INT64_MIN) return;
    const std::int64_t apart = nanoseconds < 0 ? -nanoseconds : nanoseconds;
    const std::int64_t meeting = now_.us + apart / 1'000 + (apart % 1'000 == 0 ? 0 : 1);
    add(meeting);
    add(meeting + 1);
  }

  void add(std::int64_t at_us) {
    const bool is_later = at_us > now_.us && at_us <= instant_us_max;
    if (is_later && out_.instants_us.size() < TimeBoundaries::instants_max) {
      out_.instants_us.push_back(at_us);
    }
  }

  const cel::Compiled& program_;
  cel::Evaluator evaluator_;
  TimeReaders& readers_;
  const std::vector<bool>& reads_now_;
  Instant now_;
  TimeBoundaries& out_;
  std::set<std::uint32_t> variables_seen_;
};

}  // namespace

std::vector<Instant> TimeBoundaries::after(Instant now) const {
  std::vector<std::int64_t> all = instants_us;
  if (needs_grid) {
    const std::int64_t first = now.us - now.us % grid_step.us + grid_step.us;
    for (std::int64_t at = first; at <= now.us + grid_span.us; at += grid_step.us) {
      all.push_back(at);
    }
  }
  std::ranges::sort(all);
  const auto [begin, end] = std::ranges::unique(all);
  all.erase(begin, end);
  std::vector<Instant> out;
  for (const std::int64_t at : all) {
    if (at > now.us && at <= instant_us_max) out.push_back({at});
  }
  return out;
}

void add_time_boundaries(const cel::Compiled& program, cel::Session& session, TimeReaders& readers,
                         TimeBoundaries& to) {
  const auto now = now_of(session.facts());
  if (!now) return;
  session.restart_cost(program.limits.cost_max, cel::Spending::reasons);
  Walk(program, session, readers, *now, to).visit(program.tree.root);
}

}  // namespace holdpoint::policy

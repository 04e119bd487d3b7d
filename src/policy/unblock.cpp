// See unblock.hpp.
#include "policy/unblock.hpp"

#include <algorithm>
#include <functional>

#include "policy/now.hpp"
#include "policy/time_boundaries.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t probes_max = 4'096;

class Unblocking {
 public:
  Unblocking(Trial& trial, Instant now) : trial_(trial), now_(now) {}

  void run(CriteriaVerdict& verdict) {
    const auto& rules = trial_.programs().rules;
    cel::Session session(trial_.original(), cel::Limits{});
    if (trial_.programs().match) collect(*trial_.programs().match, session, whole_);
    bool is_hopeless = false;
    for (std::size_t i = 0; i < rules.size() && !is_hopeless; ++i) {
      TimeBoundaries own;
      if (rules[i].when) collect(*rules[i].when, session, own);
      collect(rules[i].require, session, own);
      whole_.instants_us.insert(whole_.instants_us.end(), own.instants_us.begin(),
                                own.instants_us.end());
      whole_.needs_grid = whole_.needs_grid || own.needs_grid;
      if (is_fine(verdict.rules[i].result)) continue;
      unblock(rules[i], own, verdict.rules[i]);
      // The rules after it may still open by themselves, but the whole does not.
      opens_all_ = opens_all_ && verdict.rules[i].unblocks_at.has_value();
      is_hopeless = trial_.is_spent();
    }
    if (!opens_all_ || is_hopeless) return;
    for (const RuleVerdict& rule : verdict.rules) {
      if (rule.unblocks_at) whole_.instants_us.push_back(rule.unblocks_at->us);
    }
    verdict.unblocks_at = first(whole_, [this] { return trial_.passes(); });
  }

 private:
  using Probe = std::function<std::optional<bool>()>;

  void collect(const cel::Program& program, cel::Session& session, TimeBoundaries& to) {
    add_time_boundaries(program.compiled(), session, readers_, to);
    trial_.charge(session.cost());
  }

  void unblock(const CompiledCriteria::Rule& rule, const TimeBoundaries& own, RuleVerdict& out) {
    out.unblocks_at = first(own, [&]() -> std::optional<bool> {
      const auto result = trial_.judge(rule);
      return result ? std::optional(is_fine(*result)) : std::nullopt;
    });
  }

  std::optional<bool> at(Instant instant, const Probe& probe) {
    const FactChange change = time_change(trial_.original(), instant);
    trial_.changed().apply({&change, 1});
    const auto found = probe();
    trial_.changed().revert();
    return found;
  }

  std::optional<Instant> first(const TimeBoundaries& boundaries, const Probe& probe) {
    const std::vector<Instant> instants = boundaries.after(now_);
    Instant before = now_;
    for (std::size_t i = 0; i < std::min(instants.size(), probes_max); ++i) {
      const auto passes = at(instants[i], probe);
      if (!passes) return std::nullopt;
      if (*passes && !boundaries.needs_grid) return instants[i];
      if (*passes) return between(before, instants[i], probe);
      before = instants[i];
    }
    return std::nullopt;
  }

  /// The grid is coarse: between two of its points the change is found by halving.
  std::optional<Instant> between(Instant closed, Instant open, const Probe& probe) {
    while (open.us - closed.us > 1) {
      const Instant middle{closed.us + (open.us - closed.us) / 2};
      const auto passes = at(middle, probe);
      if (!passes) return open;
      (*passes ? open : closed) = middle;
    }
    return open;
  }

  Trial& trial_;
  Instant now_;
  TimeReaders readers_;
  TimeBoundaries whole_;
  bool opens_all_ = true;
};

}  // namespace

void find_unblocking(Trial& trial, CriteriaVerdict& verdict) {
  if (const auto now = now_of(trial.original())) Unblocking(trial, *now).run(verdict);
}

}  // namespace holdpoint::policy

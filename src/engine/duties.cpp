// See duties.hpp.
#include "engine/duties.hpp"

namespace holdpoint::engine {
namespace {

const ledger::Actor kSchedulerActor{"system", "scheduler", std::nullopt, std::nullopt};
constexpr Duration kForgetInterval = Duration::hours(1);
constexpr Duration kFailedTimerWaits = Duration::minutes(1);

Command housekeeping(std::string workspace, std::string name, std::function<Outcome(Unit&)> run) {
  return Command{.workspace = std::move(workspace),
                 .actor = kSchedulerActor,
                 .name = std::move(name),
                 .run = std::move(run)};
}

}  // namespace

const Timer* Duties::find_timer(std::string_view kind) const {
  for (const Module& module : engine_.modules()) {
    for (const Timer& timer : module.timers) {
      if (timer.kind == kind) return &timer;
    }
  }
  return nullptr;
}

void Duties::submit_due_timers() {
  if (timers_under_way_ > 0) return;
  const Instant now = engine_.ports().clock.now();
  std::vector<DueTimer> due;
  engine_.read()->query(
      "SELECT workspace, kind, key FROM timer WHERE due <= $1 ORDER BY due LIMIT $2",
      [&](const Row& row) {
        due.push_back(
            {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
      },
      now, kTimersPerRoundMax);
  for (const DueTimer& timer : due) {
    const Timer* type = find_timer(timer.kind);
    ++timers_under_way_;
    const auto submission =
        engine_.submit(housekeeping(timer.workspace, "timer." + timer.kind,
                                    [timer, type, now](Unit& unit) -> Outcome {
                                      const auto removed = unit.tables().exec(
                                          "DELETE FROM timer WHERE workspace = $1 AND kind = $2"
                                          " AND key = $3 AND due <= $4",
                                          timer.workspace, timer.kind, timer.key, now);
                                      if (removed == 1 && type != nullptr)
                                        type->fire(unit, timer.key);
                                      return Answer{};
                                    }),
                       [this, timer, now](const Result<CommandResult>& result) {
                         --timers_under_way_;
                         if (!result || !result->outcome) put_off(timer, now);
                       });
    if (submission != Submission::accepted) --timers_under_way_;
  }
}

void Duties::put_off(const DueTimer& timer, Instant seen_at) {
  engine_.submit(housekeeping(timer.workspace, "timer.put_off",
                              [timer, seen_at](Unit& unit) -> Outcome {
                                unit.tables().exec(
                                    "UPDATE timer SET due = $1 WHERE workspace = $2 AND kind = $3"
                                    " AND key = $4 AND due <= $5",
                                    seen_at + kFailedTimerWaits, timer.workspace, timer.kind,
                                    timer.key, seen_at);
                                return Answer{};
                              }),
                 {});
}

void Duties::forget_old_answers() {
  const Instant now = engine_.ports().clock.now();
  if (now < answers_forgotten_at_ + kForgetInterval) return;
  answers_forgotten_at_ = now;
  engine_.submit(housekeeping(std::string(kSystemWorkspace), "idempotency.forget",
                              [now](Unit& unit) -> Outcome {
                                unit.tables().exec("DELETE FROM idempotency WHERE at < $1",
                                                   now - kIdempotencyKept);
                                return Answer{};
                              }),
                 {});
}

}  // namespace holdpoint::engine

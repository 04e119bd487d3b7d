// See access_trail.hpp.
#include "identity/edge/access_trail.hpp"

#include <vector>

namespace holdpoint::identity {
namespace {

const ledger::Actor kTrailActor{"system", "identity", std::nullopt, std::nullopt};

/// An address belongs to who called. Of visitors, who may have claimed to be anybody, it is sealed
/// under one key per day, so that it can be erased by its age.
std::string key_owner(const Denial& denial, Instant at) {
  if (denial.source.kind == "person" && !denial.sign_in) return denial.source.id;
  return "visitors_" + at.text().substr(0, 10);
}

engine::Command trail_command(std::string workspace, std::string name,
                              std::function<engine::Outcome(engine::Unit&)> run) {
  return {.workspace = std::move(workspace),
          .actor = kTrailActor,
          .origin = {},
          .idempotency = std::nullopt,
          .name = std::move(name),
          .run = std::move(run)};
}

}  // namespace

void AccessTrail::count(engine::Engine& engine, Denial denial) {
  const std::string workspace = denial.workspace;
  {
    const std::lock_guard lock(mutex_);
    denials_.count(std::move(denial), engine.ports().clock.now());
    if (!awaited_.insert(workspace).second) return;
  }
  const auto submission = engine.submit(
      trail_command(workspace, "identity.gather_denials",
                    [](engine::Unit& unit) -> engine::Outcome {
                      unit.set_timer(kTrailTimer, "", unit.now() + denial_gathering_time);
                      return engine::Answer{204, ""};
                    }),
      [this, workspace](const Result<engine::CommandResult>& result) {
        if (!result || !result->outcome) await_no_more(workspace);
      });
  if (submission != engine::Submission::accepted) await_no_more(workspace);
}

void AccessTrail::await_no_more(const std::string& workspace) {
  const std::lock_guard lock(mutex_);
  awaited_.erase(workspace);
}

void AccessTrail::record(engine::Unit& unit) {
  std::vector<GatheredDenial> gathered;
  {
    const std::lock_guard lock(mutex_);
    gathered = denials_.take(unit.workspace());
    if (const auto set = awaited_.find(unit.workspace()); set != awaited_.end()) {
      awaited_.erase(set);
    }
  }
  for (const GatheredDenial& one : gathered) {
    const DenialSource& source = one.denial.source;
    std::vector<engine::Personal> personal;
    if (!source.address.empty()) {
      personal.push_back({"/address", key_owner(one.denial, unit.now()), source.address});
    }
    const ledger::Subject subject{source.kind, source.id};
    if (one.denial.sign_in) {
      unit.record(subject, sign_in_failed(one), std::move(personal));
    } else {
      unit.record(subject, access_denied(one), std::move(personal));
    }
  }
}

void AccessTrail::flush(engine::Engine& engine) {
  std::vector<std::string> workspaces;
  {
    const std::lock_guard lock(mutex_);
    workspaces = denials_.workspaces();
  }
  for (std::string& workspace : workspaces) {
    engine.submit(trail_command(std::move(workspace), "identity.record_denials",
                                [this](engine::Unit& unit) -> engine::Outcome {
                                  record(unit);
                                  unit.cancel_timer(kTrailTimer, "");
                                  return engine::Answer{204, ""};
                                }),
                  {});
  }
}

}  // namespace holdpoint::identity

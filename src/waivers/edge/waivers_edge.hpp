// The faces of waivers: the register that asks for them and ends them inside a unit of work, their
// content as approvals sign it, the module and the routes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/subject.hpp"
#include "engine/edge/api.hpp"
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::waivers {

inline constexpr std::string_view kExpiryTimer = "waiver.expiry";

/// What waivers need of others; given by main.
struct WaiverNeeds {
  /// How the rule of enforced criteria stands with the release as it was last judged; nullopt when
  /// it was not judged by such a rule.
  std::function<Result<std::optional<RuleStanding>>(
      engine::Connection&, engine::ObjectStore&, std::string_view workspace,
      std::string_view release, std::string_view criteria, std::string_view rule)>
      standing;
  /// The newest release of the application that was judged, by its id.
  std::function<std::optional<std::string>(engine::Connection&, std::string_view workspace,
                                           std::string_view application)>
      newest_judged;
  /// Of these violations of the release, those that another release would show too: its evidence
  /// is complete, and what found them has looked at it.
  std::function<Result<std::vector<std::string>>(
      engine::Connection&, engine::ObjectStore&, std::string_view workspace,
      std::string_view release, std::string_view other, const std::vector<policy::Violation>&)>
      looked_for;
  /// The id of the active person that a mail address or an id means.
  std::function<std::optional<std::string>(engine::Unit&, std::string_view reference)> person;
  /// Asks for the approval of the waiver; gives the id of the request.
  std::function<Decided<std::string>(engine::Unit&, const Waiver&)> ask;
  /// Uses up the approval that was granted.
  std::function<Decided<std::string>(engine::Unit&, const WaiverId&)> consume;
  /// How its approval stands.
  std::function<approvals::Standing(engine::Connection&, engine::ObjectStore&,
                                    std::string_view workspace, std::string_view waiver,
                                    Instant now)>
      approval;
  /// Records what time and its content did to the request for its approval.
  std::function<void(engine::Unit&, std::string_view waiver)> settle;
  /// Withdraws the request for approval, as who asked for it.
  std::function<engine::Outcome(engine::Unit&, std::string_view request)> withdraw;
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, const ledger::Actor&)>
      display_name;
};

/// What became of a waiver by a command.
struct WaiverMoved {
  WaiverId id;
  State state{};
  std::optional<std::string> approval;  // the request that is to be approved
};
HP_DESCRIBE(WaiverMoved, id, state, approval)

class Register {
 public:
  explicit Register(WaiverNeeds needs) : needs_(std::move(needs)) {}

  [[nodiscard]] const WaiverNeeds& needs() const { return needs_; }

  engine::Outcome request(engine::Unit& unit, const RequestWaiver& command) const;
  engine::Outcome withdraw(engine::Unit& unit, std::string_view id,
                           const std::string& reason) const;
  engine::Outcome revoke(engine::Unit& unit, std::string_view id, const std::string& reason) const;

  /// Follows what became of a request for approval: a grant brings the waiver into force while the
  /// violation is there, and every other end is its end.
  void approval_moved(engine::Unit& unit, std::string_view request) const;
  void expire(engine::Unit& unit, std::string_view id) const;

  /// What is signed, and who had a part in it: everybody behind the release that shows the
  /// violation. nullopt: there is no such waiver, it has ended, or the violation is gone.
  Result<std::optional<approvals::SubjectContent>> content(engine::Connection& tables,
                                                           engine::ObjectStore& objects,
                                                           std::string_view workspace,
                                                           std::string_view id, Instant now) const;

 private:
  /// What was asked for by the same rule, and whose approval has ended without anybody being told,
  /// ends as that did.
  void end_unapproved(engine::Unit& unit, const std::vector<Waiver>& open,
                      const RequestWaiver& command) const;
  Result<Presence> presence(engine::Connection& tables, engine::ObjectStore& objects,
                            std::string_view workspace, const Waiver& waiver) const;
  static void end(engine::Unit& unit, const WaiverEnded& ended, const std::string& reason);
  static void end(engine::Unit& unit, const Waiver& waiver, State state, std::string because);

  WaiverNeeds needs_;
};

engine::Module module(std::shared_ptr<Register> waivers);
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Register> waivers);

}  // namespace holdpoint::waivers

// People of the simulation who write change requests, submit, endorse, begin and close them, look
// back at emergencies, and ask for overrides of freezes.
#pragma once

#include <functional>
#include <optional>

#include "sim/approval_waivers.hpp"

namespace holdpoint::sim {

class ApprovalChanges : public ApprovalWaivers {
 protected:
  using ApprovalWaivers::ApprovalWaivers;

  /// The template of standard changes, and the way for emergencies.
  void declare_in_advance();
  void something_about_changes();
  /// A release that nothing but a freeze keeps out of a place, and for which nobody has asked for
  /// an override yet.
  [[nodiscard]] std::optional<Target> kept_out_by_freeze();
  void ask_override_of(const Target& target);
  /// An open request for an override of a freeze that holds.
  Asked* override_asked_for();
  /// A release that an override would let through now.
  [[nodiscard]] std::optional<Target> let_through();
  /// Begins a change by hand that an override lets through; false when there is none.
  bool begin_let_through();

 private:
  void write_change();
  void submit(Planned& one);
  void reopen_or_cancel(Planned& one);
  void begin_by_hand(Planned& one);
  void close(Planned& one);
  void endorse(Planned& one);
  void look_back(Planned& one);
  [[nodiscard]] std::set<std::string> why_not_endorse(const Planned& one, const std::string& who);
  void ask_override();
  void ask_override(Lifting one, const Planned* of_change);

  /// Mostly one that it is true of.
  Planned* some_change(const std::function<bool(const Planned&)>& is_fitting);
  /// Mostly one of these people.
  std::string mostly_of(const Names& people);
  Asked demanded_of(Asked like, const std::string& who, const ApprovalModel::Demands& demands);
  /// Why no request is opened for it.
  std::set<std::string> why_not_ask(const Asked& asked, const ApprovalModel::Demands& demands);
  /// The request was opened; how many entries that made.
  int opened(Asked asked, const std::string& id);
  /// What is kept of an act that was refused.
  static int refuse(Planned& one, const std::string& act, const std::string& who,
                    const std::string& code);

  std::string template_owner_;
};

}  // namespace holdpoint::sim

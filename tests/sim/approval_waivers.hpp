// People of the simulation who ask for waivers, take them back and revoke them.
#pragma once

#include "sim/approval_world.hpp"

namespace holdpoint::sim {

class ApprovalWaivers : public ApprovalWorld {
 protected:
  using ApprovalWorld::ApprovalWorld;

  void ask_waiver();
  /// By whoever asked for it, mostly; or it is revoked by somebody.
  void end_waiver();

 private:
  std::vector<Asked*> asked_before(const Waived& one);
  Waived* some_waiver();
};

}  // namespace holdpoint::sim

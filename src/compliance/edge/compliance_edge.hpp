// The faces of compliance: the modules for the engine, documents, and the HTTP routes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ed25519.hpp"
#include "compliance/compliance.hpp"
#include "engine/audit.hpp"
#include "engine/edge/apply.hpp"

namespace holdpoint::compliance {

/// What compliance needs of others; given by main.
struct ComplianceNeeds {
  /// The name to show for an actor.
  std::function<std::string(engine::Connection&, std::string_view workspace, std::string_view kind,
                            std::string_view id)>
      display_name;
  /// Signs exports: the key that certifications are signed with.
  std::shared_ptr<const Ed25519Key> key;
};

std::vector<engine::Module> modules();
std::vector<engine::edge::Applier> appliers();
std::vector<http::Route> routes(engine::Engine& engine, const ComplianceNeeds& needs);

/// Records what a verification of the whole ledger found, as the actor who asked for it. When it
/// cannot be recorded, there is none to show: that is all that follows.
void record_verification(engine::Engine& engine, const ledger::Actor& actor,
                         const engine::AuditReport& report);

}  // namespace holdpoint::compliance

// What the simulated people of a house write: policies of approval as a seed chooses them, and the
// documents of everything that approvals rest on.
#pragma once

#include <functional>
#include <string>

#include "sim/approval_model.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::sim {

/// The name that a document has for somebody: the model's own, or an id.
using NameOf = std::function<std::string(const std::string&)>;

/// A policy that people may put in force.
PolicyRule some_policy(test::SeededRandom& random, const std::string& name);
std::string document_of(const PolicyRule& policy, const NameOf& name_of);
std::string document_of(const std::string& name, const ApprovalRoleRule& role,
                        const NameOf& name_of);
std::string document_of_team(const std::string& name, const Names& members, const NameOf& name_of);
std::string document_of(const std::string& name, const Closed& freeze);
/// A rule that no application here keeps.
std::string criteria_of_approvals();
/// A standard change of the shop in production, and a way for emergencies anywhere: developers
/// declare them, approvers endorse.
std::string template_of_changes();
std::string path_of_emergencies();
/// The applications shop, which handles cards, and blog; the environments dev and production.
std::string catalog_of_approvals();

}  // namespace holdpoint::sim

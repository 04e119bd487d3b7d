// The faces of policy: module, applier for documents of every kind, routes.
#pragma once

#include <memory>

#include "engine/edge/apply.hpp"
#include "policy/edge/policy_changes.hpp"

namespace holdpoint::policy {

engine::Module module();
engine::edge::Applier applier(std::shared_ptr<CriteriaLibrary> library, ActivationNeeds needs = {});
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<CriteriaLibrary> library,
                                ActivationNeeds needs = {});

}  // namespace holdpoint::policy

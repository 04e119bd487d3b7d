// The faces of certification: module with its reactions and timer, and the HTTP routes.
#pragma once

#include <memory>

#include "certification/edge/certifier.hpp"
#include "engine/edge/api.hpp"

namespace holdpoint::certification {

inline constexpr std::string_view kRejudgeTimer = "certification.rejudge";

engine::Module module(std::shared_ptr<Certifier> certifier);
std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Certifier> certifier);

}  // namespace holdpoint::certification

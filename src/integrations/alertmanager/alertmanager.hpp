// Alerts from Prometheus Alertmanager (K3): its webhook receiver posts here, as an account of this
// server with a bearer token, and what it tells is handed on as alerts of an application in an
// environment, by the labels that say so.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/edge/api.hpp"
#include "rollback/health.hpp"

namespace holdpoint::integrations::alertmanager {

inline constexpr std::size_t body_bytes_max = 4U << 20;

/// Which labels name the application and the environment of an alert. One Alertmanager often looks
/// at one environment only, and then no label says which.
struct Placing {
  std::string application_label = "application";
  std::string environment_label = "environment";
  std::string environment;  // of alerts without that label; "" when none is meant
};

/// What a message of version 4 says. Members that are not known are left; a message of another
/// shape is refused with its places. At most rollback::alerts_max alerts; the others are counted.
Decided<rollback::AlertBatch> read_message(const json::value& message, const Placing& placing);

using TakeAlerts = std::function<engine::Outcome(engine::Unit&, const rollback::AlertBatch&)>;
/// POST /hooks/alertmanager/{workspace}. `answer` is the schema of what `take` answers with.
std::vector<http::Route> routes(engine::Engine& engine, TakeAlerts take, http::Schema answer);

}  // namespace holdpoint::integrations::alertmanager

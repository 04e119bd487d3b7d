// The read model of triage, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/sql.hpp"
#include "evidence/triage.hpp"
#include "releases/releases.hpp"

namespace holdpoint::evidence {

/// By fingerprint; at most triaged_findings_max of an application.
std::vector<Triage> triage_of(engine::Connection& tables, std::string_view workspace,
                              std::string_view application);

/// Everybody behind a commit of the release.
Contributors contributors_of(engine::Connection& tables, const releases::Contents& contents);

}  // namespace holdpoint::evidence

// See status.hpp.
#include "compliance/status.hpp"

#include <algorithm>
#include <tuple>

namespace holdpoint::compliance {
namespace {

int weight(Status status) {
  switch (status) {
    case Status::not_applicable: return 0;
    case Status::satisfied: return 1;
    case Status::at_risk: return 2;
    case Status::no_evidence: return 3;
    case Status::failing: return 4;
  }
  return 4;
}

std::string name_of(const Framework& framework, const Control& control) {
  return framework.name + "/" + control.id;
}

bool concerns(const Framework& framework, const catalog::Application& application) {
  return !is_in_force(framework) || applies_to(framework, application);
}

}  // namespace

Status worse(Status a, Status b) { return weight(b) > weight(a) ? b : a; }

bool is_of_workspace(Proof proof) {
  return proof == Proof::audit_trail || proof == Proof::retention ||
         proof == Proof::access_reviews || proof == Proof::policies;
}

std::int64_t bound_findings(std::vector<Finding>& findings) {
  std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
    return std::tuple(-weight(a.status), a.proof, a.application) <
           std::tuple(-weight(b.status), b.proof, b.application);
  });
  const auto total = static_cast<std::int64_t>(findings.size());
  if (findings.size() > findings_max) findings.resize(findings_max);
  return total;
}

Demanded strictest(const Need& need, std::string_view control,
                   std::span<const Framework> frameworks, const catalog::Application& application) {
  Demanded demanded{need, std::nullopt};
  for (const Framework& framework : frameworks) {
    if (!applies_to(framework, application)) continue;
    for (const Control& other : framework.controls) {
      for (const Need& asked : other.needs) {
        if (!asked.within_days || asked.proof != need.proof || asked.criteria != need.criteria) {
          continue;
        }
        // A control that asks for any scan asks of each kind that is asked for as often.
        const bool overlaps =
            need.kinds.empty() || asked.kinds.empty() || asked.kinds == need.kinds;
        if (!overlaps || name_of(framework, other) == control) continue;
        if (demanded.need.within_days && *demanded.need.within_days <= *asked.within_days) continue;
        demanded.need.within_days = asked.within_days;
        demanded.age_from = name_of(framework, other);
      }
    }
  }
  return demanded;
}

ControlStatus control_status(const Framework& framework, const Control& control,
                             std::span<const Framework> frameworks, const WorkspaceFacts& facts) {
  ControlStatus out{.framework = framework.name,
                    .id = control.id,
                    .title = control.title,
                    .status = Status::not_applicable,
                    .applications = {},
                    .period = facts.period,
                    .findings = {},
                    .findings_total = 0};
  for (const ApplicationFacts& one : facts.applications) {
    if (!concerns(framework, one.application)) continue;
    out.applications.push_back(one.application.name);
    for (const Need& need : control.needs) {
      const Demanded demanded =
          strictest(need, name_of(framework, control), frameworks, one.application);
      Finding finding = judge(demanded.need, one, facts);
      finding.strictest = demanded.age_from;
      if (is_of_workspace(need.proof)) finding.application.clear();
      out.status = worse(out.status, finding.status);
      const bool is_known = std::ranges::any_of(out.findings, [&](const Finding& earlier) {
        return is_of_workspace(need.proof) && earlier.proof == finding.proof &&
               earlier.within_days == finding.within_days;
      });
      if (!is_known) out.findings.push_back(std::move(finding));
    }
  }
  // Of applications that were not looked at nothing is known.
  if (facts.is_cut && out.status != Status::failing) out.status = Status::no_evidence;
  out.findings_total = bound_findings(out.findings);
  return out;
}

std::vector<ControlStatus> control_statuses(const Framework& framework,
                                            std::span<const Framework> frameworks,
                                            const WorkspaceFacts& facts) {
  std::vector<ControlStatus> all;
  all.reserve(framework.controls.size());
  for (const Control& control : framework.controls) {
    all.push_back(control_status(framework, control, frameworks, facts));
  }
  return all;
}

}  // namespace holdpoint::compliance

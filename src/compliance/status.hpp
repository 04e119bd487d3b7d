// How a control stands (G2): satisfied, at risk, failing, or without evidence, with the sentence
// that says why and the records behind it. A function of the facts alone. Where controls of several
// frameworks are about one application, the strictest of them counts for all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compliance/compliance.hpp"
#include "compliance/facts.hpp"

namespace holdpoint::compliance {

/// `no_evidence` is what nothing recorded tells: it is never satisfied.
enum class Status : std::uint8_t { satisfied, at_risk, failing, no_evidence, not_applicable };
HP_DESCRIBE_ENUM(Status, satisfied, at_risk, failing, no_evidence, not_applicable)

/// The one that decides when both count.
Status worse(Status a, Status b);

/// Records that one finding names; `records_total` counts all.
inline constexpr std::size_t refs_max = 20;
/// Findings that one answer shows, the worst first; `findings_total` counts all.
inline constexpr std::size_t findings_max = 200;
/// Applications that a workspace's status is told from; with more, nothing is satisfied.
inline constexpr std::size_t applications_max = 500;
/// Share of an allowed age after which something is at risk, in percent.
inline constexpr std::int64_t at_risk_after_percent = 80;
/// How long a deployment may wait for somebody to look at it.
inline constexpr Duration verification_within = Duration::days(7);
/// How long an incident may stay open before it is at risk to be forgotten.
inline constexpr Duration incident_open_max = Duration::days(14);

// How old proof may be where no framework says otherwise.
inline constexpr std::int64_t verification_days_default = 30;  // of the ledger
inline constexpr std::int64_t access_review_days_default = 365;

/// How one proof stands for one application, or for the workspace when `application` is "".
struct Finding {
  Proof proof{};
  std::string application;
  Status status = Status::no_evidence;
  std::string sentence;
  std::optional<std::int64_t> within_days;  // that was asked for
  std::optional<std::string> strictest;     // "pci-dss/11.3.1", when another control asks for it
  std::vector<Ref> records;
  std::int64_t records_total = 0;
};
HP_DESCRIBE(Finding, proof, application, status, sentence, within_days, strictest, records,
            records_total)

struct ControlStatus {
  std::string framework;
  std::string id;
  std::string title;
  Status status = Status::no_evidence;
  std::vector<std::string> applications;  // that it is about
  Period period;
  std::vector<Finding> findings;  // the worst first
  std::int64_t findings_total = 0;
};
HP_DESCRIBE(ControlStatus, framework, id, title, status, applications, period, findings,
            findings_total)

/// What is asked of one application by one proof: the shortest age, all kinds of scans.
struct Demanded {
  Need need;
  std::optional<std::string> age_from;  // the control that asks for that age
};

/// The strictest form of the need among all controls that are about the application.
Demanded strictest(const Need& need, std::string_view control,
                   std::span<const Framework> frameworks, const catalog::Application& application);

/// Sorts the worst first, counts, and leaves out what is over the bound.
std::int64_t bound_findings(std::vector<Finding>& findings);

/// Whether the proof is about the workspace, and so the same for each of its applications.
bool is_of_workspace(Proof proof);

/// How the need stands for one application of the facts.
Finding judge(const Need& need, const ApplicationFacts& application, const WorkspaceFacts& facts);

/// Of one framework, which need not be in force: then it is tried on every application.
std::vector<ControlStatus> control_statuses(const Framework& framework,
                                            std::span<const Framework> frameworks,
                                            const WorkspaceFacts& facts);
ControlStatus control_status(const Framework& framework, const Control& control,
                             std::span<const Framework> frameworks, const WorkspaceFacts& facts);

}  // namespace holdpoint::compliance

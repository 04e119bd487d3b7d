// Events of approvals as they were recorded before: the first forms have reasons in the clear.
// Read, and never recorded again.
#pragma once

#include "approvals/approvals.hpp"

namespace holdpoint::approvals {

struct ApprovalRequestedV1 {
  static constexpr std::string_view event_type = "approval.requested";
  static constexpr int event_version = 1;
  RequestId id;
  Subject subject;
  std::string title;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::vector<PinnedPolicy> policies;
  std::vector<Demand> demands;
  Terms terms;
  std::string reason;
  std::map<std::string, std::string> fields;
  std::optional<RequestId> replaces;
};
HP_DESCRIBE(ApprovalRequestedV1, id, subject, title, application, environment, policies, demands,
            terms, reason, fields, replaces)

/// Seals "/reason" under the key of whoever asked, when there is one.
struct ApprovalRequestedV2 {
  static constexpr std::string_view event_type = "approval.requested";
  static constexpr int event_version = 2;
  RequestId id;
  Subject subject;
  std::string title;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::vector<PinnedPolicy> policies;
  std::vector<Demand> demands;
  Terms terms;
  bool reasoned = false;
  std::map<std::string, std::string> fields;  // backout_plan, affected_systems, …
  std::vector<Escalation> escalation;
  std::vector<std::string> owners;  // of the policies that escalate: "team:compliance"
  std::optional<RequestId> replaces;
};
HP_DESCRIBE(ApprovalRequestedV2, id, subject, title, application, environment, policies, demands,
            terms, reasoned, fields, escalation, owners, replaces)

struct ApprovalConsumedV1 {
  static constexpr std::string_view event_type = "approval.consumed";
  static constexpr int event_version = 1;
  RequestId id;
  std::string use;
};
HP_DESCRIBE(ApprovalConsumedV1, id, use)

struct ApprovalSignedV1 {
  static constexpr std::string_view event_type = "approval.signed";
  static constexpr int event_version = 1;
  RequestId id;
  Choice choice{};
  std::string seat;
  std::vector<std::string> roles;
  Digest presented;
  std::string reason;
  Authentication authentication{};
};
HP_DESCRIBE(ApprovalSignedV1, id, choice, seat, roles, presented, reason, authentication)

struct SignatureWithdrawnV1 {
  static constexpr std::string_view event_type = "approval.signature_withdrawn";
  static constexpr int event_version = 1;
  RequestId id;
  std::string person;
  std::string reason;
};
HP_DESCRIBE(SignatureWithdrawnV1, id, person, reason)

Request evolve(const ApprovalRequestedV1& event, const Stamp& stamp);
Request evolve(const ApprovalRequestedV2& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalConsumedV1& event, const Stamp& stamp);
void evolve(Request& request, const ApprovalSignedV1& event, const Stamp& stamp);
void evolve(Request& request, const SignatureWithdrawnV1& event, const Stamp& stamp);

}  // namespace holdpoint::approvals

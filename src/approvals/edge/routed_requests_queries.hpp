// Requests with what they were routed by, as decisions that can be taken again by other policies.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/approvals.hpp"
#include "engine/columns.hpp"
#include "engine/sql.hpp"
#include "policy/past_decisions.hpp"

namespace holdpoint::approvals {

/// One request; the digests are absent in those from before they were recorded.
struct RoutedRequest {
  RequestId id;
  std::string subject_kind;
  std::string subject_id;
  std::string title;
  std::string application;  // "" for what is of none
  std::optional<std::string> environment;
  Instant at;
  std::vector<ObjectRef> facts;
  std::optional<Digest> documents_digest;
  std::vector<policy::JudgedDocument> documents;
  std::optional<RequestId> superseded_by;  // a later request for the same
};
HP_DESCRIBE(RoutedRequest, id, subject_kind, subject_id, title, application, environment, at, facts,
            documents_digest, documents, superseded_by)

/// The newest first. `asks_readers_of` says for a kind of subject which fact a policy has to read
/// to be asked about it, "" when all are asked.
std::vector<policy::RecordedDecision> past_requests(
    engine::Connection& tables, std::string_view workspace, const policy::DecisionPage& page,
    const std::function<std::string(std::string_view kind)>& asks_readers_of);

}  // namespace holdpoint::approvals

// The read model of approvals, for this capability's edge and those of higher tiers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/approvals.hpp"
#include "approvals/friction.hpp"
#include "engine/columns.hpp"
#include "engine/sql.hpp"

namespace holdpoint::approvals {

/// More requests than these are never open for one subject at a time: a newer one supersedes.
inline constexpr std::size_t open_requests_max = 1'000;

std::optional<Request> find_request(engine::Connection& tables, std::string_view workspace,
                                    std::string_view id);

/// The newest request for the subject, whatever its state; of a kind and id.
std::optional<Request> latest_request(engine::Connection& tables, std::string_view workspace,
                                      std::string_view kind, std::string_view id);

/// Who asked, as the ledger names them.
struct Asker {
  std::string kind;
  std::string id;
};
/// Different actors that are told to have asked for one subject before.
inline constexpr std::size_t earlier_askers_max = 200;
/// Who asked for the same before this request, which superseded what they asked for or is about to,
/// or came after it was withdrawn or void; each once. One more than earlier_askers_max: there are
/// too many to tell, and nobody may be taken for somebody who did not ask.
std::vector<Asker> earlier_askers(engine::Connection& tables, std::string_view workspace,
                                  const Request& request);

struct RequestFilter {
  std::optional<State> state;
  std::optional<std::string> kind;
  std::optional<std::string> application;
  std::int64_t before = INT64_MAX;  // the entry that opened the last one seen
  std::size_t limit = 50;
};
/// Newest first.
std::vector<engine::columns::Sequenced<Request>> list_requests(engine::Connection& tables,
                                                               std::string_view workspace,
                                                               const RequestFilter& filter);

/// Those that wait for a decision, the first due first; at most open_requests_max.
std::vector<Request> pending_requests(engine::Connection& tables, std::string_view workspace);

/// An attempt to sign that was refused: by whom, and why.
struct Attempt {
  std::string person_kind;
  std::string person;
  std::string code;
  Instant at;
};
HP_DESCRIBE(Attempt, person_kind, person, code, at)
inline constexpr std::size_t friction_reports_max = 10'000;

/// What was said of the requests that were opened in [from, until), or of one of them; the newest
/// first, at most friction_reports_max.
struct FrictionFilter {
  std::string policy;   // "" for every one
  std::string request;  // "" for every one
  Instant from;
  Instant until{INT64_MAX};
};
std::vector<Friction> friction_reports(engine::Connection& tables, std::string_view workspace,
                                       const FrictionFilter& filter);
/// How many requests each policy had a demand in.
std::map<std::string, std::int64_t> policy_uses(engine::Connection& tables,
                                                std::string_view workspace,
                                                const FrictionFilter& filter);

/// Requests that were opened or decided in [from, until), the oldest first; at most `limit`.
std::vector<Request> requests_between(engine::Connection& tables, std::string_view workspace,
                                      Instant from, Instant until, std::size_t limit);
/// Those of one application, the oldest first; at most `limit`.
std::vector<Request> requests_of(engine::Connection& tables, std::string_view workspace,
                                 std::string_view application, std::size_t limit);

std::vector<Attempt> attempts_of(engine::Connection& tables, std::string_view workspace,
                                 std::string_view request);

}  // namespace holdpoint::approvals

// Requests and situations in few words, for the tests of approvals.
#pragma once

#include <string>
#include <vector>

#include "approvals/decide.hpp"

namespace holdpoint::approvals::testing {

inline const Digest kShown = sha256("what was shown");
inline const Digest kOther = sha256("other content");
inline constexpr Instant kNow{1'795'521'600'000'000};  // 2026-11-24T12:00:00Z

inline Demand demand(std::string stage, std::int64_t minimum, std::int64_t order = 0,
                     std::string route = "main", std::string policy = "changes") {
  Demand out;
  out.policy = std::move(policy);
  out.route = std::move(route);
  out.stage = std::move(stage);
  out.order = order;
  out.quorum = {QuorumKind::minimum, minimum};
  return out;
}

inline Vote vote(std::string person, Choice choice = Choice::approve, std::string seat = "") {
  Vote out;
  out.seat = seat.empty() ? person : std::move(seat);
  out.person = std::move(person);
  out.choice = choice;
  out.presented = kShown;
  out.at = kNow;
  return out;
}

/// One stage of two people; ann asked.
inline Request request() {
  Request out;
  out.id = *RequestId::parse("apr_01J00000000000000000000000");
  out.subject = {"promotion", "rel_1/production", kShown};
  out.title = "shop 1.0.0 to production";
  out.requested_by_kind = "person";
  out.requested_by = "ann";
  out.requested_at = kNow - Duration::hours(1);
  out.demands = {demand("technical", 2)};
  out.terms = {kNow + Duration::days(3), Duration::days(7).us, 1, false, false};
  return out;
}

/// ben, cat and dan hold the roles of every demand; ann asked, eve wrote a commit.
inline Situation situation(const Request& request) {
  Situation out;
  out.now = kNow;
  out.holders.assign(request.demands.size(), {"ann", "ben", "cat", "dan", "eve"});
  out.involved = {{"ann", Part::requester}, {"eve", Part::author}};
  out.present = kShown;
  return out;
}

inline Actor person(std::string id) { return {"person", std::move(id)}; }

inline Sign approval(std::string reason = "") {
  return {Choice::approve, kShown, std::move(reason), std::nullopt, Authentication::session};
}

inline Sign rejection(std::string reason = "it is not ready") {
  return {Choice::reject, kShown, std::move(reason), std::nullopt, Authentication::session};
}

/// What was decided, as the next state of the request.
inline Request after(Request request, const Events& events, const std::string& actor) {
  for (const Event& event : events) {
    std::visit([&](const auto& one) { evolve(request, one, Stamp{"person", actor, kNow}); }, event);
  }
  return request;
}

/// "" when it was allowed, else the code of the refusal.
inline std::string code(const Decided<Events>& decided) {
  return decided ? "" : decided.error().code;
}

inline Request granted_request() {
  Request granted = request();
  granted.votes = {vote("ben"), vote("cat")};
  granted.state = State::granted;
  granted.valid_until = kNow + Duration::days(1);
  return granted;
}

}  // namespace holdpoint::approvals::testing

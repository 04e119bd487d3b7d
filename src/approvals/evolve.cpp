// Folding the events of a request to its state. It never refuses: what stands in the ledger
// happened.
#include <algorithm>

#include "approvals/earlier_events.hpp"

namespace holdpoint::approvals {
namespace {

/// What all forms of the opening say.
template <class Event>
Request opened(const Event& event, const Stamp& stamp) {
  Request request;
  request.id = event.id;
  request.subject = event.subject;
  request.title = event.title;
  request.application = event.application;
  request.environment = event.environment;
  request.requested_by_kind = stamp.actor_kind;
  request.requested_by = stamp.actor;
  request.requested_at = stamp.at;
  request.policies = event.policies;
  request.demands = event.demands;
  request.terms = event.terms;
  request.fields = event.fields;
  request.replaces = event.replaces;
  return request;
}

/// What all but the first say too.
template <class Event>
Request opened_with_levels(const Event& event, const Stamp& stamp) {
  Request request = opened(event, stamp);
  request.escalation = event.escalation;
  request.owners = event.owners;
  if (event.reasoned) request.reason_seq = stamp.seq;
  return request;
}

void use(Request& request, const std::string& what, Instant at) {
  request.state = State::consumed;
  request.ended_at = at;
  request.used_for = what;
  ++request.uses;
}

template <class Event>
Vote vote_of(const Event& event, const Stamp& stamp) {
  Vote vote;
  vote.person = stamp.actor;
  vote.seat = event.seat;
  vote.roles = event.roles;
  vote.choice = event.choice;
  vote.presented = event.presented;
  vote.authentication = event.authentication;
  vote.at = stamp.at;
  return vote;
}

void withdraw_vote(Request& request, const std::string& person) {
  std::erase_if(request.votes, [&](const Vote& vote) { return vote.person == person; });
  if (request.state == State::granted) {
    request.state = State::pending;
    request.valid_until.reset();
  }
}

void unstrand(Request& request) {
  request.stranded.clear();
  request.stranded_since.reset();
}

/// By which the level was moved: by none when its calendar was gone.
std::optional<CalendarUsed> calendar_of(const Escalation& level, const ApprovalResumed& event) {
  if (!level.calendar || !event.calendars) return std::nullopt;
  const auto found = std::ranges::find(*event.calendars, *level.calendar, &CalendarUsed::name);
  return found == event.calendars->end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Request evolve(const ApprovalRequested& event, const Stamp& stamp) {
  Request request = opened_with_levels(event, stamp);
  request.retries = event.retries;
  request.exclude_editors_us = event.exclude_editors_us;
  return request;
}

Request evolve(const ApprovalRequestedV2& event, const Stamp& stamp) {
  return opened_with_levels(event, stamp);
}

Request evolve(const ApprovalRequestedV1& event, const Stamp& stamp) {
  Request request = opened(event, stamp);
  request.reason = event.reason;
  return request;
}

void evolve(Request& request, const ApprovalSigned& event, const Stamp& stamp) {
  Vote vote = vote_of(event, stamp);
  vote.effective_from = event.effective_from;
  if (event.reasoned) vote.reason_seq = stamp.seq;
  request.votes.push_back(std::move(vote));
}

void evolve(Request& request, const ApprovalSignedV1& event, const Stamp& stamp) {
  Vote vote = vote_of(event, stamp);
  vote.reason = event.reason;
  request.votes.push_back(std::move(vote));
}

void evolve(Request& request, const SignatureWithdrawn& event, const Stamp& /*stamp*/) {
  withdraw_vote(request, event.person);
}

void evolve(Request& request, const SignatureWithdrawnV1& event, const Stamp& /*stamp*/) {
  withdraw_vote(request, event.person);
}

void evolve(Request& request, const ApprovalGranted& event, const Stamp& /*stamp*/) {
  request.state = State::granted;
  request.valid_until = event.valid_until;
  unstrand(request);
}

void evolve(Request& request, const ApprovalEnded& event, const Stamp& stamp) {
  request.state = event.state;
  request.ended_at = stamp.at;
  request.ended_because = event.because;
  request.ended_seq = stamp.seq;
  if (!request.stopped_by.empty()) request.pauses.back().until = stamp.at;
  request.stopped_by.clear();
  unstrand(request);
}

void evolve(Request& request, const ApprovalEscalated& event, const Stamp& stamp) {
  request.fired.push_back(
      {event.policy, event.level, event.kind, event.due, stamp.at, event.late, event.people});
}

void evolve(Request& request, const ApprovalPaused& event, const Stamp& stamp) {
  if (request.stopped_by.empty()) request.pauses.push_back({stamp.at, std::nullopt});
  request.stopped_by.push_back(event.incident);
}

void evolve(Request& request, const ApprovalResumed& event, const Stamp& stamp) {
  std::erase(request.stopped_by, event.incident);
  if (!event.running || request.pauses.empty()) return;
  request.pauses.back().until = stamp.at;
  request.terms.pending_until = event.pending_until;
  for (std::size_t i = 0; i < std::min(event.due.size(), request.escalation.size()); ++i) {
    Escalation& level = request.escalation[i];
    if (level.due == event.due[i]) continue;
    level.due = event.due[i];
    level.reckoned_by = calendar_of(level, event);
  }
}

void evolve(Request& request, const ApprovalStranded& event, const Stamp& stamp) {
  request.stranded = event.stages;
  request.stranded_since = stamp.at;
}

void evolve(Request& request, const ApprovalUnstranded& /*event*/, const Stamp& /*stamp*/) {
  unstrand(request);
}

void evolve(Request& request, const ApprovalConsumed& event, const Stamp& stamp) {
  use(request, event.use, stamp.at);
}

void evolve(Request& request, const ApprovalConsumedV1& event, const Stamp& stamp) {
  use(request, event.use, stamp.at);
}

}  // namespace holdpoint::approvals

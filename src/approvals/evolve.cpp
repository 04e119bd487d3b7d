// Folding the events of a request to its state. It never refuses: what stands in the ledger
// happened.
#include <algorithm>

#include "approvals/approvals.hpp"

namespace holdpoint::approvals {

Request evolve(const ApprovalRequested& event, const Stamp& stamp) {
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
  request.reason = event.reason;
  request.fields = event.fields;
  request.replaces = event.replaces;
  return request;
}

void evolve(Request& request, const ApprovalSigned& event, const Stamp& stamp) {
  request.votes.push_back({.person = stamp.actor,
                           .seat = event.seat,
                           .roles = event.roles,
                           .choice = event.choice,
                           .presented = event.presented,
                           .reason = event.reason,
                           .authentication = event.authentication,
                           .at = stamp.at});
}

void evolve(Request& request, const SignatureWithdrawn& event, const Stamp& /*stamp*/) {
  std::erase_if(request.votes, [&](const Vote& vote) { return vote.person == event.person; });
  if (request.state == State::granted) {
    request.state = State::pending;
    request.valid_until.reset();
  }
}

void evolve(Request& request, const ApprovalGranted& event, const Stamp& /*stamp*/) {
  request.state = State::granted;
  request.valid_until = event.valid_until;
}

void evolve(Request& request, const ApprovalEnded& event, const Stamp& stamp) {
  request.state = event.state;
  request.ended_at = stamp.at;
  request.ended_because = event.because;
}

void evolve(Request& request, const ApprovalConsumed& event, const Stamp& stamp) {
  request.state = State::consumed;
  request.ended_at = stamp.at;
  request.used_for = event.use;
}

}  // namespace holdpoint::approvals

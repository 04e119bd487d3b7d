// See decide.hpp. The order of the questions is the order in which a reader would ask them: is the
// request still open, is the content the same, may this person, was it done before.
#include "approvals/decide.hpp"

#include <algorithm>

#include "approvals/refusals.hpp"
#include "base/text.hpp"

namespace holdpoint::approvals {
namespace {

ApprovalEnded ended(const Request& request, State state, std::string because) {
  return {request.id, state, std::move(because), std::nullopt};
}

/// Not longer than the validity, and never past what time allows.
Instant valid_until(const Request& request, Instant now) {
  return now + Duration{request.terms.validity_us};
}

/// The seat that the signer uses: the one that was named, or else the first that brings the request
/// forward; refuses when there is none.
Decided<SeatUse> seat_for(const Request& request, const Situation& situation,
                          const std::string& person, const Sign& command) {
  const std::vector<Vote> votes = standing_votes(request, situation);
  const std::vector<Vote> valid = valid_votes(request, situation);
  const std::vector<Demand> demands = demands_now(request.demands, situation);
  std::vector<SeatUse> seats = seats_of(situation, request.demands, person);
  if (command.on_behalf_of) {
    std::erase_if(seats, [&](const SeatUse& use) { return use.seat != *command.on_behalf_of; });
    if (seats.empty()) return refuse(not_a_stand_in(*command.on_behalf_of));
  }
  if (seats.empty()) {
    return refuse(not_eligible(request, involved_behind(situation, person)));
  }
  const Eligible people = eligible(situation);
  std::erase_if(seats, [&](const SeatUse& use) {
    return std::ranges::find(valid, use.seat, &Vote::seat) != valid.end();
  });
  if (seats.empty()) return refuse(seat_taken());
  std::erase_if(seats,
                [&](const SeatUse& use) { return !is_reached(demands, people, votes, use); });
  if (seats.empty()) return refuse(stage_not_reached());
  if (command.choice == Choice::approve) {
    std::erase_if(seats,
                  [&](const SeatUse& use) { return !advances(demands, people, votes, use); });
    if (seats.empty()) return refuse(signature_not_needed());
  }
  return seats.front();
}

std::optional<Refusal> why_not_there(const Request& request, const Situation& situation) {
  if (!situation.paused_by.empty()) return paused(situation.paused_by);
  if (!situation.present) return subject_gone(request.subject);
  return std::nullopt;
}

std::optional<Refusal> why_not_now(const Request& request, const Situation& situation) {
  if (!is_open(request.state)) return request_ended(request);
  return why_not_there(request, situation);
}

/// Granted, or used and good for another try.
bool may_be_taken_back(const Request& request) {
  return request.state == State::granted ||
         (request.state == State::consumed && request.retries > 0 &&
          request.uses <= request.retries);
}

/// The same of using it, which a used request may be again after a failure.
std::optional<Refusal> why_not_use(const Request& request, const Situation& situation) {
  if (request.state != State::consumed || request.retries == 0) {
    return why_not_now(request, situation);
  }
  if (!situation.use_failed) return use_not_failed(request);
  if (request.uses > request.retries) return no_retry_left(request);
  return why_not_there(request, situation);
}

/// Of a request that lacks nobody any more, though nothing was recorded since: it is granted and
/// used in one.
Decided<Events> consume_at_once(const Request& request, const Situation& situation,
                                std::string use) {
  Events events = settle(request, situation);
  const bool is_granted =
      !events.empty() && std::holds_alternative<ApprovalGranted>(events.front());
  if (!is_granted) return refuse(not_granted());
  events.push_back(ApprovalConsumed{request.id, std::move(use), request.uses + 1});
  return events;
}

std::optional<Refusal> why_not_this_person(const Situation& situation, const Actor& actor) {
  if (actor.kind != "person" || actor.id.empty()) return not_a_person();
  if (const auto part = part_of(situation, actor.id)) return involved(*part);
  return std::nullopt;
}

/// When what was granted is over by a shorter validity than it was granted with.
std::optional<Instant> over_by(const Request& request, const Terms& in_force) {
  const std::int64_t less_us = request.terms.validity_us - in_force.validity_us;
  if (!request.valid_until || less_us <= 0) return std::nullopt;
  return *request.valid_until - Duration{less_us};
}

bool lacks_password(const Vote& vote, const Terms& in_force) {
  return in_force.needs_password && vote.authentication != Authentication::password;
}

bool lacks_rationale(const Vote& vote, const Terms& in_force) {
  return in_force.needs_rationale && !vote.reason_seq && !is_stated(vote.reason);
}

/// The reason and the password that go with a decision.
std::optional<Refusal> why_not_as_asked(const Request& request, const Sign& command) {
  if (command.reason.size() > reason_bytes_max) return reason_too_long();
  const bool must_say_why = request.terms.needs_rationale || command.choice == Choice::reject;
  if (must_say_why && !is_stated(command.reason, reason_bytes_max)) return reason_needed();
  if (request.terms.needs_password && command.authentication != Authentication::password) {
    return password_needed();
  }
  return std::nullopt;
}

/// Somebody who may sign takes back what was granted. The safe way needs one person, and neither a
/// stage that waits nor a right that nobody used.
Decided<Events> revoke(const Request& request, const Situation& situation, const Actor& actor,
                       const Sign& command) {
  if (situation.now >= *request.valid_until) return refuse(too_late(request));
  if (auto refusal = why_not_this_person(situation, actor)) return refuse(std::move(*refusal));
  if (command.presented != request.subject.digest) {
    return refuse(content_changed(command.presented, request.subject.digest));
  }
  if (auto refusal = why_not_as_asked(request, command)) return refuse(std::move(*refusal));
  if (command.effective_from) return refuse(only_approvals_wait());
  std::vector<SeatUse> seats = seats_of(situation, request.demands, actor.id);
  if (command.on_behalf_of) {
    std::erase_if(seats, [&](const SeatUse& use) { return use.seat != *command.on_behalf_of; });
    if (seats.empty()) return refuse(not_a_stand_in(*command.on_behalf_of));
  }
  if (seats.empty()) {
    return refuse(not_eligible(request, involved_behind(situation, actor.id)));
  }
  Events events;
  const bool has_signed =
      std::ranges::any_of(request.votes, [&](const Vote& vote) { return vote.person == actor.id; });
  if (has_signed) {
    events.push_back(SignatureWithdrawn{request.id, actor.id});
  } else if (request.votes.size() >= votes_max) {
    return refuse(too_many_votes());
  }
  events.push_back(ApprovalSigned{request.id, Choice::reject, seats.front().seat,
                                  seats.front().roles, command.presented, true,
                                  command.authentication, std::nullopt});
  events.push_back(ended(request, State::revoked, "an approver rejected it after it was granted"));
  return events;
}

/// A decision that counts later is an approval, and counts while the request still waits.
std::optional<Refusal> why_not_deferred(const Request& request, const Situation& situation,
                                        const Sign& command) {
  if (!command.effective_from) return std::nullopt;
  if (command.choice != Choice::approve) return only_approvals_wait();
  if (*command.effective_from <= situation.now ||
      *command.effective_from >= request.terms.pending_until) {
    return deferred_out_of_reach(request);
  }
  return std::nullopt;
}

}  // namespace

Tally tally_of(const Request& request, const Situation& situation, const std::vector<Vote>& votes) {
  return count(demands_now(request.demands, situation), eligible(situation), votes,
               request.terms.rejections);
}

bool has_run_out(const Request& request, Instant now) {
  return request.stopped_by.empty() && request.terms.pending_until <= now;
}

std::optional<Instant> next_effective(const Request& request, Instant now) {
  std::optional<Instant> next;
  for (const Vote& vote : request.votes) {
    if (is_effective(vote, now)) continue;
    if (!next || *vote.effective_from < *next) next = vote.effective_from;
  }
  return next;
}

Events pause_by(const Request& request, const std::vector<std::string>& incidents, Instant now,
                const std::function<DueAfterPause(Instant pause)>& due_from_pause) {
  Events events;
  if (request.state != State::pending) return events;
  const auto has = [](const std::vector<std::string>& ids, const std::string& id) {
    return std::ranges::find(ids, id) != ids.end();
  };
  // What time decided before is not undone by a pause.
  const bool is_over = has_run_out(request, now);
  for (const std::string& incident : incidents) {
    if (!is_over && !has(request.stopped_by, incident)) {
      events.push_back(ApprovalPaused{request.id, incident});
    }
  }
  const bool is_paused = !is_over && !incidents.empty();
  std::size_t left = request.stopped_by.size();
  for (const std::string& incident : request.stopped_by) {
    if (has(incidents, incident)) continue;
    --left;
    ApprovalResumed event{
        request.id, incident, left == 0 && !is_paused, request.terms.pending_until, {}, {}};
    if (event.running && !request.pauses.empty()) {
      const Instant pause = request.pauses.back().from;
      event.pending_until = request.terms.pending_until + (now - pause);
      DueAfterPause moved = due_from_pause(pause);
      event.due = std::move(moved.due);
      if (!moved.calendars.empty()) event.calendars = std::move(moved.calendars);
    }
    events.push_back(std::move(event));
  }
  return events;
}

bool covers(const Request& request, std::span<const Demand> demanded) {
  return std::ranges::all_of(demanded, [&](const Demand& demand) {
    return std::ranges::find(request.demands, demand) != request.demands.end();
  });
}

bool is_stricter(const Terms& terms, const Terms& than) {
  return terms.validity_us < than.validity_us || terms.rejections < than.rejections ||
         (terms.needs_rationale && !than.needs_rationale) ||
         (terms.needs_password && !than.needs_password);
}

std::optional<Outgrown> outgrown(const Request& request, const Situation& situation,
                                 const Terms& in_force) {
  Outgrown out;
  if (const auto over = over_by(request, in_force); over && *over <= situation.now) {
    out.terms.push_back("use within " + duration_text(Duration{in_force.validity_us}) +
                        " of the grant, which was over at " + over->text());
  }
  std::vector<Vote> enough;
  std::vector<Vote> short_of_it;
  for (Vote& vote : standing_votes(request, situation)) {
    const bool falls_short = vote.choice == Choice::approve &&
                             (lacks_password(vote, in_force) || lacks_rationale(vote, in_force));
    (falls_short ? short_of_it : enough).push_back(std::move(vote));
  }
  const std::int64_t rejections = std::min(request.terms.rejections, in_force.rejections);
  const Tally tally =
      count(demands_now(request.demands, situation), eligible(situation), enough, rejections);
  if (tally.rejected) {
    out.terms.push_back("fewer than " + std::to_string(rejections) +
                        (rejections == 1 ? " rejection" : " rejections"));
  } else if (!tally.granted) {
    bool needs_password = false;
    bool needs_rationale = false;
    for (const Vote& vote : short_of_it) {
      needs_password |= lacks_password(vote, in_force);
      needs_rationale |= lacks_rationale(vote, in_force);
      out.sign_again.push_back(vote.person);
    }
    if (needs_password) out.terms.emplace_back("the password with each signature");
    if (needs_rationale) out.terms.emplace_back("a rationale with each signature");
  }
  if (out.terms.empty()) return std::nullopt;
  return out;
}

std::vector<Vote> valid_votes(const Request& request, const Situation& situation) {
  std::vector<Vote> votes;
  for (const Vote& vote : request.votes) {
    if (vote.presented != request.subject.digest) continue;
    if (part_of(situation, vote.person) || part_of(situation, vote.seat)) continue;
    votes.push_back(vote);
  }
  return votes;
}

std::vector<Vote> standing_votes(const Request& request, const Situation& situation) {
  std::vector<Vote> votes = valid_votes(request, situation);
  std::erase_if(votes, [&](const Vote& vote) { return !is_effective(vote, situation.now); });
  return votes;
}

Events settle(const Request& request, const Situation& situation) {
  if (!is_open(request.state)) return {};
  if (!situation.present) {
    return {ended(request, State::invalidated, "what was to be approved is gone")};
  }
  if (*situation.present != request.subject.digest) {
    ApprovalEnded event = ended(request, State::invalidated, "the content changed");
    event.digest = situation.present;
    return {event};
  }
  if (request.state == State::pending && has_run_out(request, situation.now)) {
    return {ended(request, State::expired, "nobody decided in time")};
  }
  if (request.state == State::granted && *request.valid_until <= situation.now) {
    return {ended(request, State::expired, "it was not used while it was valid")};
  }
  // Nobody has to sign any more: who was missing lost the role, or a deferred approval counts now.
  const bool is_granted = request.state == State::pending && situation.unknown_people.empty() &&
                          request.stopped_by.empty() && situation.paused_by.empty() &&
                          tally_of(request, situation, standing_votes(request, situation)).granted;
  if (is_granted) {
    return {
        ApprovalGranted{request.id, request.subject.digest, valid_until(request, situation.now)}};
  }
  return {};
}

Decided<Events> sign(const Request& request, const Situation& situation, const Actor& actor,
                     const Sign& command) {
  if (command.choice == Choice::reject && may_be_taken_back(request)) {
    if (auto refusal = why_not_there(request, situation)) return refuse(std::move(*refusal));
    return revoke(request, situation, actor, command);
  }
  if (auto refusal = why_not_now(request, situation)) return refuse(std::move(*refusal));
  if (request.state != State::pending) return refuse(request_ended(request));
  if (request.terms.pending_until <= situation.now) return refuse(too_late(request));
  if (auto refusal = why_not_this_person(situation, actor)) return refuse(std::move(*refusal));
  if (!situation.unknown_people.empty()) return refuse(unknown_people(situation.unknown_people));
  if (*situation.present != request.subject.digest || command.presented != *situation.present) {
    return refuse(content_changed(command.presented, *situation.present));
  }
  if (auto refusal = why_not_as_asked(request, command)) return refuse(std::move(*refusal));
  if (auto refusal = why_not_deferred(request, situation, command)) {
    return refuse(std::move(*refusal));
  }
  if (std::ranges::find(request.votes, actor.id, &Vote::person) != request.votes.end()) {
    return refuse(signed_already());
  }
  if (request.votes.size() >= votes_max) return refuse(too_many_votes());
  auto seat = seat_for(request, situation, actor.id, command);
  if (!seat) return std::unexpected(std::move(seat).error());
  Events events;
  events.push_back(ApprovalSigned{request.id, command.choice, seat->seat, seat->roles,
                                  command.presented, !command.reason.empty(),
                                  command.authentication, command.effective_from});
  if (command.effective_from) return events;
  std::vector<Vote> with = standing_votes(request, situation);
  with.push_back({.person = actor.id,
                  .seat = seat->seat,
                  .roles = seat->roles,
                  .choice = command.choice,
                  .presented = command.presented,
                  .at = situation.now});
  const Tally tally = tally_of(request, situation, with);
  if (tally.rejected) {
    events.push_back(ended(request, State::rejected, "it was rejected"));
  } else if (tally.granted) {
    events.push_back(
        ApprovalGranted{request.id, request.subject.digest, valid_until(request, situation.now)});
  }
  return events;
}

Decided<Events> withdraw_signature(const Request& request, const Situation& situation,
                                   const Actor& actor, const std::string& reason) {
  if (!is_open(request.state)) return refuse(request_ended(request));
  if (!is_stated(reason, reason_bytes_max)) return refuse(reason_needed());
  if (std::ranges::find(request.votes, actor.id, &Vote::person) == request.votes.end()) {
    return refuse(not_signed());
  }
  Events events{SignatureWithdrawn{request.id, actor.id}};
  std::vector<Vote> left = standing_votes(request, situation);
  std::erase_if(left, [&](const Vote& vote) { return vote.person == actor.id; });
  if (request.valid_until && situation.now < *request.valid_until &&
      tally_of(request, situation, left).granted) {
    // It was not needed: the rest still suffices, no longer than before.
    events.push_back(ApprovalGranted{request.id, request.subject.digest, *request.valid_until});
    return events;
  }
  if (has_run_out(request, situation.now)) {
    events.push_back(ended(request, State::expired, "nobody decided in time"));
  }
  return events;
}

Decided<Events> withdraw(const Request& request, const Actor& actor, const std::string& reason) {
  if (!is_open(request.state)) return refuse(request_ended(request));
  if (actor.kind != request.requested_by_kind || actor.id != request.requested_by) {
    return refuse(not_the_requester());
  }
  if (!is_stated(reason, reason_bytes_max)) return refuse(reason_needed());
  return Events{ended(request, State::withdrawn, "who asked for it withdrew it")};
}

Decided<Events> consume(const Request& request, const Situation& situation, std::string use) {
  if (auto refusal = why_not_use(request, situation)) return refuse(std::move(*refusal));
  if (request.state == State::pending) return consume_at_once(request, situation, std::move(use));
  if (*situation.present != request.subject.digest) {
    return refuse(content_changed(request.subject.digest, *situation.present));
  }
  if (*request.valid_until <= situation.now) return refuse(too_late(request));
  if (!situation.unknown_people.empty()) return refuse(unknown_people(situation.unknown_people));
  // Whoever lost a role or turned out to have a part in it does not count any more.
  if (!tally_of(request, situation, standing_votes(request, situation)).granted) {
    return refuse(no_longer_granted());
  }
  return Events{ApprovalConsumed{request.id, std::move(use), request.uses + 1}};
}

Events supersede(const Request& request, const RequestId& by) {
  if (!is_open(request.state)) return {};
  return {ended(request, State::superseded, "a newer request took its place: " + by.text())};
}

}  // namespace holdpoint::approvals

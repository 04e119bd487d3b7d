// See decide.hpp.
#include "changes/decide.hpp"

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "changes/refusals.hpp"

namespace holdpoint::changes {

std::optional<Refusal> why_not_edit(const Change& change) {
  if (change.state != State::draft) return not_a_draft(change);
  return std::nullopt;
}

LimitStanding standing_of(const EmergencyLimit& limit, std::vector<Instant> submitted,
                          Instant now) {
  const Duration within{limit.within_us};
  std::erase_if(submitted, [&](Instant at) { return at + within <= now; });
  std::ranges::sort(submitted, std::ranges::greater{});
  LimitStanding out;
  out.count = static_cast<std::int64_t>(submitted.size());
  if (!submitted.empty()) out.since = submitted.back();
  // Room is when the last one that fills the limit counts no more.
  if (out.count >= limit.count && limit.count > 0) {
    out.next_at = submitted[static_cast<std::size_t>(limit.count) - 1] + within;
  }
  return out;
}

Decided<ChangeSubmitted> submit(const Change& change, const Submitting& facts) {
  if (change.state != State::draft) return refuse(not_a_draft(change));
  // Submitted by an account that nobody answers for, nobody could look back at it.
  if (change.content.type == ChangeType::emergency && !facts.has_owner) {
    return refuse(nobody_answers(change));
  }
  if (change.content.window.until <= facts.now) return refuse(window_over(change));
  if (!facts.documents_in_force) return refuse(document_changed(change));
  if (facts.is_by_template_owner) return refuse(own_template(change.content.pattern->name));
  const bool waits_for_review = change.content.type != ChangeType::standard;
  if (waits_for_review && !facts.overdue.empty()) return refuse(review_overdue(facts.overdue));
  if (change.content.type == ChangeType::emergency && facts.limit) {
    const auto standing = standing_of(*facts.limit, facts.earlier, facts.now);
    if (standing.next_at) return refuse(emergency_limit_reached(change, *facts.limit, standing));
  }
  return ChangeSubmitted{change.id};
}

Decided<ChangeReopened> reopen(const Change& change, std::string reason) {
  if (change.state == State::implementing) return refuse(change_began(change));
  if (change.state == State::draft) return refuse(change_not_submitted(change));
  if (change.state != State::submitted) return refuse(change_ended(change));
  if (!is_stated(reason, reason_bytes_max))
    return refuse(reason_needed("/reason", reason_bytes_max));
  return ChangeReopened{change.id, change.revision + 1, std::move(reason)};
}

Decided<ChangeCancelled> cancel(const Change& change, std::string reason) {
  if (change.state == State::implementing) return refuse(change_began(change));
  if (change.state != State::draft && change.state != State::submitted) {
    return refuse(change_ended(change));
  }
  if (!is_stated(reason, reason_bytes_max))
    return refuse(reason_needed("/reason", reason_bytes_max));
  return ChangeCancelled{change.id, std::move(reason)};
}

Decided<ChangeClosed> close(const Change& change, Ending ending, std::string note) {
  if (change.state == State::draft || change.state == State::submitted) {
    return refuse(change_not_begun(change));
  }
  if (change.state != State::implementing) return refuse(change_ended(change));
  if (note.size() > reason_bytes_max) return refuse(reason_needed("/note", reason_bytes_max));
  return ChangeClosed{change.id, ending, std::move(note)};
}

std::vector<Refusal> obstacles(const Change& change, const Place& place, const Using& facts) {
  using Standing = approvals::Standing::State;
  std::vector<Refusal> all;
  if (change.state == State::draft) return {change_not_submitted(change)};
  if (!is_open(change.state)) return {change_ended(change)};
  if (!touches(change.content, place)) return {place_not_touched(change, place)};
  if (was_used(change, place)) {
    if (!facts.last_use_failed) return {used_already(change, place)};
    // Another try: its approval says how often, and holds for it as for the first.
    if (facts.approval.state != Standing::granted) return {not_tried_again(change, facts.approval)};
  }
  const ChangeType type = change.content.type;
  const TimeWindow& window = change.content.window;
  if (window.until <= facts.now) all.push_back(window_over(change));
  if (facts.now < window.from) all.push_back(window_ahead(change));
  if (!facts.documents_in_force) all.push_back(document_changed(change));
  if (type != ChangeType::standard && !facts.overdue.empty()) {
    all.push_back(review_overdue(facts.overdue));
  }
  if (type == ChangeType::emergency && !is_endorsed(change, facts.present)) {
    all.push_back(not_endorsed(change));
  }
  // One that has begun used its approval up, for all of its places.
  const bool is_pre_approved =
      type == ChangeType::standard && facts.approval.state == Standing::not_needed;
  const bool is_approved = change.state == State::implementing || is_pre_approved ||
                           facts.approval.state == Standing::granted;
  if (!is_approved) all.push_back(change_not_approved(change, facts.approval));
  return all;
}

ChangeUsed use(const Change& change, const Place& place, std::string use, Instant now) {
  ChangeUsed event{change.id,      place.application, place.environment,
                   std::move(use), std::nullopt,      std::nullopt};
  const bool begins = change.state == State::submitted;
  if (begins && change.content.type == ChangeType::emergency)
    event.review_due = now + review_within;
  return event;
}

Decided<ChangeEndorsed> endorse(const Change& change, const Reviewer& by, const Digest& shown,
                                const Digest& present, std::string reason) {
  if (change.content.type != ChangeType::emergency) return refuse(not_an_emergency());
  if (change.state == State::draft) return refuse(change_not_submitted(change));
  if (change.state == State::implementing) return refuse(change_began(change));
  if (change.state != State::submitted) return refuse(change_ended(change));
  if (by.kind != "person" || by.person.empty()) return refuse(endorser_not_a_person());
  if (by.has_part) return refuse(own_emergency());
  if (!by.is_endorser) return refuse(not_an_endorser());
  if (by.has_approved) return refuse(approver_endorses(change));
  if (shown != present) return refuse(content_changed(shown, present));
  if (is_endorsed(change, present)) return refuse(endorsed_already());
  if (!is_stated(reason, reason_bytes_max))
    return refuse(reason_needed("/reason", reason_bytes_max));
  return ChangeEndorsed{change.id, present, std::move(reason)};
}

Decided<EmergencyReviewed> review(const Change& change, const Reviewer& by, Instant now,
                                  const std::string& findings) {
  if (change.content.type != ChangeType::emergency) return refuse(not_an_emergency());
  if (!change.review_due) return refuse(review_not_due());
  if (change.reviewed_at) return refuse(reviewed_already());
  if (by.kind != "person" || by.person.empty()) return refuse(endorser_not_a_person());
  if (by.has_part) return refuse(own_emergency());
  if (by.has_endorsed) return refuse(endorser_reviews(change));
  if (by.carried_out) return refuse(executor_reviews(change));
  if (!is_stated(findings, text_bytes_max)) {
    return refuse(reason_needed("/findings", text_bytes_max));
  }
  return EmergencyReviewed{change.id, *change.review_due <= now};
}

}  // namespace holdpoint::changes

// See news.hpp.
#include "approvals/news.hpp"

namespace holdpoint::approvals {
namespace {

constexpr std::string_view kAsked = "approval.asked";
constexpr std::string_view kReminded = "approval.reminded";
constexpr std::string_view kCarriedOn = "approval.carried_on";
constexpr std::string_view kOutcome = "approval.outcome";
constexpr std::string_view kShort = "approval.short_of_signers";

News news(std::string_view topic, const Request& request) {
  News out;
  out.topic = topic;
  out.about = about_asking(request.id);
  out.application = request.application;
  out.command = "holdpoint approvals show " + request.id.text();
  return out;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::string late_words(const ApprovalEscalated& event) {
  return event.late ? " This is late: the server was away when it was due." : "";
}

}  // namespace

std::set<std::string> news_topics() {
  return {std::string(kAsked), std::string(kReminded), std::string(kCarriedOn),
          std::string(kOutcome), std::string(kShort)};
}

std::string about_asking(const RequestId& id) { return "approval/" + id.text(); }
std::string about_outcome(const RequestId& id) { return "approval_outcome/" + id.text(); }
std::string about_stranding(const RequestId& id) { return "approval_stranding/" + id.text(); }

News news_of_stages(const Request& request, const std::vector<std::string>& stages,
                    std::vector<std::string> people) {
  News out = news(kAsked, request);
  out.subject = "Your approval is asked for: " + request.title;
  out.sentence = "You may sign " + joined(stages) + " of the request for the approval of " +
                 request.title + ". Read what it is about, then approve or reject it.";
  out.due = request.terms.pending_until;
  out.people = std::move(people);
  return out;
}

News news_of_escalation(const Request& request, const ApprovalEscalated& event) {
  News out = news(event.kind == EscalationKind::reminder ? kReminded : kCarriedOn, request);
  out.people = event.people;
  out.due = request.terms.pending_until;
  switch (event.kind) {
    case EscalationKind::reminder:
      out.subject = "Still waiting for your approval: " + request.title;
      out.sentence = "Nobody has decided on " + request.title +
                     " yet, and you may. It expires when nobody does.";
      break;
    case EscalationKind::backup:
      out.subject = "You may approve in the place of others: " + request.title;
      out.sentence = "Those who were asked for the approval of " + request.title +
                     " have not decided, so you may sign too.";
      break;
    case EscalationKind::manager:
      out.subject = "An approval waits too long: " + request.title;
      out.sentence = "Neither those who were asked nor their backups have decided on " +
                     request.title + ". You may sign, or see to it that they do.";
      break;
    case EscalationKind::owner:
      out.subject = "An approval reaches nobody: " + request.title;
      out.sentence = "No level of escalation of the request for " + request.title +
                     " reached anybody. Give the roles of the policy " + event.policy +
                     " to people, or it expires.";
      out.command = "holdpoint policy show ApprovalPolicy " + event.policy;
      break;
  }
  out.sentence += late_words(event);
  return out;
}

News news_of_stranding(const Request& request, std::vector<std::string> people) {
  News out = news(kShort, request);
  out.about = about_stranding(request.id);
  out.people = std::move(people);
  out.due = request.terms.pending_until;
  out.subject = "Too few are left who may approve: " + request.title;
  out.sentence = "Not enough people are left who may sign " + joined(request.stranded) +
                 " of the request for the approval of " + request.title +
                 ": others lost the roles that the policy names, have a part in it or did not"
                 " approve. Give the roles to more people, or it expires.";
  return out;
}

News news_of_outcome(const Request& request, std::vector<std::string> people) {
  News out = news(kOutcome, request);
  out.about = about_outcome(request.id);
  out.people = std::move(people);
  if (request.state == State::granted) {
    out.subject = "Approved: " + request.title;
    out.sentence = "Everybody who had to has approved " + request.title +
                   ". It may be used once while it is valid.";
    if (request.retries > 0) {
      out.sentence += " After a use that failed it may be used again, " +
                      (request.retries == 1 ? std::string("once")
                                            : std::to_string(request.retries) + " times") +
                      " at most.";
    }
    out.due = request.valid_until;
    return out;
  }
  const std::string state(describe::enum_text(request.state));
  out.subject = "Not approved, " + state + ": " + request.title;
  out.sentence = "The request for the approval of " + request.title + " is " + state + ": " +
                 request.ended_because.value_or("") + ".";
  return out;
}

}  // namespace holdpoint::approvals

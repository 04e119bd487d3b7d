// See approval_reasons.hpp.
#include "deployments/approval_reasons.hpp"

namespace holdpoint::deployments {
namespace {

constexpr std::size_t people_shown_max = 5;

std::string people_of(const std::vector<std::string>& people) {
  std::string out;
  for (std::size_t i = 0; i < people.size() && i < people_shown_max; ++i) {
    out += (i == 0 ? "" : ", ") + people[i];
  }
  if (people.size() > people_shown_max) {
    out += " or " + std::to_string(people.size() - people_shown_max) + " more";
  }
  return out.empty() ? "nobody yet: too few people may sign" : out;
}

Next ask_for_it(const GateQuestion& question) {
  return {"release manager", "ask for the approval",
          "holdpoint approvals request " + question.application + "@" + question.version +
              " --env " + question.environment};
}

Reason reason(ReasonCode code, std::string sentence, std::string detail, Next next) {
  Reason out{.code = code, .sentence = std::move(sentence)};
  if (!detail.empty()) out.detail = std::move(detail);
  out.next.push_back(std::move(next));
  return out;
}

}  // namespace

void add_approval(const GateQuestion& question, const GateFacts& facts, GateVerdict& verdict) {
  using State = approvals::Standing::State;
  const approvals::Standing& approval = facts.approval;
  switch (approval.state) {
    case State::not_needed:
    case State::granted: return;
    case State::untold:
      verdict.decision = Decision::unknown;
      verdict.reasons.push_back(
          reason(ReasonCode::approval_untold, "Whether an approval is needed could not be told.",
                 approval.detail,
                 {"compliance officer", "see to the approval policies", "holdpoint policy list"}));
      return;
    case State::missing:
      verdict.reasons.push_back(reason(ReasonCode::approval_missing,
                                       "The approval that policy asks for was not given.",
                                       approval.detail, ask_for_it(question)));
      if (approval.sign_again.empty() || !approval.request) return;
      verdict.reasons.back().next.push_back(
          {people_of(approval.sign_again), "take the signature back and sign again",
           "holdpoint approvals withdraw " + *approval.request + " --signature --reason WHY"});
      return;
    case State::pending: {
      Next next{people_of(approval.may_sign), "decide on the request",
                "holdpoint approve " + approval.request.value_or("REQUEST")};
      next.due = approval.due;
      verdict.reasons.push_back(reason(ReasonCode::approval_pending,
                                       "The approval waits for people to decide.", approval.detail,
                                       std::move(next)));
      return;
    }
  }
}

}  // namespace holdpoint::deployments

// See segregation.hpp.
#include "deployments/segregation.hpp"

#include <algorithm>
#include <set>

namespace holdpoint::deployments {
namespace {

using Roles = std::map<std::string, std::set<std::string>>;  // of each person

std::string_view words_of(approvals::Choice choice) {
  switch (choice) {
    case approvals::Choice::approve: return "approved it";
    case approvals::Choice::reject: return "rejected it";
    case approvals::Choice::abstain: return "abstained";
  }
  return "decided";
}

class Subject {
 public:
  explicit Subject(const OwnersOf& owners_of) : owners_of_(owners_of) {}

  void add(SegregationAct act, const std::string& part) {
    for (const std::string& person : owners_of_(act.actor_kind, act.actor)) {
      roles_[person].insert(part);
      if (person != act.actor) act.answer_for.push_back(person);
    }
    out_.acts.push_back(std::move(act));
  }

  /// In whose place somebody signed, they approved as well.
  void add_seat(const std::string& person) { roles_[person].insert("approver"); }

  SegregationSubject& out() { return out_; }

  /// Who approves has no part in it and does not deploy; who deploys does not verify.
  SegregationSubject take() {
    for (const auto& [person, roles] : roles_) {
      const auto apart = [&](const std::string& one, const std::string& other) {
        if (roles.contains(one) && roles.contains(other)) {
          out_.conflicts.push_back({person, one, other});
        }
      };
      for (const char* part :
           {"requester", "author", "committer", "co_author", "editor", "builder", "deployer",
            "endorser", "earlier_requester", "owner", "policy_editor"}) {
        apart("approver", part);
      }
      apart("deployer", "verifier");
    }
    return std::move(out_);
  }

 private:
  const OwnersOf& owners_of_;
  SegregationSubject out_;
  Roles roles_;
};

void add_content(const approvals::SubjectContent& content, Subject& subject) {
  for (const approvals::Involved& one : content.involved) {
    const std::string part(describe::enum_text(one.part));
    subject.add({part,
                 "person",
                 one.person,
                 std::string(approvals::words(one.part)),
                 std::nullopt,
                 std::nullopt,
                 {}},
                part);
    auto& left_out = subject.out().left_out;
    if (std::ranges::find(left_out, one.person) == left_out.end()) left_out.push_back(one.person);
  }
  subject.out().unknown_people = content.unknown_people;
}

void add_request(const approvals::Request& request, Subject& subject) {
  subject.add({"requester",
               request.requested_by_kind,
               request.requested_by,
               "asked for this approval",
               std::nullopt,
               request.requested_at,
               {}},
              "requester");
  for (const approvals::Vote& vote : request.votes) {
    const bool in_place = vote.seat != vote.person;
    const bool approves = vote.choice == approvals::Choice::approve;
    subject.add({"approver",
                 "person",
                 vote.person,
                 std::string(words_of(vote.choice)),
                 in_place ? std::optional(vote.seat) : std::nullopt,
                 vote.at,
                 {}},
                approves ? "approver" : "decider");
    if (in_place && approves) subject.add_seat(vote.seat);
  }
}

const char* kind_of(const std::string& actor) {
  return actor.starts_with("per_") ? "person" : "service_account";
}

void add_deployment(const Deployment& one, Subject& subject) {
  subject.add({"deployer",
               one.started_by_kind,
               one.started_by,
               "started " + one.id.text(),
               std::nullopt,
               one.started_at,
               {}},
              "deployer");
  if (one.finished_by) {
    subject.add({"deployer",
                 kind_of(*one.finished_by),
                 *one.finished_by,
                 "finished " + one.id.text(),
                 std::nullopt,
                 one.finished_at,
                 {}},
                "deployer");
  }
  if (one.verified_by) {
    subject.add({"verifier",
                 kind_of(*one.verified_by),
                 *one.verified_by,
                 "verified " + one.id.text(),
                 std::nullopt,
                 one.verified_at,
                 {}},
                "verifier");
  }
}

/// Who stands for an emergency lets it through: a duty of its own. It is held against the approval
/// of the emergency, where that is stated, and not against that of a promotion.
void add_endorsement(const EmergencyEndorsement& one, Subject& subject) {
  subject.add(
      {"endorser",
       "person",
       one.person,
       "endorsed the emergency " + one.change + " that " + one.deployment + " was started under",
       std::nullopt,
       one.at,
       {}},
      "emergency_endorser");
}

SegregationRefusal refusal_of(const RefusedStart& one) {
  SegregationRefusal out{one.actor_kind, one.actor, one.code, one.at, {}};
  for (const RefusedBecause& because : one.reasons) {
    const std::string code(describe::enum_text(because.code));
    if (std::ranges::find(out.reasons, code) == out.reasons.end()) out.reasons.push_back(code);
  }
  return out;
}

/// "shop@1.0.0 to production" of a deployment, or of the start of one.
template <class T>
std::string title_of(const T& one) {
  return one.application + "@" + one.version + " to " + one.environment;
}

}  // namespace

SegregationSubject segregation_of(const SegregationCase& one, const OwnersOf& owners_of) {
  Subject subject(owners_of);
  if (one.content) add_content(*one.content, subject);
  if (one.request) {
    subject.out().title = one.request->title;
    subject.out().request = one.request->id.text();
    subject.out().state = describe::enum_text(one.request->state);
    add_request(*one.request, subject);
    for (const auto& [kind, id] : one.earlier_askers) {
      const auto part = approvals::Part::earlier_requester;
      subject.add({std::string(describe::enum_text(part)),
                   kind,
                   id,
                   std::string(approvals::words(part)),
                   std::nullopt,
                   std::nullopt,
                   {}},
                  std::string(describe::enum_text(part)));
    }
    for (const std::string& id : one.policy_editors) {
      const auto part = approvals::Part::policy_editor;
      subject.add({std::string(describe::enum_text(part)),
                   kind_of(id),
                   id,
                   std::string(approvals::words(part)),
                   std::nullopt,
                   std::nullopt,
                   {}},
                  std::string(describe::enum_text(part)));
    }
  } else if (!one.deployments.empty()) {
    subject.out().title = title_of(one.deployments.front()) + ", not asked for";
  } else if (!one.refused_starts.empty()) {
    subject.out().title = title_of(one.refused_starts.front()) + ", never started";
  }
  for (const Deployment& deployment : one.deployments) add_deployment(deployment, subject);
  for (const EmergencyEndorsement& it : one.endorsements) add_endorsement(it, subject);
  subject.out().refused = one.refused;
  for (const RefusedStart& start : one.refused_starts) {
    subject.out().refused.push_back(refusal_of(start));
  }
  return subject.take();
}

}  // namespace holdpoint::deployments

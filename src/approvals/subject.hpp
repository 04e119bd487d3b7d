// The content of a subject as it is now: what is signed, who had a part in it, and the facts that
// policies judge. The capability that owns a kind of subject makes it, whenever a request is
// opened, decided on or used, so that an approval is never about something that is gone or changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "approvals/eligibility.hpp"
#include "policy/kind_facts.hpp"

namespace holdpoint::approvals {

struct SubjectContent {
  Digest digest;
  std::string title;  // plain, without personal data: it stands in the ledger
  std::optional<std::string> application;
  std::optional<std::string> environment;
  std::vector<Involved> involved;
  /// Ids in the content that stand for nobody who is known here.
  std::vector<std::string> unknown_people;
  /// What policies judge. The time of the decision and the fields of the request are filled in.
  policy::ApprovalFacts facts;
  /// The same for each further place of a subject that touches several: what the policies demand
  /// for one of them is demanded of the whole.
  std::vector<policy::ApprovalFacts> places;
  /// What whoever decides should know although it keeps nobody from deciding: a freeze that has to
  /// end first. Plain, without personal data.
  std::vector<std::string> warnings;
  /// Whether it is what may end an incident, so that none pauses it.
  bool in_emergency = false;
};

}  // namespace holdpoint::approvals

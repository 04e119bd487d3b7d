// The refusals of work items: a closed set of codes, each with its next actor.
#include "workitems/workitems.hpp"

namespace holdpoint::workitems {

Refusal work_item_not_found(std::string_view reference) {
  Refusal refusal{RefusalKind::not_found, "work_item_not_found",
                  "There is no work item " + std::string(reference) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint work list"});
  return refusal;
}

Refusal invalid_work_item(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_work_item", "The work item is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal step_not_allowed(const WorkItem& item, State wanted) {
  std::string next;
  for (const State state : next_states(item.type, item.state)) {
    next += (next.empty() ? "" : ", ") + std::string(describe::enum_text(state));
  }
  Refusal refusal{RefusalKind::conflict, "step_not_allowed",
                  "The " + std::string(describe::enum_text(item.type)) + " " + item.name + " is " +
                      std::string(describe::enum_text(item.state)) + " and cannot become " +
                      std::string(describe::enum_text(wanted)) + "; it can become " + next + "."};
  refusal.next.push_back({"person with workitems.write", "take the steps in between",
                          "holdpoint work change " + item.name + " --state STATE"});
  return refusal;
}

Refusal no_such_end(const Reference& reference) {
  Refusal refusal{RefusalKind::invalid, "link_to_nothing",
                  "There is no " + reference.kind + " " + reference.name + " in this workspace."};
  refusal.issues.push_back({"/to", "names nothing that is known", 0});
  return refusal;
}

Refusal too_many_links(const WorkItem& item) {
  Refusal refusal{RefusalKind::exhausted, "too_many_links",
                  "The work item " + item.name + " has " + std::to_string(links_max) +
                      " links; take some away, or split it."};
  refusal.next.push_back(
      {"person with workitems.write", "look at its links", "holdpoint work show " + item.name});
  return refusal;
}

}  // namespace holdpoint::workitems

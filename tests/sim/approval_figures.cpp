// What lives with approvals count: added up over many of them, and told in words.
#include "sim/approval_life.hpp"

namespace holdpoint::sim {
namespace {

constexpr Figure kFigures[] = {
    {"commands", &ApprovalLife::commands},
    {"refused", &ApprovalLife::refused},
    {"signatures", &ApprovalLife::signatures},
    {"in another's place", &ApprovalLife::lent},
    {"deferred", &ApprovalLife::deferred},
    {"granted", &ApprovalLife::granted},
    {"granted when a deferred one counted", &ApprovalLife::began, true},
    {"used", &ApprovalLife::consumed},
    {"used again", &ApprovalLife::retried, true},
    {"paused", &ApprovalLife::paused},
    {"levels of escalation", &ApprovalLife::escalated},
    {"late", &ApprovalLife::escalated_late},
    {"skipped", &ApprovalLife::skipped},
    {"told to owners", &ApprovalLife::owners_told, true},
    {"waivers in force", &ApprovalLife::waived, true},
    {"ended by hand", &ApprovalLife::waivers_ended, true},
    {"changes begun", &ApprovalLife::changes_begun, true},
    {"freezes overridden", &ApprovalLife::overrides_used, true},
    {"emergencies looked back at", &ApprovalLife::reviewed, true},
    {"overdue", &ApprovalLife::overdue, true},
    {"deployments implicated", &ApprovalLife::implicated},
    {"repeated", &ApprovalLife::repeated},
    {"restarts", &ApprovalLife::restarts},
    {"power losses", &ApprovalLife::power_losses},
};

}  // namespace

std::span<const Figure> figures() { return kFigures; }

void ApprovalLife::add(const ApprovalLife& other) {
  for (const Figure& figure : kFigures) this->*figure.count += other.*figure.count;
}

std::string summary_of(const ApprovalLife& life) {
  std::string out;
  for (const Figure& figure : kFigures) {
    out += (out.empty() ? "" : ", ") + std::to_string(life.*figure.count) + " " + figure.words;
  }
  return out;
}

}  // namespace holdpoint::sim

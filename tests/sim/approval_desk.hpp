// Talks to the server about approvals for the simulation: names to ids and back, requests that are
// repeated, cut off by a power loss or answered after a restart, and what the log has to show then.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "sim/approval_life.hpp"
#include "sim/approval_model.hpp"
#include "sim/house.hpp"

namespace holdpoint::sim {

/// What the server and the auditor do not agree on.
struct Disagreement {
  std::string text;
};

std::string text_at(const json::value& value, std::string_view name);

/// A request with what must come of it.
struct Command {
  Ask ask;
  Expected expected;
  /// On success: takes the effect, and says how many entries it makes; nullopt: not counted.
  std::function<std::optional<int>(const json::value& answer)> effect;
  /// On a refusal: the entries that are made nevertheless.
  std::function<int(const std::string& code)> refused{};
};

class ApprovalDesk {
 public:
  ApprovalDesk(std::uint64_t seed, test::SeededRandom& choices, ApprovalModel& model,
               ApprovalLife& life);

  void perform(const Command& command);
  /// A question, which changes nothing.
  json::value look(const Ask& ask);
  std::string fresh_key() { return "key-" + std::to_string(++keys_); }

  void name(const std::string& name, const std::string& id);
  [[nodiscard]] const std::string& id(const std::string& name) const;
  [[nodiscard]] const std::string& name_of(const std::string& id) const;

  void move_clock(Micros by);
  void restart();
  /// Folds the ledger again and compares every table.
  void audit();
  std::string checkpoint() { return house_->checkpoint(); }

 private:
  void open();
  /// Whether the power was lost: then the server was opened again.
  bool recovered();
  Said ask_through_a_power_loss(const Ask& ask);
  void repeat(const Command& command, const Said& said, bool was_recorded);
  [[noreturn]] void disagree(const Command& command, const std::string& what, const Said& said);

  test::SeededRandom& choices_;
  Ground ground_;
  ApprovalModel& model_;
  ApprovalLife& life_;
  std::unique_ptr<House> house_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> names_;
  int keys_ = 0;
};

}  // namespace holdpoint::sim

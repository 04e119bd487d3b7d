// See approval_desk.hpp.
#include "sim/approval_desk.hpp"

#include <utility>

namespace holdpoint::sim {
namespace {

constexpr std::uint64_t kOperationsUntilPowerLossMax = 60;
constexpr std::uint64_t kNever = UINT64_MAX;

json::value parsed(const Said& said) {
  if (said.body.empty()) return json::object{};
  auto document = parse_json(said.body);
  if (!document) throw Disagreement{"an answer is no JSON: " + said.body};
  return std::move(*document);
}

}  // namespace

std::string text_at(const json::value& value, std::string_view name) {
  const auto* found = value.get_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
}

ApprovalDesk::ApprovalDesk(std::uint64_t seed, test::SeededRandom& choices, ApprovalModel& model,
                           ApprovalLife& life)
    : choices_(choices), ground_(seed), model_(model), life_(life) {
  model_.now = ground_.clock.now().us;
  open();
}

void ApprovalDesk::open() {
  auto [house, problem] = House::open(ground_);
  if (!house) throw Disagreement{"the server does not start: " + problem};
  house_ = std::move(house);
}

void ApprovalDesk::name(const std::string& name, const std::string& id) {
  ids_[name] = id;
  names_[id] = name;
}

const std::string& ApprovalDesk::id(const std::string& name) const { return ids_.at(name); }

const std::string& ApprovalDesk::name_of(const std::string& id) const {
  const auto found = names_.find(id);
  if (found == names_.end()) throw Disagreement{"the server names somebody else: " + id};
  return found->second;
}

void ApprovalDesk::move_clock(Micros by) {
  ground_.clock.advance(Duration{by});
  model_.now = ground_.clock.now().us;
}

void ApprovalDesk::restart() {
  ++life_.restarts;
  house_.reset();
  open();
  house_->step();
  model_.fire_timers();
}

void ApprovalDesk::audit() {
  const auto findings = house_->audit_findings();
  if (!findings.empty()) throw Disagreement{"audit: " + findings.front()};
}

bool ApprovalDesk::recovered() {
  if (!ground_.disk.power_is_off()) return false;
  ++life_.power_losses;
  house_.reset();
  ground_.disk.crash();
  ground_.disk.power_off_after(kNever);
  open();
  house_->step();
  return true;
}

/// What was answered is durable; what was not is asked again, and must have happened once or not at
/// all.
Said ApprovalDesk::ask_through_a_power_loss(const Ask& ask) {
  ground_.disk.power_off_after(choices_.below(kOperationsUntilPowerLossMax));
  Said said = house_->ask(ask);
  ground_.disk.power_off_after(ground_.disk.power_is_off() ? 0 : kNever);
  if (!said.unknown()) {
    recovered();
    return said;
  }
  if (!recovered()) throw Disagreement{"a request failed although the power is on: " + said.body};
  return house_->ask(ask);
}

json::value ApprovalDesk::look(const Ask& ask) {
  const Said said = house_->ask(ask);
  if (said.status != 200) throw Disagreement{ask.target + ": " + said.body};
  return parsed(said);
}

void ApprovalDesk::disagree(const Command& command, const std::string& what, const Said& said) {
  std::string obstacles;
  for (const auto& code : command.expected.obstacles) obstacles += " " + code;
  throw Disagreement{"command " + std::to_string(life_.commands) + ", " + command.ask.method + " " +
                     command.ask.target + " as " + command.ask.actor + " " + command.ask.body +
                     ": " + what + "; the auditor " +
                     (obstacles.empty() ? "allows it" : "refuses:" + obstacles) +
                     "; the server: " + std::to_string(said.status) + " " + said.body};
}

void ApprovalDesk::perform(const Command& command) {
  ++life_.commands;
  // While something is due, a loss would leave open what came first.
  const bool is_cut_off =
      !command.ask.idempotency_key.empty() && choices_.below(60) == 0 && !model_.is_something_due();
  const std::uint64_t before = house_->entries();
  const Said said = is_cut_off ? ask_through_a_power_loss(command.ask) : house_->ask(command.ask);
  const json::value answer = parsed(said);
  std::optional<int> entries = 0;
  if (said.status < 300) {
    if (!command.expected.succeeds()) disagree(command, "it is allowed", said);
    entries = command.effect(answer);
  } else {
    ++life_.refused;
    const std::string code = text_at(answer, "code");
    if (command.expected.succeeds()) disagree(command, "it is refused", said);
    if (!command.expected.obstacles.contains(code)) disagree(command, "another refusal", said);
    if (command.refused) entries = command.refused(code);
  }
  const int fired = model_.fire_timers();
  const std::uint64_t after = house_->entries();
  const bool is_counted = !std::exchange(model_.was_judged_again, false);
  if (entries && is_counted && after != before + static_cast<std::uint64_t>(*entries + fired)) {
    disagree(command,
             "the log has " + std::to_string(after - before) + " entries more instead of " +
                 std::to_string(*entries + fired),
             said);
  }
  const bool is_repeated =
      fired == 0 && !command.ask.idempotency_key.empty() && choices_.below(12) == 0;
  const bool is_kept = said.status < 300 || (entries && *entries > 0);
  if (is_repeated && entries) repeat(command, said, is_kept);
}

/// The same key and body: the same answer, and nothing happens twice.
void ApprovalDesk::repeat(const Command& command, const Said& said, bool was_recorded) {
  ++life_.repeated;
  const std::uint64_t before = house_->entries();
  const Said again = house_->ask(command.ask);
  if (again.replayed != was_recorded || again.status != said.status ||
      (was_recorded && again.body != said.body)) {
    disagree(command, "a repetition is answered with " + again.body, said);
  }
  if (was_recorded && command.ask.body.find("password") == std::string::npos) {
    Ask other = command.ask;
    other.body += " ";
    const Said refused = house_->ask(other);
    if (text_at(parsed(refused), "code") != "idempotency_key_reused") {
      disagree(command, "the key is taken for another request: " + refused.body, said);
    }
  }
  if (house_->entries() != before) disagree(command, "a repetition is recorded", said);
}

}  // namespace holdpoint::sim

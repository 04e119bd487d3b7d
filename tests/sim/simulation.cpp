// See simulation.hpp.
#include "sim/simulation.hpp"

#include <map>
#include <set>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "sim/house.hpp"
#include "sim/model.hpp"
#include "sim/workload.hpp"

namespace holdpoint::sim {
namespace {

constexpr int kCrashes = 6;
constexpr int kRoundsPerEpochMax = 25;
constexpr std::uint64_t kOperationsUntilPowerLossMax = 1'500;

/// What the server and the model do not agree on.
struct Disagreement {
  std::string text;
};

std::string member(const json::value& value, std::string_view name) {
  const auto* found = value.get_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
}

json::value document(const Said& said, const std::string& what) {
  auto parsed = parse_json(said.body);
  if (said.status >= 300 || !parsed) {
    throw Disagreement{what + ": status " + std::to_string(said.status) + " " + said.body};
  }
  return std::move(*parsed);
}

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : choices_(seed), ground_(seed), workload_(choices_) {}

  Life run() {
    try {
      start();
      for (int crash = 0; crash < kCrashes; ++crash) {
        live_until_power_fails();
        crash_and_open();
      }
      life_.last_checkpoint = house_->checkpoint();
    } catch (const Disagreement& disagreement) {
      life_.problem = disagreement.text;
    }
    return life_;
  }

 private:
  void open() {
    auto [house, problem] = House::open(ground_);
    if (!house) throw Disagreement{"the server does not start: " + problem};
    house_ = std::move(house);
  }

  void start() {
    open();
    document(house_->ask(
                 {.method = "POST", .target = "/api/v1/main/apply", .body = catalog_documents()}),
             "the catalog");
    model_.apply_criteria({});
    document(house_->ask(
                 {.method = "POST", .target = "/api/v1/main/apply", .body = criteria_document({})}),
             "the criteria");
    model_.fire_timers();
  }

  void live_until_power_fails() {
    ground_.disk.power_off_after(choices_.below(kOperationsUntilPowerLossMax));
    attempted_.reset();
    for (int round = 0; round < kRoundsPerEpochMax; ++round) {
      ground_.clock.advance(Duration{static_cast<std::int64_t>(choices_.below(2'000'000))});
      if (!one_round()) return;
      for (int i = 0; i < 3; ++i) {
        if (!ask_gate(workload_.any_version(model_), choices_.below(3) == 0 ? "dev" : "production",
                      model_)) {
          return;
        }
      }
      if (choices_.below(4) == 0) keep_checkpoint();
    }
  }

  void keep_checkpoint() {
    if (auto note = house_->checkpoint(); !note.empty()) checkpoints_.push_back(std::move(note));
  }

  /// Whether the power is still on.
  bool one_round() {
    const auto steps = workload_.next(model_, *house_);
    std::vector<Ask> asks;
    for (const Step& step : steps) asks.push_back(step.ask);
    const auto said = house_->ask_together(asks);
    life_.requests += asks.size();
    std::vector<const Step*> cut_off;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (said[i].unknown()) cut_off.push_back(&steps[i]);
    }
    if (!cut_off.empty()) {
      if (!ground_.disk.power_is_off()) {
        throw Disagreement{"a request failed although the power is on: " + cut_off[0]->ask.target};
      }
      ++life_.unknown_batches;
      attempt(cut_off);
      return false;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) take_answer(steps[i], said[i]);
    model_.react();
    model_.fire_timers();
    return true;
  }

  /// What the model would be if the batch that was cut off is there after all.
  void attempt(const std::vector<const Step*>& cut_off) {
    attempted_ = model_;
    std::map<std::string, int> statuses;
    for (const Step* step : cut_off) {
      int& status = statuses[step->ask.idempotency_key];
      if (status == 0 || status >= 300) status = step->effect(*attempted_);
    }
    attempted_->react();
    attempted_->fire_timers();
  }

  void take_answer(const Step& step, const Said& said) {
    const auto what = step.ask.method + " " + step.ask.target + " key " + step.ask.idempotency_key;
    if (const auto before = answers_.find(step.ask.idempotency_key); before != answers_.end()) {
      if (!said.replayed || said.status != before->second.status ||
          said.body != before->second.body) {
        throw Disagreement{what + ": the answer to a duplicate is not the first answer"};
      }
      return;
    }
    const int expected = step.effect(model_);
    if (said.status != expected || said.replayed) {
      throw Disagreement{what + ": expected " + std::to_string(expected) + ", got " +
                         std::to_string(said.status) + " " + said.body};
    }
    if (said.status >= 300) return;
    answers_[step.ask.idempotency_key] = said;
    const auto answer = document(said, what);
    if (step.kind == Step::Kind::create) {
      model_.release(step.version).id = member(answer, "id");
      acknowledged_["releases/" + member(answer, "id")] = step.version;
    } else if (step.kind == Step::Kind::evidence) {
      acknowledged_["evidence/" + member(answer, "id")] = step.evidence_name;
    }
  }

  /// Whether the power is still on.
  bool ask_gate(const std::string& version, const std::string& environment, const Model& model) {
    const auto said = house_->ask(gate_question(version, environment));
    if (said.unknown() && ground_.disk.power_is_off()) return false;
    ++life_.gate_questions;
    const auto answer = document(said, "gate of " + version);
    GateExpectation found{.open = member(answer, "decision") == "open"};
    for (const auto& reason : answer.get_object().at("reasons").get_array()) {
      found.codes.insert(member(reason, "code"));
    }
    const auto expected = model.gate(version, environment);
    if (found == expected) return true;
    std::string codes;
    for (const auto& code : expected.codes) codes += " " + code;
    throw Disagreement{"gate of " + version + " to " + environment + ": expected " +
                       (expected.open ? "open" : "closed because of" + codes) + ", got " +
                       said.body};
  }

  void crash_and_open() {
    house_.reset();
    ground_.disk.power_off_after(0);
    ground_.disk.crash();
    ++life_.crashes;
    if (choices_.below(3) == 0) {  // the power fails again while the server starts
      ground_.disk.power_off_after(choices_.below(40));
      House::open(ground_).first.reset();
      ground_.disk.power_off_after(0);
      ground_.disk.crash();
      ++life_.crashes;
    }
    open();
    house_->step();
    settle_on_a_model();
    for (const auto& [path, name] : acknowledged_) {
      const auto answer = document(house_->ask({.method = "GET", .target = "/api/v1/main/" + path}),
                                   "acknowledged " + path);
      const auto key = path.starts_with("releases/") ? "version" : "name";
      if (member(answer, key) != name) throw Disagreement{"acknowledged " + path + " is another"};
    }
    const auto now = house_->checkpoint();
    for (const std::string& earlier : checkpoints_) {
      if (auto problem = house_->inconsistency(earlier, now); !problem.empty()) {
        throw Disagreement{"a checkpoint that was shown does not lead here: " + problem};
      }
    }
    const auto findings = house_->audit_findings();
    if (!findings.empty()) throw Disagreement{"audit: " + findings.front()};
  }

  /// The batch that was cut off is there as a whole, or not at all.
  void settle_on_a_model() {
    try {
      compare(model_);
    } catch (const Disagreement&) {
      if (!attempted_) throw;
      compare(*attempted_);
      model_ = *attempted_;
      ++life_.surviving_batches;
    }
    attempted_.reset();
  }

  void compare(const Model& model) {
    const auto releases = document(
        house_->ask({.method = "GET", .target = "/api/v1/main/releases?limit=200"}), "releases");
    const auto count = releases.get_object().at("items").get_array().size();
    if (count != model.releases().size()) {
      throw Disagreement{"there are " + std::to_string(count) + " releases instead of " +
                         std::to_string(model.releases().size())};
    }
    for (const auto& [version, release] : model.releases()) {
      compare_evidence(version, release);
      for (const auto* environment : {"dev", "production"}) ask_gate(version, environment, model);
    }
  }

  void compare_evidence(const std::string& version, const ModelRelease& release) {
    const auto listed = document(
        house_->ask({.method = "GET",
                     .target = "/api/v1/main/releases/shop@" + version + "/evidence?limit=200"}),
        "evidence of " + version);
    // Pieces of one commit bear one instant, so their order among each other says nothing.
    std::multiset<std::string> found;
    for (const auto& item : listed.get_object().at("items").get_array()) {
      found.insert(member(item, "name") + " " + member(item, "digest"));
    }
    std::multiset<std::string> expected;
    for (const auto& [name, report] : release.received) {
      const bool scan = report.kind == Report::Kind::sast;
      expected.insert(name + " " + sha256(scan ? sarif_of(report) : junit_of(report)).text());
    }
    if (found != expected) {
      throw Disagreement{"evidence of " + version + ": expected " +
                         std::to_string(expected.size()) + " pieces, got " +
                         std::to_string(found.size()) + " or others"};
    }
  }

  test::SeededRandom choices_;
  Ground ground_;
  Workload workload_;
  std::unique_ptr<House> house_;
  Model model_;
  std::optional<Model> attempted_;
  std::map<std::string, Said> answers_;              // by idempotency key
  std::map<std::string, std::string> acknowledged_;  // path to name or version
  std::vector<std::string> checkpoints_;             // every one that was shown
  Life life_;
};

}  // namespace

Life live(std::uint64_t seed) { return Simulation(seed).run(); }

}  // namespace holdpoint::sim

// Conditions in CEL over one release: our engine beside the fastest engines from npm and beside the
// same condition written by hand in C++; what compiling costs; and what the verdict of a gate that
// fails costs beside the evaluation alone: without reasons, with them, and with proved advice.
#include <fmt/format.h>

#include <array>

#include "policy/cel/program.hpp"
#include "policy/verdict.hpp"
#include "support/measure.hpp"
#include "support/peer_engines.hpp"
#include "support/release_rules.hpp"

namespace holdpoint::bench {
namespace {

using policy::cel::Program;
using policy::cel::Schema;

constexpr double kSeconds = 0.2;

int rounds() { return option("HP_BENCH_ROUNDS", 5); }

Schema schema() {
  auto read = Schema::from_json(release_schema());
  if (!read) broken("the schema is refused: " + read.error());
  return *read;
}

Program compiled(const ReleaseRule& rule, const Schema& schema) {
  auto program = Program::compile(rule.source, schema);
  if (!program) broken(program.error().front().text());
  return *program;
}

std::string times(double value, double of) { return fmt::format("{:.1f} x", value / of); }

void measure_evaluation(const std::vector<ReleaseRule>& rules, std::size_t at, PeerEngines& peers) {
  const ReleaseRule& rule = rules[at];
  const Program program = compiled(rule, schema());
  const json::object facts = release_facts();
  if (!program.evaluate(facts).is_true() || !rule.by_hand(facts)) broken("a rule is not true");
  std::vector<double> ours, by_hand;
  std::vector<std::vector<double>> theirs(peers.names().size());
  for (int round = 0; round < rounds(); ++round) {
    ours.push_back(nanoseconds_of([&] { keep(program.evaluate(facts).is_true()); }, kSeconds));
    const auto run_by_hand = [&] {
      keep(&facts);
      keep(rule.by_hand(facts));
    };
    by_hand.push_back(nanoseconds_of(run_by_hand, kSeconds));
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      theirs[i].push_back(peers.nanoseconds(i, at, kSeconds));
    }
  }
  Table table(fmt::format("CEL: one evaluation of a {}", rule.name), {"", "ns", "beside ours"});
  table.add({"ours", number(median(ours)), ""});
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    table.add(
        {peers.names()[i], number(median(theirs[i])), times(median(theirs[i]), median(ours))});
  }
  table.add({"by hand in C++", number(median(by_hand)), times(median(by_hand), median(ours))});
  table.print();
}

void measure_compilation(const std::vector<ReleaseRule>& rules) {
  const Schema known = schema();
  Table table("CEL: parse, check and plan", {"", "us"});
  for (const ReleaseRule& rule : rules) {
    std::vector<double> spent;
    for (int round = 0; round < rounds(); ++round) {
      spent.push_back(nanoseconds_of(
          [&] { keep(Program::compile(rule.source, known).has_value()); }, kSeconds));
    }
    table.add({rule.name, number(median(spent) / 1e3)});
  }
  table.print();
}

policy::CompiledCriteria criteria_of(const ReleaseRule& rule) {
  std::string require;
  for (const char* at = rule.source; *at != 0; ++at) {
    require += *at;
    if (*at == '\n') require += "        ";
  }
  const std::string document =
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {name: ready, owner: team-quality}\nspec:\n  rules:\n    - id: gate\n"
      "      message: It must hold.\n      require: |-\n        " +
      require + "\n";
  auto criteria = policy::compile_criteria(document, schema());
  if (!criteria) broken(criteria.error().front().text());
  return *criteria;
}

/// One vulnerability fails the gate, after nearly everything was looked at.
void measure_explanation() {
  const policy::CompiledCriteria criteria = criteria_of(forty_elements);
  const Program program = compiled(forty_elements, schema());
  const json::object facts = failing_release_facts();
  const auto verdict = policy::evaluate(criteria, facts);
  if (!program.evaluate(facts).is_false() || verdict.rules.at(0).elements.empty()) {
    broken("the gate does not fail on an element");
  }
  std::vector<double> plain;
  std::array<std::vector<double>, 3> verdicts;
  constexpr std::array depths = {policy::Depth::results, policy::Depth::reasons,
                                 policy::Depth::advice};
  for (int round = 0; round < rounds(); ++round) {
    plain.push_back(nanoseconds_of([&] { keep(program.evaluate(facts).is_false()); }, kSeconds));
    for (std::size_t i = 0; i < depths.size(); ++i) {
      verdicts[i].push_back(nanoseconds_of(
          [&] { keep(policy::judge(criteria, facts, depths[i]).passed); }, kSeconds));
    }
  }
  Table table("CEL: a gate that fails", {"", "ns", "beside the evaluation"});
  table.add({"evaluation alone", number(median(plain)), ""});
  constexpr std::array names = {"verdict without reasons", "verdict with reasons",
                                "verdict with proved advice"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    table.add({names[i], number(median(verdicts[i])), times(median(verdicts[i]), median(plain))});
  }
  table.print();
}

}  // namespace
}  // namespace holdpoint::bench

int main() {
  using namespace holdpoint::bench;
  const std::vector<ReleaseRule> rules = {three_conditions, forty_elements};
  PeerEngines peers(rules);
  if (peers.names().empty())
    std::printf("Without node and npm there are only our own figures.\n\n");
  for (std::size_t i = 0; i < rules.size(); ++i) measure_evaluation(rules, i, peers);
  measure_compilation(rules);
  measure_explanation();
  return 0;
}

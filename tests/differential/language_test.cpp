// Our expression engine against one written by others, @bufbuild/cel, on random expressions over
// random facts. Where the two differ for a known reason, known.mjs says which of them the
// definition of the language supports; any other difference is a failure. HP_SEED=N chooses the
// expressions, HP_LONG=1 compares a million.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "differential/outcome.hpp"
#include "differential/peer.hpp"

namespace holdpoint::differential {
namespace {

using policy::cel::Checking;
using policy::cel::Evaluation;
using policy::cel::Program;
using policy::cel::Schema;

constexpr std::uint64_t kExpressions = 20'000;
constexpr std::uint64_t kExpressionsLong = 1'000'000;
constexpr std::size_t kFailuresMax = 5;
constexpr int kStepsMax = 60;

std::uint64_t seed() {
  const char* const stated = std::getenv("HP_SEED");
  return stated == nullptr ? 1 : std::strtoull(stated, nullptr, 10);
}

const Schema& schema() {
  static const Schema read = *Schema::from_json(json::value(*Peer("schema").next()));
  return read;
}

/// What a line says beside what we say. The peer checks no types: of an expression that our checker
/// refuses, what it does without checked types is compared.
struct Comparison {
  bool is_same = false;
  bool is_refused = false;
  bool is_unknown = false;
  std::string ours;
};

Comparison compare(const json::object& line, const json::object& facts) {
  Comparison out;
  const std::string_view expression = view(line.at("expression").as_string());
  auto program = Program::compile(expression, schema());
  if (!program) {
    out.is_refused = true;
    program =
        Program::compile(expression, schema(), policy::cel::Options{.checking = Checking::names});
  }
  if (!program) {
    out.ours = "refused: " + program.error().front().text();
    return out;
  }
  const Evaluation evaluation = program->evaluate(facts);
  out.is_same = is_same(line, evaluation);
  out.is_unknown = evaluation.outcome == Evaluation::Outcome::unknown;
  out.ours = text_of(evaluation);
  return out;
}

/// A smaller expression that the two still see differently, by trying the smaller forms of the
/// expression, then of the first of them that differs, and so on.
std::string smaller(std::uint64_t number, json::object line, const json::object& facts) {
  std::string steps;
  for (int step = 0; step < kStepsMax; ++step) {
    Peer peer("smaller " + std::to_string(seed()) + " " + std::to_string(number) + steps);
    std::optional<json::object> found;
    std::uint64_t form = 0;
    for (; auto candidate = peer.next(); ++form) {
      if (candidate->contains("known")) continue;
      const Comparison compared = compare(*candidate, facts);
      if (compared.is_same || compared.is_unknown) continue;
      found = std::move(candidate);
      break;
    }
    if (!found) break;
    line = std::move(*found);
    steps += " " + std::to_string(form);
  }
  return "smaller: " + std::string(view(line.at("expression").as_string())) +
         "\n  peer: " + text_of(line) + "\n  ours: " + compare(line, facts).ours;
}

struct Tally {
  std::uint64_t number = 0;
  std::uint64_t errors = 0;
  std::uint64_t known = 0;
  std::uint64_t refused = 0;
  std::map<std::string, std::uint64_t> differences;
  std::vector<std::string> failures;
};

void take(const json::object& line, const json::object& facts, Tally& tally) {
  const std::uint64_t number = tally.number++;
  if (line.contains("error")) ++tally.errors;
  const auto* const known = line.if_contains("known");
  if (known != nullptr) ++tally.known;
  const Comparison compared = compare(line, facts);
  if (compared.is_refused) ++tally.refused;
  if (compared.is_same) return;
  if (known != nullptr) {
    for (const json::value& name : known->as_array()) {
      ++tally.differences[std::string(view(name.as_string()))];
    }
    return;
  }
  tally.failures.push_back("number " + std::to_string(number) + ": " +
                           std::string(view(line.at("expression").as_string())) +
                           "\n  peer: " + text_of(line) + "\n  ours: " + compared.ours + "\n" +
                           smaller(number, line, facts) + "\n  facts: " + json::serialize(facts));
}

TEST_CASE("random expressions have the outcome that an independent engine gives them") {
  const std::uint64_t count = std::getenv("HP_LONG") != nullptr ? kExpressionsLong : kExpressions;
  Peer peer("run " + std::to_string(seed()) + " 0 " + std::to_string(count));
  json::object facts;
  Tally tally;
  while (tally.failures.size() < kFailuresMax) {
    const auto line = peer.next();
    if (!line) break;
    if (const auto* const of_next = line->if_contains("facts")) {
      facts = of_next->as_object();
    } else {
      take(*line, facts, tally);
    }
  }
  for (const std::string& failure : tally.failures)
    FAIL_CHECK("HP_SEED=" << seed() << " " << failure);
  if (!tally.failures.empty()) return;
  CHECK(peer.succeeded());
  CHECK(tally.number == count);
  // Both values and errors are compared, and known differences leave most of the run to see others.
  CHECK(tally.errors > count / 20);
  CHECK(tally.errors < count / 2);
  CHECK(tally.known < count / 6);
  CHECK(tally.refused < count / 10);
  MESSAGE("HP_SEED=" << seed() << ": " << count << " expressions, " << tally.errors << " errors, "
                     << tally.refused << " refused by the checker, " << tally.known
                     << " met a known difference");
  for (const auto& [name, times] : tally.differences) MESSAGE(name << ": differed " << times);
}

TEST_CASE("every known difference from the other engine is still there") {
  Peer peer("known");
  json::object facts;
  std::uint64_t count = 0;
  while (const auto line = peer.next()) {
    if (const auto* const of_next = line->if_contains("facts")) {
      facts = of_next->as_object();
      continue;
    }
    ++count;
    const std::string name(view(line->at("name").as_string()));
    const Comparison compared = compare(*line, facts);
    INFO(name << ": " << std::string(view(line->at("expression").as_string())));
    INFO("peer: " << text_of(*line) << ", ours: " << compared.ours);
    CHECK_FALSE(compared.is_same);
    // The difference is recognised where it occurs.
    const auto* const known = line->if_contains("known");
    CHECK((known != nullptr && known->as_array().size() == 1 &&
           view(known->as_array().front().as_string()) == name));
  }
  CHECK(peer.succeeded());
  CHECK(count > 0);
}

}  // namespace
}  // namespace holdpoint::differential

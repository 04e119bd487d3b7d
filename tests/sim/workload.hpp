// The workload: requests as a seed chooses them, each with its effect on the model.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/house.hpp"
#include "sim/model.hpp"

namespace holdpoint::sim {

/// One request and what it does to the model. `effect` gives the status that is right.
struct Step {
  Ask ask;
  std::function<int(Model&)> effect;
  std::string version{};  // of the release it is about, "" for none
  enum class Kind : std::uint8_t { apply, create, evidence, certify, revoke } kind{};
  std::string evidence_name{};
  Report report{};
};

std::string junit_of(const Report& report);
std::string sarif_of(const Report& report);
std::string criteria_document(const CriteriaVariant& variant);
std::string catalog_documents();
Ask gate_question(const std::string& version, const std::string& environment);

class Workload {
 public:
  explicit Workload(test::SeededRandom& random) : random_(random) {}

  /// One to five requests to be committed together, some of them duplicates. `house` is asked for
  /// the ids that are needed.
  std::vector<Step> next(const Model& model, House& house);
  /// A version, mostly of a release that exists.
  std::string any_version(const Model& model);

 private:
  /// MUST be asked only when there is a release.
  std::string proposed_version(const Model& model);
  Step step(const Model& model, House& house);
  Step apply();
  Step create(const Model& model);
  Step evidence(const std::string& version);
  std::string key();
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }

  test::SeededRandom& random_;
  int serial_ = 0;
  int keys_ = 0;
  int versions_ = 0;
};

}  // namespace holdpoint::sim

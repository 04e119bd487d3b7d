// The independent auditor: what the server must say, worked out with plain maps from the requests
// alone. It shares no code with the engine, so that the two can only agree by both being right.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace holdpoint::sim {

/// What the criteria in force demand.
struct CriteriaVariant {
  bool enforced = true;
  int criticals_allowed = 0;
  bool operator==(const CriteriaVariant&) const = default;
};

struct Report {
  enum class Kind : std::uint8_t { tests, sast } kind{};
  int tests = 0;  // that passed
  int failures = 0;
  int criticals = 0;
  int serial = 0;  // makes the bytes unlike any other report's
  bool operator==(const Report&) const = default;
};

enum class Standing : std::uint8_t { none, certified, refused, revoked };

struct ModelRelease {
  bool with_artifact = true;
  std::string id{};                         // as acknowledged; "" while only the model knows it
  std::map<std::string, Report> current{};  // by name
  std::vector<std::pair<std::string, Report>> received{};  // every piece, in order
  int evidence_version = 0;

  Standing standing = Standing::none;
  int certifications = 0;  // how many were issued or refused
  int judged_evidence = 0;
  std::optional<CriteriaVariant> judged_criteria{};
};

struct GateExpectation {
  bool open = false;
  std::set<std::string> codes{};
  bool operator==(const GateExpectation&) const = default;
};

/// The statuses that a request may be answered with are the model's prediction too.
class Model {
 public:
  /// Criteria put in force; the releases are judged anew once step() is taken.
  void apply_criteria(CriteriaVariant variant);
  int create_release(const std::string& version, bool with_artifact);
  int add_evidence(const std::string& version, const std::string& name, const Report& report);
  int certify(const std::string& version);
  /// `certification` is the ordinal of the certification that was meant.
  int revoke(const std::string& version, int certification);
  /// What follows in the same commit: releases that changed are judged.
  void react();
  /// What the timers do: everything is judged by the criteria in force.
  void fire_timers();

  [[nodiscard]] GateExpectation gate(const std::string& version,
                                     const std::string& environment) const;
  [[nodiscard]] const std::map<std::string, ModelRelease>& releases() const { return releases_; }
  ModelRelease& release(const std::string& version) { return releases_.at(version); }

 private:
  [[nodiscard]] bool passes(const ModelRelease& release) const;
  void judge(ModelRelease& release) const;
  void rejudge(ModelRelease& release) const;

  std::map<std::string, ModelRelease> releases_;
  std::optional<CriteriaVariant> criteria_;
  std::set<std::string> changed_;
  bool criteria_changed_ = false;
};

}  // namespace holdpoint::sim

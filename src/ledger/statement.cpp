// See statement.hpp.
#include "ledger/statement.hpp"

#include <optional>
#include <set>
#include <utility>

namespace holdpoint::ledger {
namespace {

constexpr std::string_view failed_level = "FAILED";
constexpr std::string_view slsa_prefix = "SLSA_";

using Refusal = std::optional<JsonIssue>;

Refusal refusal(std::string path, std::string message) {
  return JsonIssue{std::move(path), std::move(message), 0};
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon != 0 && text.find(' ') == std::string_view::npos;
}

/// SLSA_BUILD_LEVEL_3 is of the track BUILD; a level of our own is of none.
std::string_view slsa_track(std::string_view level) {
  if (!level.starts_with(slsa_prefix)) return {};
  level.remove_prefix(slsa_prefix.size());
  return level.substr(0, level.find("_LEVEL_"));
}

Refusal refuse_levels(const VerificationSummary& summary) {
  const auto& levels = summary.verified_levels;
  if (levels.empty()) return refusal("/predicate/verifiedLevels", "at least one level is needed");
  const bool says_failed = levels == std::vector<std::string>{std::string(failed_level)};
  if (says_failed != (summary.result == SummaryResult::failed)) {
    return refusal("/predicate/verifiedLevels", "the levels are [\"FAILED\"] exactly when failed");
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string path = "/predicate/verifiedLevels/" + std::to_string(i);
    if (levels[i].empty()) return refusal(path, "a level has no name");
    if (levels[i] == failed_level && !says_failed) return refusal(path, "FAILED stands alone");
    const std::string_view track = slsa_track(levels[i]);
    if (!seen.insert(track.empty() ? std::string_view(levels[i]) : track).second) {
      return refusal(path, "a level or SLSA track is given twice");
    }
  }
  return std::nullopt;
}

Refusal refuse_summary(const VerificationSummary& summary) {
  if (summary.subjects.empty()) return refusal("/subject", "at least one subject is needed");
  for (std::size_t i = 0; i < summary.subjects.size(); ++i) {
    if (summary.subjects[i].name.empty()) {
      return refusal("/subject/" + std::to_string(i) + "/name", "a subject has no name");
    }
  }
  if (!is_uri(summary.verifier_id)) return refusal("/predicate/verifier/id", "this is no URI");
  if (!is_uri(summary.resource_uri)) return refusal("/predicate/resourceUri", "this is no URI");
  if (!is_uri(summary.policy_uri)) return refusal("/predicate/policy/uri", "this is no URI");
  for (std::size_t i = 0; i < summary.input_attestations.size(); ++i) {
    if (!is_uri(summary.input_attestations[i].uri)) {
      return refusal("/predicate/inputAttestations/" + std::to_string(i) + "/uri",
                     "this is no URI");
    }
  }
  if (Instant::parse(summary.time_verified.text()) != summary.time_verified) {
    return refusal("/predicate/timeVerified", "the time is outside the years 1 to 9999");
  }
  return refuse_levels(summary);
}

json::object digest_set(const Digest& digest) { return {{"sha256", digest.hex()}}; }

json::object predicate_of(const VerificationSummary& summary) {
  json::object predicate;
  predicate["verifier"] = json::object{{"id", summary.verifier_id}};
  predicate["timeVerified"] = summary.time_verified.text();
  predicate["resourceUri"] = summary.resource_uri;
  predicate["policy"] =
      json::object{{"uri", summary.policy_uri}, {"digest", digest_set(summary.policy_digest)}};
  if (!summary.input_attestations.empty()) {
    json::array inputs;
    for (const InputAttestation& input : summary.input_attestations) {
      inputs.push_back(json::object{{"uri", input.uri}, {"digest", digest_set(input.sha256)}});
    }
    predicate["inputAttestations"] = std::move(inputs);
  }
  const bool passed = summary.result == SummaryResult::passed;
  predicate["verificationResult"] = passed ? "PASSED" : "FAILED";
  json::array levels;
  for (const std::string& level : summary.verified_levels) levels.push_back(json::string(level));
  predicate["verifiedLevels"] = std::move(levels);
  predicate[certification_extension] = summary.certification;
  return predicate;
}

/// Takes a statement apart; what is missing or of another type leaves an issue with its path.
class Parts {
 public:
  [[nodiscard]] const Refusal& issue() const { return issue_; }

  const json::value* member(const json::value& object, std::string_view name,
                            const std::string& path) {
    const json::value* found = object.is_object() ? object.get_object().if_contains(name) : nullptr;
    if (found == nullptr) refuse(path + '/' + std::string(name), "this is missing");
    return found;
  }

  std::string text(const json::value& object, std::string_view name, const std::string& path) {
    const json::value* const found = member(object, name, path);
    if (found == nullptr) return {};
    if (found->is_string()) return std::string(view(found->get_string()));
    refuse(path + '/' + std::string(name), "expected a string");
    return {};
  }

  Digest digest(const json::value& object, const std::string& path) {
    const json::value* const set = member(object, "digest", path);
    if (set == nullptr) return {};
    const std::string hex = text(*set, "sha256", path + "/digest");
    const auto digest = Digest::parse(hex);
    if (!digest) refuse(path + "/digest/sha256", "expected 64 hex digits");
    return digest.value_or(Digest());
  }

  const json::array& array(const json::value& object, std::string_view name,
                           const std::string& path) {
    static const json::array none;
    const json::value* const found = member(object, name, path);
    if (found == nullptr) return none;
    if (found->is_array()) return found->get_array();
    refuse(path + '/' + std::string(name), "expected an array");
    return none;
  }

  void refuse(std::string path, std::string message) {
    if (!issue_) issue_ = refusal(std::move(path), std::move(message));
  }

 private:
  Refusal issue_;
};

void read_subjects(Parts& parts, const json::value& document, VerificationSummary& summary) {
  std::size_t index = 0;
  for (const json::value& subject : parts.array(document, "subject", "")) {
    const std::string path = "/subject/" + std::to_string(index++);
    summary.subjects.push_back({parts.text(subject, "name", path), parts.digest(subject, path)});
  }
}

void read_inputs(Parts& parts, const json::value& predicate, VerificationSummary& summary) {
  if (!predicate.is_object() || !predicate.get_object().contains("inputAttestations")) return;
  std::size_t index = 0;
  for (const json::value& input : parts.array(predicate, "inputAttestations", "/predicate")) {
    const std::string path = "/predicate/inputAttestations/" + std::to_string(index++);
    summary.input_attestations.push_back(
        {parts.text(input, "uri", path), parts.digest(input, path)});
  }
}

void read_outcome(Parts& parts, const json::value& predicate, VerificationSummary& summary) {
  const std::string result = parts.text(predicate, "verificationResult", "/predicate");
  summary.result = result == "PASSED" ? SummaryResult::passed : SummaryResult::failed;
  if (result != "PASSED" && result != "FAILED") {
    parts.refuse("/predicate/verificationResult", "expected PASSED or FAILED");
  }
  for (const json::value& level : parts.array(predicate, "verifiedLevels", "/predicate")) {
    if (level.is_string()) {
      summary.verified_levels.emplace_back(view(level.get_string()));
    } else {
      parts.refuse("/predicate/verifiedLevels", "expected strings");
    }
  }
}

void read_predicate(Parts& parts, const json::value& predicate, VerificationSummary& summary) {
  const std::string path = "/predicate";
  if (const auto* verifier = parts.member(predicate, "verifier", path)) {
    summary.verifier_id = parts.text(*verifier, "id", path + "/verifier");
  }
  const auto at = Instant::parse(parts.text(predicate, "timeVerified", path));
  if (!at) parts.refuse(path + "/timeVerified", "expected an RFC 3339 time");
  summary.time_verified = at.value_or(Instant());
  summary.resource_uri = parts.text(predicate, "resourceUri", path);
  if (const auto* policy = parts.member(predicate, "policy", path)) {
    summary.policy_uri = parts.text(*policy, "uri", path + "/policy");
    summary.policy_digest = parts.digest(*policy, path + "/policy");
  }
  read_inputs(parts, predicate, summary);
  read_outcome(parts, predicate, summary);
  const auto* extension = parts.member(predicate, certification_extension, path);
  if (extension == nullptr) return;
  if (extension->is_object()) {
    summary.certification = extension->get_object();
  } else {
    parts.refuse(path, "expected the certification extension to be an object");
  }
}

}  // namespace

std::expected<std::string, JsonIssue> encode_statement(const VerificationSummary& summary) {
  if (auto issue = refuse_summary(summary)) return std::unexpected(*std::move(issue));
  json::array subjects;
  for (const StatementSubject& subject : summary.subjects) {
    subjects.push_back(
        json::object{{"name", subject.name}, {"digest", digest_set(subject.sha256)}});
  }
  json::object statement;
  statement["_type"] = statement_type;
  statement["subject"] = std::move(subjects);
  statement["predicateType"] = summary_predicate_type;
  statement["predicate"] = predicate_of(summary);
  return canonical_json(statement);
}

std::expected<VerificationSummary, JsonIssue> parse_statement(std::string_view bytes) {
  const auto document = parse_json(bytes);
  if (!document) return std::unexpected(document.error());
  Parts parts;
  if (parts.text(*document, "_type", "") != statement_type) {
    parts.refuse("/_type", "expected an in-toto Statement v1");
  }
  if (parts.text(*document, "predicateType", "") != summary_predicate_type) {
    parts.refuse("/predicateType", "expected a SLSA verification summary v1");
  }
  VerificationSummary summary;
  read_subjects(parts, *document, summary);
  if (const auto* predicate = parts.member(*document, "predicate", "")) {
    read_predicate(parts, *predicate, summary);
  }
  if (parts.issue()) return std::unexpected(*parts.issue());
  const auto again = encode_statement(summary);
  if (!again) return std::unexpected(again.error());
  if (*again != bytes) {
    return std::unexpected(
        JsonIssue{"", "the statement has other members or is not in canonical form", 0});
  }
  return summary;
}

}  // namespace holdpoint::ledger

// See release_rules.hpp.
#include "support/release_rules.hpp"

#include <algorithm>
#include <string>

#include "base/regex.hpp"

namespace holdpoint::bench {
namespace {

const char* const kSchema = R"({"type":"object","properties":{
  "actor":{"type":"object","properties":{
    "user":{"type":"string"},"roles":{"type":"array","items":{"type":"string"}}}},
  "release":{"type":"object","properties":{
    "id":{"type":"string"},"version":{"type":"string"},"environment":{"type":"string"},
    "author":{"type":"string"},"risk":{"type":"integer"},
    "checks":{"type":"array","items":{"type":"object","properties":{
      "name":{"type":"string"},"status":{"type":"string"},"waived":{"type":"boolean"},
      "duration_ms":{"type":"integer"}}}},
    "approvals":{"type":"array","items":{"type":"object","properties":{
      "user":{"type":"string"},"role":{"type":"string"},"state":{"type":"string"}}}},
    "artifacts":{"type":"array","items":{"type":"object","properties":{
      "name":{"type":"string"},"digest":{"type":"string"},"signed":{"type":"boolean"},
      "slsa":{"type":"integer"}}}},
    "vulnerabilities":{"type":"array","items":{"type":"object","properties":{
      "id":{"type":"string"},"severity":{"type":"string"},"waived":{"type":"boolean"}}}}}}}})";

const char* const kRule =
    R"(release.environment == "production" && release.risk <= 3 &&
       "release-manager" in actor.roles)";

const char* const kGateWithoutMatches =
    R"(release.checks.all(c, c.status == "passed" || c.waived) &&
       size(release.approvals.filter(a, a.state == "approved" && a.user != release.author)) >= 2 &&
       release.artifacts.all(a, a.signed && a.slsa >= 2) &&
       !release.vulnerabilities.exists(v, v.severity == "critical" && !v.waived))";

const char* const kGate =
    R"(release.checks.all(c, c.status == "passed" || c.waived) &&
       size(release.approvals.filter(a, a.state == "approved" && a.user != release.author)) >= 2 &&
       release.artifacts.all(a, a.signed && a.slsa >= 2) &&
       !release.vulnerabilities.exists(v, v.severity == "critical" && !v.waived) &&
       release.version.matches("^[0-9]+\\.[0-9]+\\.[0-9]+$"))";

const json::value* find(const json::value* in, std::string_view name) {
  const json::object* const object = in == nullptr ? nullptr : in->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

bool is_text(const json::value& in, std::string_view name, std::string_view text) {
  const json::value* const found = find(&in, name);
  return found != nullptr && found->is_string() && view(found->get_string()) == text;
}

bool is_set(const json::value& in, std::string_view name) {
  const json::value* const found = find(&in, name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

bool is_at_least(const json::value& in, std::string_view name, std::int64_t least) {
  const json::value* const found = find(&in, name);
  return found != nullptr && found->is_int64() && found->get_int64() >= least;
}

const json::array* list(const json::value* in, std::string_view name) {
  const json::value* const found = find(in, name);
  return found == nullptr ? nullptr : found->if_array();
}

bool rule_by_hand(const json::object& facts) {
  const json::value* const release = facts.if_contains("release");
  const json::array* const roles = list(facts.if_contains("actor"), "roles");
  if (release == nullptr || roles == nullptr) return false;
  const json::value* const risk = find(release, "risk");
  return is_text(*release, "environment", "production") && risk != nullptr && risk->is_int64() &&
         risk->get_int64() <= 3 && std::ranges::any_of(*roles, [](const json::value& role) {
           return role.is_string() && view(role.get_string()) == "release-manager";
         });
}

bool gate_by_hand(const json::object& facts) {
  static const Regex version = *Regex::compile("^[0-9]+\\.[0-9]+\\.[0-9]+$");
  const json::value* const release = facts.if_contains("release");
  const json::array* const checks = list(release, "checks");
  const json::array* const approvals = list(release, "approvals");
  const json::array* const artifacts = list(release, "artifacts");
  const json::array* const vulnerabilities = list(release, "vulnerabilities");
  const json::value* const text = find(release, "version");
  const json::value* const author = find(release, "author");
  if (checks == nullptr || approvals == nullptr || artifacts == nullptr ||
      vulnerabilities == nullptr || text == nullptr || author == nullptr) {
    return false;
  }
  const auto counted = [&](const json::value& approval) {
    return is_text(approval, "state", "approved") &&
           !is_text(approval, "user", view(author->as_string()));
  };
  return std::ranges::all_of(*checks,
                             [](const json::value& check) {
                               return is_text(check, "status", "passed") || is_set(check, "waived");
                             }) &&
         std::ranges::count_if(*approvals, counted) >= 2 &&
         std::ranges::all_of(*artifacts,
                             [](const json::value& artifact) {
                               return is_set(artifact, "signed") &&
                                      is_at_least(artifact, "slsa", 2);
                             }) &&
         std::ranges::none_of(*vulnerabilities,
                              [](const json::value& one) {
                                return is_text(one, "severity", "critical") &&
                                       !is_set(one, "waived");
                              }) &&
         version.matches(view(text->as_string()));
}

}  // namespace

const ReleaseRule three_conditions = {"rule of three conditions", kRule, kRule, rule_by_hand};
const ReleaseRule forty_elements = {"gate over 40 elements", kGate, kGateWithoutMatches,
                                    gate_by_hand};

json::value release_schema() { return json::parse(kSchema); }

json::object release_facts() {
  json::array checks, approvals, artifacts, vulnerabilities;
  for (int i = 0; i < 20; ++i) {
    checks.push_back({{"name", "check-" + std::to_string(i)},
                      {"status", i % 7 == 6 ? "failed" : "passed"},
                      {"waived", i % 7 == 6},
                      {"duration_ms", 1000 + i * 37}});
  }
  for (int i = 1; i <= 4; ++i) {
    approvals.push_back({{"user", "u" + std::to_string(i)},
                         {"role", i % 2 == 0 ? "approver" : "security"},
                         {"state", i == 4 ? "rejected" : "approved"}});
  }
  for (int i = 0; i < 6; ++i) {
    artifacts.push_back({{"name", "image-" + std::to_string(i)},
                         {"digest", "sha256:" + std::string(64, static_cast<char>('0' + i))},
                         {"signed", true},
                         {"slsa", 2 + i % 2}});
  }
  for (int i = 0; i < 10; ++i) {
    vulnerabilities.push_back({{"id", "CVE-2026-" + std::to_string(1000 + i)},
                               {"severity", i == 3 ? "critical" : "medium"},
                               {"waived", i == 3}});
  }
  return {{"actor", {{"user", "u9"}, {"roles", {"developer", "release-manager"}}}},
          {"release",
           {{"id", "rel-4711"},
            {"version", "2.14.0"},
            {"environment", "production"},
            {"author", "u1"},
            {"risk", 2},
            {"checks", std::move(checks)},
            {"approvals", std::move(approvals)},
            {"artifacts", std::move(artifacts)},
            {"vulnerabilities", std::move(vulnerabilities)}}}};
}

json::object failing_release_facts() {
  json::object facts = release_facts();
  facts["release"].as_object()["vulnerabilities"].as_array()[3].as_object()["waived"] = false;
  return facts;
}

}  // namespace holdpoint::bench

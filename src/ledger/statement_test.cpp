// Certification statements: frozen bytes, and the rules of in-toto and VSA beside the members.
#include "ledger/statement.hpp"

#include <doctest/doctest.h>

namespace holdpoint::ledger {
namespace {

Digest filled(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

VerificationSummary passed() {
  VerificationSummary s;
  s.subjects = {{"app-1.2.3.tar.gz", filled(0xAB)}, {"app-1.2.3.sbom.json", filled(0x01)}};
  s.verifier_id = "https://holdpoint.example/payments";
  s.time_verified = {1'795'154'400'000'000};
  s.resource_uri = "pkg:generic/app@1.2.3";
  s.policy_uri = "https://holdpoint.example/policy/7";
  s.policy_digest = filled(0xCD);
  s.input_attestations = {{"https://holdpoint.example/evidence/9", filled(0xEF)}};
  s.result = SummaryResult::passed;
  s.verified_levels = {"HOLDPOINT_CERTIFIED", "SLSA_BUILD_LEVEL_3"};
  s.certification = {{"release", "rel_1"}, {"facts", "sha256:00"}};
  return s;
}

VerificationSummary failed() {
  VerificationSummary s = passed();
  s.subjects.resize(1);
  s.input_attestations.clear();
  s.time_verified = {1'795'154'400'250'000};
  s.result = SummaryResult::failed;
  s.verified_levels = {"FAILED"};
  s.certification = {};
  return s;
}

/// The hex of a digest of 32 equal bytes.
std::string hex_of(std::string_view byte) {
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += byte;
  return hex;
}

const std::string passed_bytes =
    R"({"_type":"https://in-toto.io/Statement/v1","predicate":{)"
    R"("https://holdpoint.dev/ns/certification/v1":{"facts":"sha256:00","release":"rel_1"},)"
    R"("inputAttestations":[{"digest":{"sha256":")" +
    hex_of("ef") +
    R"("},"uri":"https://holdpoint.example/evidence/9"}],)"
    R"("policy":{"digest":{"sha256":")" +
    hex_of("cd") +
    R"("},"uri":"https://holdpoint.example/policy/7"},"resourceUri":"pkg:generic/app@1.2.3",)"
    R"("timeVerified":"2026-11-20T06:00:00Z","verificationResult":"PASSED",)"
    R"("verifiedLevels":["HOLDPOINT_CERTIFIED","SLSA_BUILD_LEVEL_3"],)"
    R"("verifier":{"id":"https://holdpoint.example/payments"}},)"
    R"("predicateType":"https://slsa.dev/verification_summary/v1",")"
    R"(subject":[{"digest":{"sha256":")" +
    hex_of("ab") + R"("},"name":"app-1.2.3.tar.gz"},{"digest":{"sha256":")" + hex_of("01") +
    R"("},"name":"app-1.2.3.sbom.json"}]})";

const std::string failed_bytes =
    R"({"_type":"https://in-toto.io/Statement/v1","predicate":{)"
    R"("https://holdpoint.dev/ns/certification/v1":{},)"
    R"("policy":{"digest":{"sha256":")" +
    hex_of("cd") +
    R"("},"uri":"https://holdpoint.example/policy/7"},"resourceUri":"pkg:generic/app@1.2.3",)"
    R"("timeVerified":"2026-11-20T06:00:00.25Z","verificationResult":"FAILED",)"
    R"("verifiedLevels":["FAILED"],"verifier":{"id":"https://holdpoint.example/payments"}},)"
    R"("predicateType":"https://slsa.dev/verification_summary/v1",")"
    R"(subject":[{"digest":{"sha256":")" +
    hex_of("ab") + R"("},"name":"app-1.2.3.tar.gz"}]})";

template <class Change>
std::string refusal(Change change) {
  VerificationSummary s = passed();
  change(s);
  const auto bytes = encode_statement(s);
  return bytes ? "written" : bytes.error().text();
}

std::string unread(std::string_view what, std::string_view with) {
  std::string bytes = passed_bytes;
  const auto at = bytes.find(what);
  REQUIRE(at != std::string::npos);
  const auto read = parse_statement(bytes.replace(at, what.size(), with));
  return read ? "read" : read.error().text();
}

TEST_CASE("the bytes of a passed and a failed certification are frozen") {
  CHECK(encode_statement(passed()).value() == passed_bytes);
  CHECK(encode_statement(failed()).value() == failed_bytes);
  CHECK(parse_statement(passed_bytes).value() == passed());
  CHECK(parse_statement(failed_bytes).value() == failed());
}

TEST_CASE("a statement that breaks a rule of the formats is not written") {
  using S = VerificationSummary;
  CHECK(refusal([](S& s) { s.subjects.clear(); }).starts_with("/subject: "));
  CHECK(refusal([](S& s) { s.subjects[1].name = ""; }).starts_with("/subject/1/name: "));
  CHECK(refusal([](S& s) { s.verifier_id = "me"; }).starts_with("/predicate/verifier/id: "));
  CHECK(refusal([](S& s) { s.resource_uri = ""; }).starts_with("/predicate/resourceUri: "));
  CHECK(refusal([](S& s) { s.policy_uri = "a b:c"; }).starts_with("/predicate/policy/uri: "));
  CHECK(refusal([](S& s) {
          s.input_attestations[0].uri = ":x";
        }).starts_with("/predicate/inputAttestations/0/uri: "));
  CHECK(refusal([](S& s) {
          s.time_verified = {INT64_MAX};
        }).starts_with("/predicate/timeVerified: "));
  CHECK(refusal([](S& s) {
          s.certification["x"] = 1.5;
        }).starts_with("/predicate/https:~1~1holdpoint.dev~1ns~1certification~1v1/x: "));
  CHECK(refusal([](S& s) { s.subjects[0].name = "\xFF"; }).starts_with("/subject/0/name: "));
}

TEST_CASE("levels fit the result, and no SLSA track has two") {
  const auto levels = [](SummaryResult result, std::vector<std::string> names) {
    return refusal([&](VerificationSummary& s) {
      s.result = result;
      s.verified_levels = std::move(names);
    });
  };
  const auto pass = SummaryResult::passed;
  CHECK(levels(pass, {"SLSA_BUILD_LEVEL_2", "SLSA_SOURCE_LEVEL_1"}) == "written");
  CHECK(levels(SummaryResult::failed, {"FAILED"}) == "written");
  CHECK(levels(pass, {}) != "written");
  CHECK(levels(pass, {""}) != "written");
  CHECK(levels(pass, {"FAILED"}) != "written");
  CHECK(levels(pass, {"X", "FAILED"}) != "written");
  CHECK(levels(pass, {"X", "X"}) != "written");
  CHECK(levels(SummaryResult::failed, {"X"}) != "written");
  CHECK(levels(SummaryResult::failed, {"FAILED", "X"}) != "written");
  CHECK(levels(pass, {"SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_3"}) ==
        "/predicate/verifiedLevels/1: a level or SLSA track is given twice");
}

TEST_CASE("bytes that are not exactly such a statement are refused with the place") {
  CHECK(unread("Statement/v1", "Statement/v0") == "/_type: expected an in-toto Statement v1");
  CHECK(unread("summary/v1", "summary/v2").starts_with("/predicateType: "));
  CHECK(unread("\"PASSED\"", "\"passed\"").starts_with("/predicate/verificationResult: "));
  CHECK(unread("\"PASSED\"", "1").starts_with("/predicate/verificationResult: "));
  CHECK(unread("2026-11-20T", "2026-11-2xT").starts_with("/predicate/timeVerified: "));
  CHECK(unread("06:00:00Z", "07:00:00+01:00").find("canonical") != std::string::npos);
  CHECK(unread("\"_type\"", " \"_type\"").find("canonical") != std::string::npos);
  CHECK(unread("\"resourceUri\"", "\"more\":1,\"resourceUri\"").find("other members") !=
        std::string::npos);
  CHECK(unread("efef", "EFEF").find("canonical") != std::string::npos);
  CHECK(unread("efef", "ef").starts_with("/predicate/inputAttestations/0/digest/sha256: "));
  CHECK(unread("\"name\":\"app-1.2.3.tar.gz\"", "\"nome\":1") ==
        "/subject/0/name: this is missing");
  CHECK(unread("{\"id\":", "{\"di\":").starts_with("/predicate/verifier/id: "));
  CHECK(unread("[\"HOLDPOINT_CERTIFIED\",", "[7,").starts_with("/predicate/verifiedLevels: "));
  CHECK(
      unread("{\"facts\":\"sha256:00\",\"release\":\"rel_1\"}", "[]").starts_with("/predicate: "));
  for (const char* text : {"", "{}", "[]", "null", "{\"predicate\":1}"}) {
    CHECK(!parse_statement(text));
  }
}

}  // namespace
}  // namespace holdpoint::ledger

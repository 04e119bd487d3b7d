// What a certified release leaves behind is checked here as an auditor would who trusts nothing but
// the log's key: signature, subjects, facts, the judgement taken again, and the proofs of the log.
#include <doctest/doctest.h>

#include "base/ed25519.hpp"
#include "base/encoding.hpp"
#include "certification/certification.hpp"
#include "ledger/ledger.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr std::string_view ledger_path = "/api/v1/main/ledger";

class Certified {
 public:
  Certified() {
    checkpoints.push_back(head());
    const Ask apply{.method = "POST",
                    .target = "/api/v1/main/apply",
                    .body = example("environments.yaml") + "---\n" + example("application.yaml") +
                            "---\n" + example("criteria.yaml"),
                    .media = "application/yaml"};
    REQUIRE(server.ask(apply).status == 200);
    checkpoints.push_back(head());
    REQUIRE(server
                .post("/api/v1/main/releases",
                      R"({"application":"payments","version":"2.0.0","commits":[{"sha":")" +
                          std::string(40, 'c') +
                          R"(","author":{"name":"Jane Doe","email":"jane@doe.example"},)"
                          R"("co_authors":[]}],"ci":{},"artifacts":[{"name":"image","digest":")" +
                          sha256("image").text() + R"("},{"name":"chart","digest":")" +
                          sha256("chart").text() + "\"}]}")
                .status == 201);
    for (const auto& [name, report] : Fields{{"unit.xml", junit(3, 0)},
                                             {"cover.info", lcov(8, 10)},
                                             {"code.sarif", sarif({"warning"})},
                                             {"bom.json", cyclonedx({"zlib"})},
                                             {"secrets.sarif&kind=secrets", sarif({})}}) {
      const Reply added = server.ask({.method = "POST",
                                      .target = release + "/evidence?name=" + name,
                                      .body = report,
                                      .media = "application/octet-stream"});
      INFO(added.body);
      REQUIRE(added.status == 201);
      checkpoints.push_back(head());
    }
    const Reply judged = server.post(release + "/certification", "{}");
    INFO(judged.body);
    REQUIRE(judged.text("state") == "certified");
    record = judged.document();
    id = judged.text("id");
  }

  std::string head() const {
    const Reply note = server.get("/ledger/main/checkpoint");
    REQUIRE(note.status == 200);
    return note.body;
  }
  std::vector<ledger::VerifierKey> keys() const {
    const auto key =
        ledger::VerifierKey::parse(server.get(std::string(ledger_path) + "/key").text("vkey"));
    REQUIRE(key.has_value());
    return {*key};
  }
  ledger::TlogProof proof(std::uint64_t index) const {
    const Reply text =
        server.get(std::string(ledger_path) + "/entries/" + std::to_string(index) + "/proof");
    REQUIRE(text.status == 200);
    const auto parsed = ledger::parse_tlog_proof(text.body);
    REQUIRE(parsed.has_value());
    return *parsed;
  }
  std::string part(const std::string& name) const {
    const Reply reply = server.get("/api/v1/main/certifications/" + id + "/" + name);
    REQUIRE(reply.status == 200);
    return reply.body;
  }
  /// The index of the Rekor entry that follows the certification's own.
  std::uint64_t rekor_index() const {
    const auto listed =
        server.get(std::string(ledger_path) + "/entries?limit=200&type=certification.issued")
            .document();
    for (const auto& item : listed.at("items").as_array()) {
      if (item.at("body").at("record").at("id") == record.at("id")) {
        return item.at("index").to_number<std::uint64_t>() + 1;
      }
    }
    FAIL("the certification is not in the log");
    return 0;
  }

  const std::string release = "/api/v1/main/releases/payments%402.0.0";
  ServerProcess server;
  std::vector<std::string> checkpoints;
  json::value record;
  std::string id;
};

Certified& certified() {
  static Certified one;
  return one;
}

ledger::OpenedCheckpoint opened(const std::string& note) {
  auto checkpoint = ledger::open_checkpoint(note, certified().keys());
  REQUIRE(checkpoint.has_value());
  return *checkpoint;
}

std::string flipped(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

}  // namespace

TEST_CASE("whoever has a record can verify it with the published key, without a sign-in") {
  const auto& server = certified().server;
  const Reply file = server.ask_as("", {.target = "/api/v1/main/certification-key.pem"});
  REQUIRE(file.status == 200);
  CHECK(file.header("Content-Type") == "application/x-pem-file");
  const std::string begin = "-----BEGIN PUBLIC KEY-----\n";
  const std::string end = "\n-----END PUBLIC KEY-----\n";
  REQUIRE(file.body.starts_with(begin));
  REQUIRE(file.body.ends_with(end));
  const auto der =
      from_base64(file.body.substr(begin.size(), file.body.size() - begin.size() - end.size()));
  REQUIRE(der.has_value());
  const auto key = Ed25519PublicKey::from_spki(*der);
  REQUIRE(key.has_value());
  const auto envelope = ledger::parse_dsse(certified().part("envelope"));
  REQUIRE(envelope.has_value());
  CHECK(ledger::verify_dsse(*envelope, ledger::in_toto_payload_type, *key).has_value());
  const Reply told = server.ask_as("", {.target = "/api/v1/main/certification-key"});
  CHECK(told.text("pem") == file.body);
  CHECK(told.text("key_id") == envelope->key_id);
  CHECK(told.text("algorithm") == "ed25519");
  const Reply nowhere = server.ask_as("", {.target = "/api/v1/nowhere/certification-key"});
  CHECK_MESSAGE(nowhere.body == told.body, "it does not tell which workspaces there are");
}

TEST_CASE(
    "the signed record verifies with the key in the log, and its subjects are the artifacts") {
  const auto envelope = ledger::parse_dsse(certified().part("envelope"));
  REQUIRE(envelope.has_value());
  const auto proof = certified().proof(certified().rekor_index());
  const auto rekor = ledger::parse_rekor_entry(proof.extra.value_or(""));
  REQUIRE(rekor.has_value());
  CHECK(rekor->payload_hash == sha256(envelope->payload));
  CHECK(rekor->signature.view() == envelope->signature);
  const std::string type = "application/vnd.in-toto+json";
  const std::string signed_bytes = "DSSEv1 " + std::to_string(type.size()) + " " + type + " " +
                                   std::to_string(envelope->payload.size()) + " " +
                                   envelope->payload;
  CHECK(ed25519_verify(rekor->public_key, signed_bytes, envelope->signature));
  CHECK(ledger::verify_dsse(*envelope, type, rekor->public_key).has_value());
  for (const std::size_t at : {std::size_t{0}, envelope->payload.size() / 2}) {
    auto changed = *envelope;
    changed.payload = flipped(changed.payload, at);
    CHECK(!ledger::verify_dsse(changed, type, rekor->public_key));
  }
  const auto statement = ledger::parse_statement(envelope->payload);
  REQUIRE(statement.has_value());
  REQUIRE(statement->subjects.size() == 2);
  CHECK(statement->subjects[0] == ledger::StatementSubject{"image", sha256("image")});
  CHECK(statement->subjects[1] == ledger::StatementSubject{"chart", sha256("chart")});
  CHECK(statement->result == ledger::SummaryResult::passed);
  const auto document = certified().record;
  CHECK(statement->certification.at("id") == document.at("id"));
  CHECK(statement->certification.at("facts") == document.at("facts_digest"));
  CHECK(statement->certification.at("evidence") == document.at("evidence_digest"));
  CHECK(document.at("statement_digest") == json::value(sha256(envelope->payload).text()));
}

TEST_CASE("judged again offline from facts and criteria, the verdict is the same") {
  const std::string bytes = certified().part("facts");
  CHECK(json::value(sha256(bytes).text()) == certified().record.at("facts_digest"));
  const auto facts = from_json_text<certification::Facts>(bytes);
  REQUIRE(facts.has_value());
  const auto schema =
      policy::cel::Schema::from_json(certified().server.get("/schemas/facts.json").document());
  REQUIRE(schema.has_value());
  const auto criteria = policy::compile_criteria(
      certified().server.get("/api/v1/main/criteria/baseline").body, *schema);
  REQUIRE(criteria.has_value());
  const std::vector<policy::CompiledCriteria> all{*criteria};
  const auto verdict = certification::judge(*facts, all);
  CHECK(verdict.passed);
  CHECK(to_json(verdict.criteria) == certified().record.at("criteria"));
  CHECK(json::value(criteria->digest().text()) ==
        certified().record.at("criteria").at(0).at("digest"));
  auto worse = *facts;
  REQUIRE(worse.evidence.tests.has_value());
  worse.evidence.tests->failed = 1;
  CHECK(!certification::judge(worse, all).passed);
}

TEST_CASE("facts name no person: commits hold ids only") {
  const std::string facts = certified().part("facts");
  CHECK(facts.find("Jane") == std::string::npos);
  CHECK(facts.find("doe.example") == std::string::npos);
  CHECK(facts.find("per_") != std::string::npos);
}

TEST_CASE("every entry of the log is proved against a signed head; a flipped bit is refused") {
  const auto keys = certified().keys();
  const auto size = opened(certified().head()).checkpoint.size;
  REQUIRE(size > 10);
  for (std::uint64_t index = 0; index < size; ++index) {
    auto proof = certified().proof(index);
    const std::string entry = proof.extra.value_or("");
    INFO("entry ", index);
    CHECK(ledger::verify_tlog_proof(proof, entry, keys).has_value());
    CHECK(!ledger::verify_tlog_proof(proof, flipped(entry, entry.size() / 2), keys));
    if (!proof.hashes.empty()) {
      auto& byte = proof.hashes.front().bytes.front();
      byte = static_cast<std::uint8_t>(byte ^ 1U);
      CHECK(!ledger::verify_tlog_proof(proof, entry, keys));
    }
  }
  const Reply beyond = certified().server.get(std::string(ledger_path) + "/entries/999999/proof");
  CHECK(beyond.status == 404);
  std::string note = certified().head();
  CHECK(!ledger::open_checkpoint(flipped(note, note.find('\n') + 1), keys));
}

TEST_CASE("every later head only added to the earlier ones") {
  auto& heads = certified().checkpoints;
  heads.push_back(certified().head());
  for (std::size_t i = 0; i + 1 < heads.size(); ++i) {
    const auto old_head = opened(heads[i]).checkpoint;
    const auto new_head = opened(heads[i + 1]).checkpoint;
    const Reply reply = certified().server.get(std::string(ledger_path) +
                                               "/consistency?old=" + std::to_string(old_head.size) +
                                               "&new=" + std::to_string(new_head.size));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    std::vector<Digest> hashes;
    const auto document = reply.document();
    for (const auto& hash : document.at("hashes").as_array()) {
      hashes.push_back(*Digest::from_bytes(*from_base64(view(hash.as_string()))));
    }
    CHECK(ledger::verify_consistency({old_head.size, old_head.root, new_head.size, new_head.root},
                                     hashes)
              .has_value());
    auto forged = old_head.root;
    forged.bytes[0] = static_cast<std::uint8_t>(forged.bytes[0] ^ 1U);
    CHECK(
        !ledger::verify_consistency({old_head.size, forged, new_head.size, new_head.root}, hashes));
  }
  for (const std::string query : {"old=5&new=2", "old=1&new=99999", "old=x&new=2", "new=2"}) {
    CHECK(certified().server.get(std::string(ledger_path) + "/consistency?" + query).status == 422);
  }
}

TEST_CASE("a release that is refused has facts but no signed record") {
  auto& server = certified().server;
  REQUIRE(server
              .post("/api/v1/main/releases",
                    R"({"application":"payments","version":"3.0.0","commits":[],"ci":{},)"
                    R"("artifacts":[{"name":"image","digest":")" +
                        sha256("image 3").text() + "\"}]}")
              .status == 201);
  const Reply refused = server.post("/api/v1/main/releases/payments%403.0.0/certification", "{}");
  CHECK(refused.text("state") == "refused");
  const std::string base = "/api/v1/main/certifications/" + refused.text("id");
  CHECK(server.get(base + "/facts").status == 200);
  const Reply envelope = server.get(base + "/envelope");
  CHECK(envelope.status == 404);
  CHECK(envelope.code() == "not_certified");
}

TEST_CASE("the server's own verification of everything finds nothing, also after a restart") {
  auto& server = certified().server;
  for (int round = 0; round < 2; ++round) {
    const Finished verified = server.run({"audit", "verify"});
    INFO(verified.all());
    CHECK(verified.code == 0);
    if (round == 0) {
      CHECK(server.stop() == 0);
      server.start();
    }
  }
}

}  // namespace holdpoint::test

// Verifying from here: a real log is signed, grown, forked and shrunk before the program's eyes.
#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "ledger/ledger.hpp"
#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

const std::string origin = "holdpoint.example/main";
const std::string sound = R"({"state":"done","report":{"entries":5,"workspaces":1,"findings":[]}})";

class Log {
 public:
  explicit Log(std::string_view seed) : key_(*Ed25519Key::from_seed(seed)) {}

  void append(const std::string& entry) {
    range_.append(ledger::leaf_hash(entry),
                  [&](unsigned level, std::uint64_t index, const Digest& hash) {
                    subtrees_[{level, index}] = hash;
                  });
  }
  [[nodiscard]] std::string checkpoint() const {
    return ledger::sign_checkpoint({origin, range_.size(), range_.root()}, key_);
  }
  [[nodiscard]] std::string key_answer() const {
    return R"({"vkey":")" + ledger::VerifierKey::of(origin, key_.public_key()).text() + R"("})";
  }
  [[nodiscard]] std::string proof_from(std::uint64_t old_size) const {
    const auto proof = ledger::consistency_proof(
        old_size, range_.size(),
        [&](unsigned level, std::uint64_t index) { return subtrees_.at({level, index}); });
    std::string list;
    for (const Digest& hash : *proof) {
      list += (list.empty() ? "\"" : ",\"") + to_base64(hash.view()) + "\"";
    }
    return R"({"hashes":[)" + list + "]}";
  }

 private:
  Ed25519Key key_;
  ledger::CompactRange range_;
  std::map<std::pair<unsigned, std::uint64_t>, Digest> subtrees_;
};

const std::string seed_a(32, 'a');
const std::string seed_b(32, 'b');

Log grown(std::string_view seed, const std::vector<std::string>& entries) {
  Log log(seed);
  for (const std::string& entry : entries) log.append(entry);
  return log;
}

void reply_with(Rehearsal& rehearsal, const Log& log) {
  rehearsal.reply(200, log.checkpoint());
  rehearsal.reply(200, log.key_answer());
}

void reply_with_report(Rehearsal& rehearsal, const std::string& report) {
  rehearsal.reply(202, R"({"id":"ver_1"})");
  rehearsal.reply(200, report);
}

/// A first verification of the tree of three entries, after which it is remembered.
void see(Rehearsal& rehearsal, const Log& log) {
  reply_with(rehearsal, log);
  reply_with_report(rehearsal, sound);
  const auto outcome = rehearsal.run({"audit", "verify"});
  REQUIRE(outcome.exit == 0);
  REQUIRE(outcome.out.find("key pinned on first use") != std::string::npos);
}

}  // namespace

TEST_CASE("a log that only grew is verified against the checkpoint seen before") {
  Rehearsal rehearsal;
  see(rehearsal, grown(seed_a, {"1", "2", "3"}));
  const Log log = grown(seed_a, {"1", "2", "3", "4", "5"});
  reply_with(rehearsal, log);
  rehearsal.reply(200, log.proof_from(3));
  rehearsal.reply(202, R"({"id":"ver_2"})");
  rehearsal.reply(200, R"({"state":"running","step":"objects","done":3})");
  rehearsal.reply(200, sound);
  const auto outcome = rehearsal.run({"audit", "verify"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("contains the tree of 3 entries seen before") != std::string::npos);
  CHECK(outcome.out.find("key as pinned") != std::string::npos);
  CHECK(outcome.out.find("entries     5\n") != std::string::npos);
}

TEST_CASE("a changed key, a rewritten log and a shrunk log are each a no") {
  struct Row {
    Log log;
    std::string proof;
    std::string sentence;
  };
  const Log rewritten = grown(seed_a, {"1", "X", "3", "4"});
  std::vector<Row> rows;
  rows.push_back({grown(seed_b, {"1", "2", "3"}), "", "has CHANGED"});
  rows.push_back({grown(seed_a, {"1", "2"}), "", "SHRUNK from 3 to 2"});
  rows.push_back({grown(seed_a, {"1", "2", "X"}), "", "does not contain the one seen before"});
  rows.push_back({grown(seed_a, {"1", "X", "3", "4"}), rewritten.proof_from(3),
                  "does not contain the one seen before"});
  for (const Row& row : rows) {
    Rehearsal rehearsal;
    see(rehearsal, grown(seed_a, {"1", "2", "3"}));
    reply_with(rehearsal, row.log);
    if (!row.proof.empty()) rehearsal.reply(200, row.proof);
    const auto outcome = rehearsal.run({"audit", "verify"});
    INFO(outcome.err);
    CHECK(outcome.exit == 1);
    CHECK(outcome.err.find(row.sentence) != std::string::npos);

    // What was not verified is not remembered.
    reply_with(rehearsal, grown(seed_a, {"1", "2", "3"}));
    reply_with_report(rehearsal, sound);
    CHECK(rehearsal.run({"audit", "verify"}).exit == 0);
  }
}

TEST_CASE("a log is known by its origin, whatever address shows it") {
  Rehearsal rehearsal;
  see(rehearsal, grown(seed_a, {"1", "2", "3"}));
  reply_with(rehearsal, grown(seed_b, {"1", "2", "3"}));
  const auto outcome = rehearsal.run({"audit", "verify", "--server", "https://other.example"});
  CHECK(outcome.exit == 1);
  CHECK(outcome.err.find("has CHANGED") != std::string::npos);
}

TEST_CASE("a checkpoint that the stated key did not sign is a no") {
  Rehearsal rehearsal;
  rehearsal.reply(200, grown(seed_a, {"1"}).checkpoint());
  rehearsal.reply(200, grown(seed_b, {"1"}).key_answer());
  CHECK(rehearsal.run({"audit", "verify"}).exit == 1);
}

TEST_CASE("a key learnt another way must be the server's key") {
  Rehearsal rehearsal;
  const Log log = grown(seed_a, {"1"});
  reply_with(rehearsal, log);
  CHECK(rehearsal.run({"audit", "verify", "--key", "other+00000000+AAAA"}).exit == 1);
}

TEST_CASE("findings of the server are a no, a verification that did not end is unknown") {
  const std::vector<std::pair<std::string, int>> rows{
      {R"({"state":"done","report":{"entries":5,"findings":["row 7 of releases differs"]}})", 1},
      {R"({"state":"failed","report":{"entries":5,"findings":[]}})", 1},
      {R"({"state":"failed"})", 3},
      {R"({"state":"done"})", 3},
      {R"({"state":"dancing"})", 3},
      {R"({"state":"done","report":{"entries":5}})", 3}};
  for (const auto& [report, exit] : rows) {
    Rehearsal rehearsal;
    reply_with(rehearsal, grown(seed_a, {"1"}));
    reply_with_report(rehearsal, report);
    INFO(report);
    CHECK(rehearsal.run({"audit", "verify"}).exit == exit);
  }
  Rehearsal slow;
  reply_with(slow, grown(seed_a, {"1"}));
  slow.reply(202, R"({"id":"ver_1"})");
  for (int i = 0; i < 10; ++i) slow.reply(200, R"({"state":"running"})");
  const auto outcome = slow.run({"audit", "verify", "--timeout", "3s"});
  CHECK(outcome.exit == 3);
  CHECK(outcome.err.find("did not end in time") != std::string::npos);
}

}  // namespace holdpoint

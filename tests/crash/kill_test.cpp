// kill -9 of the real program under write load: whatever was acknowledged is there afterwards, the
// server starts by itself, the audit is clean, and every head it ever showed leads to the present
// one. HP_LONG=1 kills hundreds of times.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

#include "base/encoding.hpp"
#include "ledger/ledger.hpp"
#include "support/http_peer.hpp"
#include "support/seeded_random.hpp"
#include "support/wall_clock.hpp"

namespace holdpoint::test {
namespace {

constexpr int kRounds = 20;
constexpr int kRoundsLong = 400;
constexpr int kClients = 4;

/// What a client was told is recorded: where it can be read, and a member it must show, given by
/// its path: "texts/description".
struct Acknowledged {
  std::string target;
  std::string member;
  std::string value;
};

struct Told {
  std::vector<Acknowledged> facts;
  std::optional<Ask> in_flight{};  // sent, but the answer never came
  std::string failure;             // an answer that should not have come
};

/// "" when there is none at that path.
std::string text_at(const Reply& reply, std::string_view path) {
  const json::value document = reply.document();
  const json::value* at = &document;
  while (at != nullptr && !path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    const auto* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(name);
  }
  const auto* text = at == nullptr ? nullptr : at->if_string();
  return text == nullptr ? "" : std::string(view(*text));
}

/// Creates releases, adds evidence to them, and plans and cancels changes until the server dies.
class Client {
 public:
  Client(const ServerProcess& server, std::string name) : peer_(server), name_(std::move(name)) {}

  Told work() {
    for (int i = 0; told_.failure.empty(); ++i) {
      const std::string version = name_ + "-" + std::to_string(i);
      if (!create(version)) break;
      if (!add_evidence(version, i)) break;
      if (!plan_and_cancel(version)) break;
    }
    return std::move(told_);
  }

 private:
  /// What was recorded; nullopt when the server did not answer, or said no.
  std::optional<Reply> send(const Ask& ask) {
    auto reply = peer_.call(ask);
    if (reply.status == 0) {
      told_.in_flight = ask;
      return std::nullopt;
    }
    if (reply.status != 200 && reply.status != 201) {
      told_.failure = ask.target + ": " + std::to_string(reply.status) + " " + reply.body;
      return std::nullopt;
    }
    return reply;
  }

  bool create(const std::string& version) {
    const auto made =
        send({.method = "POST",
              .target = "/api/v1/main/releases",
              .body = R"({"application":"shop","version":")" + version +
                      R"(","artifacts":[{"name":"a","digest":")" + sha256(version).text() + "\"}]}",
              .headers = {{"Idempotency-Key", "create-" + version}}});
    if (!made) return false;
    told_.facts.push_back({"/api/v1/main/releases/" + made->text("id"), "version", version});
    return true;
  }

  bool add_evidence(const std::string& version, int number) {
    const std::string name = "scan-" + version;
    const std::string report =
        R"({"version":"2.1.0","runs":[{"automationDetails":{"id":")" + name +
        R"("},"tool":{"driver":{"name":"s"}},"results":[)" +
        (number % 2 == 0 ? "" : R"({"ruleId":"R","level":"error","message":{"text":"x"}})") +
        "]}]}";
    const auto added =
        send({.method = "POST",
              .target = "/api/v1/main/releases/shop@" + version + "/evidence?name=" + name,
              .body = report,
              .media = "application/octet-stream",
              .headers = {{"Idempotency-Key", "scan-" + version}}});
    if (!added) return false;
    const std::string target = "/api/v1/main/evidence/" + added->text("id");
    told_.facts.push_back({target, "name", name});
    told_.facts.push_back({target, "digest", sha256(report).text()});
    return true;
  }

  bool plan_and_cancel(const std::string& version) {
    const std::string about = "What " + version + " is about.";
    const json::object change{{"type", "normal"},
                              {"title", "Change of " + version},
                              {"applications", {"shop"}},
                              {"environments", {"production"}},
                              {"from", (now() + Duration::hours(1)).text()},
                              {"until", (now() + Duration::hours(2)).text()},
                              {"risk",
                               {{"reversal", "at-once"},
                                {"reach", "nobody"},
                                {"novelty", "often"},
                                {"tested", "like-production"}}},
                              {"description", about}};
    const auto planned = send({.method = "POST",
                               .target = "/api/v1/main/changes",
                               .body = json::serialize(change),
                               .headers = {{"Idempotency-Key", "plan-" + version}}});
    if (!planned) return false;
    const std::string target = "/api/v1/main/changes/" + text_at(*planned, "change/id");
    told_.facts.push_back({target, "texts/description", about});
    if (!send({.method = "POST",
               .target = target + "/cancellation",
               .body = R"({"reason":"not today"})",
               .headers = {{"Idempotency-Key", "cancel-" + version}}})) {
      return false;
    }
    told_.facts.push_back({target, "phase", "cancelled"});
    return true;
  }

  HttpPeer peer_;
  std::string name_;
  Told told_;
};

/// Every head that was ever shown, and the proof that one leads to the next.
class Witness {
 public:
  explicit Witness(const ServerProcess& server) {
    const auto reply = server.get("/api/v1/main/ledger/key");
    const auto key = ledger::VerifierKey::parse(reply.text("vkey"));
    REQUIRE_MESSAGE(key.has_value(), reply.body);
    keys_.push_back(*key);
  }

  /// "" when the present head continues the last one seen.
  std::string look(HttpPeer& peer) {
    const auto note = peer.get("/ledger/main/checkpoint");
    if (note.status != 200) return "no checkpoint";
    const auto opened = ledger::open_checkpoint(note.body, keys_);
    if (!opened) return "the checkpoint does not open";
    const auto now = opened->checkpoint;
    if (!seen_) {
      seen_ = now;
      return "";
    }
    if (now.size < seen_->size) return "the log is shorter than it was";
    const auto proof =
        peer.get("/api/v1/main/ledger/consistency?old=" + std::to_string(seen_->size) +
                 "&new=" + std::to_string(now.size));
    if (proof.status != 200) return "no proof of consistency";
    std::vector<Digest> hashes;
    const auto document = proof.document();
    for (const auto& hash : document.get_object().at("hashes").get_array()) {
      hashes.push_back(*Digest::from_bytes(*from_base64(view(hash.get_string()))));
    }
    const auto verified =
        ledger::verify_consistency({seen_->size, seen_->root, now.size, now.root}, hashes);
    seen_ = now;
    return verified ? "" : std::string(ledger::sentence(verified.error()));
  }

 private:
  std::vector<ledger::VerifierKey> keys_;
  std::optional<ledger::Checkpoint> seen_;
};

/// Runs the clients, kills the server in the midst, and gathers what they were told.
std::vector<Told> load_and_kill(ServerProcess& server, int round, std::uint64_t milliseconds,
                                Witness& witness) {
  std::vector<Told> told(kClients);
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      const std::string name = std::to_string(round) + "." + std::to_string(i);
      told[static_cast<std::size_t>(i)] = Client(server, name).work();
    });
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  HttpPeer watcher(server);
  while (std::chrono::steady_clock::now() < end) {
    CHECK(witness.look(watcher) == "");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  server.kill();
  for (std::thread& thread : threads) thread.join();
  return told;
}

std::string missing(HttpPeer& peer, const Acknowledged& fact) {
  const auto reply = peer.get(fact.target);
  if (reply.status != 200) return fact.target + ": " + std::to_string(reply.status);
  const std::string found = text_at(reply, fact.member);
  return found == fact.value ? "" : fact.target + ": " + fact.member + " is " + found;
}

TEST_CASE("kill -9 under load loses no acknowledged write, and the server starts again by itself") {
  ServerProcess server;
  REQUIRE(apply_shop(server));
  Witness witness(server);
  const char* stated = std::getenv("HP_SEED");
  const std::uint64_t seed = stated == nullptr ? 1 : std::strtoull(stated, nullptr, 10);
  CAPTURE(seed);
  SeededRandom random(seed);
  const int rounds = std::getenv("HP_LONG") != nullptr ? kRoundsLong : kRounds;
  std::vector<Acknowledged> earlier;
  std::size_t acknowledged = 0;
  std::size_t repeated = 0;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const auto told = load_and_kill(server, round, 20 + random.below(500), witness);
    server.start();
    HttpPeer reader(server);
    CHECK(witness.look(reader) == "");
    for (const Told& one : told) {
      CHECK(one.failure == "");
      for (const Acknowledged& fact : one.facts) {
        CHECK(missing(reader, fact) == "");
        ++acknowledged;
        if (random.below(10) == 0) earlier.push_back(fact);
      }
      if (!one.in_flight) continue;
      // Nobody knows whether it was carried out; sent again under its key it is, exactly once.
      const auto again = reader.call(*one.in_flight);
      const auto replayed = reader.call(*one.in_flight);
      CHECK_MESSAGE((again.status == 201 || again.status == 200), again.body);
      CHECK(replayed.body == again.body);
      ++repeated;
    }
    for (int i = 0; i < 20 && !earlier.empty(); ++i) {
      CHECK(missing(reader, earlier[random.below(earlier.size())]) == "");
    }
    CHECK(audit_findings(server) == "");
  }
  CHECK(acknowledged > static_cast<std::size_t>(rounds));
  CHECK(server.stop() == 0);
  MESSAGE(rounds << " kills, " << acknowledged << " acknowledged facts read back, " << repeated
                 << " requests in flight sent again");
}

}  // namespace
}  // namespace holdpoint::test

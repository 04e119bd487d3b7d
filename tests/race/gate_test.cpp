// The gate in a race: from the moment the sender of a new critical finding has his answer, nobody
// is told that the gate is open, however many ask at the same time and whatever is in memory.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/digest.hpp"
#include "support/http_peer.hpp"

namespace holdpoint::test {
namespace {

constexpr int kRounds = 1'000;
constexpr int kAskers = 2;
constexpr std::chrono::microseconds kBetweenQuestions{200};

const std::string kGate = "/api/v1/main/gate?application=shop&version=1.0&environment=production";

std::string report(int round, std::string_view results) {
  return R"({"version":"2.1.0","runs":[{"automationDetails":{"id":"run )" + std::to_string(round) +
         R"("},"tool":{"driver":{"name":"scanner","rules":[{"id":"R","properties":)"
         R"({"security-severity":"9.8"}}]}},"results":[)" +
         std::string(results) + "]}]}";
}

constexpr std::string_view kCritical =
    R"({"ruleId":"R","level":"error","message":{"text":"a hole"}})";

/// Sends the report; whether it was recorded.
bool add_evidence(HttpPeer& peer, const std::string& bytes) {
  const auto reply = peer.call({.method = "POST",
                                .target = "/api/v1/main/releases/shop@1.0/evidence?name=scan",
                                .body = bytes,
                                .media = "application/octet-stream"});
  return reply.status == 201;
}

bool is_open(const Reply& reply) { return reply.status == 200 && reply.text("decision") == "open"; }

bool is_closed_by_the_criterion(const Reply& reply) {
  return reply.status == 200 && reply.text("decision") == "closed" &&
         reply.body.find("\"criterion\":\"no-critical-findings\"") != std::string::npos;
}

/// Others who ask all the time. An answer to a question that was asked while the gate was known to
/// be closed, from before the question until after the answer, must be no.
class Crowd {
 public:
  explicit Crowd(const ServerProcess& server) {
    for (int i = 0; i < kAskers; ++i) {
      threads_.emplace_back([this, peer = HttpPeer(server)]() mutable { ask(peer); });
    }
  }
  ~Crowd() { stop(); }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  void stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  /// Odd while the gate is known to be closed.
  void closed_since_now() { ++phase_; }
  void no_longer_closed() { ++phase_; }
  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  [[nodiscard]] std::uint64_t wrong() const { return wrong_; }

 private:
  void ask(HttpPeer& peer) {
    while (!stopping_) {
      const auto before = phase_.load();
      const auto reply = peer.get(kGate);
      const auto after = phase_.load();
      ++asked_;
      if (reply.status != 200) ++wrong_;
      if (before == after && before % 2 == 1 && is_open(reply)) ++wrong_;
      std::this_thread::sleep_for(kBetweenQuestions);
    }
  }

  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> phase_ = 0;
  std::atomic<std::uint64_t> asked_ = 0;
  std::atomic<std::uint64_t> wrong_ = 0;
  std::vector<std::thread> threads_;
};

TEST_CASE(
    "a new critical finding closes the gate for the very next question, of anybody, a "
    "thousand times in a race") {
  ServerProcess server;
  REQUIRE(apply_shop(server));
  HttpPeer sender(server);
  HttpPeer other(server);
  const auto created = sender.call(
      {.method = "POST",
       .target = "/api/v1/main/releases",
       .body = R"({"application":"shop","version":"1.0","artifacts":[{"name":"a","digest":")" +
               sha256("shop").text() + "\"}]}"});
  REQUIRE(created.status == 201);
  REQUIRE(add_evidence(sender, report(0, "")));
  REQUIRE(is_open(sender.get(kGate)));
  Crowd crowd(server);
  int closed = 0;
  int reopened = 0;
  for (int round = 1; round <= kRounds; ++round) {
    REQUIRE(add_evidence(sender, report(round, kCritical)));
    crowd.closed_since_now();
    if (is_closed_by_the_criterion(other.get(kGate)) &&
        is_closed_by_the_criterion(sender.get(kGate))) {
      ++closed;
    }
    crowd.no_longer_closed();
    REQUIRE(add_evidence(sender, report(round, "")));
    if (is_open(other.get(kGate)) && is_open(sender.get(kGate))) ++reopened;
  }
  crowd.stop();
  CHECK(closed == kRounds);
  CHECK(reopened == kRounds);
  CHECK(crowd.wrong() == 0);
  CHECK(crowd.asked() > static_cast<std::uint64_t>(kRounds));
  CHECK(server.stop() == 0);
  MESSAGE(kRounds << " closings, " << crowd.asked() << " questions of others meanwhile");
}

}  // namespace
}  // namespace holdpoint::test

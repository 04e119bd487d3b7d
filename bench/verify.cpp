// Verification: envelopes to and from their bytes, the root of a large tree beside the bare SHA-256
// calls it needs, and the whole audit of a server that holds many events.
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "base/json.hpp"
#include "ledger/envelope.hpp"
#include "ledger/merkle.hpp"
#include "support/measure.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr std::size_t kLeaves = 1'000'000;
constexpr int kRounds = 3;

ledger::Envelope envelope() {
  ledger::Envelope one;
  one.id = "evt_01JCW6Q2M0ZK4X8V9T3R5N7P1A";
  one.seq = 812'345;
  one.at = Instant{1'795'000'000'123'456};
  one.type = "application.created";
  one.subject = {"application", "app_01JCW6Q2M0ZK4X8V9T3R5N7P1B"};
  one.actor = {"person", "per_01JCW6Q2M0ZK4X8V9T3R5N7P1C", "ses_01JCW6Q2M0ZK4X8V9T3R5N7P1D", {}};
  one.root = one.id;
  one.body =
      R"({"record":{"criticality":"low","id":"app_01JCW6Q2M0ZK4X8V9T3R5N7P1B","name":"payments",)"
      R"("owners":["team:bench"],"state":"active"}})";
  one.sealed = {{"/origin/address", sha256("a")}, {"/origin/device", sha256("b")}};
  return one;
}

void measure_envelopes() {
  const auto one = envelope();
  const auto bytes = ledger::encode(one);
  if (!bytes || ledger::decode(*bytes) != one) broken("an envelope does not survive");
  std::vector<double> encode, decode, hash;
  for (int round = 0; round < kRounds; ++round) {
    encode.push_back(nanoseconds_of([&] { keep(ledger::encode(one)->size()); }, 0.2));
    decode.push_back(nanoseconds_of([&] { keep(ledger::decode(*bytes)->seq); }, 0.2));
    hash.push_back(nanoseconds_of([&] { keep(ledger::leaf_hash(*bytes).bytes[0]); }, 0.2));
  }
  Table table(fmt::format("Envelope of {} bytes", bytes->size()), {"", "ns"});
  table.add({"encode", number(median(encode))});
  table.add({"decode (refuses what is not canonical)", number(median(decode))});
  table.add({"leaf hash", number(median(hash))});
  table.print();
}

/// As many hashes of as many bytes as the tree needs: 65 bytes for each inner node.
double bare_hashing_s(std::size_t count) {
  std::string node(65, '\1');
  const double start = now_s();
  for (std::size_t i = 0; i < count; ++i) {
    const auto digest = sha256(node);
    node[1] = static_cast<char>(digest.bytes[0]);
  }
  return now_s() - start;
}

void measure_tree() {
  std::vector<double> tree, bare;
  for (int round = 0; round < kRounds; ++round) {
    const double start = now_s();
    ledger::CompactRange range;
    Digest leaf;
    for (std::size_t i = 0; i < kLeaves; ++i) {
      leaf.bytes[0] = static_cast<std::uint8_t>(i);
      range.append(leaf);
    }
    keep(range.root().bytes[0]);
    tree.push_back(now_s() - start);
    bare.push_back(bare_hashing_s(kLeaves - 1));
  }
  Table table("Tree root over 1,000,000 leaf hashes", {"", "leaves/s", "of the limit"});
  table.add({"compact range", number(kLeaves / median(tree)),
             fmt::format("{:.0f} %", 100 * median(bare) / median(tree))});
  table.add({"bare SHA-256 of as many nodes", number(kLeaves / median(bare)), "100 %"});
  table.print();
}

json::value read(const Answer& answer) {
  auto value = parse_json(answer.body);
  if (!value) broken("not JSON: " + answer.body);
  return std::move(*value);
}

void measure_audit() {
  const ServerProcess server;
  run_load(
      {.port = server.port(),
       .connections = 64,
       .seconds = option("HP_BENCH_SECONDS", 3) * 2.0,
       .request =
           [&](std::uint64_t n) {
             return request_text(
                 "POST", "/api/v1/main/apply",
                 server.fields() + "Content-Type: application/yaml\r\n",
                 fmt::format(R"({{"apiVersion":"holdpoint/v1","kind":"Application","metadata":)"
                             R"({{"name":"app-{}"}},"spec":{{"owners":["team:bench"],)"
                             R"("criticality":"low"}}}})",
                             n));
           },
       .status_expected = 200});
  std::vector<double> seconds;
  double entries = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double start = now_s();
    server.ask("POST", "/api/v1/audit/verification", "");
    json::value state;
    do {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      state = read(server.ask("GET", "/api/v1/audit/verification", ""));
    } while (state.at("state").as_string() == "running");
    seconds.push_back(now_s() - start);
    if (state.at("state").as_string() != "done" ||
        !state.at("report").at("findings").as_array().empty()) {
      broken("the audit found something: " + json::serialize(state));
    }
    entries = state.at("report").at("entries").to_number<double>();
  }
  Table table("Audit of a server: fold again, compare, open sealed values, hash objects",
              {"entries", "seconds", "entries/s"});
  table.add({number(entries), number(median(seconds)), number(entries / median(seconds))});
  table.print();
}

}  // namespace
}  // namespace holdpoint::bench

int main() {
  using namespace holdpoint::bench;
  measure_envelopes();
  measure_tree();
  measure_audit();
  return 0;
}

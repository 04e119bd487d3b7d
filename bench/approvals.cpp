// Decisions on approvals over HTTP against the real server, each of them durable when it is
// answered, beside SQLite alone writing the identical rows (support/raw_writes.hpp). Requests of
// two approvers are opened beforehand; what is measured is the decisions of the two, each on
// another request, so that every second one grants.
#include <fmt/format.h>

#include <array>

#include "base/json.hpp"
#include "support/measure.hpp"
#include "support/raw_writes.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr int kClients = 64;
/// Fast enough for any round of a second; what a round leaves is for the next.
constexpr std::size_t kRequestsPerSecond = 4'000;
constexpr std::size_t kApprovers = 2;

const char* const kDocuments = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: payments}
spec: {owners: [team:bench], criticality: low}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: changes, owner: "team:bench"}
spec:
  routes: [{name: main, stages: [{name: board, roles: [approver], minimum: 2}]}]
)";

std::string text_of(const json::value& value, std::string_view member) {
  return std::string(view(value.at(member).as_string()));
}

json::value answered(const Answer& answer) {
  auto document = parse_json(answer.body);
  if (!document) broken("an answer is no JSON: " + answer.body);
  return std::move(*document);
}

struct Waiting {
  std::string id;
  std::string digest;
};

class Decisions {
 public:
  Decisions() : tables_(server_.database()), raw_(scratch_.path() + "/raw.db", tables_.ddl()) {
    server_.ask("POST", "/api/v1/main/apply", kDocuments, "application/yaml");
    for (std::string& fields : approvers_) fields = approver();
  }

  void round() {
    const double seconds = option("HP_BENCH_SECONDS", 3);
    open_requests(static_cast<std::size_t>(seconds) * kRequestsPerSecond);
    tables_.mark();
    const LoadPlan plan{.port = server_.port(),
                        .connections = kClients,
                        .seconds = seconds,
                        .request = [this](std::uint64_t) { return decision(); },
                        .status_expected = 200};
    const LoadResult served = run_load(plan);
    RowValues head;
    const auto rows = tables_.take(head);
    const LoadResult raw = raw_.write(rows, head, served.answers, kClients);
    server_series_.add(served);
    raw_series_.add(raw);
  }

  void print() const {
    Table table("Decisions on approvals, every second one grants",
                {"", "decisions/s", "p50 ms", "p99 ms", "of raw"});
    auto cells = server_series_.cells(fmt::format("server, {} clients", kClients));
    cells.push_back(fmt::format(
        "{:.0f} %", 100 * median(server_series_.per_second) / median(raw_series_.per_second)));
    table.add(cells);
    cells = raw_series_.cells(fmt::format("raw SQLite, {} producers", kClients));
    cells.emplace_back("100 %");
    table.add(cells);
    table.print();
  }

 private:
  /// Somebody with the role; the lines of the requests they send.
  std::string approver() {
    const std::string email = fmt::format("approver{}@bench.example", ++people_);
    constexpr const char* password = "a-Horse-that-decides-9";
    const auto added = answered(server_.ask(
        "POST", "/api/v1/people",
        fmt::format(R"({{"name":"Approver","email":"{}","password":"{}"}})", email, password)));
    server_.ask("POST", "/api/v1/main/role-assignments",
                fmt::format(R"({{"actor_kind":"person","actor_id":"{}","role":"approver"}})",
                            text_of(added, "id")));
    const auto session =
        answered(server_.ask("POST", "/api/v1/sessions",
                             fmt::format(R"({{"email":"{}","password":"{}"}})", email, password)));
    return "Authorization: Bearer " + text_of(session, "token") +
           "\r\nUser-Agent: bench\r\nContent-Type: application/json\r\n";
  }

  void open_requests(std::size_t count) {
    const std::size_t first = opened_;
    send(count, [](std::size_t n) {
      return std::pair("/api/v1/main/releases",
                       fmt::format(R"({{"application":"payments","version":"1.{}","commits":[],)"
                                   R"("artifacts":[]}})",
                                   n));
    });
    opened_ = first;
    send(count, [](std::size_t n) {
      return std::pair("/api/v1/main/approvals",
                       fmt::format(R"({{"kind":"promotion","id":"payments@1.{}/production",)"
                                   R"("reason":"","fields":{{}}}})",
                                   n));
    });
    read_requests(count);
  }

  /// That many requests of the administrator, by number.
  template <class RequestOf>
  void send(std::size_t count, RequestOf&& request_of) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto [target, body] = request_of(opened_++);
      server_.ask("POST", target, body);
    }
  }

  /// The newest ones, which are those that were opened last.
  void read_requests(std::size_t count) {
    std::string cursor;
    for (std::size_t left = count; left > 0;) {
      const auto page = answered(server_.ask("GET",
                                             "/api/v1/main/approvals?state=pending&limit=200" +
                                                 (cursor.empty() ? "" : "&cursor=" + cursor),
                                             ""));
      for (const auto& item : page.at("items").as_array()) {
        if (left == 0) break;
        waiting_.push_back({text_of(item, "id"), text_of(item.at("subject"), "digest")});
        --left;
      }
      if (left > 0) cursor = text_of(page, "next_cursor");
    }
  }

  /// The first approver decides on all that wait before the second one comes to the same.
  std::string decision() {
    const std::size_t approver = turn_ / kClients % kApprovers;
    const std::size_t block = turn_ / (kClients * kApprovers);
    const std::size_t place = block * kClients + turn_ % kClients;
    ++turn_;
    if (place >= waiting_.size()) broken("too few requests wait; raise kRequestsPerSecond");
    const Waiting& one = waiting_[place];
    return request_text("POST", "/api/v1/main/approvals/" + one.id + "/decisions",
                        approvers_.at(approver) + fmt::format("Idempotency-Key: {}\r\n", turn_),
                        fmt::format(R"({{"choice":"approve","digest":"{}"}})", one.digest));
  }

  ServerProcess server_;
  Scratch scratch_;
  ServerTables tables_;
  RawWriter raw_;
  std::array<std::string, kApprovers> approvers_;
  std::vector<Waiting> waiting_;
  std::size_t opened_ = 0;
  std::size_t turn_ = 0;
  int people_ = 0;
  Series server_series_;
  Series raw_series_;
};

int measure() {
  Decisions decisions;
  for (int round = 0; round < option("HP_BENCH_ROUNDS", 3); ++round) decisions.round();
  decisions.print();
  return 0;
}

}  // namespace
}  // namespace holdpoint::bench

int main() { return holdpoint::bench::measure(); }

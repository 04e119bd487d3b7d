// Audited durable writes over HTTP against the real server, beside SQLite alone writing the
// identical rows (support/raw_writes.hpp). The disk's own syncs per second stand beside both,
// because each commit waits for one.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "support/measure.hpp"
#include "support/raw_writes.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr int kClientsMany = 64;

/// A route that changes something, and the body of its nth request.
struct Route {
  std::string name;
  std::string target;
  std::string type;
  std::string (*body)(std::uint64_t n);
  int status_expected;
};

std::string application_body(std::uint64_t n) {
  return fmt::format(
      R"({{"apiVersion":"holdpoint/v1","kind":"Application","metadata":{{"name":"app-{}"}},)"
      R"("spec":{{"owners":["team:bench"],"criticality":"low"}}}})",
      n);
}

std::string release_body(std::uint64_t n) {
  return fmt::format(R"({{"application":"payments","version":"1.{}","commits":[],"artifacts":[]}})",
                     n);
}

class Comparison {
 public:
  Comparison(const ServerProcess& server, Route route)
      : server_(server),
        route_(std::move(route)),
        tables_(server.database()),
        raw_(scratch_.path() + "/raw.db", tables_.ddl()) {}

  void round(int clients) {
    tables_.mark();
    LoadPlan plan{.port = server_.port(),
                  .connections = clients,
                  .seconds = option("HP_BENCH_SECONDS", 3) * 1.0,
                  .request = [this](std::uint64_t) { return request(++sent_); },
                  .status_expected = route_.status_expected};
    const LoadResult served = run_load(plan);
    RowValues head;
    const auto rows = tables_.take(head);
    syncs_.push_back(syncs_per_second(scratch_.path() + "/sync"));
    const LoadResult raw = raw_.write(rows, head, served.answers, clients);
    server_series_[clients].add(served);
    raw_series_[clients].add(raw);
    rows_per_write_ = 0;
    for (const TableRows& table : rows) {
      rows_per_write_ +=
          static_cast<double>(table.rows.size()) / static_cast<double>(served.answers);
    }
  }

  void print() const {
    Table table(
        "Durable writes: " + route_.name + fmt::format(", {:.1f} rows each", rows_per_write_),
        {"", "writes/s", "p50 ms", "p99 ms", "of raw"});
    for (const auto& [clients, served] : server_series_) {
      const Series& raw = raw_series_.at(clients);
      auto cells = served.cells(fmt::format("server, {} clients", clients));
      cells.push_back(
          fmt::format("{:.0f} %", 100 * median(served.per_second) / median(raw.per_second)));
      table.add(cells);
      cells = raw.cells(fmt::format("raw SQLite, {} producers", clients));
      cells.emplace_back("100 %");
      table.add(cells);
    }
    table.add({"syncs of the disk", number(median(syncs_)), "", "", ""});
    table.print();
  }

 private:
  std::string request(std::uint64_t n) const {
    return request_text("POST", route_.target,
                        fmt::format("{}Content-Type: {}\r\nIdempotency-Key: {}-{}\r\n",
                                    server_.fields(), route_.type, route_.name, n),
                        route_.body(n));
  }

  const ServerProcess& server_;
  const Route route_;
  Scratch scratch_;
  ServerTables tables_;
  RawWriter raw_;
  std::uint64_t sent_ = 0;
  std::map<int, Series> server_series_, raw_series_;
  double rows_per_write_ = 0;
  std::vector<double> syncs_;
};

int measure() {
  const ServerProcess server;
  server.ask("POST", "/api/v1/main/apply",
             R"({"apiVersion":"holdpoint/v1","kind":"Application","metadata":{"name":"payments"},)"
             R"("spec":{"owners":["team:bench"],"criticality":"low"}})",
             "application/yaml");
  std::vector<std::unique_ptr<Comparison>> all;
  all.push_back(std::make_unique<Comparison>(
      server, Route{"apply", "/api/v1/main/apply", "application/yaml", application_body, 200}));
  all.push_back(std::make_unique<Comparison>(
      server, Route{"release", "/api/v1/main/releases", "application/json", release_body, 201}));
  for (int round = 0; round < option("HP_BENCH_ROUNDS", 3); ++round) {
    for (const auto& one : all) {
      for (const int clients : {1, kClientsMany}) one->round(clients);
    }
  }
  for (const auto& one : all) one->print();
  return 0;
}

}  // namespace
}  // namespace holdpoint::bench

int main() { return holdpoint::bench::measure(); }

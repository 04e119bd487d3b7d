// The first page of what auditors ask over HTTP, against the real server whose index of records
// holds a million rows, beside the limit of 100 ms. The rows are put into the table as the server
// would have folded them; what is measured only reads.
#include <fmt/format.h>

#include <sqlite3.h>
#include <array>

#include "support/measure.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr double kLimitMs = 100;
constexpr int kRows = 1'000'000;
constexpr int kApplications = 200;
constexpr std::int64_t kFirstUs = 1'735'689'600'000'000;  // 2025-01-01
constexpr std::int64_t kStepUs = 60'000'000;              // a row a minute: almost two years

struct Question {
  std::string name;
  std::string target;
};

const std::array questions{
    Question{"everything", "records"},
    Question{"scans of a quarter, with reviewers", "records?security=true&period=2026-Q3"},
    Question{"one kind of evidence", "records?evidence=sast"},
    Question{"about one thing", "records?thing=rel_500000"},
    Question{"of a person", "records?person=per_17"},
    Question{"of an application, incidents", "records?application=shop-7&kind=incident"},
    Question{"of a tool that is rare", "records?tool=rare"},
    Question{"what may prove a control", "records?control=pci-dss%2F6.2.4"},
    Question{"nothing, after all it looks at", "records?application=shop-7&tool=nobody"},
    Question{"nothing of a kind that is common",
             "records?kind=evidence&environment=nowhere&period=2026"},
    Question{"controls of a framework", "controls?framework=soc2"},
    Question{"the five questions", "questions?period=2026-Q3"},
};

/// One statement, which MUST succeed.
void run(sqlite3* database, const char* sql) {
  char* error = nullptr;
  if (sqlite3_exec(database, sql, nullptr, nullptr, &error) != SQLITE_OK) {
    broken(std::string("the database refuses: ") + (error == nullptr ? "" : error));
  }
}

class Filling {
 public:
  explicit Filling(const std::string& path) {
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) broken("the database does not open");
    run(database_, "BEGIN IMMEDIATE");
    constexpr const char* sql =
        "INSERT INTO record_index (workspace, seq, part, at, kind, type, thing, application,"
        " version, environment, release, actor_kind, actor, evidence, tool, title, detail)"
        " VALUES ('main', ?1, 0, ?2, ?3, ?4, ?5, ?6, '1.0.0', ?7, ?8, 'person', ?9, ?10, ?11,"
        " 'report', 'complete')";
    if (sqlite3_prepare_v2(database_, sql, -1, &insert_, nullptr) != SQLITE_OK) {
      broken("the index of records has other columns");
    }
  }
  Filling(const Filling&) = delete;
  Filling& operator=(const Filling&) = delete;
  ~Filling() {
    sqlite3_finalize(insert_);
    run(database_, "COMMIT");
    sqlite3_close(database_);
  }

  void add(int n) {
    static const std::array<const char*, 6> evidence{"sast", "sca",     "tests",
                                                     "sbom", "secrets", "coverage"};
    const int release = n / 20;
    const bool is_evidence = n % 20 < 16;
    const bool is_signature = n % 20 == 17;
    const auto index = static_cast<std::size_t>(n) % evidence.size();
    text(3, is_evidence    ? "evidence"
            : is_signature ? "approval"
            : n % 20 == 18 ? "incident"
                           : "deployment");
    text(4, is_evidence    ? "evidence.received"
            : is_signature ? "approval.signed"
                           : "deployment.started");
    text(5, n % 20 == 0 ? fmt::format("rel_{}", n) : fmt::format("thing_{}", n));
    text(6, fmt::format("shop-{}", release % kApplications));
    text(7, n % 20 == 19 ? "production" : "");
    text(8, fmt::format("rel_{}", release * 20));
    text(9, fmt::format("per_{}", n % 500));
    text(10, is_evidence ? evidence[index] : "");
    text(11, !is_evidence ? "" : n % 100'000 == 0 ? "rare" : fmt::format("tool-{}", n % 30));
    sqlite3_bind_int64(insert_, 1, 1'000 + n);
    sqlite3_bind_int64(insert_, 2, kFirstUs + n * kStepUs);
    if (sqlite3_step(insert_) != SQLITE_DONE) broken("a row was refused");
    sqlite3_reset(insert_);
  }

 private:
  void text(int place, const std::string& value) {
    sqlite3_bind_text(insert_, place, value.c_str(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

int measure() {
  const ServerProcess server;
  server.ask("POST", "/api/v1/main/apply",
             R"({"apiVersion":"holdpoint/v1","kind":"Application","metadata":{"name":"shop-7"},)"
             R"("spec":{"owners":["team:bench"],"criticality":"low"}})",
             "application/yaml");
  {
    Filling filling(server.database());
    for (int n = 0; n < kRows; ++n) filling.add(n);
  }
  Table table(fmt::format("First pages over {} records", number(kRows)),
              {"", "p50 ms", "worst ms", "of the limit"});
  const int rounds = option("HP_BENCH_ROUNDS", 3) * 10;
  for (const Question& question : questions) {
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
      const double start = now_s();
      server.ask("GET", "/api/v1/main/" + question.target, "");
      times.push_back((now_s() - start) * 1'000);
    }
    const double worst = quantile(times, 1);
    table.add({question.name, number(median(times)), number(worst),
               fmt::format("{:.0f} %", 100 * worst / kLimitMs)});
  }
  table.add({"limit", number(kLimitMs), number(kLimitMs), "100 %"});
  table.print();
  return 0;
}

}  // namespace
}  // namespace holdpoint::bench

int main() { return holdpoint::bench::measure(); }

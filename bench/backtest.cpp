// Backtests of a policy over HTTP against the real server, which holds ten thousand releases that
// it judged itself, beside reading and parsing the very same facts on as many threads: what a
// backtest cannot do without.
#include <fmt/format.h>

#include <sqlite3.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "support/measure.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr int kClients = 32;
constexpr int kThreads = 2;  // as the server's backtest has
constexpr std::size_t kFindings = 20;
/// Each with an owner of its own: a certification reads the record of its owner's releases.
constexpr std::size_t kApplications = 200;

std::string criteria(int mediums_max) {
  return fmt::format(
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
      "metadata: {{name: baseline, owner: team:bench}}\nspec:\n"
      "  variables: [{{name: open, expression: evidence.sast.open}}]\n"
      "  rules:\n"
      "    - id: tests-passed\n"
      "      require: evidence.tests.total > 0 && evidence.tests.failed == 0\n"
      "      message: Every test passes.\n"
      "    - id: few-findings\n"
      "      require: variables.open.critical == 0 && variables.open.medium <= {}\n"
      "      message: Few findings are open.\n"
      "    - id: tools-named\n"
      "      require: evidence.items.all(i, i.tool != \"nobody\")\n"
      "      message: Every report names its tool.\n",
      mediums_max);
}

std::string junit(std::size_t n) {
  std::string cases;
  for (int i = 0; i < 20; ++i) {
    cases += fmt::format(R"(<testcase classname="suite{}" name="case {}"/>)", n, i);
  }
  if (n % 4 == 0)
    cases += R"(<testcase classname="s" name="bad"><failure message="no"/></testcase>)";
  return fmt::format(R"(<testsuite name="unit" tests="{}" failures="{}">{}</testsuite>)",
                     n % 4 == 0 ? 21 : 20, n % 4 == 0 ? 1 : 0, cases);
}

/// Between none and twenty of the findings are medium ones.
std::string sarif(std::size_t n) {
  std::string results;
  for (std::size_t i = 0; i < kFindings; ++i) {
    results += fmt::format(
        R"({}{{"ruleId":"R{}","level":"{}","message":{{"text":"finding {} of release {}"}},)"
        R"("locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/a{}.cpp"}},)"
        R"("region":{{"startLine":{}}}}}}}]}})",
        i == 0 ? "" : ",", i, i < n % (kFindings + 1) ? "warning" : "note", i, n, i, i + 1);
  }
  return R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"analyser","version":"1"}},)"
         R"("invocations":[{"executionSuccessful":true}],"results":[)" +
         results + "]}]}";
}

void make_release(const ServerProcess& server, std::size_t n) {
  const std::string application = fmt::format("shop-{}", n % kApplications);
  server.ask("POST", "/api/v1/main/releases",
             fmt::format(R"({{"application":"{}","version":"1.{}","artifacts":[{{"name":"image",)"
                         R"("digest":"{}"}}]}})",
                         application, n, sha256(std::to_string(n)).text()));
  const std::string evidence =
      fmt::format("/api/v1/main/releases/{}@1.{}/evidence?name=", application, n);
  server.ask("POST", evidence + "unit.xml", junit(n), "application/xml");
  server.ask("POST", evidence + "code.sarif", sarif(n), "application/sarif+json");
}

void fill(const ServerProcess& server, std::size_t releases) {
  std::string documents = criteria(15);
  for (std::size_t i = 0; i < kApplications; ++i) {
    documents += fmt::format(
        "---\napiVersion: holdpoint/v1\nkind: Application\nmetadata: {{name: shop-{}}}\nspec:\n"
        "  title: Shop\n  owners: [\"team:t{}\"]\n  criticality: high\n",
        i, i);
  }
  server.ask("POST", "/api/v1/main/apply", documents, "application/yaml");
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      for (std::size_t n = next++; n < releases; n = next++) make_release(server, n);
    });
  }
}

/// The files of the facts of every standing certification.
std::vector<std::string> facts_files(const ServerProcess& server) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(server.database().c_str(), &database, SQLITE_OPEN_READONLY, nullptr) !=
      SQLITE_OK) {
    broken("cannot open the server's database");
  }
  sqlite3_stmt* rows = nullptr;
  sqlite3_prepare_v2(database, "SELECT facts_digest FROM certification WHERE superseded_by IS NULL",
                     -1, &rows, nullptr);
  const auto objects =
      std::filesystem::path(server.database()).parent_path() / "objects" / "sha256";
  std::vector<std::string> files;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    const auto* text = static_cast<const char*>(sqlite3_column_blob(rows, 0));
    const std::string hex =
        std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(rows, 0))).substr(7);
    files.push_back(objects / hex.substr(0, 2) / hex.substr(2, 2) / hex);
  }
  sqlite3_finalize(rows);
  sqlite3_close(database);
  return files;
}

struct Limit {
  double seconds = 0;
  std::uint64_t bytes = 0;
};

/// Reads, hashes and parses every file, and does nothing with it.
Limit read_and_parse(const std::vector<std::string>& files) {
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0};
  const double start = now_s();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (std::size_t n = next++; n < files.size(); n = next++) {
          std::ifstream file(files[n], std::ios::binary);
          const std::string text{std::istreambuf_iterator<char>(file), {}};
          keep(sha256(text).bytes[0]);
          const auto facts = parse_json(text);
          if (!facts || !facts->is_object()) broken("facts are no JSON: " + files[n]);
          bytes += text.size();
        }
      });
    }
  }
  return {now_s() - start, bytes};
}

struct Run {
  double seconds = 0;
  double decisions = 0;
  double differences = 0;
};

Run backtest(const ServerProcess& server, int mediums_max) {
  const double start = now_s();
  const Answer answer = server.ask("POST", "/api/v1/main/policies/backtest", criteria(mediums_max),
                                   "application/yaml");
  Run run{now_s() - start, 0, 0};
  const auto value = parse_json(answer.body);
  if (!value) broken("not JSON: " + answer.body);
  const json::object& totals = value->at("totals").as_object();
  run.decisions = totals.at("decisions").to_number<double>();
  run.differences = run.decisions - totals.at("unchanged").to_number<double>();
  if (totals.at("not_replayed").to_number<double>() > 0) broken("not replayed: " + answer.body);
  return run;
}

void measure() {
  const auto releases = static_cast<std::size_t>(option("HP_BENCH_RELEASES", 10'000));
  const int rounds = option("HP_BENCH_ROUNDS", 3);
  const ServerProcess server;
  fill(server, releases);
  const auto files = facts_files(server);
  std::vector<double> few, many, limit;
  Run few_run, many_run;
  Limit read;
  for (int round = 0; round < rounds; ++round) {
    read = read_and_parse(files);
    limit.push_back(read.seconds);
    few_run = backtest(server, 14);
    few.push_back(few_run.seconds);
    many_run = backtest(server, 0);
    many.push_back(many_run.seconds);
  }
  const double count = few_run.decisions;
  if (count != static_cast<double>(files.size())) broken("a release is missing in the backtest");
  Table table(fmt::format("Backtest of {} decisions, facts of {} bytes each", number(count),
                          number(static_cast<double>(read.bytes) / count)),
              {"", "seconds", "decisions/s", "of the limit"});
  const auto add = [&](const std::string& name, const std::vector<double>& seconds) {
    table.add({name, fmt::format("{:.2f}", median(seconds)), number(count / median(seconds)),
               fmt::format("{:.0f} %", 100 * median(limit) / median(seconds))});
  };
  add(fmt::format("backtest, {} differ", number(few_run.differences)), few);
  add(fmt::format("backtest, {} differ", number(many_run.differences)), many);
  add("reading and parsing the facts alone", limit);
  table.print();
}

}  // namespace
}  // namespace holdpoint::bench

int main() {
  holdpoint::bench::measure();
  return 0;
}

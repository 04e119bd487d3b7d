// Report intake: a SARIF report of many megabytes summarised, beside simdjson's own parse
// of the same bytes as the limit and a Boost.JSON document as the naive peer. Memory is the peak of
// a child process that does nothing else, less what holding the report alone takes.
#include <fmt/format.h>
#include <malloc.h>
#include <simdjson.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "base/json.hpp"
#include "base/report_json.hpp"
#include "evidence/intake.hpp"
#include "support/measure.hpp"

namespace holdpoint::bench {
namespace {

/// What scanners write: a rule table and results with a message, a place and fingerprints.
std::string sarif_of(std::size_t bytes_min) {
  std::string text =
      R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[)"
      R"({"tool":{"driver":{"name":"scanner","version":"4.2.0","rules":[)";
  for (int i = 0; i < 200; ++i) {
    text += fmt::format(
        R"({}{{"id":"rule-{}","shortDescription":{{"text":"Short text of rule {}"}},)"
        R"("fullDescription":{{"text":"A longer text that explains what rule {} looks for."}},)"
        R"("properties":{{"security-severity":"{}.{}","tags":["security","cwe-{}"]}}}})",
        i == 0 ? "" : ",", i, i, i, i % 10, i % 7, i % 400);
  }
  text += R"(]}},"results":[)";
  for (std::uint64_t i = 0; text.size() < bytes_min; ++i) {
    text += fmt::format(
        R"({}{{"ruleId":"rule-{}","ruleIndex":{},"level":"{}","message":{{"text":)"
        R"("The value of parameter {} reaches a query without being \"checked\" before."}},)"
        R"("locations":[{{"physicalLocation":{{"artifactLocation":)"
        R"({{"uri":"src/module_{}/file_{}.cpp",)"
        R"("uriBaseId":"%SRCROOT%"}},"region":{{"startLine":{},"startColumn":{},"endLine":{},)"
        R"("endColumn":{},"snippet":{{"text":"  auto row = query(text + value);\n"}}}}}}}}],)"
        R"("partialFingerprints":{{"primaryLocationLineHash":"{:016x}:1"}},)"
        R"("properties":{{"confidence":"high","weight":{}.5}}}})",
        i == 0 ? "" : ",", i % 200, i % 200, i % 3 == 0 ? "error" : "warning", i, i % 97, i % 1009,
        1 + i % 5000, 1 + i % 80, 2 + i % 5000, 9 + i % 80, i * 0x9e3779b97f4a7c15ULL, i % 100);
  }
  return text + "]}]}";
}

using Reader = std::function<void(std::string&&)>;

/// The report as the object store hands it over: with the room behind it that parsers need.
std::string handed_over(const std::string& report) {
  std::string text;
  text.reserve(report.size() + report_json_padding);
  return text.append(report);
}

/// Peak memory of a child that holds the report and runs `read` on it.
double peak_mib(const std::string& report, const Reader& read) {
  const pid_t child = ::fork();
  if (child == 0) {
    read(handed_over(report));
    ::_exit(0);
  }
  rusage use{};
  int status = 0;
  ::wait4(child, &status, 0, &use);
  if (status != 0) broken("the child that measures memory failed");
  return static_cast<double>(use.ru_maxrss) / 1024;
}

struct Way {
  std::string name;
  Reader read;
  std::vector<double> megabytes_per_second{};
  double memory = 0;  // in report sizes
};

std::vector<Way> ways() {
  return {{"summarise",
           [](std::string&& text) {
             const auto summary = evidence::summarise_owned(std::move(text));
             if (summary.status != evidence::ReportStatus::complete) broken("not summarised");
           },
           {}},
          {"simdjson alone (limit)",
           [](std::string&& text) {
             simdjson::dom::parser parser;
             text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
             if (parser.parse(text).error() != simdjson::SUCCESS) broken("not parsed");
           },
           {}},
          {"Boost.JSON document", [](std::string&& text) { keep(json::parse(text).is_object()); }}};
}

void measure(std::size_t megabytes) {
  const std::string report = sarif_of(megabytes * 1'000'000);
  const double size = static_cast<double>(report.size());
  auto all = ways();
  // Before the speed, and trimmed: what this process once freed, a child could use unseen. A child
  // inherits the report; what a way needs is what it takes beyond that, plus the copy it is given.
  ::malloc_trim(0);
  const double idle = peak_mib(report, [](std::string&& text) { keep(text.data()); });
  for (Way& way : all) way.memory = (peak_mib(report, way.read) - idle) * 1048576 / size + 1;
  for (int round = 0; round < option("HP_BENCH_ROUNDS", 3); ++round) {
    for (Way& way : all) {
      std::string copy = handed_over(report);
      const double start = now_s();
      way.read(std::move(copy));
      way.megabytes_per_second.push_back(size / 1e6 / (now_s() - start));
    }
  }
  const double limit = median(all[1].megabytes_per_second);
  Table table(fmt::format("SARIF intake: {:.0f} MB, one core", size / 1e6),
              {"", "MB/s", "of the limit", "memory / report"});
  for (Way& way : all) {
    const double speed = median(way.megabytes_per_second);
    table.add({way.name, number(speed), fmt::format("{:.0f} %", 100 * speed / limit),
               fmt::format("{:.1f} x", way.memory)});
  }
  table.print();
}

}  // namespace
}  // namespace holdpoint::bench

int main() {
  for (const std::size_t megabytes : {25U, 100U}) holdpoint::bench::measure(megabytes);
  return 0;
}

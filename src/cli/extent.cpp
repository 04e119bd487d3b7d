// See extent.hpp.
#include "cli/extent.hpp"

#include <ostream>

#include "cli/fields.hpp"
#include "cli/since.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kRecordsShown = 5;

std::string records_text(const json::object& finding) {
  std::string text;
  const json::array* records = array_at(finding, "records");
  if (records == nullptr || records->empty()) return text;
  std::size_t shown = 0;
  for (const json::value& item : *records) {
    const auto* one = item.if_object();
    if (one == nullptr || shown == kRecordsShown) break;
    ++shown;
    text += (text.empty() ? "" : ", ") + printable(shown_at(*one, "id"));
  }
  const std::int64_t total = integer_at(finding, "records_total").value_or(0);
  const auto rest = total - static_cast<std::int64_t>(shown);
  return rest > 0 ? text + " and " + std::to_string(rest) + " more" : text;
}

}  // namespace

std::vector<Parameter> extent_parameters(ExtentOptions& options) {
  return {
      {"--release", "RELEASE", "Only of this release, APP@VERSION", &options.release},
      {"--application", "NAME", "Only of this application", &options.application},
      {"--period", "PERIOD", "A year, quarter or month in UTC: 2026-Q3", &options.period},
      {"--from", "WHEN", "From then on: a day, an instant, or an age such as 90d", &options.from},
      {"--until", "WHEN", "Until then, written the same", &options.until}};
}

Tried<Query> extent_query(const ExtentOptions& options, Session& session) {
  HP_TRY(const std::string from, since_text(options.from, session));
  HP_TRY(const std::string until, since_text(options.until, session));
  return Query{{"release", options.release},
               {"application", options.application},
               {"period", options.period},
               {"from", from},
               {"until", until}};
}

void show_findings(const json::object& holder, Session& session) {
  const json::array* findings = array_at(holder, "findings");
  if (findings == nullptr) return;
  for (const json::value& item : *findings) {
    const auto* finding = item.if_object();
    if (finding == nullptr) continue;
    const StatusWord word = proof_word(shown_at(*finding, "status"));
    const std::string application = shown_at(*finding, "application");
    session.out() << "  " << session.paint(word.text(), word.tone) << "  "
                  << printable(shown_at(*finding, "proof"))
                  << (application.empty() ? "" : ", " + printable(application)) << '\n'
                  << indented(printable(shown_at(*finding, "sentence")), kIndent);
    if (const std::string records = records_text(*finding); !records.empty()) {
      session.out() << indented("by " + records, kIndent);
    }
    if (const auto strictest = text_at(*finding, "strictest")) {
      session.out() << indented("as " + printable(*strictest) + " asks: within " +
                                    counted(integer_at(*finding, "within_days").value_or(0), "day"),
                                kIndent);
    }
  }
  const auto rest = integer_at(holder, "findings_total").value_or(0) -
                    static_cast<std::int64_t>(findings->size());
  if (rest > 0) session.out() << "  and " << rest << " more\n";
}

}  // namespace holdpoint::cli

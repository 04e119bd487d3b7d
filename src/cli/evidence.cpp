// Sending reports and showing what the server made of them.
#include "cli/evidence.hpp"

#include <array>
#include <initializer_list>
#include <ostream>

#include "cli/fields.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

/// Far above what a release may have; a server that pages for ever is not followed.
constexpr std::size_t evidence_pages_max = 50;

void append(std::string& text, const std::string& piece) {
  if (piece.empty()) return;
  text += (text.empty() ? "" : ", ") + piece;
}

/// The members that are counts and not zero, in the order given.
std::string nonzero(const json::object& counts, std::initializer_list<std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    const std::int64_t count = integer_at(counts, name).value_or(0);
    if (count != 0) append(text, std::string(name) + " " + std::to_string(count));
  }
  return text;
}

std::string tests_text(const json::object& tests) {
  const std::string rest = nonzero(tests, {"failed", "errors", "skipped"});
  return std::to_string(integer_at(tests, "total").value_or(0)) + " tests" +
         (rest.empty() ? "" : " (" + rest + ")");
}

std::string open_text(const json::object& open) {
  const std::string text = nonzero(open, {"critical", "high", "medium", "low", "info", "unknown"});
  return text.empty() ? "no open finding" : text;
}

/// Basis points as a percentage, rounded down.
std::string coverage_text(const json::object& coverage) {
  const auto points = integer_at(coverage, "line_bp");
  return points ? "lines " + std::to_string(*points / 100) + " % covered" : "";
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "100" : std::to_string(part * 100 / whole);
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 3> units{"kB", "MB", "GB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  std::uint64_t scale = 1000;
  std::size_t unit = 0;
  while (unit + 1 < units.size() && bytes / scale >= 1000) {
    scale *= 1000;
    ++unit;
  }
  const std::uint64_t tenths = bytes * 10 / scale;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " +
         std::string(units[unit]);
}

std::string counts_text(const json::object& evidence) {
  const json::object* counts = object_at(evidence, "counts");
  std::string text;
  if (counts == nullptr) return text;
  if (const auto* open = object_at(*counts, "open")) append(text, open_text(*open));
  append(text, nonzero(*counts, {"suppressed"}));
  if (const auto* tests = object_at(*counts, "tests")) append(text, tests_text(*tests));
  if (const auto* coverage = object_at(*counts, "coverage")) append(text, coverage_text(*coverage));
  if (const auto components = integer_at(*counts, "components")) {
    append(text, std::to_string(*components) + " components");
  }
  return text;
}

Tried<Answer> all_evidence(const std::string& release, Session& session) {
  const std::string path = session.in_workspace({"releases", release, "evidence"});
  const std::string where = "GET " + session.server() + "/api/v1" + path;
  json::array items;
  std::string cursor;
  for (std::size_t page = 0; page < evidence_pages_max; ++page) {
    HP_TRY(Answer answer, session.get(path + query_of({{"limit", "200"}, {"cursor", cursor}})));
    const json::array* found = array_at(answer.document, "items");
    if (found == nullptr) return malformed("The answer holds no list.", where);
    items.insert(items.end(), found->begin(), found->end());
    const auto next = text_at(answer.document, "next_cursor");
    if (!next || *next == cursor) {
      Answer whole{answer.status, {{"items", std::move(items)}}, ""};
      whole.text = json::serialize(whole.document);
      return whole;
    }
    cursor = *next;
  }
  return malformed("The list of evidence does not end.", where);
}

std::string evidence_table(const json::array& items, Colour colour) {
  Table table({"EVIDENCE", "FORMAT", "KIND", "STATUS", "COUNTS"});
  for (const json::value& entry : items) {
    const auto* evidence = entry.if_object();
    if (evidence == nullptr) continue;
    std::string result = counts_text(*evidence);
    if (const std::string reason = shown_at(*evidence, "reason"); !reason.empty()) result = reason;
    table.add({{shown_at(*evidence, "name")},
               {shown_at(*evidence, "format")},
               {shown_at(*evidence, "kind")},
               evidence_word(shown_at(*evidence, "status")).cell(),
               {result}});
  }
  return table.empty() ? "No evidence yet.\n" : table.text(colour);
}

Tried<Answer> send_report(const Report& report, Session& session) {
  const std::string path = session.in_workspace({"releases", report.release, "evidence"});
  const std::string name = report.file.filename().string();
  HP_TRY(Answer answer,
         session.upload(path + query_of(report.query), report.file, [&](std::uint64_t sent) {
           session.progress("sending " + name + "  " + percent(sent, report.size) + " % of " +
                            size_text(report.size));
         }));
  session.end_progress();
  const auto stored = Digest::parse(shown_at(answer.document, "digest"));
  if (!stored || *stored != report.digest) {
    return malformed("The server did not store the bytes of the file: digest " +
                         shown_at(answer.document, "digest") + " is not " + report.digest.text() +
                         ".",
                     "POST " + session.server() + "/api/v1" + path);
  }
  return answer;
}

Exit show_evidence(const Answer& answer, Session& session) {
  const json::object& evidence = answer.document;
  const std::string status = shown_at(evidence, "status");
  const StatusWord word = evidence_word(status);
  const bool known = status == "complete" || status == "failed_to_run" || status == "unparsed";
  if (!known) {
    return session.fail(
        malformed("The answer has no status that we know.", "POST evidence").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
  } else {
    session.out() << session.paint(word.text(), word.tone) << "  "
                  << printable(shown_at(evidence, "name")) << "  "
                  << printable(shown_at(evidence, "format")) << " ("
                  << printable(shown_at(evidence, "kind")) << ")\n";
    const std::string counts = counts_text(evidence);
    session.out() << "    " << (counts.empty() ? "nothing counted" : printable(counts)) << "\n    "
                  << printable(shown_at(evidence, "id")) << "  "
                  << printable(shown_at(evidence, "digest")) << '\n';
    if (answer.status == 200) session.out() << "    was already there\n";
  }
  if (status == "complete") return Exit::yes;
  std::string reason = shown_at(evidence, "reason");
  if (reason.empty()) reason = "the server gave no reason";
  session.err() << "error: " << printable(shown_at(evidence, "name")) << " is "
                << std::string(word.word) << ": " << printable(reason) << '\n';
  return Exit::no;
}

}  // namespace holdpoint::cli

// What the evidence commands share: the query that goes with a report, how an answer is judged, and
// how evidence is shown.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {

/// The server refuses larger reports; we say so before sending a gigabyte.
inline constexpr std::uint64_t report_bytes_max = 1'000'000'000;

struct Report {
  std::string release;
  std::filesystem::path file;
  Digest digest;
  std::uint64_t size = 0;
  Query query;  // name, kind, tool, …
};

/// Sends the report with progress. The answer's digest MUST be ours, or it is no answer.
Tried<Answer> send_report(const Report& report, Session& session);

/// Prints format, status and counts, and gives yes only for status complete.
Exit show_evidence(const Answer& answer, Session& session);

/// One line per piece of evidence.
std::string evidence_table(const json::array& items, Colour colour);

/// Every piece of evidence of the release, all pages as one answer with `items`.
Tried<Answer> all_evidence(const std::string& release, Session& session);

/// "critical 1, high 2, 12 tests (failed 1)"; zeroes are left out.
std::string counts_text(const json::object& evidence);

/// "1.4 MB"
std::string size_text(std::uint64_t bytes);

}  // namespace holdpoint::cli

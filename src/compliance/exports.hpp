// What was found, as a file for others (G4): CSV or JSON, and a statement about exactly these bytes
// to be signed, which says what was asked, by whom, and of how much of the ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "compliance/search.hpp"

namespace holdpoint::compliance {

inline constexpr std::size_t export_rows_max = 5'000;
inline constexpr std::size_t export_bytes_max = 2U << 20;
inline constexpr std::string_view export_predicate_type = "https://holdpoint.dev/ns/export/v1";

enum class ExportFormat : std::uint8_t { csv, json };
HP_DESCRIBE_ENUM(ExportFormat, csv, json)

/// A record as it is shown and exported. Names of people are opened when it is made, and kept
/// nowhere; texts are "" where the record says nothing.
struct FoundRecord {
  std::int64_t entry = 0;  // of the ledger
  Instant at;
  RecordKind kind{};
  std::string type;
  std::string id;
  std::string application;
  std::string version;
  std::string environment;
  std::string release;  // id
  std::string person;   // id of whoever or whatever recorded it
  std::string person_name;
  std::string evidence;
  std::string tool;
  std::string title;
  std::string detail;
  std::vector<std::string> reviewers;       // ids of those who signed for the release
  std::vector<std::string> reviewer_names;  // in the same order
};
HP_DESCRIBE(FoundRecord, entry, at, kind, type, id, application, version, environment, release,
            person, person_name, evidence, tool, title, detail, reviewers, reviewer_names)

FoundRecord found_record(const IndexedRecord& record);

/// RFC 4180. A cell that a spreadsheet would run as a formula begins with an apostrophe.
std::string to_csv(const std::vector<FoundRecord>& records);
std::string to_json_lines(const std::vector<FoundRecord>& records);

struct ExportAbout {
  std::string name;          // of the file: "records.csv"
  std::string log;           // origin of the log
  std::int64_t entries = 0;  // of the log when it was made
  Instant made_at;
  std::string made_by;  // id
  std::int64_t rows = 0;
  SearchFilter search;
};

/// The in-toto statement (v1) about the bytes with that digest, canonical JSON.
std::string export_statement(const ExportAbout& about, const Digest& digest);

}  // namespace holdpoint::compliance

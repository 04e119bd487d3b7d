// See exports.hpp.
#include "compliance/exports.hpp"

#include "base/assert.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::compliance {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

std::string cell(std::string_view text) {
  std::string safe;
  const bool is_formula = !text.empty() && std::string_view("=+-@\t\r").contains(text.front());
  if (is_formula) safe = "'";
  safe += text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

FoundRecord found_record(const IndexedRecord& record) {
  return {.entry = record.seq,
          .at = record.at,
          .kind = record.kind,
          .type = record.type,
          .id = record.thing,
          .application = record.application,
          .version = record.version,
          .environment = record.environment,
          .release = record.release,
          .person = record.actor,
          .person_name = "",
          .evidence = record.evidence,
          .tool = record.tool,
          .title = record.title,
          .detail = record.detail,
          .reviewers = {},
          .reviewer_names = {}};
}

std::string to_csv(const std::vector<FoundRecord>& records) {
  std::string out =
      "entry,at,kind,type,id,application,version,environment,release,person,person_name,evidence,"
      "tool,title,detail,reviewers,reviewer_names\r\n";
  for (const FoundRecord& one : records) {
    out += std::to_string(one.entry) + "," + one.at.text();
    const std::string kind(describe::enum_text(one.kind));
    const std::string reviewers = joined(one.reviewers);
    const std::string names = joined(one.reviewer_names);
    for (const std::string* text :
         {&kind, &one.type, &one.id, &one.application, &one.version, &one.environment, &one.release,
          &one.person, &one.person_name, &one.evidence, &one.tool, &one.title, &one.detail,
          &reviewers, &names}) {
      out += "," + cell(*text);
    }
    out += "\r\n";
  }
  return out;
}

std::string to_json_lines(const std::vector<FoundRecord>& records) {
  std::string out = "[";
  for (const FoundRecord& one : records) {
    out += (out.size() == 1 ? "\n" : ",\n") + to_json_text(one);
  }
  return out + "\n]\n";
}

std::string export_statement(const ExportAbout& about, const Digest& digest) {
  const auto search = parse_json(to_json_text(about.search));
  HP_ASSERT(search.has_value(), "CO-5: what is described reads back");
  const json::value statement{
      {"_type", ledger::statement_type},
      {"predicateType", export_predicate_type},
      {"subject", json::array{json::object{{"name", about.name},
                                           {"digest", json::object{{"sha256", digest.hex()}}}}}},
      {"predicate", json::object{{"log", about.log},
                                 {"entries", about.entries},
                                 {"made_at", about.made_at.text()},
                                 {"made_by", about.made_by},
                                 {"rows", about.rows},
                                 {"search", *search}}}};
  const auto text = canonical_json(statement);
  HP_ASSERT(text.has_value(), "CO-6: a statement of texts and integers is canonical");
  return *text;
}

}  // namespace holdpoint::compliance

// holdpoint question answer, search, export: what auditors ask, and the records behind it.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/extent.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"
#include "cli/since.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct AnswerOptions {
  ExtentOptions extent;
  std::string question;
};

struct SearchOptions {
  ExtentOptions extent;
  std::string saved;
  std::string kind;
  std::string evidence;
  bool security = false;
  std::string environment;
  std::string person;
  std::string tool;
  std::string thing;
  std::string control;
  std::string cursor;
  std::string limit;
  std::string format = "csv";
  std::string output;
};

bool is_good(std::string_view status) { return status == "satisfied" || status == "at_risk"; }

void show_answer(const json::object& answer, Session& session) {
  const StatusWord word = control_word(shown_at(answer, "status"));
  session.out() << session.paint(word.text(), word.tone) << "  "
                << printable(shown_at(answer, "asks")) << '\n';
  show_findings(answer, session);
}

void add_records(const json::array& records, Table& table) {
  for (const json::value& item : records) {
    const auto* one = item.if_object();
    if (one == nullptr) continue;
    std::string about = shown_at(*one, "application");
    if (const std::string version = shown_at(*one, "version"); !version.empty()) {
      about += "@" + version;
    }
    const std::string evidence = shown_at(*one, "evidence");
    std::string what = shown_at(*one, "type") + (evidence.empty() ? "" : " " + evidence);
    if (const std::string detail = shown_at(*one, "detail"); !detail.empty()) what += ", " + detail;
    table.add({{instant_at(*one, "at")},
               {what},
               {about},
               {shown_at(*one, "id")},
               {shown_at(*one, "person_name")}});
  }
}

Table records_table() { return Table({"AT", "WHAT", "ABOUT", "ID", "BY"}); }

/// One question: with its records. Exit 1 when something fails or nothing shows it.
Exit answer_one(const AnswerOptions& options, const Query& query, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"questions", options.question}) + query_of(query));
  if (!answer) return session.fail(answer.error());
  const json::object* told = object_at(answer->document, "answer");
  const auto status = told == nullptr ? std::nullopt : text_at(*told, "status");
  if (!status) {
    return session.fail(
        malformed("The answer does not say how it stands.", "GET questions").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return is_good(*status) ? Exit::yes : Exit::no;
  }
  show_answer(*told, session);
  if (const json::array* records = array_at(answer->document, "records")) {
    Table table = records_table();
    add_records(*records, table);
    if (!table.empty()) session.out() << '\n' << table.text(session.colour());
  }
  if (truth_at(answer->document, "has_more").value_or(false)) {
    session.note("There are more records: holdpoint question search finds them.");
  }
  return is_good(*status) ? Exit::yes : Exit::no;
}

Exit answer_questions(const AnswerOptions& options, Session& session) {
  const auto query = extent_query(options.extent, session);
  if (!query) return session.fail(query.error());
  if (!options.question.empty()) return answer_one(options, *query, session);
  const auto answer = session.get(session.in_workspace({"questions"}) + query_of(*query));
  if (!answer) return session.fail(answer.error());
  const json::array* answers = array_at(answer->document, "answers");
  if (answers == nullptr || answers->empty()) {
    return session.fail(malformed("The answer holds no list.", "GET questions").error());
  }
  bool all_good = true;
  for (const json::value& item : *answers) {
    const auto* one = item.if_object();
    all_good = all_good && one != nullptr && is_good(shown_at(*one, "status"));
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return all_good ? Exit::yes : Exit::no;
  }
  for (const json::value& item : *answers) {
    if (const auto* one = item.if_object()) show_answer(*one, session);
  }
  return all_good ? Exit::yes : Exit::no;
}

Exit search(const SearchOptions& options, Session& session) {
  auto query = extent_query(options.extent, session);
  if (!query) return session.fail(query.error());
  for (const auto& [name, value] :
       {std::pair{"saved", options.saved}, std::pair{"kind", options.kind},
        std::pair{"evidence", options.evidence},
        std::pair{"security", std::string(options.security ? "true" : "")},
        std::pair{"environment", options.environment}, std::pair{"person", options.person},
        std::pair{"tool", options.tool}, std::pair{"thing", options.thing},
        std::pair{"control", options.control}, std::pair{"cursor", options.cursor},
        std::pair{"limit", options.limit}}) {
    query->emplace_back(name, value);
  }
  const auto answer = session.get(session.in_workspace({"records"}) + query_of(*query));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET records").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table = records_table();
  add_records(*items, table);
  const auto cursor = text_at(answer->document, "next_cursor");
  if (!table.empty()) {
    session.out() << table.text(session.colour());
  } else {
    session.out() << (cursor ? "No record so far.\n" : "No record.\n");
  }
  if (cursor) session.note("More: add --cursor " + *cursor);
  return Exit::yes;
}

json::array words_of(std::string_view list) {
  json::array words;
  while (!list.empty()) {
    const auto comma = list.find(',');
    words.emplace_back(std::string(list.substr(0, comma)));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return words;
}

Tried<json::object> export_body(const SearchOptions& options, Session& session) {
  json::object body{{"format", options.format}};
  if (!options.saved.empty()) {
    body["saved"] = options.saved;
    return body;
  }
  HP_TRY(const Query extent, extent_query(options.extent, session));
  json::object search;
  for (const auto& [name, value] : extent) {
    if (!value.empty()) search[name] = value;
  }
  for (const auto& [name, value] :
       {std::pair{"environment", options.environment}, std::pair{"person", options.person},
        std::pair{"tool", options.tool}, std::pair{"thing", options.thing},
        std::pair{"control", options.control}}) {
    if (!value.empty()) search[name] = value;
  }
  if (!options.kind.empty()) search["kinds"] = words_of(options.kind);
  if (!options.evidence.empty()) search["evidence"] = words_of(options.evidence);
  if (options.security) search["security"] = true;
  body["search"] = std::move(search);
  return body;
}

Exit export_records(const SearchOptions& options, Session& session) {
  const auto body = export_body(options, session);
  if (!body) return session.fail(body.error());
  const auto answer = session.post(session.in_workspace({"exports"}), *body);
  if (!answer) return session.fail(answer.error());
  const auto content = text_at(answer->document, "content");
  const auto envelope = text_at(answer->document, "envelope");
  const auto digest = text_at(answer->document, "digest");
  if (!content || !envelope || !digest || sha256(*content).text() != *digest) {
    return session.fail(
        malformed("The answer is not the file that its digest names.", "POST exports").error());
  }
  const std::string signature = options.output + ".dsse.json";
  const auto written = write_private_file(options.output, *content);
  if (!written) return session.fail(written.error());
  const auto sealed = write_private_file(signature, *envelope + "\n");
  if (!sealed) return session.fail(sealed.error());
  if (session.format() == Format::json) {
    const json::object told{{"file", options.output},
                            {"signature", signature},
                            {"digest", *digest},
                            {"rows", integer_at(answer->document, "rows").value_or(0)}};
    session.out() << json::serialize(told) << '\n';
    return Exit::yes;
  }
  session.out() << counted(integer_at(answer->document, "rows").value_or(0), "record") << " in "
                << printable(options.output) << ", signed in " << printable(signature) << ".\n";
  return Exit::yes;
}

std::vector<Parameter> search_parameters(SearchOptions& o) {
  std::vector<Parameter> parameters{
      {"--saved", "NAME", "A saved search, instead of what follows", &o.saved},
      {"--kind", "KINDS", "Kinds of records, separated by commas", &o.kind},
      {"--evidence", "KINDS", "Kinds of evidence, separated by commas", &o.evidence},
      {"--security", "", "Evidence of every kind of scan", &o.security},
      {"--env", "NAME", "In this environment", &o.environment},
      {"--person", "ID", "Recorded by whoever has this id", &o.person},
      {"--tool", "NAME", "Made by this tool", &o.tool},
      {"--thing", "ID", "About the thing with this id", &o.thing},
      {"--control", "CONTROL", "That may prove this control, FRAMEWORK/ID", &o.control}};
  for (Parameter& one : extent_parameters(o.extent)) parameters.push_back(std::move(one));
  return parameters;
}

}  // namespace

Command question_answer_command() {
  const auto o = std::make_shared<AnswerOptions>();
  std::vector<Parameter> parameters{
      {"question",
       "QUESTION",
       "One of the five, with its records; all of them without one",
       &o->question,
       Presence::optional,
       {"change_authorisation", "access_governance", "test_validation", "release_certification",
        "monitoring_response"}}};
  for (Parameter& one : extent_parameters(o->extent)) parameters.push_back(std::move(one));
  return {"question answer", "Answer what auditors ask of a release or a period",
          std::move(parameters), [o](Session& session) { return answer_questions(*o, session); }};
}

Command question_search_command() {
  const auto o = std::make_shared<SearchOptions>();
  auto parameters = search_parameters(*o);
  parameters.push_back({"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor});
  parameters.push_back({"--limit", "COUNT", "Records in a page, 1 to 200", &o->limit});
  return {"question search", "Look for records of every kind, the newest first",
          std::move(parameters), [o](Session& session) { return search(*o, session); }};
}

Command question_export_command() {
  const auto o = std::make_shared<SearchOptions>();
  auto parameters = search_parameters(*o);
  parameters.push_back({"-o,--output",
                        "FILE",
                        "Where it is written; the signature beside it",
                        &o->output,
                        Presence::required,
                        {},
                        ValueKind::path});
  parameters.push_back(
      {"--as", "FORMAT", "Of the file (csv)", &o->format, Presence::optional, {"csv", "json"}});
  return {"question export", "Write what a search finds to a file, signed", std::move(parameters),
          [o](Session& session) { return export_records(*o, session); }};
}

}  // namespace holdpoint::cli

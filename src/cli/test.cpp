// holdpoint test create, change, list, show, retire, coverage, failing: test cases, and what their
// runs show of a release.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"
#include "cli/since.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {
namespace {

struct CaseOptions {
  std::string key;
  std::string title;
  std::string suite;
  std::string test_name;
  std::string state;
  std::vector<std::string> requirements;
};

struct ListOptions {
  std::string state;
  std::string cursor;
  int limit = 50;
};

struct FailingOptions {
  int runs = 10;
  int failed = 2;
  std::string application;
  std::string since = "90d";
};

std::string line_of(std::string_view label, const std::string& text) {
  if (text.empty()) return "";
  std::string padded(label);
  padded.resize(14, ' ');
  return "  " + padded + printable(text) + "\n";
}

std::string percent(const json::object& holder, std::string_view member) {
  const auto bp = integer_at(holder, member);
  if (!bp) return "none";
  return std::to_string(*bp / 100) + "." + std::to_string(*bp % 100 / 10) +
         std::to_string(*bp % 10) + " %";
}

Exit show_case(const Tried<Answer>& answer, Session& session) {
  if (!answer) return session.fail(answer.error());
  const json::object* item = object_at(answer->document, "test_case");
  if (item == nullptr) {
    return session.fail(malformed("The answer holds no test case.", "test-cases").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  std::string text =
      printable(shown_at(*item, "name")) + "  " + printable(shown_at(*item, "state")) + "  " +
      printable(shown_at(*item, "title")) + "\n" + line_of("id", shown_at(*item, "id"));
  if (const auto name = text_at(*item, "test_name")) {
    const std::string suite = shown_at(*item, "suite");
    text += line_of("in reports", suite.empty() ? *name : suite + "." + *name);
  }
  if (const json::array* requirements = array_at(answer->document, "requirements")) {
    for (const json::value& entry : *requirements) {
      const auto* one = entry.if_object();
      if (one == nullptr) continue;
      text += line_of("validates", shown_at(*one, "key") + " " + shown_at(*one, "title"));
    }
  }
  session.out() << text;
  return Exit::yes;
}

json::object body_of(const CaseOptions& options) {
  json::object body;
  const auto add = [&](const char* member, const std::string& value) {
    if (!value.empty()) body[member] = value;
  };
  add("title", options.title);
  add("suite", options.suite);
  add("test_name", options.test_name);
  add("state", options.state);
  if (!options.requirements.empty()) {
    body["requirements"] = json::array(options.requirements.begin(), options.requirements.end());
  }
  return body;
}

Exit create(const CaseOptions& options, Session& session) {
  json::object body = body_of(options);
  body["key"] = options.key;
  return show_case(session.post(session.in_workspace({"test-cases"}), body), session);
}

Exit change(const CaseOptions& options, Session& session) {
  return show_case(
      session.post(session.in_workspace({"test-cases", options.key, "changes"}), body_of(options)),
      session);
}

Exit list(const ListOptions& options, Session& session) {
  return list_rows(
      session,
      session.in_workspace({"test-cases"}) + query_of({{"state", options.state},
                                                       {"limit", std::to_string(options.limit)},
                                                       {"cursor", options.cursor}}),
      {"KEY", "STATE", "IN REPORTS", "TITLE"}, "No test case.\n",
      [&](const json::object& item) -> std::vector<Cell> {
        return {{shown_at(item, "name")},
                {shown_at(item, "state")},
                {shown_at(item, "test_name")},
                {shown_at(item, "title")}};
      });
}

/// passed is good, and nothing else is.
Cell shown_cell(const std::string& word) {
  if (word == "passed") return {"✓ passed", Tone::good};
  if (word == "failed") return {"✗ failed", Tone::bad};
  if (word == "blocked") return {"! blocked", Tone::attention};
  if (word == "not_run") return {"? not run", Tone::attention};
  if (word == "no_test") return {"? no test", Tone::attention};
  return {"? not evaluated", Tone::attention};
}

std::string unfollowed_text(const json::object& coverage) {
  std::string text;
  if (const json::array* tests = array_at(coverage, "unfollowed")) {
    for (const json::value& entry : *tests) {
      const auto* test = entry.if_object();
      if (test == nullptr) continue;
      text += indented(printable(shown_at(*test, "outcome")) +
                           " without a follow-up: " + printable(shown_at(*test, "name")),
                       2);
    }
  }
  return text;
}

/// What the figures do not say.
void note_limits(const json::object& coverage, Session& session) {
  const auto note = [&](std::string_view member, const std::string& sentence) {
    const auto count = integer_at(coverage, member).value_or(0);
    if (count > 0) session.note(std::to_string(count) + sentence);
  };
  note("failing_unmatched", " failing cases belong to no test case and no requirement.");
  note("reports_incomplete", " reports do not list all of their cases.");
  note("requirements_cut", " more requirements are not listed.");
  note("unfollowed_cut", " more tests without a follow-up are not listed.");
}

Exit coverage(const std::string& reference, Session& session) {
  const auto release = checked_release_ref(reference);
  if (!release) return session.fail(release.error());
  const auto answer = session.get(session.in_workspace({"releases", *release, "test-coverage"}));
  if (!answer) return session.fail(answer.error());
  const json::object& document = answer->document;
  const json::object* counts = object_at(document, "counts");
  const json::array* requirements = array_at(document, "requirements");
  const json::array* unfollowed = array_at(document, "unfollowed");
  const auto all = counts == nullptr ? std::nullopt : integer_at(*counts, "requirements");
  const auto passed = counts == nullptr ? std::nullopt : integer_at(*counts, "passed");
  if (requirements == nullptr || unfollowed == nullptr || !all || !passed) {
    return session.fail(malformed("The answer holds no coverage.", "GET test-coverage").error());
  }
  const auto left = [&](std::string_view member) {
    return integer_at(document, member).value_or(1) == 0;
  };
  const bool is_whole = *all == *passed && unfollowed->empty() && left("requirements_cut") &&
                        left("failing_unmatched") && left("reports_incomplete");
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return is_whole ? Exit::yes : Exit::no;
  }
  Table table({"REQUIREMENT", "SHOWN", "TITLE"});
  for (const json::value& entry : *requirements) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    table.add(
        {{shown_at(*one, "key")}, shown_cell(shown_at(*one, "shown")), {shown_at(*one, "title")}});
  }
  session.out() << (table.empty() ? "No requirement.\n" : table.text(session.colour()))
                << indented("covered " + percent(document, "covered_bp") + ", shown " +
                                percent(document, "shown_bp") + "; tests that passed " +
                                percent(document, "pass_rate_bp"),
                            2)
                << unfollowed_text(document);
  note_limits(document, session);
  return is_whole ? Exit::yes : Exit::no;
}

Exit failing(const FailingOptions& options, Session& session) {
  const auto since = since_text(options.since, session);
  if (!since) return session.fail(since.error());
  const auto answer = session.get(session.in_workspace({"failing-tests"}) +
                                  query_of({{"runs", std::to_string(options.runs)},
                                            {"failed", std::to_string(options.failed)},
                                            {"application", options.application},
                                            {"since", *since}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET failing-tests").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"FAILED", "APPLICATION", "LAST", "TEST"});
  for (const json::value& entry : *items) {
    const auto* test = entry.if_object();
    if (test == nullptr) continue;
    table.add({{std::to_string(integer_at(*test, "failed").value_or(0)) + " of " +
                std::to_string(integer_at(*test, "runs").value_or(0))},
               {shown_at(*test, "application")},
               {instant_at(*test, "last_at")},
               {shown_at(*test, "name")}});
  }
  session.out() << (table.empty() ? "No test fails again and again.\n"
                                  : table.text(session.colour()));
  return Exit::yes;
}

std::vector<Parameter> case_parameters(const std::shared_ptr<CaseOptions>& o) {
  return {{"--requirement", "ITEM", "A requirement it validates; repeatable", &o->requirements},
          {"--name", "NAME", "The name of the case in reports", &o->test_name},
          {"--suite", "NAME", "Its class or suite there (any)", &o->suite}};
}

}  // namespace

Command test_create_command() {
  const auto o = std::make_shared<CaseOptions>();
  Command command{
      "test create",
      "Declare a test case",
      {{"key", "KEY", "How people and reports call it", &o->key, Presence::required},
       {"--title", "TEXT", "What it shows, in one line", &o->title, Presence::required}},
      [o](Session& session) { return create(*o, session); }};
  for (auto& parameter : case_parameters(o)) command.parameters.push_back(std::move(parameter));
  return command;
}

Command test_change_command() {
  const auto o = std::make_shared<CaseOptions>();
  Command command{"test change",
                  "Change a test case",
                  {{"test", "TEST", "Its key or id", &o->key, Presence::required},
                   {"--title", "TEXT", "What it shows, in one line", &o->title},
                   {"--state",
                    "STATE",
                    "Whether it is in use",
                    &o->state,
                    Presence::optional,
                    {"active", "retired"}}},
                  [o](Session& session) { return change(*o, session); }};
  for (auto& parameter : case_parameters(o)) command.parameters.push_back(std::move(parameter));
  return command;
}

Command test_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"test list",
          "List test cases by key",
          {{"--state",
            "STATE",
            "Only those in this state",
            &o->state,
            Presence::optional,
            {"active", "retired"}},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command test_show_command() {
  const auto key = std::make_shared<std::string>();
  return {"test show",
          "Show a test case with its requirements",
          {{"test", "TEST", "Its key or id", key.get(), Presence::required}},
          [key](Session& session) {
            return show_case(session.get(session.in_workspace({"test-cases", *key})), session);
          }};
}

Command test_retire_command() {
  const auto o = std::make_shared<CaseOptions>();
  return {"test retire",
          "Take a test case out of use",
          {{"test", "TEST", "Its key or id", &o->key, Presence::required}},
          [o](Session& session) {
            o->state = "retired";
            return change(*o, session);
          }};
}

Command test_coverage_command() {
  const auto release = std::make_shared<std::string>();
  return {"test coverage",
          "Show what the tests of a release show of its requirements",
          {{"release", "APP@VERSION", "The release", release.get(), Presence::required}},
          [release](Session& session) { return coverage(*release, session); }};
}

Command test_failing_command() {
  const auto o = std::make_shared<FailingOptions>();
  return {"test failing",
          "List tests that failed in several of their last runs",
          {{"--runs", "COUNT", "How many last runs of each test count (10)", &o->runs},
           {"--failed", "COUNT", "In how many of these it failed at least (2)", &o->failed},
           {"--application", "NAME", "Only tests of its releases", &o->application},
           {"--since", "TIME", "Runs from then on: an instant, a day, or 90d (90d)", &o->since}},
          [o](Session& session) { return failing(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint policy revisions: every bundle that is or was in force, the newest first.
#include <map>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/policy_text.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string cursor;
  int limit = 50;
};

/// Each change by its name while they are few, and otherwise how many of what: "created 2
/// GatePolicy".
std::string changes_text(const json::object& revision) {
  constexpr std::size_t named_max = 3;
  const json::array* changes = array_at(revision, "changes");
  if (changes == nullptr || changes->size() <= named_max) return policy_changes_text(revision);
  std::map<std::string, std::map<std::string, int>> counts;
  for (const json::value& entry : *changes) {
    const auto* change = entry.if_object();
    if (change != nullptr) ++counts[shown_at(*change, "change")][shown_at(*change, "kind")];
  }
  std::string text;
  for (const auto& [what, kinds] : counts) {
    std::string list;
    for (const auto& [kind, count] : kinds) {
      list += (list.empty() ? " " : ", ") + std::to_string(count) + " " + kind;
    }
    text += (text.empty() ? "" : "; ") + what + list;
  }
  return printable(text);
}

Exit list(const Options& options, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"policy-revisions"}) +
                  query_of({{"limit", std::to_string(options.limit)}, {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET policy-revisions").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"REVISION", "ACTIVATED", "BUNDLE", "CHANGES"});
  for (const json::value& entry : *items) {
    const auto* revision = entry.if_object();
    if (revision == nullptr) continue;
    std::string changes = changes_text(*revision);
    if (const auto back = integer_at(*revision, "rolls_back_to")) {
      changes = "back to " + std::to_string(*back) + ": " + changes;
    }
    table.add({{std::to_string(integer_at(*revision, "revision").value_or(0))},
               {instant_at(*revision, "activated_at")},
               {shown_at(*revision, "digest").substr(0, 19), Tone::faint},
               {changes}});
  }
  session.out() << (table.empty() ? "No revision yet.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

}  // namespace

Command policy_revisions_command() {
  const auto o = std::make_shared<Options>();
  return {"policy revisions",
          "List the revisions of the policies, newest first",
          {{"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint policy list: what is in force, of every kind, and what is to be reviewed.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string kind;
  bool past_due = false;
};

Cell mode_cell(const json::object& policy) {
  const std::string mode = shown_at(policy, "mode");
  if (truth_at(policy, "acted_on") != true) return {mode + ", kept only", Tone::faint};
  return {mode, mode == "enforce" ? Tone::plain : Tone::faint};
}

Cell review_cell(const json::object& policy) {
  const std::string review = shown_at(policy, "review_by");
  if (review.empty()) return {"–", Tone::faint};
  if (truth_at(policy, "review_past_due") == true) return {review + " past due", Tone::attention};
  return {review};
}

Exit list(const Options& options, Session& session) {
  const auto answer = session.get(
      session.in_workspace({"policies"}) +
      query_of({{"kind", options.kind}, {"review", options.past_due ? "past_due" : ""}}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET policies").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"KIND", "NAME", "MODE", "OWNER", "REVISION", "REVIEW"});
  for (const json::value& entry : *items) {
    const auto* policy = entry.if_object();
    if (policy == nullptr) continue;
    table.add({{shown_at(*policy, "kind")},
               {shown_at(*policy, "name")},
               mode_cell(*policy),
               {shown_at(*policy, "owner")},
               {std::to_string(integer_at(*policy, "revision").value_or(0))},
               review_cell(*policy)});
  }
  session.out() << (table.empty() ? "No policy.\n" : table.text(session.colour()));
  return Exit::yes;
}

}  // namespace

Command policy_list_command() {
  const auto o = std::make_shared<Options>();
  return {"policy list",
          "List the policies in force",
          {{"--kind", "KIND", "Only of this kind, such as GatePolicy", &o->kind},
           {"--past-due", "", "Only those whose review is past due", &o->past_due}},
          [o](Session& session) { return list(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint approvals feedback, friction: what got in the way of deciding, and how often that is
// said of each policy.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"
#include "cli/since.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {
namespace {

struct FeedbackOptions {
  std::string id;
  std::string category;
  std::string policy;
  std::string note;
};

struct FrictionOptions {
  std::string policy;
  std::string since;
};

Exit feedback(const FeedbackOptions& options, Session& session) {
  json::object body{{"category", options.category}};
  if (!options.policy.empty()) body["policy"] = options.policy;
  if (!options.note.empty()) body["note"] = options.note;
  const auto answer =
      session.post(session.in_workspace({"approvals", options.id, "feedback"}), body);
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << "Noted of the policy " << printable(shown_at(answer->document, "policy"))
                  << ".\n";
  }
  return Exit::yes;
}

std::string count_of(const json::object& row, std::string_view name) {
  return std::to_string(integer_at(row, name).value_or(0));
}

std::string categories_of(const json::object& row) {
  std::string text;
  const json::object* categories = object_at(row, "categories");
  if (categories == nullptr) return text;
  for (const auto& [name, count] : *categories) {
    if (!count.is_int64()) continue;
    text += (text.empty() ? "" : ", ") + printable(view(name)) + " " +
            std::to_string(count.get_int64());
  }
  return text;
}

Exit friction(const FrictionOptions& options, Session& session) {
  const auto from = since_text(options.since, session);
  if (!from) return session.fail(from.error());
  const auto answer = session.get(session.in_workspace({"approvals", "friction"}) +
                                  query_of({{"policy", options.policy}, {"from", *from}}));
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const json::array* policies = array_at(answer->document, "policies");
  if (policies == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET approvals/friction").error());
  }
  Table table({"POLICY", "REQUESTS", "OF THEM", "SAID", "WHAT"});
  for (const json::value& item : *policies) {
    const auto* row = item.if_object();
    if (row == nullptr) continue;
    table.add({{shown_at(*row, "policy")},
               {count_of(*row, "requests")},
               {count_of(*row, "reported_requests")},
               {count_of(*row, "reports")},
               {categories_of(*row)}});
  }
  session.out() << (table.empty() ? "No request yet.\n" : table.text(session.colour()));
  const json::array* latest = array_at(answer->document, "latest");
  if (latest == nullptr) return Exit::yes;
  for (const json::value& item : *latest) {
    const auto* one = item.if_object();
    if (one == nullptr) continue;
    const std::string note = shown_at(*one, "note");
    session.out() << instant_at(*one, "at") << "  " << printable(shown_at(*one, "policy")) << "  "
                  << printable(shown_at(*one, "category")) << "  "
                  << printable(shown_at(*one, "name")) << " ("
                  << printable(shown_at(*one, "person")) << "), "
                  << printable(shown_at(*one, "request"))
                  << (note.empty() ? "" : ": " + printable(note)) << '\n';
  }
  return Exit::yes;
}

}  // namespace

Command approvals_feedback_command() {
  const auto o = std::make_shared<FeedbackOptions>();
  return {
      "approvals feedback",
      "Say what got in the way of deciding on a request",
      {{"id", "ID", "The request's id", &o->id, Presence::required},
       {"--category",
        "CATEGORY",
        "What it was",
        &o->category,
        Presence::required,
        {"false_positive", "too_many_signatures", "wrong_people", "too_slow", "unclear", "other"}},
       {"--policy", "NAME", "Of which policy, when several asked", &o->policy},
       {"--note", "TEXT", "In your words; kept so that it can be erased", &o->note}},
      [o](Session& session) { return feedback(*o, session); }};
}

Command approvals_friction_command() {
  const auto o = std::make_shared<FrictionOptions>();
  return {"approvals friction",
          "Show what approvers say gets in the way, for each policy",
          {{"--policy", "NAME", "Only of this policy", &o->policy},
           {"--since", "WHEN", "Only from then on: a day, an instant, or an age such as 90d",
            &o->since}},
          [o](Session& session) { return friction(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint emergency declare, endorse, review, reviews, report: changes that cannot wait, who
// stands for them, and looking back at them.
#include <memory>
#include <ostream>

#include "cli/change_text.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/incident_text.hpp"
#include "cli/stated_change.hpp"

namespace holdpoint::cli {
namespace {

struct EndorseOptions {
  std::string id;
  std::string digest;
  std::string reason;
};

struct ReviewOptions {
  std::string id;
  std::string findings;
};

/// Written and submitted in one go; what cannot be submitted stays a draft and is named.
Exit declare(StatedChange& stated, Session& session) {
  stated.type = "emergency";
  const auto body = stated_change(stated);
  if (!body) return session.fail(body.error());
  const auto made = session.post(session.in_workspace({"changes"}), *body);
  if (!made) return session.fail(made.error());
  const json::object* change = object_at(made->document, "change");
  const auto id = change != nullptr ? text_at(*change, "id") : std::nullopt;
  if (!id) return session.fail(malformed("The answer names none.", "POST changes").error());
  const auto answer =
      session.post(session.in_workspace({"changes", *id, "submission"}), json::object{});
  if (!answer) {
    session.note("The change is a draft: " + *id);
    return session.fail(answer.error());
  }
  return show_change(*answer, session);
}

/// The digest that was named, or that of the change as it is shown.
Tried<std::string> digest_of(const EndorseOptions& options, Session& session) {
  if (!options.digest.empty()) return options.digest;
  HP_TRY(const Answer answer, session.get(session.in_workspace({"changes", options.id})));
  const auto digest = text_at(answer.document, "digest");
  if (!digest) return malformed("The answer names no content.", "GET changes");
  return *digest;
}

Exit endorse(const EndorseOptions& options, Session& session) {
  const auto digest = digest_of(options, session);
  if (!digest) return session.fail(digest.error());
  const auto answer = session.post(session.in_workspace({"changes", options.id, "endorsement"}),
                                   json::object{{"digest", *digest}, {"reason", options.reason}});
  return answer ? show_change(*answer, session) : session.fail(answer.error());
}

Exit review(const ReviewOptions& options, Session& session) {
  const auto answer = session.post(session.in_workspace({"changes", options.id, "review"}),
                                   json::object{{"findings", options.findings}});
  return answer ? show_change(*answer, session) : session.fail(answer.error());
}

Exit reviews(Session& session) {
  const auto answer = session.get(session.in_workspace({"emergency-reviews"}));
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET emergency-reviews").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"CHANGE", "DUE", "OVERDUE", "APPLICATIONS", "TITLE"});
  for (const json::value& entry : *items) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    const bool late = truth_at(*one, "overdue").value_or(true);
    table.add({{shown_at(*one, "id")},
               {instant_at(*one, "due")},
               {late ? "yes" : "no", late ? Tone::bad : Tone::plain},
               {names_text(*one, "applications", "none")},
               {shown_at(*one, "title")}});
  }
  session.out() << (table.empty() ? "Nothing to look back at.\n" : table.text(session.colour()));
  return Exit::yes;
}

/// How the limits of ways stand; nothing when none has one.
std::string limits_text(const Answer& answer, Session& session) {
  const json::array* limits = array_at(answer.document, "limits");
  if (limits == nullptr || limits->empty()) return "";
  Table table({"WAY", "LIMIT", "WITHIN", "EMERGENCIES", "NEXT FROM"});
  for (const json::value& entry : *limits) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    const bool is_reached = one->contains("next_at");
    table.add({{shown_at(*one, "path")},
               {std::to_string(integer_at(*one, "limit").value_or(0))},
               {shown_at(*one, "within")},
               {std::to_string(integer_at(*one, "emergencies").value_or(0)),
                is_reached ? Tone::bad : Tone::plain},
               {is_reached ? instant_at(*one, "next_at") : "now"}});
  }
  return "\n" + table.text(session.colour());
}

Exit report(const std::string& within, Session& session) {
  const auto answer =
      session.get(session.in_workspace({"emergency-report"}) + query_of({{"within", within}}));
  if (!answer) return session.fail(answer.error());
  const json::array* counts = array_at(answer->document, "counts");
  if (counts == nullptr) {
    return session.fail(malformed("The answer holds no counts.", "GET emergency-report").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  Table table({"MONTH", "APPLICATION", "EMERGENCIES", "CHANGES", "SHARE"});
  constexpr std::int64_t percent_bp = 100;
  for (const json::value& entry : *counts) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    table.add({{shown_at(*one, "month")},
               {shown_at(*one, "application")},
               {std::to_string(integer_at(*one, "emergencies").value_or(0))},
               {std::to_string(integer_at(*one, "changes").value_or(0))},
               {std::to_string(integer_at(*one, "share_bp").value_or(0) / percent_bp) + " %"}});
  }
  session.out() << (table.empty() ? "No change was submitted.\n" : table.text(session.colour()))
                << limits_text(*answer, session);
  return Exit::yes;
}

}  // namespace

Command emergency_declare_command() {
  const auto o = std::make_shared<StatedChange>();
  return {"emergency declare",
          "Write and submit an emergency change, where that was declared for you",
          emergency_parameters(*o), [o](Session& session) { return declare(*o, session); }};
}

Command emergency_endorse_command() {
  const auto o = std::make_shared<EndorseOptions>();
  return {
      "emergency endorse",
      "Stand for an emergency of somebody else, as its way names you",
      {{"change", "CHANGE", "Its id", &o->id, Presence::required},
       {"--digest", "DIGEST", "Of the content that you looked at (the present one)", &o->digest},
       {"--reason", "TEXT", "Why it cannot wait", &o->reason, Presence::required}},
      [o](Session& session) { return endorse(*o, session); }};
}

Command emergency_review_command() {
  const auto o = std::make_shared<ReviewOptions>();
  return {"emergency review",
          "Look back at an emergency of somebody else",
          {{"change", "CHANGE", "Its id", &o->id, Presence::required},
           {"--findings", "TEXT", "What was found; kept sealed", &o->findings, Presence::required}},
          [o](Session& session) { return review(*o, session); }};
}

Command emergency_reviews_command() {
  return {"emergency reviews",
          "List the emergencies to look back at, the first due first",
          {},
          [](Session& session) { return reviews(session); }};
}

Command emergency_report_command() {
  const auto within = std::make_shared<std::string>();
  return {"emergency report",
          "Count emergencies by application and month, with their share of all changes",
          {{"--within", "DURATION", "How far to look back (365d)", within.get()}},
          [within](Session& session) { return report(*within, session); }};
}

}  // namespace holdpoint::cli

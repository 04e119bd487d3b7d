// holdpoint approvals segregation: who did what in which role, for an auditor, to read or to print.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/people.hpp"
#include "cli/session.hpp"
#include "cli/since.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string release;
  std::string since;
  std::string until;
};

void print_act(const json::object& statement, const json::object& act, std::string& text) {
  std::string line = printable(shown_at(act, "role")) + ": " +
                     named(statement, shown_at(act, "actor")) + " " +
                     printable(shown_at(act, "words"));
  const std::string seat = shown_at(act, "seat");
  if (!seat.empty()) line += ", in the place of " + named(statement, seat);
  const std::string at = instant_at(act, "at");
  if (!at.empty()) line += ", " + at;
  if (const json::array* owners = array_at(act, "answer_for")) {
    for (const json::value& owner : *owners) {
      if (owner.is_string()) {
        line += ", for whom answers " + named(statement, std::string(view(owner.get_string())));
      }
    }
  }
  text += indented(line, 2);
}

/// ": frozen, approval_missing" of a start that the gate refused.
std::string reasons_text(const json::object& refused) {
  std::string text;
  if (const json::array* reasons = array_at(refused, "reasons")) {
    for (const json::value& one : *reasons) {
      if (!one.is_string()) continue;
      text += (text.empty() ? ": " : ", ") + printable(view(one.get_string()));
    }
  }
  return text;
}

void print_subject(const json::object& statement, const json::object& subject, std::string& text) {
  text += "\n" + printable(shown_at(subject, "title"));
  const std::string request = shown_at(subject, "request");
  if (!request.empty()) {
    text += ", request " + printable(request) + ", " + printable(shown_at(subject, "state"));
  }
  text += "\n";
  const auto each = [&](std::string_view list, auto&& print) {
    const json::array* items = array_at(subject, list);
    if (items == nullptr) return;
    for (const json::value& item : *items) {
      if (const auto* one = item.if_object()) print(*one);
    }
  };
  each("acts", [&](const json::object& act) { print_act(statement, act, text); });
  each("refused", [&](const json::object& one) {
    text += indented("refused: " + named(statement, shown_at(one, "actor")) + ", " +
                         printable(shown_at(one, "code")) + reasons_text(one) + ", " +
                         instant_at(one, "at"),
                     2);
  });
  each("conflicts", [&](const json::object& one) {
    text +=
        indented("! " + named(statement, shown_at(one, "person")) + " was both " +
                     printable(shown_at(one, "role")) + " and " + printable(shown_at(one, "other")),
                 2);
  });
  const json::array* unknown = array_at(subject, "unknown_people");
  if (unknown != nullptr && !unknown->empty()) {
    text += indented("! the content names people who are not known here", 2);
  }
}

Exit segregation(const Options& options, Session& session) {
  if (options.release.empty() == options.since.empty()) {
    return session.fail(wrong_use("Say either a release or a period.", "--since",
                                  "holdpoint approvals segregation APP@VERSION")
                            .error());
  }
  const auto from = since_text(options.since, session);
  if (!from) return session.fail(from.error());
  const auto until = since_text(options.until, session);
  if (!until) return session.fail(until.error());
  const auto answer =
      session.get(session.in_workspace({"approvals", "segregation"}) +
                  query_of({{"release", options.release}, {"from", *from}, {"until", *until}}));
  if (!answer) return session.fail(answer.error());
  const json::object& statement = answer->document;
  const auto is_apart = truth_at(statement, "is_apart");
  const auto is_complete = truth_at(statement, "is_complete");
  if (!is_apart || !is_complete) {
    return session.fail(
        malformed("The answer does not say whether it is complete.", "GET approvals/segregation")
            .error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    std::string text = "Statement of segregation of duties\n";
    text += "Workspace " + printable(shown_at(statement, "workspace")) + ", made " +
            instant_at(statement, "made_at") + ", from " +
            std::to_string(integer_at(statement, "entries").value_or(0)) +
            " entries of its ledger\n";
    const std::string release = shown_at(statement, "release");
    text += release.empty() ? "From " + instant_at(statement, "from") + " until " +
                                  instant_at(statement, "until") + "\n"
                            : "Release " + printable(release) + "\n";
    if (const json::array* subjects = array_at(statement, "subjects")) {
      for (const json::value& item : *subjects) {
        if (const auto* subject = item.if_object()) print_subject(statement, *subject, text);
      }
    }
    text += *is_apart ? "\nNobody acted in two roles that have to be apart.\n"
                      : "\n! Somebody acted in two roles that have to be apart.\n";
    if (!*is_complete) text += "! There is more than one statement holds: take a shorter period.\n";
    session.out() << text;
  }
  return *is_apart && *is_complete ? Exit::yes : Exit::no;
}

}  // namespace

Command approvals_segregation_command() {
  const auto o = std::make_shared<Options>();
  return {"approvals segregation",
          "Print who did what in which role, for a release or a period; exit 1 when not apart",
          {{"release", "APP@VERSION", "The release; otherwise --since", &o->release},
           {"--since", "WHEN", "The begin of the period: a day, an instant, or an age such as 90d",
            &o->since},
           {"--until", "WHEN", "Its end, in the same form; now without it", &o->until}},
          [o](Session& session) { return segregation(*o, session); }};
}

}  // namespace holdpoint::cli

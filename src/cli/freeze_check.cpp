// holdpoint freeze check: whether a freeze holds for an application in an environment, now or at
// another time. Exit 1 while one does, so that a pipeline can stop before it builds.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string application;
  std::string environment;
  std::string at;
};

void show(const Options& options, const json::object& document, const json::array& freezes,
          Session& session) {
  const std::string where = options.application + " in " + options.environment;
  if (freezes.empty()) {
    session.out() << "✓ " << where << " is not frozen.\n";
    if (const std::string next = instant_at(document, "changes_at"); !next.empty()) {
      session.out() << indented("The next freeze begins at " + next, 2);
    }
    return;
  }
  session.out() << "✗ " << where << " is frozen.\n";
  for (const json::value& entry : freezes) {
    const auto* freeze = entry.if_object();
    if (freeze == nullptr) continue;
    const std::string until = instant_at(*freeze, "until");
    session.out() << indented("• " + printable(shown_at(*freeze, "name")) +
                                  (until.empty() ? "" : " until " + until) + ": " +
                                  printable(shown_at(*freeze, "reason")),
                              2);
  }
  const std::string free_from = instant_at(document, "free_from");
  session.out() << indented(
      free_from.empty() ? "No end of it is known." : "Free again from " + free_from, 2);
}

Exit check(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"freeze-check"}) +
                                  query_of({{"application", options.application},
                                            {"environment", options.environment},
                                            {"at", options.at}}));
  if (!answer) return session.fail(answer.error());
  const auto frozen = truth_at(answer->document, "frozen");
  const json::array* freezes = array_at(answer->document, "freezes");
  // Only an answer that says the same twice is believed.
  if (!frozen || freezes == nullptr || *frozen == freezes->empty()) {
    return session.fail(
        malformed("The answer does not say whether it is frozen.", "GET freeze-check").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    show(options, answer->document, *freezes, session);
  }
  return *frozen ? Exit::no : Exit::yes;
}

}  // namespace

Command freeze_check_command() {
  const auto o = std::make_shared<Options>();
  return {
      "freeze check",
      "Ask whether a freeze holds",
      {{"application", "APP", "The application", &o->application, Presence::required},
       {"--env", "ENVIRONMENT", "Where it is to be deployed", &o->environment, Presence::required},
       {"--at", "INSTANT", "Then and not now, such as 2026-12-24T18:00:00Z", &o->at}},
      [o](Session& session) { return check(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint change next-window: the next time that is long enough, without a freeze and without
// another change. Exit 1 when there is none in the time that was searched.
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
  std::string length;
  std::string from;
  std::string within;
};

Exit find(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"change-window"}) +
                                  query_of({{"application", options.application},
                                            {"environment", options.environment},
                                            {"for", options.length},
                                            {"from", options.from},
                                            {"within", options.within}}));
  if (!answer) return session.fail(answer.error());
  const auto found = truth_at(answer->document, "found");
  const auto* window = object_at(answer->document, "window");
  if (!found || *found != (window != nullptr)) {
    return session.fail(malformed("The answer does not say when.", "GET change-window").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else if (window != nullptr) {
    session.out() << printable(options.application) << " in " << printable(options.environment)
                  << " is free from " << instant_at(*window, "from") << " until "
                  << instant_at(*window, "until") << ".\n";
  } else {
    session.out() << "No " << printable(options.length) << " without a freeze or another change.\n";
  }
  return *found ? Exit::yes : Exit::no;
}

}  // namespace

Command change_next_window_command() {
  const auto o = std::make_shared<Options>();
  return {
      "change next-window",
      "Find the next time without a freeze and without another change",
      {{"application", "APP", "The application", &o->application, Presence::required},
       {"--env", "ENVIRONMENT", "Where it is to be changed", &o->environment, Presence::required},
       {"--for", "DURATION", "How long it has to be, such as 2h", &o->length, Presence::required},
       {"--from", "INSTANT", "Search from then and not from now", &o->from},
       {"--within", "DURATION", "How far to search (90d)", &o->within}},
      [o](Session& session) { return find(*o, session); }};
}

}  // namespace holdpoint::cli

// See next_window.hpp.
#include "cli/next_window.hpp"

#include <memory>
#include <ostream>

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

Exit find(const NextWindow& kind, const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({kind.resource}) +
                                  query_of({{"application", options.application},
                                            {"environment", options.environment},
                                            {"for", options.length},
                                            {"from", options.from},
                                            {"within", options.within}}));
  if (!answer) return session.fail(answer.error());
  const auto found = truth_at(answer->document, "found");
  const auto* window = object_at(answer->document, "window");
  if (!found || *found != (window != nullptr)) {
    return session.fail(
        malformed("The answer does not say when.", std::string("GET ") + kind.resource).error());
  }
  const std::string place =
      printable(options.application) + " in " + printable(options.environment);
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else if (window != nullptr) {
    session.out() << place << " is free from " << instant_at(*window, "from") << " until "
                  << instant_at(*window, "until") << ".\n";
  } else {
    session.out() << "No " << printable(options.length) << " without " << kind.free_of << " for "
                  << place << ".\n";
  }
  return *found ? Exit::yes : Exit::no;
}

}  // namespace

Command next_window_command(const NextWindow& kind) {
  const auto o = std::make_shared<Options>();
  return {
      kind.name,
      kind.summary,
      {{"application", "APP", "The application", &o->application, Presence::required},
       {"--env", "ENVIRONMENT", kind.where, &o->environment, Presence::required},
       {"--for", "DURATION", "How long it has to be, such as 2h", &o->length, Presence::required},
       {"--from", "INSTANT", "Search from then and not from now", &o->from},
       {"--within", "DURATION", "How far to search (90d)", &o->within}},
      [kind, o](Session& session) { return find(kind, *o, session); }};
}

}  // namespace holdpoint::cli

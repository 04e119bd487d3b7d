// holdpoint policy show: one policy in force, and its text or that of another version as written.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string kind;
  std::string name;
  std::string digest;
};

Exit show(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"policies", options.kind, options.name}));
  if (!answer) return session.fail(answer.error());
  const auto current = text_at(answer->document, "digest");
  if (!current) {
    return session.fail(malformed("The answer holds no policy.", "GET policies").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const std::string wanted = options.digest.empty() ? *current : options.digest;
  const auto text = session.get_bytes(session.in_workspace({"policy-versions", wanted}));
  if (!text) return session.fail(text.error());
  session.note(options.kind + " " + options.name + ", " +
               (wanted == *current ? "in force" : "not the version in force") + ", " + wanted);
  session.out() << *text;
  if (!text->ends_with('\n')) session.out() << '\n';
  return Exit::yes;
}

}  // namespace

Command policy_show_command() {
  const auto o = std::make_shared<Options>();
  return {"policy show",
          "Show the text of a policy in force",
          {{"kind", "KIND", "Its kind, such as GatePolicy", &o->kind, Presence::required},
           {"name", "NAME", "Its name", &o->name, Presence::required},
           {"--digest", "DIGEST", "Another version, by its digest", &o->digest}},
          [o](Session& session) { return show(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint evidence list.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/evidence.hpp"
#include "cli/fields.hpp"
#include "cli/release_ref.hpp"

namespace holdpoint::cli {
namespace {

Exit list(const std::string& text, Session& session) {
  const auto ref = checked_release_ref(text);
  if (!ref) return session.fail(ref.error());
  const auto answer = all_evidence(*ref, session);
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << evidence_table(*array_at(answer->document, "items"), session.colour());
  }
  return Exit::yes;
}

}  // namespace

Command evidence_list_command() {
  const auto release = std::make_shared<std::string>();
  return {"evidence list",
          "List the evidence of a release",
          {{"release", "APP@VERSION", "The release", release.get(), Presence::required}},
          [release](Session& session) { return list(*release, session); }};
}

}  // namespace holdpoint::cli

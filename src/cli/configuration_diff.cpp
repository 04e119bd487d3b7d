// holdpoint configuration diff: what differs between two snapshots. As with other comparisons, a
// difference is exit code 1.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string from;
  std::string to;
  std::string environment;
};

void print(const json::array& changes, std::int64_t count, Session& session) {
  for (const json::value& entry : changes) {
    const auto* change = entry.if_object();
    if (change == nullptr) continue;
    const auto from = text_at(*change, "from");
    const auto to = text_at(*change, "to");
    const std::string path = printable(shown_at(*change, "path"));
    if (from && to) {
      session.out() << "~ " << path << ": " << printable(*from) << " → " << printable(*to) << '\n';
    } else if (from) {
      session.out() << "- " << path << ": " << printable(*from) << '\n';
    } else {
      session.out() << "+ " << path << ": " << printable(to.value_or("")) << '\n';
    }
  }
  if (count == 0) session.out() << "No difference.\n";
  const auto listed = static_cast<std::int64_t>(changes.size());
  if (count > listed) session.note("And " + std::to_string(count - listed) + " more.");
}

Exit diff(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"environments", options.environment,
                                                        "configurations", options.from, "diff"}) +
                                  query_of({{"to", options.to}}));
  if (!answer) return session.fail(answer.error());
  const json::object* difference = object_at(answer->document, "difference");
  const json::array* changes = difference ? array_at(*difference, "changes") : nullptr;
  if (changes == nullptr) {
    return session.fail(
        malformed("The answer holds no comparison.", "GET configurations diff").error());
  }
  std::int64_t count = 0;
  for (const char* kind : {"added", "removed", "changed"}) {
    const auto of_kind = integer_at(*difference, kind);
    if (!of_kind) {
      return session.fail(
          malformed("The answer counts no changes.", "GET configurations diff").error());
    }
    count += *of_kind;
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    print(*changes, count, session);
  }
  return count == 0 ? Exit::yes : Exit::no;
}

}  // namespace

Command configuration_diff_command() {
  const auto o = std::make_shared<Options>();
  return {"configuration diff",
          "Show what differs between two configurations",
          {{"from", "FROM", "Digest of a configuration of the environment", &o->from,
            Presence::required},
           {"to", "TO", "Digest of another one, of any environment", &o->to, Presence::required},
           {"--env", "ENVIRONMENT", "Which environment", &o->environment, Presence::required}},
          [o](Session& session) { return diff(*o, session); }};
}

}  // namespace holdpoint::cli

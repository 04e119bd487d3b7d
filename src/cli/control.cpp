// holdpoint control list, show: how controls stand by recorded facts.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/extent.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct ListOptions {
  ExtentOptions extent;
  std::string framework;
  std::string status;
  std::string cursor;
};

struct ShowOptions {
  ExtentOptions extent;
  std::string control;
};

Exit list(const ListOptions& options, Session& session) {
  auto query = extent_query(options.extent, session);
  if (!query) return session.fail(query.error());
  query->emplace_back("framework", options.framework);
  query->emplace_back("status", options.status);
  query->emplace_back("cursor", options.cursor);
  return list_rows(session, session.in_workspace({"controls"}) + query_of(*query),
                   {"CONTROL", "STATUS", "TITLE"},
                   "No control. Frameworks without a scope are in force once a "
                   "document of kind Framework names theirs.\n",
                   [&](const json::object& control) -> std::vector<Cell> {
                     return {{shown_at(control, "framework") + "/" + shown_at(control, "id")},
                             control_word(shown_at(control, "status")).cell(),
                             {shown_at(control, "title")}};
                   });
}

Exit show(const ShowOptions& options, Session& session) {
  const auto slash = options.control.find('/');
  if (slash == std::string::npos) {
    return session.fail(wrong_use("`" + options.control + "` names no control.", "control",
                                  "Write FRAMEWORK/ID, such as soc2/CC8.1.")
                            .error());
  }
  const auto query = extent_query(options.extent, session);
  if (!query) return session.fail(query.error());
  const auto answer =
      session.get(session.in_workspace({"controls", options.control.substr(0, slash),
                                        options.control.substr(slash + 1)}) +
                  query_of(*query));
  if (!answer) return session.fail(answer.error());
  const json::object* standing = object_at(answer->document, "standing");
  const auto status = standing == nullptr ? std::nullopt : text_at(*standing, "status");
  if (!status) {
    return session.fail(
        malformed("The answer does not say how it stands.", "GET controls").error());
  }
  const bool holds = *status == "satisfied" || *status == "not_applicable";
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return holds ? Exit::yes : Exit::no;
  }
  const StatusWord word = control_word(*status);
  session.out() << session.paint(word.text(), word.tone) << "  "
                << printable(shown_at(*standing, "framework") + "/" + shown_at(*standing, "id"))
                << "  " << printable(shown_at(*standing, "title")) << '\n';
  if (const json::object* period = object_at(*standing, "period")) {
    session.out() << "  from " << instant_at(*period, "from") << " until "
                  << instant_at(*period, "until") << '\n';
  }
  show_findings(*standing, session);
  return holds ? Exit::yes : Exit::no;
}

}  // namespace

Command control_list_command() {
  const auto o = std::make_shared<ListOptions>();
  std::vector<Parameter> parameters{
      {"--framework", "NAME", "Of this framework; of all that are in force", &o->framework},
      {"--status",
       "STATUS",
       "Only those that stand so",
       &o->status,
       Presence::optional,
       {"satisfied", "at_risk", "failing", "no_evidence", "not_applicable"}},
      {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}};
  for (Parameter& one : extent_parameters(o->extent)) parameters.push_back(std::move(one));
  return {"control list", "List controls and how they stand", std::move(parameters),
          [o](Session& session) { return list(*o, session); }};
}

Command control_show_command() {
  const auto o = std::make_shared<ShowOptions>();
  std::vector<Parameter> parameters{
      {"control", "CONTROL", "FRAMEWORK/ID, such as soc2/CC8.1", &o->control, Presence::required}};
  for (Parameter& one : extent_parameters(o->extent)) parameters.push_back(std::move(one));
  return {"control show", "Show how a control stands, with the records behind it",
          std::move(parameters), [o](Session& session) { return show(*o, session); }};
}

}  // namespace holdpoint::cli

// Builds the CLI11 tree from the rows. CLI11 is named here only: it is costly to compile.
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <map>
#include <utility>

namespace holdpoint::cli {
namespace {

bool store(const Parameter::Target& target, const std::vector<std::string>& values) {
  if (auto* const* text = std::get_if<std::string*>(&target)) {
    **text = values.back();
  } else if (auto* const* list = std::get_if<std::vector<std::string>*>(&target)) {
    **list = values;
  } else if (auto* const* number = std::get_if<int*>(&target)) {
    const std::string& text_of = values.back();
    const char* end = text_of.data() + text_of.size();
    const auto read = std::from_chars(text_of.data(), end, **number);
    return read.ec == std::errc{} && read.ptr == end && **number >= 0;
  } else if (auto* const* optional = std::get_if<OptionalValue*>(&target)) {
    (*optional)->given = true;
    if (!values.empty() && values.back() != "{}") (*optional)->value = values.back();
  }
  return true;
}

void add_parameter(CLI::App& app, const Parameter& parameter) {
  if (auto* const* flag = std::get_if<bool*>(&parameter.target)) {
    app.add_flag(parameter.name, **flag, parameter.description);
    return;
  }
  const auto target = parameter.target;
  CLI::Option* option = app.add_option(
      parameter.name, [target](const CLI::results_t& values) { return store(target, values); },
      parameter.description);
  option->type_name(parameter.value);
  if (std::holds_alternative<std::vector<std::string>*>(target)) {
    option->expected(1, CLI::detail::expected_max_vector_size);
    // A repeated option takes one value each time, so that it does not swallow arguments; an
    // argument by position takes all that are left.
    option->allow_extra_args(parameter.positional());
  } else if (std::holds_alternative<OptionalValue*>(target)) {
    option->expected(0, 1);
  } else {
    option->expected(1);
  }
  if (parameter.presence == Presence::required) option->required();
  if (!parameter.choices.empty()) option->check(CLI::IsMember(parameter.choices));
}

/// What `holdpoint --help` says of each noun that has verbs.
std::string_view group_summary(std::string_view group) {
  static constexpr std::pair<std::string_view, std::string_view> summaries[] = {
      {"access-review", "Access reviews: who may approve what, confirmed or removed"},
      {"application", "Applications: let one take no new release"},
      {"approvals", "Approvals: ask for one, see what waits for whom and why"},
      {"audit", "The audit trail: read it, verify it"},
      {"calendar", "Business calendars: let nothing new reckon by one"},
      {"change", "Change requests: write, submit, carry out and close them"},
      {"configuration", "How environments are configured: record, list, compare"},
      {"control", "Controls of frameworks: how they stand, and on what"},
      {"delivery", "Deliveries: what was sent, what failed, send it again"},
      {"deployment", "Deployments: start, finish, verify, and how they do afterwards"},
      {"document", "Controlled documents: versions, approval, reviews"},
      {"emergency", "Emergency changes: declare, endorse, look back, count"},
      {"environment", "Environments: close one to every release"},
      {"evidence", "Evidence: reports of tests, scans and builds"},
      {"finding", "Findings: list them, say what was found about them"},
      {"freeze", "Freezes: what is frozen when, and overrides of it"},
      {"gate", "Gates: may this version be deployed to that environment"},
      {"incident", "Incidents: declare, change and resolve them"},
      {"policy", "Policies: check, test, compare and try them before they count"},
      {"question", "What auditors ask: answers, search, signed exports"},
      {"release", "Releases: what they contain and where they stand"},
      {"role", "Roles: who can act in one now"},
      {"rollback", "Rollbacks: propose, decide, carry out, clear; rules and drills"},
      {"test", "Test cases: what they validate, how they ran"},
      {"token", "API tokens for pipelines and scripts"},
      {"waiver", "Waivers: exceptions from one rule, until a day"},
      {"webhook", "Outgoing webhooks: their secrets"},
      {"work", "Work items: what is to be done and why, and what it is linked to"},
  };
  for (const auto& [name, summary] : summaries) {
    if (name == group) return summary;
  }
  return "";
}

class Tree {
 public:
  Tree(std::span<const Command> commands, std::span<const Parameter> globals)
      : app_("Holdpoint: release governance with evidence, gates and a verifiable record",
             "holdpoint") {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.get_formatter()->column_width(34);
    app_.footer("Exit codes: 0 yes, 1 no, 2 wrong use, 3 could not find out.\n");
    for (const Parameter& parameter : globals) add_parameter(app_, parameter);
    for (const Command& command : commands) add_command(command);
  }

  std::expected<const Command*, Printout> parse(std::span<const std::string> arguments) {
    try {
      app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForAllHelp&) {
      return std::unexpected(Printout{Exit::yes, app_.help("", CLI::AppFormatMode::All)});
    } catch (const CLI::CallForHelp&) {
      return std::unexpected(Printout{Exit::yes, app_.help()});
    } catch (const CLI::ParseError& error) {
      return std::unexpected(Printout{Exit::wrong_use, complaint(error)});
    }
    for (const auto& [app, command] : rows_) {
      // A command that is a group too is meant when no word of the group follows it.
      if (app->parsed() && app->get_subcommands().empty()) return command;
    }
    return std::unexpected(Printout{Exit::wrong_use, app_.help()});
  }

 private:
  /// A command that is a group too ("delegate") MUST come after the commands of the group.
  void add_command(const Command& command) {
    const auto space = command.name.find(' ');
    CLI::App* parent = &app_;
    if (space != std::string::npos) {
      const std::string group = command.name.substr(0, space);
      CLI::App*& entry = groups_[group];
      if (entry == nullptr) {
        entry = app_.add_subcommand(group, std::string(group_summary(group)));
        entry->require_subcommand(1);
      }
      parent = entry;
    }
    const std::string verb =
        space == std::string::npos ? command.name : command.name.substr(space + 1);
    const auto group = groups_.find(command.name);
    CLI::App* leaf =
        group != groups_.end() ? group->second : parent->add_subcommand(verb, command.summary);
    leaf->description(command.summary);
    leaf->require_subcommand(0);
    for (const Parameter& parameter : command.parameters) add_parameter(*leaf, parameter);
    rows_.emplace_back(leaf, &command);
  }

  std::string complaint(const CLI::ParseError& error) const {
    std::string command = "holdpoint";
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) {
      app = app->get_subcommands().front();
      command += " " + app->get_name();
    }
    const auto strange = app_.remaining();
    if (app == &app_ && !strange.empty()) {
      return "error: there is no command `" + strange.front() + "`\n  Run `holdpoint --help`.\n";
    }
    return std::string("error: ") + error.what() + "\n  Run `" + command + " --help`.\n";
  }

  CLI::App app_;
  std::map<std::string, CLI::App*> groups_;
  std::vector<std::pair<CLI::App*, const Command*>> rows_;
};

}  // namespace

std::vector<Parameter> global_parameters(GlobalOptions& options) {
  return {
      {"--server", "URL", "Server, or HOLDPOINT_SERVER", &options.server},
      {"--token", "TOKEN", "API token; better HOLDPOINT_TOKEN or HOLDPOINT_TOKEN_FILE",
       &options.token},
      {"--workspace", "NAME", "Workspace, or HOLDPOINT_WORKSPACE (main)", &options.workspace},
      {"--format",
       "FORMAT",
       "table for people, json for programs",
       &options.format,
       Presence::optional,
       {"table", "json"}},
      {"--no-color", "", "No colours, as with NO_COLOR", &options.no_color},
      {"--quiet", "", "Only results and errors", &options.quiet},
  };
}

std::expected<const Command*, Printout> parse_arguments(std::span<const std::string> arguments,
                                                        std::span<const Command> commands,
                                                        std::span<const Parameter> globals) {
  Tree tree(commands, globals);
  return tree.parse(arguments);
}

}  // namespace holdpoint::cli

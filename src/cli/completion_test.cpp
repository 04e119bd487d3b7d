// Completion knows every command and option, and the reference names exactly the commands there
// are.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

struct Row {
  std::string name;
  std::vector<std::string> options;  // long ones, without dashes
};

std::vector<Row> rows() {
  test::ScriptedTransport transport;
  std::istringstream in;
  std::ostringstream out;
  const cli::World world{{in, out, out},
                         transport,
                         {},
                         [](std::string_view) { return std::optional<std::string>(); },
                         {},
                         {},
                         {},
                         {}};
  std::vector<Row> rows;
  for (const cli::Command& command : cli::all_commands(world)) {
    Row row{command.name, {}};
    for (const cli::Parameter& parameter : command.parameters) {
      if (!parameter.positional()) {
        row.options.push_back(parameter.name.substr(parameter.name.find("--") + 2));
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The reference beside the source tree; tests run from anywhere in it.
std::string reference() {
  const std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind("src/cli/")) + "docs/guide/developers/cli.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("completion for every shell knows every command and option") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    Rehearsal rehearsal;
    const std::string script = rehearsal.run({"completion", shell}).out;
    for (const Row& row : rows()) {
      const std::string verb = row.name.substr(row.name.find(' ') + 1);
      INFO(shell, ": ", row.name);
      CHECK(script.find(verb) != std::string::npos);
      for (const std::string& option : row.options) {
        CHECK(script.find((shell == "fish" ? "-l " : "--") + option) != std::string::npos);
      }
    }
  }
}

TEST_CASE("the help says of every noun and every command what it is about") {
  Rehearsal rehearsal;
  std::istringstream help(rehearsal.run({"--help"}).out);
  std::set<std::string> said;
  bool in_commands = false;
  for (std::string line; std::getline(help, line);) {
    if (line == "Subcommands:") {
      in_commands = true;
    } else if (in_commands && line.starts_with("  ")) {
      std::istringstream words(line);
      std::string name;
      std::string about;
      words >> name >> about;
      INFO(line);
      CHECK_FALSE(about.empty());
      said.insert(name);
    }
  }
  for (const Row& row : rows()) {
    INFO(row.name);
    CHECK(said.contains(row.name.substr(0, row.name.find(' '))));
  }
}

TEST_CASE("bash accepts the completion script and completes with it") {
  Rehearsal rehearsal;
  const auto script = rehearsal.file("completion", rehearsal.run({"completion", "bash"}).out);
  const std::string command = "bash -c 'source " + script +
                              "; COMP_WORDS=(holdpoint gate w); COMP_CWORD=2; _holdpoint; "
                              "[ \"${COMPREPLY[0]}\" = wait ]'";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("every command has help that names it and its options") {
  for (const Row& row : rows()) {
    Rehearsal rehearsal;
    std::vector<std::string> words;
    std::istringstream parts(row.name);
    for (std::string word; parts >> word;) words.push_back(word);
    words.emplace_back("--help");
    const auto outcome = rehearsal.run(words);
    INFO(row.name);
    CHECK(outcome.exit == 0);
    CHECK(outcome.out.find(row.name) != std::string::npos);
    for (const std::string& option : row.options) {
      CHECK(outcome.out.find("--" + option) != std::string::npos);
    }
  }
}

TEST_CASE("the reference lists the commands that there are, no more and no fewer") {
  std::set<std::string> documented;
  std::istringstream lines(reference());
  for (std::string line; std::getline(lines, line);) {
    const std::string begin = "| `holdpoint ";
    if (!line.starts_with(begin)) continue;
    std::string name = line.substr(begin.size(), line.find('`', begin.size()) - begin.size());
    // The words before the first argument or option are the command.
    name = name.substr(0, name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ["));
    name = name.substr(0, name.find(" -"));
    while (name.ends_with(' ')) name.pop_back();
    documented.insert(name);
  }
  std::set<std::string> present;
  const std::string text = reference();
  for (const Row& row : rows()) {
    present.insert(row.name);
    for (const std::string& option : row.options) {
      INFO(row.name, " --", option);
      CHECK(text.find("--" + option) != std::string::npos);
    }
  }
  CHECK(documented == present);
}

TEST_CASE("global options are understood before and after the command") {
  for (const bool before : {true, false}) {
    Rehearsal rehearsal;
    rehearsal.reply(200, R"({"items":[]})");
    std::vector<std::string> words{"--server", "https://h.example", "--workspace=w"};
    words.insert(before ? words.end() : words.begin(), {"token", "list"});
    CHECK(rehearsal.run(words).exit == 0);
    CHECK(rehearsal.transport.calls[0].url == "https://h.example/api/v1/w/tokens");
  }
}

TEST_CASE("the version is printed") {
  Rehearsal rehearsal;
  CHECK(rehearsal.run({"version"}).out == "holdpoint 0.1.0\n");
}

}  // namespace holdpoint

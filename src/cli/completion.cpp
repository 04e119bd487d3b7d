// holdpoint completion: scripts for bash, zsh and fish, written from the rows of the commands, so
// that they know every command and option there is.
#include <memory>
#include <ostream>
#include <set>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

using Rows = std::vector<const Command*>;

std::vector<Parameter> globals() {
  static GlobalOptions unused;
  return global_parameters(unused);
}

/// "-f,--file" gives {"-f", "--file"}.
std::vector<std::string> names_of(const Parameter& parameter) {
  std::vector<std::string> names;
  std::string_view rest = parameter.name;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    names.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

std::string option_words(const Command& command) {
  std::string words;
  const auto append = [&](const std::vector<Parameter>& parameters) {
    for (const Parameter& parameter : parameters) {
      if (parameter.positional()) continue;
      for (const std::string& name : names_of(parameter)) words += name + " ";
    }
  };
  append(command.parameters);
  append(globals());
  return words + "--help";
}

std::string first_word(const std::string& name) { return name.substr(0, name.find(' ')); }

std::string words_after(const Rows& rows, const std::string& group) {
  std::string words;
  std::set<std::string> seen;
  for (const Command* row : rows) {
    const auto space = row->name.find(' ');
    std::string word;
    if (group.empty()) {
      word = first_word(row->name);
    } else if (space != std::string::npos && first_word(row->name) == group) {
      word = row->name.substr(space + 1);
    }
    if (word.empty() || !seen.insert(word).second) continue;
    words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

std::string bash(const Rows& rows) {
  std::string out =
      "# bash completion for holdpoint\n"
      "_holdpoint() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" line=\"\" i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"${COMP_WORDS[i]}\" in -*) ;; *) line=\"$line ${COMP_WORDS[i]}\" ;; esac\n"
      "  done\n"
      "  local choices=\"\"\n"
      "  case \"$line \" in\n";
  std::set<std::string> groups;
  for (const Command* row : rows) {
    const std::string verbs = words_after(rows, row->name);
    out += "    \" " + row->name + " \"*) choices=\"" + option_words(*row) +
           (verbs.empty() ? "" : " " + verbs) + "\" ;;\n";
    if (row->name.find(' ') != std::string::npos) groups.insert(first_word(row->name));
    groups.erase(row->name);  // said already, with its own options
  }
  for (const std::string& group : groups) {
    out += "    \" " + group + " \"*) choices=\"" + words_after(rows, group) + "\" ;;\n";
  }
  out += "    \" \") choices=\"" + words_after(rows, "") +
         "\" ;;\n"
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n"
         "  case \"$word\" in -*) ;; *) COMPREPLY+=($(compgen -f -- \"$word\")) ;; esac\n"
         "}\n"
         "complete -o filenames -F _holdpoint holdpoint\n";
  return out;
}

/// zsh runs bash's script through its own compatibility layer.
std::string zsh(const Rows& rows) {
  return "#compdef holdpoint\nautoload -U +X bashcompinit && bashcompinit\n" + bash(rows);
}

std::string fish_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_option(const Parameter& parameter, const std::string& condition) {
  std::string out = "complete -c holdpoint" + condition;
  for (const std::string& name : names_of(parameter)) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!parameter.value.empty()) out += parameter.kind == ValueKind::path ? " -r" : " -x";
  if (!parameter.choices.empty()) {
    std::string choices;
    for (const std::string& choice : parameter.choices) choices += choice + " ";
    out += " -a " + fish_text(choices);
  }
  return out + " -d " + fish_text(parameter.description) + "\n";
}

std::string fish(const Rows& rows) {
  std::string out = "# fish completion for holdpoint\n";
  for (const Parameter& parameter : globals()) out += fish_option(parameter, "");
  std::set<std::string> groups;
  for (const Command* row : rows) {
    const std::string first = first_word(row->name);
    std::string condition = " -n '__fish_seen_subcommand_from " + first;
    if (first == row->name) {
      out += "complete -c holdpoint -f -n __fish_use_subcommand -a " + first + " -d " +
             fish_text(row->summary) + "\n";
    } else {
      const std::string verb = row->name.substr(first.size() + 1);
      if (groups.insert(first).second) {
        out += "complete -c holdpoint -f -n __fish_use_subcommand -a " + first + "\n";
      }
      out += "complete -c holdpoint -f" + condition + "; and not __fish_seen_subcommand_from " +
             words_after(rows, first) + "' -a " + verb + " -d " + fish_text(row->summary) + "\n";
      condition += "; and __fish_seen_subcommand_from " + verb;
    }
    condition += "'";
    for (const Parameter& parameter : row->parameters) {
      if (!parameter.positional()) out += fish_option(parameter, condition);
    }
  }
  return out;
}

Exit complete(const std::string& shell, Session& session) {
  const Rows& rows = session.all_commands();
  if (shell == "bash") session.out() << bash(rows);
  if (shell == "zsh") session.out() << zsh(rows);
  if (shell == "fish") session.out() << fish(rows);
  return Exit::yes;
}

}  // namespace

Command completion_command() {
  const auto shell = std::make_shared<std::string>();
  return {"completion",
          "Print a completion script for your shell",
          {{"shell",
            "SHELL",
            "bash, zsh or fish",
            shell.get(),
            Presence::required,
            {"bash", "zsh", "fish"}}},
          [shell](Session& session) { return complete(*shell, session); }};
}

}  // namespace holdpoint::cli

// Runs the command-line program in process, against a script of replies instead of a server, in a
// directory of its own. What the program asked, printed and answered is there to look at.
#pragma once

#include <sys/stat.h>

#include <deque>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/cli.hpp"
#include "policy/kind_facts.hpp"
#include "support/scratch.hpp"

namespace holdpoint::test {

/// Gives the replies in order; when they are used up, the server is away.
class ScriptedTransport final : public cli::Transport {
 public:
  std::deque<Result<cli::Reply>> replies;
  std::vector<cli::Call> calls;
  std::vector<std::string> uploads;  // what was in the files, at the time

  Result<cli::Reply> send(const cli::Call& call) override {
    calls.push_back(call);
    if (call.upload) {
      std::ifstream file(*call.upload, std::ios::binary);
      std::ostringstream bytes;
      bytes << file.rdbuf();
      uploads.push_back(bytes.str());
      if (call.progress) call.progress(bytes.str().size());
    }
    if (replies.empty()) return fault(FaultKind::unavailable, "client.call", "Connection refused");
    auto reply = std::move(replies.front());
    replies.pop_front();
    return reply;
  }
};

/// The published schemas of facts: that of releases as it stands in the source tree.
inline std::map<policy::Kind, json::value> published_facts_schemas() {
  const std::string here = __FILE__;
  std::ifstream file(here.substr(0, here.rfind("tests/support/")) + "schema/facts.json");
  std::ostringstream text;
  text << file.rdbuf();
  auto schemas = policy::own_facts_schemas();
  schemas[policy::Kind::certification_criteria] = json::parse(text.str());
  return schemas;
}

struct Outcome {
  int exit = -1;
  std::string out;
  std::string err;
};

class Rehearsal {
 public:
  Rehearsal() {
    variables["XDG_CONFIG_HOME"] = path("config");
    variables["XDG_STATE_HOME"] = path("state");
    variables["HOLDPOINT_TOKEN"] = token;
  }

  static constexpr const char* token = "hp_S3cretTokenOfTheTests";

  ScriptedTransport transport;
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, std::string> git_answers;  // by the words joined with spaces
  std::string input;
  std::string secret = "correct horse";
  cli::Face face = cli::Face::plain;
  Instant now{1'795'500'000'000'000};
  int pauses_left = 1'000;
  cli::ServerCommands server;

  [[nodiscard]] std::string path(const std::string& name) const { return scratch_.path(name); }

  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

  void reply(int status, std::string body) {
    transport.replies.emplace_back(cli::Reply{status, std::move(body)});
  }
  void reply(Fault fault) { transport.replies.emplace_back(std::unexpected(std::move(fault))); }

  Outcome run(const std::vector<std::string>& words) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    cli::World world{{in, out, err, face, face},
                     transport,
                     server,
                     [this](std::string_view name) -> std::optional<std::string> {
                       const auto found = variables.find(name);
                       if (found == variables.end()) return std::nullopt;
                       return found->second;
                     },
                     [this] { return now; },
                     [this](Duration duration) {
                       now.us += duration.us;
                       return --pauses_left > 0 ? cli::Pause::elapsed : cli::Pause::interrupted;
                     },
                     [this](const std::vector<std::string>& arguments) -> Result<std::string> {
                       std::string line;
                       for (const auto& word : arguments) line += (line.empty() ? "" : " ") + word;
                       for (const auto& [begin, answer] : git_answers) {
                         if (line.find(begin) != std::string::npos) return answer;
                       }
                       return fault(FaultKind::invalid, "git", "git ended with code 128.");
                     },
                     [this](std::string_view) -> std::optional<std::string> {
                       if (secret.empty()) return std::nullopt;
                       return secret;
                     },
                     published_facts_schemas};
    std::vector<const char*> argv{"holdpoint"};
    for (const auto& word : words) argv.push_back(word.c_str());
    const int exit = cli::run(static_cast<int>(argv.size()), argv.data(), world);
    return {exit, out.str(), err.str()};
  }

 private:
  Scratch scratch_;
};

}  // namespace holdpoint::test

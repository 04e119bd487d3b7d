// See peer_engines.hpp.
#include "support/peer_engines.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "support/measure.hpp"

namespace holdpoint::bench {

PeerEngines::PeerEngines(const std::vector<ReleaseRule>& rules) {
  const char* const folder = std::getenv("HP_BENCH_PEERS");
  if (folder == nullptr) return;
  const std::string script = std::string(folder) + "/peers.mjs";
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  if (::pipe(to_child.data()) != 0 || ::pipe(from_child.data()) != 0) broken("cannot make a pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(to_child[0], 0);
    ::dup2(from_child[1], 1);
    for (const int fd : {to_child[0], to_child[1], from_child[0], from_child[1]}) ::close(fd);
    ::execlp("node", "node", script.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(to_child[0]);
  ::close(from_child[1]);
  requests_ = ::fdopen(to_child[1], "w");
  answers_ = ::fdopen(from_child[0], "r");
  json::array sources, without_matches;
  for (const ReleaseRule& rule : rules) {
    sources.emplace_back(rule.source);
    without_matches.emplace_back(rule.without_matches);
  }
  const json::value answer = ask({{"facts", release_facts()},
                                  {"rules", std::move(sources)},
                                  {"without_matches", std::move(without_matches)}});
  for (const json::value& name : answer.at("engines").as_array()) {
    names_.emplace_back(view(name.as_string()));
  }
}

PeerEngines::~PeerEngines() {
  if (process_ < 0) return;
  std::fclose(requests_);
  std::fclose(answers_);
  ::waitpid(process_, nullptr, 0);
}

double PeerEngines::nanoseconds(std::size_t engine, std::size_t rule, double seconds) {
  return ask({{"engine", engine}, {"rule", rule}, {"seconds", seconds}})
      .at("ns")
      .to_number<double>();
}

json::value PeerEngines::ask(const json::value& request) {
  std::fprintf(requests_, "%s\n", json::serialize(request).c_str());
  std::fflush(requests_);
  char* line = nullptr;
  std::size_t bytes = 0;
  const ssize_t count = ::getline(&line, &bytes, answers_);
  const std::string answer(line, count > 0 ? static_cast<std::size_t>(count) : 0);
  std::free(line);  // NOLINT(cppcoreguidelines-no-malloc): getline allocates it
  if (answer.empty()) broken("the engines from npm ended without an answer");
  return json::parse(answer);
}

}  // namespace holdpoint::bench

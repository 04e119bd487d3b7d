// See live_server.hpp.
#include "support/live_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/json.hpp"

namespace holdpoint::test {
namespace {

constexpr int kStartSecondsMax = 30;
constexpr const char* kPassword = "correct-horse-battery";
constexpr const char* kEmail = "ada@example.com";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

[[noreturn]] void give_up(const std::string& what, const std::string& log) {
  std::fprintf(stderr, "the server under test: %s\n%s\n", what.c_str(), log.c_str());
  std::abort();
}

/// Starts the program with standard output on the descriptor and standard error in the log file.
pid_t launch(const std::string& program, const std::vector<std::string>& arguments, int out,
             const std::string& log) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out >= 0 ? out : errors, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execv(program.c_str(), argv.data());
  ::_exit(127);
}

/// The first line, or what came until the deadline.
std::string first_line(int descriptor) {
  std::string line;
  pollfd ready{descriptor, POLLIN, 0};
  char letter = 0;
  while (::poll(&ready, 1, kStartSecondsMax * 1'000) > 0 && ::read(descriptor, &letter, 1) == 1) {
    if (letter == '\n') break;
    line += letter;
  }
  return line;
}

}  // namespace

std::string json_member(std::string_view text, std::string_view name) {
  const auto document = parse_json(text);
  if (!document || !document->is_object()) return "";
  const auto* found = document->get_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
}

LiveServer::LiveServer(std::string program, ScratchPlace place)
    : scratch_(place), program_(std::move(program)) {
  std::ofstream(scratch_.path("password")) << kPassword << "\n";
  const pid_t child =
      launch(program_,
             {"init", "--data", scratch_.path("data"), "--admin-email", kEmail, "--admin-name",
              "Ada", "--admin-password-file", scratch_.path("password"), "--workspace", "main"},
             -1, scratch_.path("log"));
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) give_up("init failed", log());
  if (!start()) give_up("it did not start", log());
  sign_in();
}

LiveServer::~LiveServer() { kill_now(); }

void LiveServer::kill_now() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

int LiveServer::stop() {
  if (process_ < 0) return -1;
  ::kill(process_, SIGTERM);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool LiveServer::start() {
  int pipe_ends[2]{};
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return false;
  process_ = launch(program_, {"serve", "--data", scratch_.path("data"), "--listen", "127.0.0.1:0"},
                    pipe_ends[1], scratch_.path("log"));
  ::close(pipe_ends[1]);
  const std::string line = first_line(pipe_ends[0]);
  ::close(pipe_ends[0]);
  const auto colon = line.rfind(':');
  if (!line.starts_with("Holdpoint listens on") || colon == std::string::npos) {
    kill_now();
    return false;
  }
  port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + colon + 1));
  return true;
}

void LiveServer::sign_in() {
  HttpPeer anonymous(port_, "");
  const auto reply = anonymous.call(
      {"POST", "/api/v1/sessions",
       R"({"email":")" + std::string(kEmail) + R"(","password":")" + kPassword + "\"}"});
  bearer_ = reply ? json_member(reply->body, "token") : "";
  if (bearer_.empty()) give_up("it does not let the administrator in", log());
}

std::string LiveServer::log() const { return contents(scratch_.path("log")); }

std::string LiveServer::audit_findings() const {
  HttpPeer auditor = peer();
  if (!auditor.call({"POST", "/api/v1/audit/verification"})) return "the audit did not start";
  for (int i = 0; i < kStartSecondsMax * 50; ++i) {
    const auto reply = auditor.get("/api/v1/audit/verification");
    const std::string state = reply ? json_member(reply->body, "state") : "no answer";
    if (state == "done") {
      const bool clean = reply->body.find("\"findings\":[]") != std::string::npos;
      return clean ? "" : reply->body;
    }
    if (state != "running") return "the audit failed: " + (reply ? reply->body : state);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return "the audit does not end";
}

bool LiveServer::apply_catalog() const {
  const std::string documents =
      "apiVersion: holdpoint/v1\nkind: Application\nmetadata:\n  name: shop\nspec:\n"
      "  title: Shop\n  owners: [team:shop]\n  criticality: high\n"
      "  environments: [production]\n---\n"
      "apiVersion: holdpoint/v1\nkind: Environment\nmetadata:\n  name: production\nspec:\n"
      "  title: Production\n  order: 30\n  kind: production\n  requires_certification: true\n---\n"
      "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata:\n"
      "  name: baseline\n  owner: team:quality\nspec:\n  mode: enforce\n  rules:\n"
      "    - id: no-critical-findings\n"
      "      require: evidence.sast.open.critical == 0\n"
      "      message: No critical finding is open.\n";
  const auto reply = peer().call({"POST", "/api/v1/main/apply", documents, "application/yaml"});
  if (reply && reply->status == 200) return true;
  std::fprintf(stderr, "the catalog: %s\n", reply ? reply->body.c_str() : "no answer");
  return false;
}

}  // namespace holdpoint::test

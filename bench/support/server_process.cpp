// See server_process.hpp.
#include "support/server_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/json.hpp"
#include "support/measure.hpp"

namespace holdpoint::bench {
namespace {

constexpr const char* kEmail = "bench@example.test";
constexpr const char* kPassword = "a long bench password";

std::string server_program() {
  if (const char* const stated = std::getenv("HOLDPOINT")) return stated;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "holdpoint";
}

bool listens(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* raw = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  const bool connected = ::connect(fd, raw, sizeof address) == 0;
  ::close(fd);
  return connected;
}

}  // namespace

pid_t start_program(const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

void end_program(pid_t program) {
  if (program <= 0) return;
  ::kill(program, SIGTERM);
  ::waitpid(program, nullptr, 0);
}

Scratch::Scratch() {
  const char* const stated = std::getenv("TMPDIR");
  path_ = std::string(stated != nullptr ? stated : "/tmp") + "/holdpoint-bench-XXXXXX";
  if (::mkdtemp(path_.data()) == nullptr) broken("cannot make a directory in TMPDIR");
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* raw = static_cast<sockaddr*>(static_cast<void*>(&address));
  socklen_t length = sizeof address;
  if (::bind(fd, raw, length) != 0 || ::getsockname(fd, raw, &length) != 0) {
    broken("there is no free port");
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

ServerProcess::ServerProcess() : port_(free_port()) {
  const std::string program = server_program();
  const std::string log = scratch_.path() + "/log";
  const std::string password = scratch_.path() + "/password";
  std::ofstream(password) << kPassword << "\n";
  ::chmod(password.c_str(), 0600);
  const std::string directory = scratch_.path() + "/data";
  const pid_t init =
      start_program({program, "init", "--data", directory, "--admin-email", kEmail, "--admin-name",
                     "Bench", "--admin-password-file", password, "--workspace", "main"},
                    log);
  int status = 0;
  ::waitpid(init, &status, 0);
  if (status != 0) broken(program + " init failed");
  process_ = start_program(
      {program, "serve", "--data", directory, "--listen", "127.0.0.1:" + std::to_string(port_)},
      log);
  for (int i = 0; !listens(port_); ++i) {
    if (i == 1000) broken(program + " serve does not listen");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  sign_in(kPassword);
}

ServerProcess::~ServerProcess() { end_program(process_); }

void ServerProcess::sign_in(const std::string& password) {
  const std::string body =
      std::string(R"({"email":")") + kEmail + R"(","password":")" + password + "\"}";
  const auto answer = bench::ask(
      port_, request_text("POST", "/api/v1/sessions", "Content-Type: application/json\r\n", body));
  const auto read = parse_json(answer.body);
  if (answer.status != 201 || !read) broken("cannot sign in: " + answer.body);
  fields_ = "Authorization: Bearer " + std::string(read->as_object().at("token").as_string()) +
            "\r\nUser-Agent: holdpoint-bench/1\r\n";
}

Answer ServerProcess::ask(const std::string& method, const std::string& target,
                          const std::string& body, const std::string& type) const {
  auto answer = bench::ask(
      port_, request_text(method, target, fields_ + "Content-Type: " + type + "\r\n", body));
  if (answer.status >= 300) broken(method + " " + target + ": " + answer.body);
  return answer;
}

}  // namespace holdpoint::bench

// See program.hpp.
#include "support/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/shown_text.hpp"

namespace holdpoint::test {
namespace {

/// Of the test's own environment, what a sanitizer or the loader needs.
constexpr const char* kept_variables[] = {"PATH",         "TMPDIR",       "TZDIR",
                                          "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS",
                                          "LSAN_OPTIONS", "GCOV_PREFIX",  "LLVM_PROFILE_FILE"};

std::vector<std::string> environment_of(const Invocation& invocation) {
  std::vector<std::string> out{"HOME=" + invocation.directory,
                               "XDG_CONFIG_HOME=" + invocation.directory + "/config",
                               "XDG_STATE_HOME=" + invocation.directory + "/state"};
  for (const char* name : kept_variables) {
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : invocation.variables) {
    out.push_back(std::string(name) += "=" + value);
  }
  return out;
}

struct Streams {
  std::string in;
  std::string out;
  std::string err;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void become(char* const* arguments, char* const* environment, const Streams& streams) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto opened = [](const std::string& path, int flags, int as) {
    const int file = ::open(path.c_str(), flags, 0600);
    if (file < 0 || ::dup2(file, as) < 0) ::_exit(126);
    if (file != as) ::close(file);
  };
  opened(streams.in, O_RDONLY, STDIN_FILENO);
  opened(streams.out, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, STDOUT_FILENO);
  if (streams.err == streams.out) {
    ::dup2(STDOUT_FILENO, STDERR_FILENO);
  } else {
    opened(streams.err, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(HP_PROGRAM, arguments, environment);
  ::_exit(127);
}

pid_t start(const Invocation& invocation, const Streams& streams) {
  std::vector<std::string> arguments{HP_PROGRAM};
  arguments.insert(arguments.end(), invocation.arguments.begin(), invocation.arguments.end());
  std::vector<std::string> environment = environment_of(invocation);
  const auto argument_pointers = pointers(arguments);
  const auto environment_pointers = pointers(environment);
  const pid_t process = ::fork();
  if (process == 0) become(argument_pointers.data(), environment_pointers.data(), streams);
  return process;
}

}  // namespace

Finished run_program(const Invocation& invocation) {
  static std::atomic<int> runs = 0;
  const std::string stem = invocation.directory + "/run-" + std::to_string(++runs);
  write_file(stem + ".in", invocation.input);
  const pid_t process = start(invocation, {stem + ".in", stem + ".out", stem + ".err"});
  Finished finished{finish(process), read_file(stem + ".out"), read_file(stem + ".err")};
  for (const char* suffix : {".in", ".out", ".err"}) ::unlink((stem + suffix).c_str());
  return finished;
}

pid_t start_program(const Invocation& invocation, const std::string& output_path) {
  return start(invocation, {"/dev/null", output_path, output_path});
}

int finish(pid_t process, int ms_max) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms_max);
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > until) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool says(const Finished& finished, std::string_view text) {
  const std::string all = finished.all();
  if (all.find(text) != std::string::npos) return true;
  return one_line(all).find(text) != std::string::npos;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace holdpoint::test

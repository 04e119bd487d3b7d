// The world of a real process: environment, clock, terminal and the git program.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <thread>

#include "cli/cli.hpp"

extern char** environ;

namespace holdpoint::cli {
namespace {

constexpr std::size_t git_output_bytes_max = 64U << 20;
constexpr std::size_t secret_bytes_max = 4096;

std::string read_until_closed(int pipe) {
  std::string output;
  char piece[65'536];
  for (;;) {
    const auto got = ::read(pipe, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return output;
    // Beyond the bound the rest is still read, so that git can end; the result is refused later.
    if (output.size() <= git_output_bytes_max) output.append(piece, static_cast<std::size_t>(got));
  }
}

int exit_status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Result<std::string> run_git(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"git"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fault(FaultKind::exhausted, "git", std::system_category().message(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = 0;
  const int spawned = ::posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (spawned != 0) {
    ::close(ends[0]);
    return fault(FaultKind::unavailable, "git",
                 "git cannot be started: " + std::system_category().message(spawned));
  }
  std::string output = read_until_closed(ends[0]);
  ::close(ends[0]);
  const int status = exit_status_of(child);
  if (status != 0) {
    return fault(FaultKind::invalid, "git", "git ended with code " + std::to_string(status) + ".");
  }
  if (output.size() > git_output_bytes_max) {
    return fault(FaultKind::exhausted, "git", "git printed more than this program reads.");
  }
  return output;
}

/// Turns the echo of a terminal off as long as it lives.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    ::tcgetattr(terminal_, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  ~Silence() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int terminal_;
  termios before_{};
};

std::optional<std::string> ask_secret(std::string_view prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return std::nullopt;
  std::string secret;
  {
    const Silence silence(terminal);
    [[maybe_unused]] auto shown = ::write(terminal, prompt.data(), prompt.size());
    char c = 0;
    while (secret.size() < secret_bytes_max && ::read(terminal, &c, 1) == 1 && c != '\n') {
      secret += c;
    }
    [[maybe_unused]] auto broken = ::write(terminal, "\n", 1);
  }
  ::close(terminal);
  return secret;
}

Face face_of(int descriptor) { return ::isatty(descriptor) != 0 ? Face::terminal : Face::plain; }

}  // namespace

World process_world(Transport& transport, ServerCommands server) {
  return World{
      {std::cin, std::cout, std::cerr, face_of(STDOUT_FILENO), face_of(STDERR_FILENO)},
      transport,
      std::move(server),
      [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      },
      [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return Instant{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
      },
      [](Duration duration) {
        std::this_thread::sleep_for(std::chrono::microseconds(duration.us));
        return Pause::elapsed;
      },
      run_git,
      ask_secret,
  };
}

}  // namespace holdpoint::cli

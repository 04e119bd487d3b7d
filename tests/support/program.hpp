// The built program as a child process: with an environment of its own, so that neither the user's
// configuration nor a pipeline that runs the tests leads it elsewhere.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdpoint::test {

inline constexpr int program_ms_max = 120'000;

using Variables = std::vector<std::pair<std::string, std::string>>;

struct Invocation {
  std::vector<std::string> arguments;
  Variables variables;
  std::string input;      // what it reads on its standard input
  std::string directory;  // of its home and its output; MUST exist
};

struct Finished {
  int code = -1;  // 128 + signal when a signal ended it; -1 when it had to be killed
  std::string out;
  std::string err;
  [[nodiscard]] std::string all() const { return out + err; }
};

/// Whether that stands in its output, wherever the lines are wrapped.
bool says(const Finished& finished, std::string_view text);

/// Runs the program to its end.
Finished run_program(const Invocation& invocation);
/// Starts it with its output in the file; the caller waits for it with finish().
pid_t start_program(const Invocation& invocation, const std::string& output_path);
/// Waits for its end and gives its code as in Finished; kills it when it takes too long.
int finish(pid_t process, int ms_max = program_ms_max);

std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view bytes);

}  // namespace holdpoint::test

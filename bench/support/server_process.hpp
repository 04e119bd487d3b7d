// The real server as a child process over a data directory of its own, which goes with it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/load.hpp"

namespace holdpoint::bench {

/// Starts a program with its output in `log`; PATH is searched.
pid_t start_program(const std::vector<std::string>& arguments, const std::string& log);
/// Asks it to end and waits for that.
void end_program(pid_t program);

/// A directory under TMPDIR (or /tmp) that is removed with the object.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A port that was free a moment ago.
std::uint16_t free_port();

class ServerProcess {
 public:
  /// The program is HOLDPOINT, or `holdpoint` beside this one. Signs in as its administrator.
  ServerProcess();
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string database() const { return scratch_.path() + "/data/holdpoint.db"; }
  /// The lines "Authorization: …" and "User-Agent: …".
  [[nodiscard]] const std::string& fields() const { return fields_; }
  /// Asks and MUST get an answer below 300.
  Answer ask(const std::string& method, const std::string& target, const std::string& body,
             const std::string& type = "application/json") const;

 private:
  void sign_in(const std::string& password);

  Scratch scratch_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
  std::string fields_;
};

}  // namespace holdpoint::bench

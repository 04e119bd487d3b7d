// The real program as a child process, with a data directory of its own and one signed-in
// administrator: started, killed at any moment, and started again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/http_peer.hpp"
#include "support/scratch.hpp"

namespace holdpoint::test {

class LiveServer {
 public:
  /// Initialises the data directory, starts the server and signs in. Ends the test program with the
  /// server's own words when that fails.
  explicit LiveServer(std::string program, ScratchPlace place = ScratchPlace::disk);
  ~LiveServer();
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  /// Kills it without warning (SIGKILL).
  void kill_now();
  /// Starts it on the same data; false when it does not listen in time.
  [[nodiscard]] bool start();
  /// SIGTERM; the exit code.
  int stop();

  /// A connection as the administrator.
  [[nodiscard]] HttpPeer peer() const { return {port_, bearer_}; }
  /// What the server wrote to its log.
  [[nodiscard]] std::string log() const;
  /// Runs the whole audit; "" when it found nothing.
  [[nodiscard]] std::string audit_findings() const;
  /// Puts the application shop, two environments and simple criteria in force.
  [[nodiscard]] bool apply_catalog() const;

 private:
  void sign_in();

  Scratch scratch_;
  std::string program_;
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  std::string bearer_;
};

/// The text of a member of a JSON object, "" when it has none.
std::string json_member(std::string_view text, std::string_view name);

}  // namespace holdpoint::test

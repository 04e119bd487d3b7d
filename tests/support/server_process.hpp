// The real server as a child process: a new data directory, a free port, an administrator who is
// signed in. Ends with the fixture. One server serves all tests of a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/program.hpp"
#include "support/scratch.hpp"
#include "support/wire.hpp"

namespace holdpoint::test {

inline constexpr std::string_view admin_email = "ada.rosenquist@holdpoint-e2e.example";
inline constexpr std::string_view admin_name = "Adalbertina Rosenquist";
inline constexpr std::string_view admin_password = "correct-Horse-77-battery";

/// One request. The session of the administrator goes with it unless `token` says otherwise.
struct Ask {
  std::string method = "GET";
  std::string target;
  std::string body;
  std::string media = "application/json";  // "" sends no Content-Type
  Fields headers;
};

/// Somebody who signed in, or an account of a program with its token.
struct Someone {
  std::string id;
  std::string token;
  std::string email{};
};
inline constexpr std::string_view person_password = "another-Horse-78-battery";

class ServerProcess {
 public:
  /// Initialises, starts and signs in; fails the running test when one of them does not succeed.
  /// The arguments are added to `serve`.
  explicit ServerProcess(std::vector<std::string> arguments = {}, Variables variables = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] pid_t process() const { return process_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::string& session() const { return session_; }
  [[nodiscard]] std::string directory() const { return scratch_.path("data"); }
  [[nodiscard]] std::string path(const std::string& name) const { return scratch_.path(name); }
  [[nodiscard]] std::string log() const { return read_file(scratch_.path("serve.log")); }

  Reply ask(const Ask& request) const { return ask_as(session_, request); }
  /// With another token, or with none ("").
  Reply ask_as(std::string_view token, const Ask& request) const;
  Reply get(const std::string& target) const { return ask({.target = target}); }
  Reply post(const std::string& target, std::string body) const {
    return ask({.method = "POST", .target = target, .body = std::move(body)});
  }
  /// The bytes of a request as ask_as() sends them, without its body.
  [[nodiscard]] static std::string head_of(std::string_view token, const Ask& request,
                                           std::string_view framing);

  /// Runs the command-line program against this server, signed in by its environment.
  Finished run(std::vector<std::string> arguments, std::string input = "") const;
  Finished run_as(std::string_view token, std::vector<std::string> arguments) const;

  /// A new person with that role in the workspace main, signed in.
  [[nodiscard]] Someone someone(const std::string& name, std::string_view email,
                                const std::string& role) const;
  /// A session of such a person; the token.
  [[nodiscard]] std::string sign_in_as(std::string_view email) const;
  /// A new service account with that role and a token of the given life; the token.
  std::string token_of(const std::string& workspace, const std::string& role,
                       const std::vector<std::string>& scopes, const std::string& life = "1d");

  /// Asks the server to stop, and gives its exit code.
  int stop();
  /// Kills the server without warning.
  void kill();
  /// Starts it again over the same data directory, on a new port; the session stays.
  void start(const std::vector<std::string>& arguments = {}, const Variables& variables = {});

 private:
  void sign_in();

  Scratch scratch_;
  std::string address_;
  std::string session_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
  int accounts_ = 0;
};

/// The variables that let a server's clock run so far ahead.
Variables clock_ahead(std::int64_t seconds);

/// A YAML document of the folder examples/.
std::string example(const std::string& name);

}  // namespace holdpoint::test

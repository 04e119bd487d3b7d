// Front header of the command-line program `holdpoint`: everything it does is reached through
// run(), with the world handed in, so that tests call the very program that ships.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "cli/transport.hpp"
#include "policy/kinds.hpp"

namespace holdpoint::cli {

inline constexpr std::string_view program_version = "0.1.0";
inline constexpr std::string_view server_default = "http://127.0.0.1:8321";
inline constexpr std::string_view workspace_default = "main";

/// Whether a stream ends on a person's screen. Colours and progress go there only.
enum class Face : std::uint8_t { terminal, plain };

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Face out_face = Face::plain;
  Face err_face = Face::plain;
};

struct ServeOptions {
  std::string data_directory;
  std::string listen = "127.0.0.1:8321";
  std::string server_name;
  std::string tls_certificate;
  std::string tls_key;
  int io_threads = 0;  // 0: as many as the machine suggests
  int workers = 0;     // 0: as many as the machine suggests
  std::string log_level = "info";
  std::optional<std::string> accept_rollback_reason;
  std::string smtp_url;
  std::string smtp_from;
  std::string smtp_credentials_file;
  std::string smtp_credentials;  // of the environment; never of the command line, which others see
  std::string smtp_encryption = "required";
  std::string smtp_ca_file;
  std::string public_url;
  bool webhooks_inside = false;
  int delivery_attempts = 20;
};

struct InitOptions {
  std::string data_directory;
  std::string admin_email;
  std::string admin_name;
  std::string admin_password_file;
  std::string workspace{workspace_default};
};

/// The commands that run the server in this process; main hands them in. They return an exit code.
struct ServerCommands {
  std::function<int(const ServeOptions&)> serve;
  std::function<int(const InitOptions&)> init;
};

using Environment = std::function<std::optional<std::string>(std::string_view name)>;
enum class Pause : std::uint8_t { elapsed, interrupted };

struct World {
  Streams streams;
  Transport& transport;
  ServerCommands server;
  Environment environment;
  std::function<Instant()> now;
  std::function<Pause(Duration)> sleep;
  /// Runs git with these arguments and gives its standard output.
  std::function<Result<std::string>(const std::vector<std::string>& arguments)> git;
  /// Asks on the terminal without echo; nullopt when there is no terminal.
  std::function<std::optional<std::string>(std::string_view prompt)> ask_secret;
  /// The schemas of facts as the server publishes them, so that policies are checked without one.
  std::function<std::map<policy::Kind, json::value>()> facts_schemas{};
};

/// Runs one command line; the result is the process's exit code (see exit.hpp). `argv[0]` is the
/// program's name. Never throws and never prints a token, except the new one of `token create`.
int run(int argc, const char* const* argv, World& world);

/// The world of a real process: its streams, environment, clock, terminal and git.
World process_world(Transport& transport, ServerCommands server);

/// The transport of a real process, over platform/client.
std::unique_ptr<Transport> http_transport();

}  // namespace holdpoint::cli

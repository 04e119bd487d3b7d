// holdpoint init and serve: read their options here and run in the server code that main hands in.
#include <memory>
#include <ostream>
#include <vector>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::string_view data_directory_default = "./var";

std::string data_directory(const Environment& environment) {
  const auto named = environment("HOLDPOINT_DATA");
  return named && !named->empty() ? *named : std::string(data_directory_default);
}

Exit exit_of_code(int code) {
  switch (code) {
    case 0: return Exit::yes;
    case 1: return Exit::no;
    case 2: return Exit::wrong_use;
    default: return Exit::unknown;
  }
}

std::unexpected<Failure> not_here() {
  return wrong_use("This program was built without the server.", "holdpoint serve",
                   "Install the complete program.");
}

struct ServeInput {
  ServeOptions options;
  std::string accept_rollback_reason;
};

Exit serve(const ServeInput& input, const ServerCommands& server, Session& session) {
  if (!server.serve) return session.fail(not_here().error());
  ServeOptions options = input.options;
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return session.fail(
        wrong_use("--tls-cert and --tls-key go together.", "serve", "Give both or neither.")
            .error());
  }
  if (!input.accept_rollback_reason.empty()) {
    options.accept_rollback_reason = input.accept_rollback_reason;
  }
  return exit_of_code(server.serve(options));
}

Exit init(const InitOptions& options, const ServerCommands& server, Session& session) {
  if (!server.init) return session.fail(not_here().error());
  return exit_of_code(server.init(options));
}

/// What the server needs to reach people and other systems.
std::vector<Parameter> post_parameters(ServeOptions& s) {
  return {{"--smtp-url", "URL", "Mail server, smtp://HOST:PORT or smtps://HOST", &s.smtp_url},
          {"--smtp-from", "MAILBOX", "Sender of mail: ADDRESS, or NAME <ADDRESS>", &s.smtp_from},
          {"--smtp-credentials-file",
           "FILE",
           "User and password on two lines, or HOLDPOINT_SMTP_CREDENTIALS",
           &s.smtp_credentials_file,
           Presence::optional,
           {},
           ValueKind::path},
          {"--smtp-encryption",
           "HOW",
           "Whether mail is sent encrypted only (required)",
           &s.smtp_encryption,
           Presence::optional,
           {"required", "none"}},
          {"--smtp-ca-file",
           "FILE",
           "Authorities trusted for mail, PEM",
           &s.smtp_ca_file,
           Presence::optional,
           {},
           ValueKind::path},
          {"--public-url", "URL", "Where people open the page, for links", &s.public_url},
          {"--webhooks-inside", "", "Let webhooks go to private addresses and http",
           &s.webhooks_inside},
          {"--delivery-attempts", "COUNT", "Attempts before a delivery is a dead letter (20)",
           &s.delivery_attempts}};
}

}  // namespace

Command serve_command(const ServerCommands& server, const Environment& environment) {
  const auto o = std::make_shared<ServeInput>();
  o->options.data_directory = data_directory(environment);
  ServeOptions& s = o->options;
  s.smtp_credentials = environment("HOLDPOINT_SMTP_CREDENTIALS").value_or("");
  std::vector<Parameter> parameters{
      {"--data",
       "DIR",
       "Data directory, or HOLDPOINT_DATA (./var)",
       &s.data_directory,
       Presence::optional,
       {},
       ValueKind::path},
      {"--listen", "ADDRESS:PORT", "Where to listen (127.0.0.1:8321)", &s.listen},
      {"--server-name", "NAME", "Name of the server in the origin of its logs", &s.server_name},
      {"--tls-cert",
       "FILE",
       "Certificate chain, PEM",
       &s.tls_certificate,
       Presence::optional,
       {},
       ValueKind::path},
      {"--tls-key",
       "FILE",
       "Private key, PEM",
       &s.tls_key,
       Presence::optional,
       {},
       ValueKind::path},
      {"--io-threads", "COUNT", "Threads for connections (0: by the machine)", &s.io_threads},
      {"--workers", "COUNT", "Threads for requests (0: by the machine)", &s.workers},
      {"--log-level",
       "LEVEL",
       "Least level that is logged",
       &s.log_level,
       Presence::optional,
       {"debug", "info", "warning", "error"}},
      {"--accept-rollback", "REASON", "Start from an older backup, on the record",
       &o->accept_rollback_reason}};
  for (Parameter& parameter : post_parameters(s)) parameters.push_back(std::move(parameter));
  return {"serve", "Run the server", std::move(parameters),
          [o, server](Session& session) { return serve(*o, server, session); }};
}

Command init_command(const ServerCommands& server, const Environment& environment) {
  const auto o = std::make_shared<InitOptions>();
  o->data_directory = data_directory(environment);
  return {
      "init",
      "Set up a data directory with its first administrator",
      {{"--data",
        "DIR",
        "Data directory, or HOLDPOINT_DATA (./var)",
        &o->data_directory,
        Presence::optional,
        {},
        ValueKind::path},
       {"--admin-email", "ADDRESS", "Mail address of the administrator", &o->admin_email,
        Presence::required},
       {"--admin-name", "NAME", "Name of the administrator", &o->admin_name, Presence::required},
       {"--admin-password-file",
        "FILE",
        "File with the first password",
        &o->admin_password_file,
        Presence::required,
        {},
        ValueKind::path},
       {"--workspace", "NAME", "First workspace (main)", &o->workspace}},
      [o, server](Session& session) { return init(*o, server, session); }};
}

}  // namespace holdpoint::cli

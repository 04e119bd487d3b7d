// holdpoint login: signs in with mail address and password and keeps the token, readable by its
// owner only. Neither the password nor the token is ever printed.
#include <memory>
#include <ostream>

#include "base/ed25519.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/password.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string email;
  bool password_stdin = false;
};

Tried<void> keep(Session& session, const json::object& answer) {
  const auto token = text_at(answer, "token");
  if (!token || token->empty()) {
    return malformed("The answer holds no token.", "POST " + session.server());
  }
  Config& config = session.config();
  config.server = session.server();
  config.workspace = session.workspace();
  config.token = *token;
  config.expires_at = shown_at(answer, "expires_at");
  return save_config(session.environment(), config);
}

Exit login(const Options& options, Session& session) {
  if (is_unprotected(session.server())) {
    session.note("warning: " + session.server() +
                 " is not encrypted: others on the way can read the password");
  }
  auto password =
      read_password(session, options.password_stdin ? PasswordFrom::input : PasswordFrom::terminal);
  if (!password) return session.fail(password.error());
  auto answer =
      session.post("/sessions", json::object{{"email", options.email}, {"password", *password}});
  cleanse(*password);
  if (!answer) return session.fail(answer.error());
  if (const auto kept = keep(session, answer->document); !kept) return session.fail(kept.error());
  const json::object* person = object_at(answer->document, "person");
  const std::string name = person == nullptr ? options.email : shown_at(*person, "name");
  const std::string expires = shown_at(answer->document, "expires_at");
  if (session.format() == Format::json) {
    const json::object shown{{"server", session.server()},
                             {"workspace", session.workspace()},
                             {"name", name},
                             {"expires_at", expires}};
    session.out() << json::serialize(shown) << '\n';
  } else {
    session.out() << "Signed in to " << session.server() << " as " << printable(name)
                  << (expires.empty() ? "" : ", until " + printable(expires)) << ".\n";
  }
  return Exit::yes;
}

}  // namespace

Command login_command() {
  const auto options = std::make_shared<Options>();
  return {
      "login",
      "Sign in and keep the token for later commands",
      {{"--email", "ADDRESS", "Your mail address", &options->email, Presence::required},
       {"--password-stdin", "", "Read the password from standard input", &options->password_stdin}},
      [options](Session& session) { return login(*options, session); }};
}

}  // namespace holdpoint::cli

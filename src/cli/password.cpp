// See password.hpp.
#include "cli/password.hpp"

#include <istream>

namespace holdpoint::cli {
namespace {

constexpr std::size_t password_bytes_max = 4096;

}  // namespace

Tried<std::string> read_password(Session& session, PasswordFrom from) {
  if (from == PasswordFrom::input) {
    std::string password;
    std::getline(session.world().streams.in, password);
    if (password.ends_with('\r')) password.pop_back();
    if (password.empty() || password.size() > password_bytes_max) {
      return wrong_use("There is no password on standard input.", "--password-stdin",
                       "Pipe the password into the command.");
    }
    return password;
  }
  auto password = session.world().ask_secret("Password: ");
  if (!password) {
    return wrong_use("There is no terminal to ask for the password.", "password",
                     "Use --password-stdin, or an API token in HOLDPOINT_TOKEN.");
  }
  return std::move(*password);
}

}  // namespace holdpoint::cli

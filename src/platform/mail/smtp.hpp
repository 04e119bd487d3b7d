// Handing mail to a server by SMTP (RFC 5321), over libcurl. Encrypted unless the operator says
// otherwise: a server that offers no encryption is then given no mail, and never a password.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/fault.hpp"
#include "platform/mail/message.hpp"

namespace holdpoint::mail {

/// `required`: smtps, or STARTTLS before anything is said. `none`: for a server on this machine.
enum class Encryption : std::uint8_t { required, none };

struct Credentials {
  std::string user;
  std::string password;
};

struct SmtpOptions {
  std::string url;  // "smtp://mail.example.org:587" or "smtps://mail.example.org"
  std::optional<Credentials> credentials;
  Encryption encryption = Encryption::required;
  /// PEM file of trusted authorities instead of the system's.
  std::string ca_file;
  int connect_ms_max = 10'000;
  int call_ms_max = 60'000;
};

/// Sends mail. The second user of this port is the test of whoever sends.
class Mailer {
 public:
  virtual ~Mailer() = default;
  /// The server has taken the message over when it returns. Faults: invalid (no later attempt can
  /// succeed: an address that is none, or a server that turned this message down for good),
  /// unavailable, timeout, io. They name neither an address, nor a password, nor what the server
  /// said, which may repeat an address.
  virtual Result<void> send(const Message& message) = 0;
};

/// "user" and "password" on two lines, or "user:password" on one; nullopt for anything else.
std::optional<Credentials> parse_credentials(std::string_view text);

/// Fault invalid: not an smtp or smtps URL, credentials in it, or a password that would travel in
/// the clear to another machine. Safe for use from several threads.
Result<std::unique_ptr<Mailer>> smtp_mailer(SmtpOptions options);

}  // namespace holdpoint::mail

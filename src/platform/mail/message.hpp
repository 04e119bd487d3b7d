// A mail as text (RFC 5322): headers in ASCII with encoded words for the rest (RFC 2047), a plain
// text body in UTF-8 as quoted-printable, every line short. What goes in can only become text: no
// line break in a subject or a name begins a header of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "base/instant.hpp"

namespace holdpoint::mail {

inline constexpr std::size_t subject_bytes_max = 400;
inline constexpr std::size_t body_bytes_max = 64 * 1024;

struct Mailbox {
  std::string name;     // "" for none
  std::string address;  // "ada@example.org"
};

struct Message {
  Mailbox from;
  Mailbox to;
  std::string subject;
  std::string body;  // lines end with '\n'; what is longer than the bound is cut
  /// Names the message for good: every attempt to send it says the same, so that a receiver can
  /// tell a repetition. Letters, digits, '_', '-' and '.'.
  std::string id;
  Instant date;
};

/// "Name <address>" or an address alone; nullopt when the address is none.
std::optional<Mailbox> parse_mailbox(std::string_view text);

/// Whether the text can be an envelope's address: printable ASCII with one '@' between two sides,
/// and nothing that means something to SMTP. Stricter than RFC 5321: no quoted local parts.
bool is_mail_address(std::string_view text);

/// `<id@domain of the sender>`
std::string message_id(const Message& message);

/// The whole text with CRLF line ends. Fault invalid when an address or the id is none.
Result<std::string> message_text(const Message& message);

}  // namespace holdpoint::mail

// See message.hpp.
#include "platform/mail/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/civil_date.hpp"
#include "base/encoding.hpp"
#include "base/text_encoding.hpp"

namespace holdpoint::mail {
namespace {

constexpr std::size_t kAddressBytesMax = 254;  // RFC 5321, section 4.5.3.1.3
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kEncodedWordBytes = 45;      // gives 60 characters of base64, 72 in all of 75
constexpr std::size_t kQuotedLineColumnsMax = 76;  // RFC 2045, section 6.7
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

/// One line of well-formed UTF-8: what would break the line is a space.
std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string line = clean_text(text, bytes_max);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; }) &&
         !text.contains("=?");
}

/// Encoded words, cut between characters and folded. `used` columns stand before the first.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = std::min(kEncodedWordBytes, text.size());
    const auto continues = [&](std::size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
    };
    while (length > 1 && continues(length)) --length;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(text.substr(0, length)) + "?=";
    text.remove_prefix(length);
  }
  return out;
}

/// The text of an unstructured header. A long one is encoded even when it is ASCII, which folds it.
std::string header_text(std::string_view text) {
  return is_plain(text) && text.size() <= 60 ? std::string(text) : encoded_words(text);
}

std::string quoted_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string mailbox_text(const Mailbox& mailbox) {
  const std::string name = one_line(mailbox.name, kNameBytesMax);
  if (name.empty()) return mailbox.address;
  // Folded, so that a long name and a long address do not share a line.
  const bool short_ascii = is_plain(name) && name.size() <= 60;
  return (short_ascii ? quoted_string(name) : encoded_words(name)) + "\r\n <" + mailbox.address +
         ">";
}

/// RFC 5322, section 3.3, in UTC.
std::string date_text(Instant at) {
  static constexpr std::array<std::string_view, 7> kDays{
      "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // 1970-01-01 was Thu
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t seconds = floor_div(at.us, 1'000'000);
  const std::int64_t days = floor_div(seconds, 86'400);
  const std::int64_t of_day = seconds - days * 86'400;
  const Date date = civil_from_days(days);
  const std::int64_t weekday = days - floor_div(days, 7) * 7;
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000",
                     kDays.at(static_cast<std::size_t>(weekday)), date.day,
                     kMonths.at(static_cast<std::size_t>(date.month - 1)), date.year,
                     of_day / 3'600, of_day / 60 % 60, of_day % 60);
}

/// One line as quoted-printable; a space at its end is written out, or a server might drop it.
void append_quoted_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool last = i + 1 == line.size();
    const bool literal = (byte > ' ' && byte < 0x7f && byte != '=') || (byte == ' ' && !last) ||
                         (byte == '\t' && !last);
    const std::size_t width = literal ? 1 : 3;
    if (column + width > kQuotedLineColumnsMax - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (literal) {
      out += line[i];
    } else {
      out += '=';
      out += kHexDigits[byte >> 4U];
      out += kHexDigits[byte & 15U];
    }
    column += width;
  }
  out += "\r\n";
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    append_quoted_line(out, text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  const auto plain = [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("<>()[]\\,;:\"").find(c) == std::string::npos;
  };
  return text.size() <= kAddressBytesMax && at != std::string_view::npos && at > 0 &&
         at + 1 < text.size() && text.find('@', at + 1) == std::string_view::npos &&
         std::ranges::all_of(text, plain);
}

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  if (is_mail_address(text)) return Mailbox{"", std::string(text)};
  const auto open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return std::nullopt;
  const std::string_view address = text.substr(open + 1, text.size() - open - 2);
  std::string name = one_line(text.substr(0, open), kNameBytesMax);
  while (name.ends_with(' ')) name.pop_back();
  if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) {
    name = name.substr(1, name.size() - 2);
  }
  if (!is_mail_address(address)) return std::nullopt;
  return Mailbox{std::move(name), std::string(address)};
}

std::string message_id(const Message& message) {
  const std::string& sender = message.from.address;
  return "<" + message.id + "@" + sender.substr(sender.find('@') + 1) + ">";
}

Result<std::string> message_text(const Message& message) {
  if (!is_mail_address(message.from.address) || !is_mail_address(message.to.address)) {
    return fault(FaultKind::invalid, "mail", "an address is not one that can be written to");
  }
  if (!is_id(message.id)) return fault(FaultKind::invalid, "mail", "the message has no usable id");
  std::string text;
  text += "From: " + mailbox_text(message.from) + "\r\n";
  text += "To: " + mailbox_text(message.to) + "\r\n";
  text += "Subject: " + header_text(one_line(message.subject, subject_bytes_max)) + "\r\n";
  text += "Date: " + date_text(message.date) + "\r\n";
  text += "Message-ID: " + message_id(message) + "\r\n";
  // RFC 3834: nobody is on holiday for a program.
  text += "Auto-Submitted: auto-generated\r\n";
  text += "MIME-Version: 1.0\r\n";
  text += "Content-Type: text/plain; charset=utf-8\r\n";
  text += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  text += quoted_printable(clean_text(message.body, body_bytes_max));
  return text;
}

}  // namespace holdpoint::mail

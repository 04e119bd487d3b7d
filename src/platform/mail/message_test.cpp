// A mail as text: what goes in can only become text, and every attempt gives the same bytes.
#include "platform/mail/message.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <vector>

#include "base/encoding.hpp"

namespace holdpoint::mail {
namespace {

Message message() {
  return {.from = {"Holdpoint", "holdpoint@example.org"},
          .to = {"", "ada@example.org"},
          .subject = "Approve payments 1.4.0",
          .body = "A line.\nAnother.\n",
          .id = "out_01J00000000000000000000000",
          .date = Instant{1'795'500'000'000'000}};
}

std::string text_of(const Message& message) {
  const auto text = message_text(message);
  REQUIRE_MESSAGE(text.has_value(), (text ? "" : text.error().text()));
  return *text;
}

/// The names of the headers, in order.
std::vector<std::string> header_names(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream lines(text.substr(0, text.find("\r\n\r\n")));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' ')) names.push_back(line.substr(0, line.find(':')));
  }
  return names;
}

const std::vector<std::string> kHeaders{
    "From",         "To",           "Subject",
    "Date",         "Message-ID",   "Auto-Submitted",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};

TEST_CASE("a plain message is exactly this") {
  CHECK(text_of(message()) ==
        "From: \"Holdpoint\"\r\n <holdpoint@example.org>\r\n"
        "To: ada@example.org\r\n"
        "Subject: Approve payments 1.4.0\r\n"
        "Date: Tue, 24 Nov 2026 06:00:00 +0000\r\n"
        "Message-ID: <out_01J00000000000000000000000@example.org>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "A line.\r\nAnother.\r\n");
}

TEST_CASE("every attempt gives the same bytes") { CHECK(text_of(message()) == text_of(message())); }

TEST_CASE("a line break in a subject or a name begins no header of its own") {
  for (const char* attack : {"x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org",
                             "x\rBcc: eve@example.org", "x\r\n\r\nbody", "x\0Bcc: e@example.org"}) {
    Message forged = message();
    forged.subject = attack;
    forged.from.name = attack;
    forged.to.name = attack;
    CHECK(header_names(text_of(forged)) == kHeaders);
  }
}

TEST_CASE("an address that could say more than an address is refused") {
  for (const char* address :
       {"", "ada", "@example.org", "ada@", "a@b@c", "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org, eve@example.org", "<ada@example.org>", "a da@example.org",
        "\"ada\"@example.org", "ada@example.org>", "ad\xc3\xa9@example.org", "a;b@example.org"}) {
    CAPTURE(address);
    CHECK_FALSE(is_mail_address(address));
    Message wrong = message();
    wrong.to.address = address;
    CHECK_FALSE(message_text(wrong).has_value());
    wrong = message();
    wrong.from.address = address;
    CHECK_FALSE(message_text(wrong).has_value());
  }
  CHECK(is_mail_address("ada.lovelace+holdpoint@mail.example.org"));
}

TEST_CASE("other letters travel as encoded words, cut between characters") {
  Message other = message();
  other.subject = "Freigabe für Zürich: ";
  for (int i = 0; i < 40; ++i) other.subject += "ü€";
  const std::string text = text_of(other);
  const auto begin = text.find("Subject: ") + 9;
  std::istringstream words(text.substr(begin, text.find("\r\nDate") - begin));
  std::string decoded;
  for (std::string word; words >> word;) {
    REQUIRE(word.starts_with("=?UTF-8?B?"));
    REQUIRE(word.ends_with("?="));
    CHECK(word.size() <= 75);
    const auto part = from_base64(word.substr(10, word.size() - 12));
    REQUIRE(part.has_value());
    CHECK(is_utf8(*part));
    decoded += *part;
  }
  CHECK(decoded == other.subject);
}

TEST_CASE("a subject that looks like an encoded word is not one") {
  Message odd = message();
  odd.subject = "=?UTF-8?B?QmNjOg==?=";
  CHECK(text_of(odd).find("Subject: =?UTF-8?B?PT9VVEYtOD9CP1FtTmpPZz09Pz0=?=") !=
        std::string::npos);
}

TEST_CASE("no line of a message is longer than mail allows, and the body comes back") {
  Message wide = message();
  wide.body = std::string(5'000, 'x') + "=\n" + std::string(400, ' ') + "\n.\nü\t\n";
  const std::string text = text_of(wide);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 78);
  CHECK(text.find(" \r\n") == std::string::npos);
  CHECK(text.ends_with("=C3=BC=09\r\n"));
}

TEST_CASE("a body and a subject that are too long are cut, not refused") {
  Message large = message();
  large.body = std::string(10 * body_bytes_max, 'a');
  large.subject = std::string(10 * subject_bytes_max, 'b');
  CHECK(text_of(large).size() < 2 * body_bytes_max);
}

TEST_CASE("a sender is an address, or a name with one") {
  const auto named = parse_mailbox("Holdpoint at Example <holdpoint@example.org>");
  REQUIRE(named.has_value());
  CHECK(named->name == "Holdpoint at Example");
  CHECK(named->address == "holdpoint@example.org");
  CHECK(parse_mailbox("\"Quoted\" <a@b.example>")->name == "Quoted");
  CHECK(parse_mailbox("a@b.example")->name.empty());
  CHECK_FALSE(parse_mailbox("Nobody").has_value());
  CHECK_FALSE(parse_mailbox("Nobody <>").has_value());
}

}  // namespace
}  // namespace holdpoint::mail

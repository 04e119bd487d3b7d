// Mail to a real sink: taken over, refused for now, turned down for good, and never in the clear
// when encryption is asked for.
#include "platform/mail/smtp.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/smtp_sink.hpp"

namespace holdpoint::mail {
namespace {

using test::SmtpSink;

Message message() {
  return {.from = {"Holdpoint", "holdpoint@example.org"},
          .to = {"Ada", "ada@example.org"},
          .subject = "Approve: für Zürich",
          .body = "First.\n.\n..dots\n",
          .id = "out_1",
          .date = Instant{1'795'500'000'000'000}};
}

std::unique_ptr<Mailer> mailer(SmtpOptions options) {
  options.connect_ms_max = 2'000;
  options.call_ms_max = 4'000;
  auto made = smtp_mailer(std::move(options));
  REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text()));
  return std::move(*made);
}

SmtpOptions plain(const std::string& url) {
  return {.url = url, .credentials = {}, .encryption = Encryption::none, .ca_file = {}};
}

TEST_CASE("a message that is taken over arrives as it was written") {
  SmtpSink sink;
  const auto sent = mailer(plain(sink.url()))->send(message());
  REQUIRE_MESSAGE(sent.has_value(), (sent ? "" : sent.error().text()));
  const auto mails = sink.mails();
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].from == "holdpoint@example.org");
  CHECK(mails[0].to == "ada@example.org");
  CHECK(mails[0].header("Message-ID") == "<out_1@example.org>");
  CHECK(mails[0].body() == "First.\n.\n..dots\n");
}

TEST_CASE("a server that refuses for now is asked again later, one that refuses for good is not") {
  SmtpSink sink;
  const auto post = mailer(plain(sink.url()));
  sink.answer_recipients({"451 4.3.0 <ada@example.org> later", "550 5.1.1 no <ada@example.org>"});
  const auto later = post->send(message());
  REQUIRE_FALSE(later.has_value());
  CHECK(later.error().kind == FaultKind::unavailable);
  const auto never = post->send(message());
  REQUIRE_FALSE(never.has_value());
  CHECK(never.error().kind == FaultKind::invalid);
  CHECK(never.error().what.find("550") != std::string::npos);
  for (const auto& fault : {later.error(), never.error()}) {
    CHECK(fault.text().find("ada") == std::string::npos);
  }
  CHECK(post->send(message()).has_value());
  CHECK(sink.mails().size() == 1);
}

TEST_CASE("a server that offers no encryption is given no mail and no password") {
  SmtpSink sink;
  sink.demand("user", "password");
  SmtpOptions options = plain(sink.url());
  options.encryption = Encryption::required;
  options.credentials = Credentials{"user", "password"};
  const auto sent = mailer(options)->send(message());
  REQUIRE_FALSE(sent.has_value());
  CHECK(sent.error().kind == FaultKind::unavailable);
  for (const std::string& command : sink.commands()) {
    CHECK_FALSE(command.starts_with("AUTH"));
    CHECK_FALSE(command.starts_with("MAIL"));
  }
}

TEST_CASE("a server that encrypts is given the mail, if its certificate is trusted") {
  const test::Certificate certificate;
  SmtpSink sink;
  sink.offer_encryption(certificate);
  sink.demand("user", "password");
  SmtpOptions options = plain(sink.url("localhost"));
  options.encryption = Encryption::required;
  options.credentials = Credentials{"user", "password"};
  const auto distrusted = mailer(options)->send(message());
  REQUIRE_FALSE(distrusted.has_value());
  CHECK(distrusted.error().kind == FaultKind::unavailable);
  CHECK(sink.mails().empty());
  options.ca_file = certificate.certificate_path();
  const auto sent = mailer(options)->send(message());
  REQUIRE_MESSAGE(sent.has_value(), (sent ? "" : sent.error().text()));
  CHECK(sink.mails().size() == 1);
}

TEST_CASE("credentials are presented, and a wrong one is no reason to give up for good") {
  SmtpSink sink;
  sink.demand("user", "password");
  SmtpOptions options = plain(sink.url());
  options.credentials = Credentials{"user", "password"};
  CHECK(mailer(options)->send(message()).has_value());
  options.credentials = Credentials{"user", "wrong"};
  const auto refused = mailer(options)->send(message());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == FaultKind::unavailable);
  CHECK(refused.error().text().find("wrong") == std::string::npos);
}

TEST_CASE("a server that is not there, or says nothing, costs no more than the time allowed") {
  const auto absent = mailer(plain("smtp://127.0.0.1:9"))->send(message());
  REQUIRE_FALSE(absent.has_value());
  CHECK(absent.error().kind == FaultKind::unavailable);
  test::LoopbackServer silent([](test::Peer& peer) { static_cast<void>(peer.line()); });
  SmtpOptions options = plain("smtp://127.0.0.1:" + std::to_string(silent.port()));
  options.call_ms_max = 500;
  const auto none = (*smtp_mailer(options))->send(message());
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == FaultKind::timeout);
}

TEST_CASE("a mail server is an smtp URL without credentials, and passwords travel encrypted") {
  for (const char* url : {"", "http://mail.example.org", "mail.example.org", "smtp://",
                          "smtp://user:word@mail.example.org", "file:///etc/passwd"}) {
    CAPTURE(url);
    CHECK_FALSE(smtp_mailer(plain(url)).has_value());
  }
  SmtpOptions far = plain("smtp://mail.example.org");
  CHECK(smtp_mailer(far).has_value());
  far.credentials = Credentials{"user", "password"};
  CHECK_FALSE(smtp_mailer(far).has_value());
  far.encryption = Encryption::required;
  CHECK(smtp_mailer(far).has_value());
}

TEST_CASE("credentials are a user and a password on two lines, or with a colon between") {
  CHECK(parse_credentials("user\npass:word\n")->password == "pass:word");
  CHECK(parse_credentials("user\r\npassword\r\n")->user == "user");
  CHECK(parse_credentials("user:pass:word")->password == "pass:word");
  for (const char* text : {"", "user", "user\n", ":password", "a\nb\nc"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_credentials(text).has_value());
  }
}

}  // namespace
}  // namespace holdpoint::mail

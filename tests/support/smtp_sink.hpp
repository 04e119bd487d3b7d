// A mail server that keeps what it takes over, and turns down what it is told to turn down. It
// speaks the part of SMTP (RFC 5321) that is needed to hand over one message, and encrypts when it
// offers STARTTLS.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "support/loopback_server.hpp"

namespace holdpoint::test {

struct TakenMail {
  std::string from;  // of the envelope
  std::string to;
  std::string text;  // with '\n' as line ends, and dots at their starts as written

  /// The value of a header, unfolded; "" when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  /// The body with its quoted-printable undone.
  [[nodiscard]] std::string body() const;
};

class SmtpSink {
 public:
  SmtpSink() : server_([this](Peer& peer) { talk(peer); }) {}

  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
    return "smtp://" + host + ":" + std::to_string(server_.port());
  }
  /// The answers to the next recipients, "451 4.3.0 later"; after them everybody is welcome.
  void answer_recipients(std::vector<std::string> answers);
  /// Asks for AUTH PLAIN with these.
  void demand(std::string user, std::string password);

  /// Offers STARTTLS with that certificate, which MUST outlive the sink.
  void offer_encryption(const Certificate& certificate);

  std::vector<TakenMail> mails();
  /// Every command line that came, with passwords.
  std::vector<std::string> commands();
  /// Waits until so many were taken over.
  bool await(std::size_t count, int ms_max = 20'000);

 private:
  void talk(Peer& peer);
  std::string answer_to(const std::string& command, TakenMail& mail);
  bool take_text(Peer& peer, TakenMail& mail);

  std::mutex mutex_;
  std::deque<std::string> answers_;
  const Certificate* certificate_ = nullptr;
  std::string wanted_auth_;  // base64 of the PLAIN message; "" when none is wanted
  bool asked_who_ = false;
  std::vector<TakenMail> mails_;
  std::vector<std::string> commands_;
  LoopbackServer server_;  // the last: its thread uses the others
};

}  // namespace holdpoint::test

// See smtp_sink.hpp.
#include "support/smtp_sink.hpp"

#include <chrono>
#include <sstream>

#include "base/encoding.hpp"

namespace holdpoint::test {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};

std::string between_brackets(const std::string& line) {
  const auto open = line.find('<');
  const auto end = line.find('>', open);
  return open == std::string::npos || end == std::string::npos
             ? ""
             : line.substr(open + 1, end - open - 1);
}

}  // namespace

std::string TakenMail::header(std::string_view name) const {
  std::istringstream lines(text);
  std::string value;
  bool found = false;
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (found && folded) value += line;
    if (folded) continue;
    if (found) break;
    if (!line.starts_with(std::string(name) + ": ")) continue;
    found = true;
    value = line.substr(name.size() + 2);
  }
  return value;
}

std::string TakenMail::body() const {
  const auto start = text.find("\n\n");
  if (start == std::string::npos) return "";
  const std::string coded = text.substr(start + 2);
  std::string out;
  for (std::size_t i = 0; i < coded.size(); ++i) {
    if (coded[i] != '=') {
      out += coded[i];
    } else if (coded.substr(i, 2) == "=\n") {
      ++i;
    } else {
      out += from_hex(coded.substr(i + 1, 2)).value_or("?");
      i += 2;
    }
  }
  return out;
}

void SmtpSink::answer_recipients(std::vector<std::string> answers) {
  const std::scoped_lock lock(mutex_);
  answers_.assign(answers.begin(), answers.end());
}

void SmtpSink::demand(std::string user, std::string password) {
  const std::scoped_lock lock(mutex_);
  wanted_auth_ = to_base64(std::string(1, '\0') + user + std::string(1, '\0') + password);
}

void SmtpSink::offer_encryption(const Certificate& certificate) {
  const std::scoped_lock lock(mutex_);
  certificate_ = &certificate;
}

std::vector<TakenMail> SmtpSink::mails() {
  const std::scoped_lock lock(mutex_);
  return mails_;
}

std::vector<std::string> SmtpSink::commands() {
  const std::scoped_lock lock(mutex_);
  return commands_;
}

bool SmtpSink::await(std::size_t count, int ms_max) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms_max);
  while (mails().size() < count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return true;
}

std::string SmtpSink::answer_to(const std::string& command, TakenMail& mail) {
  const std::scoped_lock lock(mutex_);
  commands_.push_back(command);
  if (command.starts_with("EHLO")) {
    std::string answer = "250-sink\r\n";
    if (certificate_ != nullptr) answer += "250-STARTTLS\r\n";
    return answer + (wanted_auth_.empty() ? "250 HELP" : "250 AUTH PLAIN");
  }
  if (command == "STARTTLS" && certificate_ != nullptr) return "220 go on encrypted";
  // The credentials come with the command, or on a line of their own once they are asked for.
  if (command == "AUTH PLAIN") {
    asked_who_ = true;
    return "334 ";
  }
  if (asked_who_ || command.starts_with("AUTH PLAIN ")) {
    const std::string told = asked_who_ ? command : command.substr(11);
    asked_who_ = false;
    return told == wanted_auth_ ? "235 welcome" : "535 5.7.8 who are you?";
  }
  if (command.starts_with("MAIL FROM:")) {
    mail = {between_brackets(command), "", ""};
    return "250 fine";
  }
  if (command.starts_with("RCPT TO:")) {
    mail.to = between_brackets(command);
    if (answers_.empty()) return "250 fine";
    const std::string answer = answers_.front();
    answers_.pop_front();
    return answer;
  }
  if (command == "DATA") return mail.to.empty() ? "503 no recipient" : "354 go on";
  if (command == "QUIT") return "221 bye";
  return "500 what?";
}

bool SmtpSink::take_text(Peer& peer, TakenMail& mail) {
  for (;;) {
    auto line = peer.line();
    if (!line) return false;
    if (*line == ".") break;
    if (line->starts_with('.')) line->erase(0, 1);
    mail.text += *line + "\n";
  }
  const std::scoped_lock lock(mutex_);
  mails_.push_back(mail);
  return true;
}

void SmtpSink::talk(Peer& peer) {
  peer.write("220 sink ready\r\n");
  TakenMail mail;
  while (const auto command = peer.line()) {
    const std::string answer = answer_to(*command, mail);
    peer.write(answer + "\r\n");
    if (answer.starts_with("221")) return;
    if (answer.starts_with("220") && !peer.encrypt(*certificate_)) return;
    if (!answer.starts_with("354")) continue;
    if (!take_text(peer, mail)) return;
    peer.write("250 taken over\r\n");
  }
}

}  // namespace holdpoint::test

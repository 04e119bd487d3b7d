// A client that sends exactly the bytes it is told to, from an address of its own, and reads with a
// deadline. The end-to-end tests speak to the real server through it: correct requests, broken ones
// and streams that no library would send.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace holdpoint::test {

/// Where the requests come from: no other program on the machine uses this loopback address, so a
/// trace of it in a file is a trace of a test.
inline constexpr std::string_view client_address = "127.77.66.55";
inline constexpr int answer_ms_max = 60'000;

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;  // 0: no answer came, or it was cut short
  Fields headers;
  std::string body;

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  /// The body as JSON; null when it is not.
  [[nodiscard]] json::value document() const;
  /// `code` of a problem document, "" when the body is none.
  [[nodiscard]] std::string code() const;
  /// A member of the body's object as text; "" when it is not there.
  [[nodiscard]] std::string text(std::string_view member) const;
};

class Wire {
 public:
  explicit Wire(std::uint16_t port, std::string_view from = client_address);
  Wire(Wire&& other) noexcept;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  [[nodiscard]] bool connected() const { return connected_; }
  /// False when the server has closed the connection.
  [[nodiscard]] bool send(std::string_view bytes) const;
  void end_sending() const;
  /// Cuts the connection with a reset, as a client that dies does.
  void reset();
  /// The next answer, with its body by length, in chunks or to the end of the connection.
  Reply answer(int ms_max = answer_ms_max);
  /// Waits until the text has come; false when it did not in time.
  bool await(std::string_view text, int ms_max = answer_ms_max);
  /// Whether the server closes the connection in time.
  bool closes(int ms_max);

 private:
  bool receive(int ms_max);
  bool take_chunks(std::string& body, int ms_max);

  int socket_ = -1;
  bool connected_ = false;
  bool closed_ = false;
  std::string received_;
};

}  // namespace holdpoint::test

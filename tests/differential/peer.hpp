// The peer: node running generate.mjs as a child process, one JSON object a line.
#pragma once

#include <cstdio>
#include <optional>
#include <string>

#include "base/json.hpp"

namespace holdpoint::differential {

class Peer {
 public:
  /// Starts `generate.mjs` with the arguments.
  explicit Peer(const std::string& arguments);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  /// The next object it prints; nothing at its end.
  std::optional<json::object> next();
  /// After the last line: whether it ended well.
  [[nodiscard]] bool succeeded();

 private:
  std::FILE* lines_;
  int status_ = -1;
  char* buffer_ = nullptr;
  std::size_t buffer_bytes_ = 0;
};

}  // namespace holdpoint::differential

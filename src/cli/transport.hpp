// How the commands reach the server: one request, one reply. The program speaks HTTP through
// platform/client, the tests through a script of replies.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fault.hpp"

namespace holdpoint::cli {

/// A whole answer is held in memory; lists are paged, so an honest one is far smaller.
inline constexpr std::size_t reply_bytes_max = 64U << 20;

struct Call {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// When set, this file is streamed as the body instead of `body`.
  std::optional<std::filesystem::path> upload;
  /// Told of the bytes sent so far, when set.
  std::function<void(std::uint64_t bytes_sent)> progress;
};

struct Reply {
  int status = 0;
  std::string body;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// MUST be bounded in time and in the size of the reply. A reply of any status is a value; a
  /// Fault means that there was none. MUST NOT follow redirects: the token in the headers is meant
  /// for the server named in the URL. The fault's text MUST NOT hold a header.
  virtual Result<Reply> send(const Call& call) = 0;
};

}  // namespace holdpoint::cli

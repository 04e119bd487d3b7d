// Any bytes from a client, in pieces of any size: never a crash, and never more body than allowed.
#include <algorithm>
#include <cstdint>

#include "base/assert.hpp"
#include "platform/http/request_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdpoint;
  using Phase = http::RequestReader::Phase;
  constexpr std::uint64_t body_bytes_max = 100;
  if (size < 1) return 0;
  const std::size_t piece = bytes[0] % 64 + std::size_t{1};
  const std::string_view all(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  http::RequestReader reader(http::ReaderLimits{512, 10, 200});
  http::Request request;
  reader.begin(request);
  std::string body;
  std::string held;
  for (std::size_t at = 0; at < all.size(); at += piece) {
    held.append(all.substr(at, piece));
    std::size_t used = 1;
    while (used > 0 && !held.empty()) {
      if (reader.phase() == Phase::head) {
        used = reader.feed_head(held);
      } else if (reader.phase() == Phase::body) {
        used = reader.feed_body(held, body_bytes_max, body);
      } else if (reader.phase() == Phase::complete) {
        HP_ASSERT(reader.body_bytes() <= body_bytes_max, "FZ: a body stays within its bound");
        reader.begin(request);
      } else {
        HP_ASSERT(reader.refusal().status >= 400, "FZ: a refusal has a status");
        return 0;
      }
      held.erase(0, used);
    }
    HP_ASSERT(held.size() <= 2048, "FZ: what is held back is bounded");
  }
  return 0;
}

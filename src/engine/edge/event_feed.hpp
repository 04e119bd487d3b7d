// Server-sent events: tells open pages and tools that something was recorded. Keys only; whoever
// hears of a change reads it with his own permissions.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/edge/api.hpp"
#include "platform/http/event_stream.hpp"

namespace holdpoint::engine::edge {

inline constexpr std::size_t feed_streams_max = 1'000;
inline constexpr std::string_view feed_permission = "releases.read";

/// Whether a caller admitted before would be admitted now. MUST NOT wait.
using Standing = std::function<bool(const Caller&, std::string_view permission)>;

class EventFeed {
 public:
  /// MUST be made before the engine starts, and after whatever `standing` reads follows commits, so
  /// that the commit that ends a caller's standing already ends his stream.
  EventFeed(Engine& engine, Standing standing);
  http::Response open(const http::Request& request);
  void close_all();

 private:
  const Standing standing_;
  std::mutex mutex_;
  std::multimap<std::string, std::shared_ptr<http::EventStream>, std::less<>> streams_;
};

std::vector<http::Route> feed_routes(std::shared_ptr<EventFeed> feed);

}  // namespace holdpoint::engine::edge

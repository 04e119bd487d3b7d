// See event_feed.hpp.
#include "engine/edge/event_feed.hpp"

namespace holdpoint::engine::edge {
namespace {

struct FeedItem {
  std::uint64_t seq = 0;
  std::string type;
  std::string subject_kind;
  std::string subject_id;
};
HP_DESCRIBE(FeedItem, seq, type, subject_kind, subject_id)

}  // namespace

EventFeed::EventFeed(Engine& engine, Standing standing) : standing_(std::move(standing)) {
  engine.on_commit([this](const std::vector<Recorded>& events) {
    const std::lock_guard lock(mutex_);
    if (streams_.empty()) return;
    for (const Recorded& event : events) {
      auto [at, end] = streams_.equal_range(event.workspace);
      if (at == end) continue;
      const std::string item =
          to_json_text(FeedItem{event.seq, event.type, event.subject.kind, event.subject.id});
      while (at != end) {
        const bool taken = at->second->publish(std::to_string(event.seq), "recorded", item);
        at = taken ? std::next(at) : streams_.erase(at);
      }
    }
  });
}

http::Response EventFeed::open(const http::Request& request) {
  auto stream = std::make_shared<http::EventStream>(
      http::EventLimits{}, [standing = standing_, caller = caller_of(request)] {
        return standing(caller, feed_permission);
      });
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& entry) { return !entry.second->open(); });
    if (streams_.size() >= feed_streams_max) {
      return http::problem_response(503, "too_many_streams", "Too many event streams are open.");
    }
    streams_.emplace(caller_of(request).workspace, stream);
  }
  http::Response response;
  response.events = std::move(stream);
  return response;
}

void EventFeed::close_all() {
  const std::lock_guard lock(mutex_);
  for (auto& entry : streams_) entry.second->close();
  streams_.clear();
}

std::vector<http::Route> feed_routes(std::shared_ptr<EventFeed> feed) {
  http::Route open{.method = "GET",
                   .path = "/api/v1/{workspace}/events",
                   .permission = std::string(feed_permission),
                   .summary = "Server-sent events: what was recorded, as it happens",
                   .operation_id = "follow_events",
                   .tag = "ledger"};
  open.response_media = "text/event-stream";
  open.handler = [feed](http::Request& request) { return feed->open(request); };
  return {std::move(open)};
}

}  // namespace holdpoint::engine::edge

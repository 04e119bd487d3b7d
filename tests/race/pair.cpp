// See pair.hpp.
#include "race/pair.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <barrier>
#include <thread>

namespace holdpoint::test {

Ask post(const std::string& path, const json::object& body) {
  return {.method = "POST", .target = "/api/v1/main/" + path, .body = json::serialize(body)};
}

std::pair<Reply, Reply> Pair::at_once(const Ask& first, const Ask& second) {
  std::pair<Reply, Reply> replies;
  std::barrier ready(2);
  std::thread other([&] {
    ready.arrive_and_wait();
    replies.second = other_.call(second);
  });
  ready.arrive_and_wait();
  replies.first = one_.call(first);
  other.join();
  return replies;
}

bool are(const std::pair<Reply, Reply>& replies, int status, int other_status) {
  const auto [one, other] = std::minmax(replies.first.status, replies.second.status);
  const auto [low, high] = std::minmax(status, other_status);
  return one == low && other == high;
}

std::size_t entries_of(HttpPeer& peer, std::string_view subject, std::string_view type) {
  const Reply found =
      peer.get("/api/v1/main/ledger/entries?limit=200&subject=" + std::string(subject) +
               "&type=" + std::string(type));
  REQUIRE(found.status == 200);
  const std::string mark = '"' + std::string(type) + '"';
  std::size_t count = 0;
  for (auto at = found.body.find(mark); at != std::string::npos; at = found.body.find(mark, at + 1))
    ++count;
  return count;
}

}  // namespace holdpoint::test

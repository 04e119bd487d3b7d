// Two requests that leave at the same instant over two connections, and what the ledger has of them
// afterwards.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "support/http_peer.hpp"

namespace holdpoint::test {

/// A request to the API of the workspace main.
Ask post(const std::string& path, const json::object& body);

class Pair {
 public:
  Pair(HttpPeer& one, HttpPeer& other) : one_(one), other_(other) {}

  /// As close to each other as two threads can.
  std::pair<Reply, Reply> at_once(const Ask& first, const Ask& second);

 private:
  HttpPeer& one_;
  HttpPeer& other_;
};

/// Whether one of the two was told this and the other one that.
bool are(const std::pair<Reply, Reply>& replies, int status, int other_status);

/// How many entries of that type the ledger has about the subject.
std::size_t entries_of(HttpPeer& peer, std::string_view subject, std::string_view type);

}  // namespace holdpoint::test

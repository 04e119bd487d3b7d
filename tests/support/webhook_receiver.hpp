// A receiver of webhooks: keeps every request as it came and answers as it is told.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "support/loopback_server.hpp"
#include "support/wire.hpp"

namespace holdpoint::test {

struct ReceivedWebhook {
  std::string request_line;
  Fields headers;  // names in lower case
  std::string body;
  int answered = 0;

  [[nodiscard]] std::string header(std::string_view name) const;
};

class WebhookReceiver {
 public:
  WebhookReceiver() : server_([this](Peer& peer) { talk(peer); }) {}

  [[nodiscard]] std::string url(const std::string& path = "/in") const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
  }
  /// The statuses of the next answers; after them 204.
  void answer(std::vector<int> statuses);
  std::vector<ReceivedWebhook> received();
  /// Waits until so many came.
  bool await(std::size_t count, int ms_max = 20'000);

 private:
  void talk(Peer& peer);

  std::mutex mutex_;
  std::deque<int> statuses_;
  std::vector<ReceivedWebhook> received_;
  LoopbackServer server_;  // the last: its thread uses the others
};

}  // namespace holdpoint::test

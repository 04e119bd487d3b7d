// See webhook_receiver.hpp.
#include "support/webhook_receiver.hpp"

#include <algorithm>
#include <chrono>

namespace holdpoint::test {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return text;
}

}  // namespace

std::string ReceivedWebhook::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

void WebhookReceiver::answer(std::vector<int> statuses) {
  const std::scoped_lock lock(mutex_);
  statuses_.assign(statuses.begin(), statuses.end());
}

std::vector<ReceivedWebhook> WebhookReceiver::received() {
  const std::scoped_lock lock(mutex_);
  return received_;
}

bool WebhookReceiver::await(std::size_t count, int ms_max) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms_max);
  while (received().size() < count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return true;
}

void WebhookReceiver::talk(Peer& peer) {
  const auto first = peer.line();
  if (!first) return;
  ReceivedWebhook webhook{*first, {}, "", 204};
  std::size_t length = 0;
  for (auto line = peer.line(); line && !line->empty(); line = peer.line()) {
    const auto colon = line->find(": ");
    if (colon == std::string::npos) continue;
    webhook.headers.emplace_back(lower(line->substr(0, colon)), line->substr(colon + 2));
    if (webhook.headers.back().first == "content-length") {
      length = std::stoul(webhook.headers.back().second);
    }
  }
  webhook.body = peer.bytes(length).value_or("");
  {
    const std::scoped_lock lock(mutex_);
    if (!statuses_.empty()) {
      webhook.answered = statuses_.front();
      statuses_.pop_front();
    }
    received_.push_back(webhook);
  }
  peer.write("HTTP/1.1 " + std::to_string(webhook.answered) +
             " So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

}  // namespace holdpoint::test

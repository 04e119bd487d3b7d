// The application behind the server in its tests: a handful of paths, each of which shows one
// behaviour, and a record of what reached it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.hpp"
#include "platform/http/event_stream.hpp"
#include "platform/http/later_answer.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/server.hpp"

namespace holdpoint::http::testing {

/// Digests what it is given and counts, and refuses on demand.
class DigestingSink final : public BodySink {
 public:
  Result<void> write(std::string_view bytes) override {
    total += bytes.size();
    largest = std::max(largest, bytes.size());
    hash.update(bytes);
    if (total >= fail_at) return fault(FaultKind::exhausted, "sink", "full");
    return {};
  }
  std::size_t total = 0;
  std::size_t largest = 0;
  std::size_t fail_at = SIZE_MAX;
  Sha256 hash;
};

/// Gives so many bytes in pieces, then ends, or breaks.
class CountingSource final : public BodySource {
 public:
  CountingSource(std::size_t bytes, bool breaks) : left_(bytes), breaks_(breaks) {}
  Result<std::string> read(std::size_t bytes_max) override {
    if (left_ == 0 && breaks_) return fault(FaultKind::io, "source", "broken");
    const std::size_t now = std::min(left_, bytes_max);
    left_ -= now;
    return std::string(now, 'd');
  }

 private:
  std::size_t left_;
  bool breaks_;
};

class TestApplication final : public Application {
 public:
  std::optional<Response> answer_at_once(const Request& head) override {
    if (head.path == "/now") return text_response(200, "now");
    if (head.path == "/now-big") return text_response(200, std::string(100'000, 'b'));
    if (head.path == "/now-throws") throw std::runtime_error("thrown at once");
    return std::nullopt;
  }

  std::expected<BodyPlan, Response> admit(Request& head) override {
    ++admitted;
    if (head.path == "/denied") {
      return std::unexpected(problem_response(403, "denied", "you may not"));
    }
    if (head.path == "/admit-throws") throw std::runtime_error("thrown in admit");
    if (head.path == "/upload" || head.path == "/full") {
      auto sink = std::make_shared<DigestingSink>();
      if (head.path == "/full") sink->fail_at = 1;
      return BodyPlan{std::uint64_t{1} << 30, std::move(sink)};
    }
    return BodyPlan{1'000, nullptr};
  }

  Response handle(Request& request) override {
    ++handled;
    if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (request.path == "/throws") throw std::runtime_error("thrown in handle");
    if (request.path == "/html") {
      Response page = text_response(200, "<p>");
      return page.set("Content-Type", "text/html; charset=utf-8");
    }
    if (request.path == "/later") return later();
    if (request.path == "/nothing") return no_content();
    if (request.path == "/upload") return uploaded(request);
    if (request.path.starts_with("/download")) return download(request);
    if (request.path == "/events") return events();
    if (request.path == "/injected") {
      Response response = text_response(200, "safe");
      response.headers.emplace_back("X-Note", "a\r\nSet-Cookie: stolen=1");
      response.headers.emplace_back("Content-Length", "99999");
      return response;
    }
    return text_response(200, request.method + " " + request.path + " " + request.body);
  }

  std::atomic<bool> events_admitted = true;

  std::shared_ptr<EventStream> last_stream() {
    const std::scoped_lock lock(mutex_);
    return stream_;
  }

  std::atomic<int> admitted = 0;
  std::atomic<int> handled = 0;
  std::atomic<std::size_t> largest_write = 0;

  /// Answers every "/later" that waits; how many there were.
  std::size_t give_later(const std::string& text) {
    std::vector<std::shared_ptr<LaterAnswer>> waiting;
    {
      const std::scoped_lock lock(mutex_);
      waiting.swap(later_);
    }
    for (const auto& one : waiting) one->give(text_response(200, text));
    return waiting.size();
  }

 private:
  Response later() {
    Response response;
    response.later = std::make_shared<LaterAnswer>();
    const std::scoped_lock lock(mutex_);
    later_.push_back(response.later);
    return response;
  }

  Response uploaded(Request& request) {
    auto& sink = dynamic_cast<DigestingSink&>(*request.sink);
    largest_write = sink.largest;
    return text_response(200, std::to_string(sink.total) + " " + sink.hash.finish().hex());
  }

  static Response download(const Request& request) {
    Response response;
    response.set("Content-Type", "application/octet-stream");
    const auto bytes = std::stoul(std::string(request.query("bytes").value_or("0")));
    response.source = std::make_shared<CountingSource>(bytes, request.path == "/download-breaks");
    if (request.query("sized")) response.set("Content-Length", std::to_string(bytes));
    return response;
  }

  Response events() {
    Response response;
    response.events = std::make_shared<EventStream>(EventLimits{64, 256U << 10},
                                                    [this] { return events_admitted.load(); });
    const std::scoped_lock lock(mutex_);
    stream_ = response.events;
    return response;
  }

  std::mutex mutex_;
  std::shared_ptr<EventStream> stream_;
  std::vector<std::shared_ptr<LaterAnswer>> later_;
};

/// A started server with limits short enough for tests.
struct TestServer {
  explicit TestServer(ServerOptions options = {}) {
    options.io_threads = 1;
    options.on_exception = [this](const Request&, std::string_view what) {
      const std::scoped_lock lock(mutex);
      exceptions.emplace_back(what);
    };
    auto started = Server::start(std::move(options), application);
    if (started) server = std::move(*started);
  }
  [[nodiscard]] std::uint16_t port() const { return server->port(); }

  TestApplication application;
  std::mutex mutex;
  std::vector<std::string> exceptions;
  std::unique_ptr<Server> server;
};

}  // namespace holdpoint::http::testing

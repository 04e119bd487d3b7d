// The log writes one JSON object a line, whatever it is given.
#include "platform/log/json_log.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <fstream>
#include <sstream>
#include <thread>

#include "base/json.hpp"
#include "support/fake_clock.hpp"
#include "support/scratch.hpp"

namespace holdpoint::log {
namespace {

using engine::LogLevel;

struct LoggedToFile {
  test::Scratch scratch;
  test::FakeClock clock{Instant{1'700'000'000'000'000}};
  std::unique_ptr<engine::Log> log;
  explicit LoggedToFile(LogLevel threshold = LogLevel::debug) {
    auto opened = open_log({.threshold = threshold, .path = scratch.path("log")}, clock);
    REQUIRE(opened.has_value());
    log = std::move(*opened);
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream all;
    all << std::ifstream(scratch.path("log")).rdbuf();
    return all.str();
  }
};

TEST_CASE("a line is one JSON object with time, level, message and fields") {
  LoggedToFile on;
  on.log->write(LogLevel::warning, "slow commit", {{"us", "1200"}, {"workspace", "a\"b\n"}});
  CHECK(on.text() ==
        "{\"time\":\"2023-11-14T22:13:20Z\",\"level\":\"warning\",\"message\":\"slow commit\","
        "\"us\":\"1200\",\"workspace\":\"a\\\"b\\n\"}\n");
}

TEST_CASE("lines below the threshold are not written") {
  LoggedToFile on(LogLevel::warning);
  on.log->write(LogLevel::debug, "no");
  on.log->write(LogLevel::info, "no");
  CHECK(on.text().empty());
  on.log->write(LogLevel::error, "yes");
  CHECK(on.text().find("\"error\"") != std::string::npos);
}

TEST_CASE("whatever the bytes, a line stays one line of valid JSON") {
  LoggedToFile on;
  std::string all_bytes;
  for (int c = 0; c < 256; ++c) all_bytes += static_cast<char>(c);
  on.log->write(LogLevel::info, all_bytes,
                {{"cut", "ab\xE2\x82"}, {"good", "€"}, {"mixed", "\xFF€\xC3"}});
  const std::string text = on.text();
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  const auto parsed = parse_json(text);
  REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().text()));
  CHECK(parsed->at("good").as_string() == "€");
  CHECK(parsed->at("mixed").as_string() == "\uFFFD€\uFFFD");
  CHECK(parsed->at("cut").as_string() == "ab\uFFFD\uFFFD");
}

TEST_CASE("a value that is too long is cut and says so") {
  LoggedToFile on;
  on.log->write(LogLevel::info, std::string(100'000, 'm'));
  CHECK(on.text().size() < kValueBytes_max + 200);
  CHECK(on.text().find("m…\"") != std::string::npos);
}

TEST_CASE("lines of several threads do not mix") {
  LoggedToFile on;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) on.log->write(LogLevel::info, std::string(500, 'x'));
    });
  }
  threads.clear();
  std::istringstream lines(on.text());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) CHECK(parse_json(line).has_value());
  CHECK(count == 800);
}

TEST_CASE("a log that cannot be opened is a fault") {
  test::FakeClock clock{Instant{0}};
  CHECK_FALSE(open_log({.path = "/proc/nowhere/log"}, clock).has_value());
}

}  // namespace
}  // namespace holdpoint::log

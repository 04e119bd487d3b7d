// Evidence over HTTP: what is kept is what was sent, byte for byte; nothing that a tool or an
// attacker can send crashes intake or counts as passing unread; large reports stream.
#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/digest.hpp"
#include "support/reports.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

namespace files = std::filesystem;

constexpr std::string_view release_path = "/api/v1/main/releases/payments%401.0.0";

ServerProcess& server() {
  static ServerProcess one;
  static const bool prepared = [] {
    const Ask apply{.method = "POST",
                    .target = "/api/v1/main/apply",
                    .body = example("environments.yaml") + "---\n" + example("application.yaml"),
                    .media = "application/yaml"};
    return one.ask(apply).status == 200 &&
           one.post("/api/v1/main/releases",
                    R"({"application":"payments","version":"1.0.0","commits":[],"ci":{},)"
                    R"("artifacts":[]})")
                   .status == 201;
  }();
  REQUIRE(prepared);
  return one;
}

Ask upload(const std::string& name, std::string bytes, const std::string& more = "") {
  return {.method = "POST",
          .target = std::string(release_path) + "/evidence?name=" + name + more,
          .body = std::move(bytes),
          .media = "application/octet-stream"};
}

std::size_t files_in(const std::string& folder) {
  std::size_t count = 0;
  for (const auto& entry :
       files::recursive_directory_iterator(server().directory() + "/objects/" + folder)) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

/// Objects, once no upload is under way any more.
std::size_t stored_files() {
  for (int i = 0; i < 500 && files_in("incoming") > 0; ++i) ::usleep(10'000);
  CHECK(files_in("incoming") == 0);
  return files_in("sha256");
}

std::size_t listed() {
  return server()
      .get(std::string(release_path) + "/evidence?limit=200")
      .document()
      .at("items")
      .as_array()
      .size();
}

/// The server's largest resident memory so far, in bytes.
std::uint64_t memory_peak() {
  const std::string status = read_file("/proc/" + std::to_string(server().process()) + "/status");
  return std::strtoull(status.c_str() + status.find("VmHWM:") + 6, nullptr, 10) * 1024;
}

/// Sends a report of that many bytes, most of them in one text, without ever holding them.
Reply stream(std::uint64_t size, const std::string& name) {
  Wire wire(server().port());
  static_cast<void>(wire.send(ServerProcess::head_of(
      server().session(), upload(name, ""), "Content-Length: " + std::to_string(size) + "\r\n")));
  const std::string begin = R"({"version":"2.1.0","runs":[],"padding":")";
  const std::string end = "\"}";
  const std::string piece(1U << 20, 'x');
  bool open = wire.send(begin);
  for (std::uint64_t left = size - begin.size() - end.size(); open && left > 0;) {
    const auto part = std::min<std::uint64_t>(piece.size(), left);
    open = wire.send(std::string_view(piece).substr(0, part));
    left -= part;
  }
  static_cast<void>(wire.send(end));
  return wire.answer();
}

}  // namespace

TEST_CASE("a report is kept byte for byte and given back the same") {
  auto& house = server();
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 31 % 256);
  for (const std::string& report :
       {junit(3, 1), bytes, std::string("\0", 1), std::string(), sarif({"error"})}) {
    const Reply added = house.ask(upload("same-bytes", report));
    INFO(added.body);
    REQUIRE((added.status == 201 || added.status == 200));
    CHECK(added.text("digest") == sha256(report).text());
    CHECK(added.document().at("size") == report.size());
    const Reply raw = house.get("/api/v1/main/evidence/" + added.text("id") + "/raw");
    CHECK(raw.status == 200);
    CHECK(raw.body == report);
    const Reply summary = house.get("/api/v1/main/evidence/" + added.text("id") + "/summary");
    CHECK(summary.status == 200);
    CHECK(sha256(summary.body).text() == added.text("summary_digest"));
  }
}

TEST_CASE("the same report again is the same evidence; another of its name supersedes it") {
  auto& house = server();
  const Reply first = house.ask(upload("unit.xml", junit(3, 0)));
  CHECK(first.status == 201);
  const Reply again = house.ask(upload("unit.xml", junit(3, 0)));
  CHECK(again.status == 200);
  CHECK(again.text("id") == first.text("id"));
  const Reply elsewhere = house.ask(upload("unit.xml", junit(3, 0), "&commit=abc"));
  CHECK(elsewhere.status == 201);
  CHECK(elsewhere.text("id") != first.text("id"));
  CHECK(house.ask(upload("unit.xml", junit(3, 0), "&commit=abc")).status == 200);
  const Reply other = house.ask(upload("unit.xml", junit(4, 0)));
  CHECK(other.status == 201);
  CHECK(other.text("id") != first.text("id"));
  const Reply old = house.get("/api/v1/main/evidence/" + first.text("id"));
  INFO(old.body);
  CHECK(old.text("superseded_by") == elsewhere.text("id"));
  CHECK(house.get("/api/v1/main/evidence/" + first.text("id") + "/raw").body == junit(3, 0));
}

TEST_CASE("a report that cannot be read keeps the kind of the one it supersedes") {
  auto& house = server();
  CHECK(house.ask(upload("cover.xml", cobertura(1, 2))).text("kind") == "coverage");
  const Reply broken = house.ask(upload("cover.xml", "nothing that a tool wrote"));
  CHECK(broken.text("status") == "unparsed");
  CHECK(broken.text("kind") == "coverage");
  const Reply unnamed = house.ask(upload("other.bin", "nothing that a tool wrote"));
  CHECK(unnamed.text("kind") == "unknown");
}

TEST_CASE("names and values that would mislead a reader are refused") {
  auto& house = server();
  for (const std::string& query :
       {std::string(300, 'n'), std::string("a%0Ab"), std::string("a&kind=nonsense"),
        std::string("a&tool=") + std::string(1'025, 't'), std::string("a&tool=%1b%5b31m")}) {
    const Reply reply = house.ask(upload(query, junit(1, 0)));
    INFO(reply.status, " ", reply.body);
    CHECK(reply.status == 422);
    CHECK(!reply.code().empty());
  }
  const Reply missing = house.ask({.method = "POST",
                                   .target = "/api/v1/main/releases/payments%407/evidence?name=a",
                                   .body = junit(1, 0),
                                   .media = "application/octet-stream"});
  CHECK(missing.status == 404);
}

TEST_CASE("an upload that breaks off leaves nothing behind") {
  const std::size_t before_files = stored_files();
  const std::size_t before_items = listed();
  for (const bool abrupt : {true, false}) {
    Wire wire(server().port());
    REQUIRE(wire.send(ServerProcess::head_of(server().session(), upload("broken-off", ""),
                                             "Content-Length: 1000000\r\n")));
    REQUIRE(wire.send(std::string(300'000, 'x')));
    if (abrupt) {
      wire.reset();
    } else {
      wire.end_sending();
      CHECK(wire.answer().status != 201);
    }
  }
  {
    Wire wire(server().port());
    REQUIRE(wire.send(ServerProcess::head_of(server().session(), upload("bad-chunk", ""),
                                             "Transfer-Encoding: chunked\r\n")));
    REQUIRE(wire.send("5\r\nhello\r\nnonsense\r\n"));
    CHECK(wire.answer().status == 400);
  }
  CHECK(stored_files() == before_files);
  CHECK(listed() == before_items);
}

TEST_CASE("a report over the limit is refused before it is stored") {
  const std::size_t before = stored_files();
  const std::uint64_t over = (1ULL << 30) + 1;
  Wire wire(server().port());
  REQUIRE(wire.send(ServerProcess::head_of(server().session(), upload("over", ""),
                                           "Content-Length: " + std::to_string(over) + "\r\n")));
  const Reply refused = wire.answer();
  CHECK(refused.status == 413);
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(stored_files() == before);
}

TEST_CASE("a report that grows over the limit in chunks is refused and leaves nothing" *
          doctest::skip(std::getenv("HP_LONG") == nullptr)) {
  const std::size_t before = stored_files();
  Wire wire(server().port());
  REQUIRE(wire.send(ServerProcess::head_of(server().session(), upload("grows", ""),
                                           "Transfer-Encoding: chunked\r\n")));
  const std::string chunk = "100000\r\n" + std::string(1U << 20, 'x') + "\r\n";
  int sent = 0;
  while (sent < 2'000 && wire.send(chunk)) ++sent;
  CHECK(wire.answer().status == 413);
  CHECK(sent >= 1'024);
  CHECK(stored_files() == before);
}

TEST_CASE("large reports stream: the memory they take does not grow with them") {
  const Reply read = stream(200ULL << 20, "two-hundred");
  INFO(read.body);
  CHECK(read.status == 201);
  CHECK(read.text("format") == "sarif");
  const std::uint64_t after_parsed = memory_peak();
  // What is parsed is held in memory; the budget of intake is four times the report. A sanitizer
  // keeps what was freed for a while, so its builds get two more.
  CHECK(after_parsed < (sanitized ? 6ULL : 4ULL) * (200ULL << 20));
  const std::uint64_t size = std::getenv("HP_LONG") != nullptr ? 1ULL << 30 : 257ULL << 20;
  const Reply kept = stream(size, "too-large-to-read");
  INFO(kept.body);
  CHECK(kept.status == 201);
  CHECK(kept.text("status") == "unparsed");
  CHECK(kept.text("reason").find("larger than 256 MB") != std::string::npos);
  CHECK(kept.document().at("size") == size);
  CHECK(memory_peak() < after_parsed + (64ULL << 20));
  const Reply status = server().get("/healthz");
  CHECK(status.status == 200);
}

}  // namespace holdpoint::test

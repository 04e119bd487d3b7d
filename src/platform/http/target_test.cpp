// Request targets: what is decoded, and what is refused because two readers could differ on it.
#include "platform/http/target.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace holdpoint::http {
namespace {

TEST_CASE("a target is split into decoded segments and parameters") {
  Target target;
  REQUIRE(parse_target("/api/v1/caf%C3%A9/a%20b?q=1+2&empty=&flag&q=%26", target));
  CHECK(target.path == "/api/v1/caf\xC3\xA9/a b");
  CHECK(target.segments == std::vector<std::string>{"api", "v1", "caf\xC3\xA9", "a b"});
  REQUIRE(target.parameters.size() == 4);
  CHECK(target.parameters[0].second == "1 2");
  CHECK(target.parameters[1].second.empty());
  CHECK(target.parameters[2].first == "flag");
  CHECK(target.parameters[3].second == "&");
}

TEST_CASE("the root has no segments and a trailing slash has an empty last one") {
  Target target;
  REQUIRE(parse_target("/", target));
  CHECK(target.segments.empty());
  REQUIRE(parse_target("/a/", target));
  CHECK(target.segments == std::vector<std::string>{"a", ""});
  CHECK(target.path == "/a/");
}

TEST_CASE("the authority of an absolute target is dropped") {
  Target target;
  REQUIRE(parse_target("http://holdpoint.dev:80/a?b=c", target));
  CHECK(target.path == "/a");
  CHECK(target.parameters.size() == 1);
  REQUIRE(parse_target("http://holdpoint.dev", target));
  CHECK(target.path == "/");
}

TEST_CASE("ambiguous targets are refused and not repaired") {
  Target target;
  for (const char* text :
       {"",        "*",        "a",        "/..",         "/a/../b", "/.",  "/%2e%2e/etc", "/a/%2E",
        "/a%2Fb",  "/a%2fb",   "/a%5Cb",   "/a\\b",       "/a//b",   "//a", "/%00",        "/a%00b",
        "/%0d%0a", "/%7f",     "/%ff",     "/%c0%af",     "/%",      "/%4", "/%zz",        "/a#b",
        "/a?x=%",  "/a?x=%00", "/a?x=%ff", "/a?%e2%28=1", "host:443"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_target(text, target));
  }
}

TEST_CASE("segments and parameters are bounded") {
  Target target;
  std::string deep;
  for (std::size_t i = 0; i < path_segments_max; ++i) deep += "/s";
  CHECK(parse_target(deep, target));
  CHECK_FALSE(parse_target(deep + "/s", target));
  std::string wide = "/?";
  for (std::size_t i = 0; i < query_parameters_max; ++i) wide += "a&";
  CHECK(parse_target(wide, target));
  CHECK_FALSE(parse_target(wide + "a", target));
}

TEST_CASE("what is percent-encoded decodes to itself") {
  CHECK(rc::check("any bytes survive percent-encoding in a query", [](const std::string& text) {
    std::string encoded;
    for (const char c : text) {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', digits[byte / 16], digits[byte % 16]};
    }
    std::string decoded;
    return percent_decode(encoded, Plus::space, decoded) && decoded == text;
  }));
}

TEST_CASE("a final slash counts as a segment of the bound") {
  std::string path;
  for (std::size_t i = 0; i < path_segments_max; ++i) path += "/a";
  Target target;
  CHECK(parse_target(path, target).has_value());
  CHECK_FALSE(parse_target(path + "/", target).has_value());
}

}  // namespace
}  // namespace holdpoint::http

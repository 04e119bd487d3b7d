// Origins: what may name a log.
#include "ledger/origin.hpp"

#include <doctest/doctest.h>

#include "ledger/note.hpp"

namespace holdpoint::ledger {
namespace {

TEST_CASE("an origin is a server and a workspace of harmless characters") {
  for (const char* origin : {"holdpoint.example/payments", "localhost:8080/system", "a/b",
                             "example.com/holdpoint/team_1", "10.0.0.7/x-y"}) {
    CAPTURE(origin);
    CHECK(is_origin(origin));
    CHECK(is_key_name(origin));
  }
}

TEST_CASE("an origin with a space, a plus, a pattern character or an empty part is refused") {
  for (const char* origin : {"",
                             "a",
                             "/",
                             "/a",
                             "a/",
                             "a//b",
                             "a /b",
                             "a+b/c",
                             "a*/b",
                             "a?/b",
                             "(a)/b",
                             "[a]/b",
                             "a{2}/b",
                             "^a/b",
                             "a$/b",
                             "a|b/c",
                             "a\\b/c",
                             "https://",
                             "J\xC3\xBCrgen/b",
                             "a/b\n"}) {
    CAPTURE(origin);
    CHECK(!is_origin(origin));
  }
  CHECK(is_origin("a/" + std::string(origin_bytes_max - 2, 'b')));
  CHECK(!is_origin("a/" + std::string(origin_bytes_max - 1, 'b')));
}

TEST_CASE("an origin is made of its two parts") {
  CHECK(make_origin("holdpoint.example", "payments") == "holdpoint.example/payments");
  CHECK(make_origin("example.com/holdpoint", "payments") == "example.com/holdpoint/payments");
  CHECK(!make_origin("holdpoint.example", "a/b"));
  CHECK(!make_origin("holdpoint.example", ""));
  CHECK(!make_origin("", "payments"));
}

}  // namespace
}  // namespace holdpoint::ledger

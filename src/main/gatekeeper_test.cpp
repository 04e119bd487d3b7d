// The gatekeeper between the server and the handlers: what admit() found is what handle() runs.
#include "main/gatekeeper.hpp"

#include <doctest/doctest.h>

#include "support/scratch.hpp"

namespace holdpoint::test {
namespace {

http::Request request_for(const std::string& path) {
  http::Request request;
  request.method = "GET";
  request.target = request.path = path;
  request.segments = {path.substr(1)};
  return request;
}

TEST_CASE("a request is matched once: what was admitted is what is handled") {
  const Scratch scratch;
  const auto housing = main::Housing::open({.data_directory = scratch.path("data"),
                                            .server_name = {},
                                            .log_level = engine::LogLevel::error,
                                            .accept_rollback_because = std::nullopt});
  REQUIRE(housing.has_value());
  main::Gatekeeper gatekeeper(**housing, [] { return std::string(); });
  auto request = request_for("/healthz");
  REQUIRE(gatekeeper.admit(request).has_value());
  REQUIRE(request.route != nullptr);
  CHECK(request.route->operation_id == "health");
  request.segments = {"nowhere"};
  CHECK(gatekeeper.handle(request).body == "ok\n");
}

TEST_CASE("what no row matches is admitted nowhere") {
  const Scratch scratch;
  const auto housing = main::Housing::open({.data_directory = scratch.path("data"),
                                            .server_name = {},
                                            .log_level = engine::LogLevel::error,
                                            .accept_rollback_because = std::nullopt});
  REQUIRE(housing.has_value());
  main::Gatekeeper gatekeeper(**housing, [] { return std::string(); });
  auto nowhere = request_for("/nowhere");
  const auto refused = gatekeeper.admit(nowhere);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().status == 404);
  CHECK(nowhere.route == nullptr);
  auto wrong = request_for("/healthz");
  wrong.method = "DELETE";
  const auto not_allowed = gatekeeper.admit(wrong);
  REQUIRE_FALSE(not_allowed.has_value());
  CHECK(not_allowed.error().status == 405);
  CHECK(not_allowed.error().header("Allow") == "GET, HEAD");
}

}  // namespace
}  // namespace holdpoint::test

// The route table: what finds which row, as a table.
#include "platform/http/router.hpp"

#include <doctest/doctest.h>

namespace holdpoint::http {
namespace {

Route row(std::string method, std::string path) {
  Route route;
  route.method = std::move(method);
  route.path = std::move(path);
  route.handler = [](Request&) { return no_content(); };
  return route;
}

Router sample() {
  std::vector<Route> routes;
  routes.push_back(row("GET", "/"));
  routes.push_back(row("GET", "/healthz"));
  routes.push_back(row("GET", "/api/v1/{workspace}/releases"));
  routes.push_back(row("POST", "/api/v1/{workspace}/releases"));
  routes.push_back(row("GET", "/api/v1/{workspace}/releases/{id}"));
  routes.push_back(row("DELETE", "/api/v1/{workspace}/releases/{id}"));
  routes.push_back(row("GET", "/api/v1/{workspace}/releases/latest"));
  routes.push_back(row("GET", "/api/v1/system/{thing}"));
  routes.push_back(row("GET", "/ledger/{workspace}/tile/{tile...}"));
  routes.push_back(row("GET", "/assets/{file...}"));
  return Router(std::move(routes));
}

/// "path of the row name=value…", "404", or "405 allowed".
std::string found(const Router& router, std::string_view method, std::string_view path) {
  const auto result = router.match(method, path);
  if (std::holds_alternative<Router::NotFound>(result)) return "404";
  if (const auto* refused = std::get_if<Router::MethodNotAllowed>(&result)) {
    return "405 " + refused->allow;
  }
  const auto& match = std::get<Router::Match>(result);
  std::string text = match.route->path;
  for (const auto& [name, value] : match.path_parameters) text += " " + name + "=" + value;
  return text;
}

TEST_CASE("each request finds the row that is meant for it") {
  struct Case {
    const char* method;
    const char* path;
    const char* expected;
  };
  const Router router = sample();
  for (const Case& c : {
           Case{"GET", "/", "/"},
           {"GET", "/healthz", "/healthz"},
           {"HEAD", "/healthz", "/healthz"},
           {"POST", "/healthz", "405 GET, HEAD"},
           {"GET", "/healthz/", "404"},
           {"GET", "/nowhere", "404"},
           {"GET", "/api/v1/acme/releases", "/api/v1/{workspace}/releases workspace=acme"},
           {"PUT", "/api/v1/acme/releases", "405 GET, HEAD, POST"},
           {"GET", "/api/v1/acme/releases/r1",
            "/api/v1/{workspace}/releases/{id} id=r1 workspace=acme"},
           {"GET", "/api/v1/acme/releases/latest",
            "/api/v1/{workspace}/releases/latest workspace=acme"},
           {"DELETE", "/api/v1/acme/releases/latest",
            "/api/v1/{workspace}/releases/{id} id=latest workspace=acme"},
           {"GET", "/api/v1/acme/releases/", "404"},
           {"GET", "/api/v1/system/clock", "/api/v1/system/{thing} thing=clock"},
           {"POST", "/api/v1/system/releases", "/api/v1/{workspace}/releases workspace=system"},
           {"GET", "/ledger/acme/tile/0/x001/067",
            "/ledger/{workspace}/tile/{tile...} tile=0/x001/067 workspace=acme"},
           {"GET", "/ledger/acme/tile", "404"},
           {"GET", "/assets/", "/assets/{file...} file="},
           {"POST", "/assets/a.js", "405 GET, HEAD"},
       }) {
    CAPTURE(c.method);
    CAPTURE(c.path);
    CHECK(found(router, c.method, c.path) == c.expected);
  }
}

TEST_CASE("a router still finds its rows after it is moved") {
  Router first = sample();
  const Router second = std::move(first);
  CHECK(found(second, "GET", "/healthz") == "/healthz");
}

TEST_CASE("the names in a path are its parameters in order") {
  CHECK(path_parameter_names("/a/{b}/c/{d...}") == std::vector<std::string>{"b", "d"});
  CHECK(path_parameter_names("/").empty());
}

}  // namespace
}  // namespace holdpoint::http

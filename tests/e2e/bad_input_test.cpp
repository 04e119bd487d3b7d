// What a client can send wrong, row by row: each answer is a problem document with a stable code,
// and none changes anything.
#include <doctest/doctest.h>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

ServerProcess& server() {
  static ServerProcess one;
  static const bool prepared = [] {
    const Ask apply{.method = "POST",
                    .target = "/api/v1/main/apply",
                    .body = example("environments.yaml") + "---\n" + example("application.yaml"),
                    .media = "application/yaml"};
    return one.ask(apply).status == 200;
  }();
  REQUIRE(prepared);
  return one;
}

constexpr std::string_view releases = "/api/v1/main/releases";

std::string release(const std::string& version, const std::string& more = "") {
  return R"({"application":"payments","version":")" + version + R"(","commits":[],"artifacts":[])" +
         R"(,"ci":{})" + more + "}";
}

void check_problem(const Reply& reply, int status, std::string_view code) {
  INFO(reply.body);
  CHECK(reply.status == status);
  CHECK(reply.header("Content-Type") == "application/problem+json");
  CHECK(reply.code() == code);
  CHECK(reply.document().is_object());
}

struct Row {
  std::string what;
  std::string body;
  int status;
  std::string code;
  std::string path;  // of the first error; "" when none is asked for
};

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"no JSON", "{", 400, "malformed_json", ""},
      {"nothing", "", 400, "malformed_json", ""},
      {"text after the end", "{} {}", 400, "malformed_json", ""},
      {"a comment", "{/**/}", 400, "malformed_json", ""},
      {"a trailing comma", R"({"application":"payments",})", 400, "malformed_json", ""},
      {"an invalid byte", "{\"application\":\"\xff\"}", 400, "malformed_json", ""},
      {"an overlong form", "{\"application\":\"\xc0\xaf\"}", 400, "malformed_json", ""},
      {"a NUL byte", std::string("{\"application\":\"a\0b\"}", 21), 400, "malformed_json", ""},
      {"a lone surrogate", R"({"application":"\ud800"})", 400, "malformed_json", "/application"},
      {"an escaped NUL", R"({"application":"a\u0000b"})", 400, "malformed_json", "/application"},
      {"a name twice", R"({"application":"a","application":"b"})", 400, "malformed_json",
       "/application"},
      {"a thousand levels", nested(1'000), 400, "malformed_json", ""},
      {"a million levels", nested(1'000'000), 400, "malformed_json", ""},
      {"a huge integer", R"({"version":99999999999999999999999999})", 400, "malformed_json",
       "/version"},
      {"a huge exponent", R"({"version":1e999999999})", 400, "malformed_json", "/version"},
      {"not an object", "[]", 422, "invalid_content", ""},
      {"a number for a text", R"({"application":1})", 422, "invalid_content", "/application"},
      {"an object for a list", R"({"application":"payments","version":"1","commits":{}})", 422,
       "invalid_content", "/commits"},
      {"a wrong digest deep inside",
       R"({"application":"payments","version":"1","commits":[],"ci":{},)"
       R"("artifacts":[{"name":"a","digest":"sha256:12"}]})",
       422, "invalid_content", "/artifacts/0/digest"},
      {"an unknown member", release("1", R"(,"colour":"red")"), 422, "invalid_content", "/colour"},
      {"null for a text", R"({"application":null})", 422, "invalid_content", "/application"},
  };
  return table;
}

}  // namespace

TEST_CASE("a malformed or wrong body is refused with a code and with the path of what is wrong") {
  for (const Row& row : rows()) {
    const Reply reply = server().post(std::string(releases), row.body);
    INFO(row.what, ": ", reply.status, " ", reply.body);
    check_problem(reply, row.status, row.code);
    const std::string expected = std::string(R"("path":")") + row.path;
    if (!row.path.empty()) CHECK(reply.body.find(expected) != std::string::npos);
  }
  CHECK(server().get(std::string(releases)).document().at("items").as_array().empty());
}

TEST_CASE("names and versions outside their alphabet are refused with their path") {
  for (const std::string version : {"", "a b", "../../etc", "1\\u0007", "\\u202e1", "<script>"}) {
    const Reply reply = server().post(std::string(releases), release(version));
    INFO(version, ": ", reply.body);
    check_problem(reply, 422, reply.code());
    CHECK(reply.body.find("/version") != std::string::npos);
  }
  const Reply unknown = server().post(
      std::string(releases),
      R"({"application":"nobody","version":"1","commits":[],"artifacts":[],"ci":{}})");
  CHECK(unknown.status >= 400);
  CHECK(unknown.status < 500);
  CHECK(!unknown.code().empty());
}

TEST_CASE("an oversize body is refused before it is taken, announced or in chunks") {
  auto& house = server();
  const Ask people{.method = "POST", .target = "/api/v1/people"};
  {
    Wire wire(house.port());
    REQUIRE(wire.send(
        ServerProcess::head_of(house.session(), people, "Content-Length: 99999999999\r\n")));
    const Reply refused = wire.answer();
    check_problem(refused, 413, "body_too_long");
    CHECK(refused.body.find("bytes that this route accepts") != std::string::npos);
  }
  {
    Wire wire(house.port());
    REQUIRE(wire.send(
        ServerProcess::head_of(house.session(), people, "Transfer-Encoding: chunked\r\n")));
    const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
    for (int i = 0; i < 100 && wire.send(chunk); ++i) {
    }
    check_problem(wire.answer(), 413, "body_too_long");
  }
  {
    Wire wire(house.port());
    REQUIRE(wire.send(ServerProcess::head_of(house.session(), people,
                                             "Content-Length: 18446744073709551617\r\n")));
    CHECK(wire.answer().status >= 400);
  }
  CHECK(house.get("/healthz").status == 200);
}

TEST_CASE("what is not there is 404, another method 405 with what is allowed") {
  auto& house = server();
  check_problem(house.get("/api/v1/main/nothing/here"), 404, "route_not_found");
  check_problem(house.get("/api/v1/main/releases/payments%4099"), 404, "release_not_found");
  check_problem(house.get("/api/v1/main/releases/rel_nonsense"), 404, "release_not_found");
  check_problem(house.get("/api/v1/main/evidence/evd_nonsense"), 404, "evidence_not_found");
  check_problem(house.get("/api/v1/main/certifications/crt_x"), 404, "certification_not_found");
  check_problem(house.get("/api/v1/main/criteria/none"), 404, "criteria_not_found");
  const Reply method = house.ask({.method = "PATCH", .target = std::string(releases)});
  check_problem(method, 405, "method_not_allowed");
  const std::string allow = method.header("Allow").value_or("");
  CHECK(allow.find("GET") != std::string::npos);
  CHECK(allow.find("POST") != std::string::npos);
  CHECK(house.ask({.method = "BREW", .target = "/healthz"}).status == 501);
}

TEST_CASE("another media type is refused, the right one is taken in any spelling") {
  auto& house = server();
  for (const std::string media :
       {"text/plain", "application/xml", "application/jsonp", "multipart/form-data; boundary=x"}) {
    const Reply reply = house.ask(
        {.method = "POST", .target = std::string(releases), .body = release("2"), .media = media});
    INFO(media);
    check_problem(reply, 415, "unsupported_media_type");
  }
  for (const std::string media : {"Application/JSON", "application/json ; charset=utf-8"}) {
    const Reply reply = house.ask({.method = "POST",
                                   .target = std::string(releases),
                                   .body = release("media"),
                                   .media = media});
    INFO(media, ": ", reply.body);
    CHECK((reply.status == 201 || reply.status == 200));
  }
  const Reply apply = house.ask({.method = "POST",
                                 .target = "/api/v1/main/apply",
                                 .body = example("application.yaml"),
                                 .media = "image/png"});
  check_problem(apply, 415, "unsupported_media_type");
}

TEST_CASE("a release that exists is not made again with another content") {
  auto& house = server();
  const Reply first = house.post(std::string(releases), release("3"));
  CHECK(first.status == 201);
  const Reply same = house.post(std::string(releases), release("3"));
  CHECK(same.status == 200);
  CHECK(same.text("id") == first.text("id"));
  const std::string other = R"({"application":"payments","version":"3","commits":[],"ci":{},)"
                            R"("artifacts":[{"name":"a","digest":"sha256:)" +
                            std::string(64, 'a') + R"("}]})";
  check_problem(house.post(std::string(releases), other), 409, "release_exists");
}

TEST_CASE("a request sent again with its key gets its first answer; another body is refused") {
  auto& house = server();
  const Ask first{.method = "POST",
                  .target = std::string(releases),
                  .body = release("4"),
                  .headers = {{"Idempotency-Key", "pipeline-run-4"}}};
  const Reply created = house.ask(first);
  CHECK(created.status == 201);
  CHECK(!created.header("Idempotency-Replayed"));
  const Reply again = house.ask(first);
  CHECK(again.status == 201);
  CHECK(again.header("Idempotency-Replayed") == "true");
  CHECK(again.body == created.body);
  Ask other = first;
  other.body = release("5");
  check_problem(house.ask(other), 422, "idempotency_key_reused");
  CHECK(house.get(std::string(releases) + "/payments%405").status == 404);
  Ask long_key = first;
  long_key.headers = {{"Idempotency-Key", std::string(129, 'k')}};
  check_problem(house.ask(long_key), 422, "invalid_idempotency_key");
}

TEST_CASE("pages are bounded and cursors are only those the server gave") {
  auto& house = server();
  for (const std::string query : {"limit=-1", "limit=0", "limit=201", "limit=99999999999999999999",
                                  "limit=ten", "limit=", "limit=1e2", "cursor=!!!", "cursor=/w"}) {
    const Reply reply = house.get(std::string(releases) + "?" + query);
    INFO(query, ": ", reply.body);
    check_problem(reply, 422, "invalid_content");
  }
  for (const std::string query :
       {"after=x", "after=-1", "after=99999999999999999999", "cursor=eA"}) {
    const Reply reply = house.get("/api/v1/main/ledger/entries?" + query);
    INFO(query, ": ", reply.body);
    check_problem(reply, 422, "invalid_content");
  }
  for (const int version : {11, 12, 13}) {
    REQUIRE(house.post(std::string(releases), release(std::to_string(version))).status == 201);
  }
  std::size_t seen = 0;
  std::string cursor;
  for (int pages = 0; pages < 50; ++pages) {
    const Reply page =
        house.get(std::string(releases) + "?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
    seen += page.document().at("items").as_array().size();
    cursor = page.text("next_cursor");
    if (cursor.empty()) break;
  }
  const auto all = house.get(std::string(releases) + "?limit=200").document();
  CHECK(seen == all.at("items").as_array().size());
}

TEST_CASE("targets that cannot be read are refused, and none leads out of the page's files") {
  auto& house = server();
  for (const std::string target :
       {"/api/v1/main/releases/%ff", "/api/v1/main/releases/%", "/api/v1/main/releases/%zz",
        "/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "//etc/passwd", "/page.css/../../x",
        "/api/v1/main/releases?limit=%ff", "/api/v1//releases", "/api/v1/%00/releases"}) {
    const Reply reply = house.get(target);
    INFO(target, ": ", reply.status, " ", reply.body);
    CHECK(reply.status >= 400);
    CHECK(reply.status < 500);
    CHECK(reply.header("Content-Type") == "application/problem+json");
    CHECK(!reply.code().empty());
  }
}

}  // namespace holdpoint::test

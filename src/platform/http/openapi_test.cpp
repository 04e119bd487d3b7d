// The generated description: complete, and the same for the same rows in any order.
#include "platform/http/openapi.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::http {
namespace {

std::vector<Route> rows() {
  Route list;
  list.method = "GET";
  list.path = "/api/v1/{workspace}/releases";
  list.permission = "release.read";
  list.summary = "List releases";
  list.operation_id = "listReleases";
  list.tag = "releases";
  list.query = {{"limit", "How many at most.", "integer", Presence::optional}};
  list.response = [](json::object& components) -> json::value {
    components["Release"] = json::object{{"type", "object"}};
    return json::object{{"$ref", "#/components/schemas/Release"}};
  };
  Route upload;
  upload.method = "POST";
  upload.path = "/api/v1/{workspace}/evidence/{name...}";
  upload.permission = "evidence.write";
  upload.summary = "Upload evidence";
  upload.operation_id = "uploadEvidence";
  upload.tag = "evidence";
  upload.mode = BodyMode::streamed;
  upload.body_bytes_max = 1 << 20;
  upload.request_media = "application/octet-stream";
  upload.statuses = {201, 409};
  Route health;
  health.method = "GET";
  health.path = "/healthz";
  health.summary = "Alive";
  health.operation_id = "healthz";
  return {list, upload, health};
}

TEST_CASE("every row is an operation with its permission, parameters and problems") {
  const auto routes = rows();
  const json::value document = openapi_document(routes, "Holdpoint", "1.2.3");
  CHECK(document.at("openapi").as_string() == "3.1.0");
  CHECK(document.at("info").at("version").as_string() == "1.2.3");
  const json::value& list = document.at("paths").at("/api/v1/{workspace}/releases").at("get");
  CHECK(list.at("operationId").as_string() == "listReleases");
  CHECK(list.at("x-permission").as_string() == "release.read");
  CHECK(list.at("tags").at(0).as_string() == "releases");
  CHECK(list.at("security").as_array().size() == 2);
  CHECK(list.at("parameters").at(0).at("in").as_string() == "path");
  CHECK(list.at("parameters").at(1).at("schema").at("type").as_string() == "integer");
  CHECK(list.at("responses")
            .at("200")
            .at("content")
            .at("application/json")
            .at("schema")
            .at("$ref")
            .as_string() == "#/components/schemas/Release");
  const json::value& refusal = list.at("responses").at("403").at("content");
  CHECK(refusal.at("application/problem+json").at("schema").at("$ref").as_string() ==
        "#/components/schemas/Problem");
  CHECK_FALSE(list.as_object().contains("requestBody"));
}

TEST_CASE("an upload names its media type, bound and refusals") {
  const auto routes = rows();
  const json::value document = openapi_document(routes, "Holdpoint", "1");
  const json::value& upload =
      document.at("paths").at("/api/v1/{workspace}/evidence/{name}").at("post");
  CHECK(upload.at("requestBody").at("content").as_object().contains("application/octet-stream"));
  CHECK(upload.at("x-body-bytes-max").to_number<std::int64_t>() == 1 << 20);
  for (const char* status : {"201", "400", "401", "403", "404", "409", "413", "500", "503"}) {
    CAPTURE(status);
    CHECK(upload.at("responses").as_object().contains(status));
  }
}

TEST_CASE("a public row asks for no credentials") {
  const auto routes = rows();
  const json::value document = openapi_document(routes, "Holdpoint", "1");
  const json::value& health = document.at("paths").at("/healthz").at("get");
  CHECK(health.at("security").as_array().empty());
  CHECK_FALSE(health.at("responses").as_object().contains("401"));
}

TEST_CASE("the order of the rows does not change a byte") {
  auto routes = rows();
  const std::string first = json::serialize(openapi_document(routes, "Holdpoint", "1"));
  std::reverse(routes.begin(), routes.end());
  CHECK(json::serialize(openapi_document(routes, "Holdpoint", "1")) == first);
}

}  // namespace
}  // namespace holdpoint::http

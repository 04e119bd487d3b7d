// The bytes of the event bodies of releases, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "releases/releases.hpp"
#include "support/golden.hpp"

namespace holdpoint::releases {

namespace {

using test::digest;
using test::frozen;

template <class Created>
Created created() {
  Created body;
  body.id = *ReleaseId::parse("rel_01J00000000000000000000000");
  body.application_id = "app_01J00000000000000000000000";
  body.application = "payments-api";
  body.version = "1.4.0";
  body.contents_digest = digest(0x11);
  return body;
}

Contents contents() {
  Contents contents;
  contents.commits = {{std::string(40, 'a'),
                       "per_01J00000000000000000000000",
                       "per_01J00000000000000000000001",
                       {"per_01J00000000000000000000002"}},
                      {std::string(40, 'b'), "per_01J00000000000000000000000", std::nullopt, {}}};
  contents.artifacts = {{"api.tar", digest(0x22), "application/x-tar"},
                        {"web.tar", digest(0x33), std::nullopt}};
  contents.source = Source{"git.example/pay", std::string(40, 'a'), std::nullopt};
  contents.ci = {{"run", "17"}, {"attempt", "2"}};
  return contents;
}

TEST_CASE("release.created with its contents inside is frozen") {
  auto body = created<ReleaseCreatedV1>();
  body.contents = contents();
  frozen(body, "release.created",
         R"({"application":"payments-api","application_id":"app_01J00000000000000000000000",)"
         R"("contents":{"artifacts":[{"digest":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("media_type":"application/x-tar","name":"api.tar"},{"digest":)"
         R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
         R"("name":"web.tar"}],"ci":{"attempt":"2","run":"17"},)"
         R"("commits":[{"author":"per_01J00000000000000000000000",)"
         R"("co_authors":["per_01J00000000000000000000002"],)"
         R"("committer":"per_01J00000000000000000000001",)"
         R"("sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},)"
         R"({"author":"per_01J00000000000000000000000","co_authors":[],)"
         R"("sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}],)"
         R"("source":{"commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
         R"("repository":"git.example/pay"}},"contents_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"rel_01J00000000000000000000000","version":"1.4.0"})");
}

TEST_CASE("release.created that refers to its contents is frozen") {
  auto body = created<ReleaseCreatedV1>();
  body.contents_object = ObjectRef{digest(0x44)};
  frozen(body, "release.created",
         R"({"application":"payments-api","application_id":"app_01J00000000000000000000000",)"
         R"("contents_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("contents_object":)"
         R"("sha256:4444444444444444444444444444444444444444444444444444444444444444",)"
         R"("id":"rel_01J00000000000000000000000","version":"1.4.0"})");
}

TEST_CASE("release.created in its second version is frozen, with its contents inside or apart") {
  auto body = created<ReleaseCreated>();
  body.commit_count = 2;
  body.artifact_count = 1;
  body.contents.emplace().commits = {
      {std::string(40, 'a'), "per_01J00000000000000000000000", std::nullopt, {}}};
  frozen(body, "release.created",
         R"({"application":"payments-api","application_id":"app_01J00000000000000000000000",)"
         R"("artifact_count":1,"commit_count":2,)"
         R"("contents":{"artifacts":[],"ci":{},)"
         R"("commits":[{"author":"per_01J00000000000000000000000","co_authors":[],)"
         R"("sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]},"contents_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("id":"rel_01J00000000000000000000000","version":"1.4.0"})",
         2);
  body.contents.reset();
  body.contents_object = ObjectRef{digest(0x44)};
  frozen(body, "release.created",
         R"({"application":"payments-api","application_id":"app_01J00000000000000000000000",)"
         R"("artifact_count":1,"commit_count":2,"contents_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("contents_object":)"
         R"("sha256:4444444444444444444444444444444444444444444444444444444444444444",)"
         R"("id":"rel_01J00000000000000000000000","version":"1.4.0"})",
         2);
}

}  // namespace
}  // namespace holdpoint::releases

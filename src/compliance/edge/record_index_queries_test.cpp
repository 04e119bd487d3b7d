// The index over a real database: what events leave in it, that every record is found once however
// the pages are cut, and that no page looks at more than it may.
#include "compliance/edge/record_index_queries.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <rapidcheck.h>

#include "platform/storage/sqlite.hpp"
#include "support/scratch.hpp"

namespace holdpoint::compliance {
namespace {

class Index {
 public:
  Index() {
    auto store = storage::open_sqlite({.path = scratch_.path("index.db"), .vfs = {}});
    REQUIRE(store.has_value());
    store_ = std::move(*store);
    tables().script(record_index_table().ddl);
  }

  engine::Connection& tables() { return store_->writer(); }

  /// One entry later and an hour later each time.
  void record(std::string type, std::string subject, std::string body,
              std::string actor = "per_1") {
    engine::Recorded recorded;
    recorded.workspace = "main";
    recorded.seq = ++seq_;
    recorded.at = Instant{} + Duration::hours(static_cast<std::int64_t>(seq_));
    recorded.type = std::move(type);
    recorded.subject = {"release", std::move(subject)};
    recorded.actor = {"person", std::move(actor), std::nullopt, std::nullopt};
    recorded.body = std::move(body);
    fold_index(tables(), recorded);
  }

  void release(const std::string& id, const std::string& application) {
    record("release.created", id,
           R"({"id":")" + id + R"(","application":")" + application + R"(","version":"1"})");
  }
  void evidence(const std::string& id, const std::string& release, const std::string& kind,
                const std::string& tool) {
    record("evidence.received", release,
           R"({"id":")" + id + R"(","release":")" + release + R"(","kind":")" + kind +
               R"(","format":"sarif","status":"complete","metadata":{"tool":")" + tool + R"("}})",
           "svc_1");
  }

  std::vector<std::string> found(const Wanted& wanted, std::size_t limit = 200) {
    std::vector<std::string> things;
    for (const auto& one : search_index(tables(), "main", wanted, {}, limit).records) {
      things.push_back(one.thing);
    }
    return things;
  }

 private:
  test::Scratch scratch_{test::ScratchPlace::memory};
  std::unique_ptr<engine::Store> store_;
  std::uint64_t seq_ = 0;
};

Wanted everything() {
  Wanted wanted;
  wanted.period = {Instant{0}, Instant{INT64_MAX}};
  return wanted;
}

using Things = std::vector<std::string>;

}  // namespace

TEST_CASE("evidence is found by the application and version of its release") {
  Index index;
  index.release("rel_1", "shop");
  index.release("rel_2", "cart");
  index.evidence("evd_1", "rel_1", "sast", "semgrep");
  index.evidence("evd_2", "rel_2", "sca", "grype");
  Wanted wanted = everything();
  wanted.application = "shop";
  CHECK(index.found(wanted) == Things{"evd_1", "rel_1"});
  wanted = everything();
  wanted.release = "rel_2";
  CHECK(index.found(wanted) == Things{"evd_2", "rel_2"});
  wanted = everything();
  wanted.tool = "grype";
  CHECK(index.found(wanted) == Things{"evd_2"});
  wanted = everything();
  wanted.kinds = {RecordKind::evidence};
  wanted.evidence = {EvidenceKind::sast};
  CHECK(index.found(wanted) == Things{"evd_1"});
  wanted = everything();
  wanted.person = "svc_1";
  CHECK(index.found(wanted) == Things{"evd_2", "evd_1"});
}

TEST_CASE("a period is a range of entries, its end not in it") {
  Index index;
  for (int i = 1; i <= 5; ++i) index.release("rel_" + std::to_string(i), "shop");
  Wanted wanted = everything();
  wanted.period = {Instant{} + Duration::hours(2), Instant{} + Duration::hours(4)};
  CHECK(index.found(wanted) == Things{"rel_3", "rel_2"});
  wanted.period = {Instant{} + Duration::hours(6), Instant{INT64_MAX}};
  CHECK(index.found(wanted).empty());
  wanted.period = {Instant{0}, Instant{} + Duration::hours(1)};
  CHECK(index.found(wanted).empty());
}

TEST_CASE("a change over several applications is found by each, and listed once") {
  Index index;
  index.record("change.created", "chg_1",
               R"({"id":"chg_1","content":{"applications":["cart","shop"],"title":"Swap"}})");
  index.record("change.submitted", "chg_1", R"({"id":"chg_1"})");
  for (const char* application : {"cart", "shop"}) {
    Wanted wanted = everything();
    wanted.application = application;
    CHECK(index.found(wanted) == Things{"chg_1", "chg_1"});
  }
  CHECK(index.found(everything()) == Things{"chg_1", "chg_1"});
}

TEST_CASE("who signed for a release is known by its records, each once") {
  Index index;
  index.release("rel_1", "shop");
  // A request that names its release by the id of the release itself.
  index.record("approval.requested", "apr_1",
               R"({"id":"apr_1","application":"shop","release":"rel_1","title":"Go"})");
  index.record("approval.signed", "apr_1", R"({"id":"apr_1","choice":"approve"})", "per_2");
  index.record("approval.signed", "apr_1", R"({"id":"apr_1","choice":"approve"})", "per_3");
  index.record("approval.signed", "apr_1", R"({"id":"apr_1","choice":"approve"})", "per_2");
  CHECK(reviewers_of(index.tables(), "main", "rel_1") == Things{"per_2", "per_3"});
  CHECK(reviewers_of(index.tables(), "main", "rel_2").empty());
}

TEST_CASE("what nobody looks for leaves nothing in the index") {
  Index index;
  index.record("session.opened", "ses_1", R"({"id":"ses_1"})");
  CHECK(index.found(everything()).empty());
}

TEST_CASE("however pages are cut, every wanted record is on exactly one of them") {
  Index index;
  for (int i = 0; i < 60; ++i) {
    const std::string name = std::to_string(i);
    if (i % 7 == 0) {
      index.record(
          "change.created", "chg_" + name,
          R"({"id":"chg_)" + name + R"(","content":{"applications":["cart","shop"],"title":"t"}})");
    } else {
      index.release("rel_" + name, i % 2 == 0 ? "shop" : "cart");
    }
  }
  Wanted wanted = everything();
  wanted.application = "shop";
  for (const bool is_narrow : {true, false}) {
    const Wanted asked = is_narrow ? wanted : everything();
    const Things all = index.found(asked);
    CHECK(all.size() == (is_narrow ? 34 : 60));
    const bool agrees = rc::check("pages agree with the whole", [&] {
      const auto limit = *rc::gen::inRange<std::size_t>(1, 9);
      const auto looked_at = *rc::gen::inRange<std::size_t>(1, 20);
      Things paged;
      IndexPlace place;
      for (int pages = 0; pages < 200; ++pages) {
        const IndexPage page = search_index(index.tables(), "main", asked, place, limit, looked_at);
        RC_ASSERT(page.records.size() <= limit);
        for (const auto& one : page.records) paged.push_back(one.thing);
        if (!page.next) break;
        RC_ASSERT(std::pair(page.next->seq, page.next->part) < std::pair(place.seq, place.part));
        place = *page.next;
      }
      // A record whose parts stand on two pages may be on both; nothing is on none.
      paged.erase(std::unique(paged.begin(), paged.end()), paged.end());
      RC_ASSERT(paged == all);
    });
    CHECK(agrees);
  }
}

TEST_CASE("a place reads back as it was written, and nothing else is one") {
  const IndexPlace place{12, 3};
  const auto again = IndexPlace::parse(place.text());
  REQUIRE(again.has_value());
  CHECK(again->seq == 12);
  CHECK(again->part == 3);
  for (const char* text : {"", "12", "12.", ".3", "12.x", "-1.0", "1.2.3"}) {
    CHECK_MESSAGE(!IndexPlace::parse(text), text);
  }
}

}  // namespace holdpoint::compliance

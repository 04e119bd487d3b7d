// The counts by day against a recount of the histories: whatever happens to releases, in whatever
// order, the two agree.
#include "certification/edge/outcomes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>

#include <rapidcheck.h>

#include "platform/storage/sqlite.hpp"
#include "support/scratch.hpp"

namespace holdpoint::certification {
namespace {

const std::array<std::string, 2> applications = {"shop", "cart"};

std::unique_ptr<engine::Store> open_store(const test::Scratch& scratch) {
  auto store = storage::open_sqlite({.path = scratch.path("outcomes.db"), .vfs = {}});
  REQUIRE(store.has_value());
  for (const engine::Table& table : outcome_tables()) (*store)->writer().script(table.ddl);
  return std::move(*store);
}

struct Happening {
  int release = 0;
  int what = 0;  // 0 certified, 1 failed, 2 incomplete, 3 untold, 4 revoked
  std::int64_t hour = 0;
};

engine::Recorded recorded(std::int64_t hour) {
  engine::Recorded recorded;
  recorded.workspace = "main";
  recorded.at = Instant{} + Duration::hours(hour);
  return recorded;
}

void fold(engine::Connection& tables, const Happening& one) {
  const std::string release = "rel_" + std::to_string(one.release);
  const std::string& application = applications[static_cast<std::size_t>(one.release) % 2];
  switch (one.what) {
    case 0: fold_certified(tables, recorded(one.hour), release, application); return;
    case 1: fold_refusal(tables, recorded(one.hour), release, application, Grounds::failed); return;
    case 2:
      fold_refusal(tables, recorded(one.hour), release, application, Grounds::incomplete);
      return;
    case 3: fold_refusal(tables, recorded(one.hour), release, application, Grounds::untold); return;
    default: fold_revocation(tables, recorded(one.hour), release);
  }
}

struct Told {
  std::optional<std::int64_t> certified, failed, revoked;  // hours
  bool untold = false;
  bool known = false;
};

/// Counted anew from everything that happened to the releases of one application.
OutcomeCounts recount(const std::vector<Happening>& all, int parity, std::int64_t first_day) {
  std::map<int, Told> releases;
  for (const Happening& one : all) {
    if (one.release % 2 != parity) continue;
    Told& told = releases[one.release];
    if (one.what == 4) {
      if (told.known) told.revoked = one.hour;
      continue;
    }
    told.known = true;
    if (one.what == 0 && !told.certified) told.certified = one.hour;
    if (one.what == 1 && !told.failed) told.failed = one.hour;
    if (one.what == 3) told.untold = true;
  }
  OutcomeCounts counts;
  const auto within = [&](const auto& hour) { return hour && *hour / 24 >= first_day; };
  for (const auto& [id, told] : releases) {
    counts.certified += within(told.certified) ? 1 : 0;
    counts.refused += within(told.failed) ? 1 : 0;
    counts.revoked += within(told.revoked) ? 1 : 0;
    const bool at_once = told.certified && (!told.failed || *told.certified <= *told.failed);
    const auto first = at_once ? told.certified : told.failed;
    if (told.untold || !within(first)) continue;
    ++counts.attempted;
    counts.passed_at_once += at_once ? 1 : 0;
  }
  return counts;
}

bool same(const OutcomeCounts& a, const OutcomeCounts& b) {
  return a.certified == b.certified && a.refused == b.refused && a.revoked == b.revoked &&
         a.attempted == b.attempted && a.passed_at_once == b.passed_at_once;
}

TEST_CASE("the counts by day are those of a recount, whatever happened in whatever order") {
  const test::Scratch scratch;
  const auto store = open_store(scratch);
  engine::Connection& tables = store->writer();
  CHECK(rc::check("counts", [&] {
    tables.exec("DELETE FROM release_outcome");
    tables.exec("DELETE FROM release_outcome_day");
    std::vector<Happening> all;
    std::int64_t hour = 0;
    const int many = *rc::gen::inRange(0, 40);
    for (int i = 0; i < many; ++i) {
      hour += *rc::gen::inRange<std::int64_t>(1, 200);
      all.push_back({*rc::gen::inRange(0, 6), *rc::gen::inRange(0, 5), hour});
      fold(tables, all.back());
    }
    const auto first_day = *rc::gen::inRange<std::int64_t>(0, 1 + hour / 24);
    for (int parity = 0; parity < 2; ++parity) {
      const auto& application = applications[static_cast<std::size_t>(parity)];
      RC_ASSERT(same(counts_since(tables, "main", application, first_day),
                     recount(all, parity, first_day)));
    }
  }));
}

TEST_CASE("a release's own share is what the counts lose without it") {
  const test::Scratch scratch;
  const auto store = open_store(scratch);
  engine::Connection& tables = store->writer();
  for (const Happening& one : {Happening{0, 1, 5}, Happening{0, 0, 30}, Happening{2, 0, 50}}) {
    fold(tables, one);
  }
  const auto own = find_outcome(tables, "main", "rel_0");
  REQUIRE(own.has_value());
  CHECK(same(share_since(*own, 0), {1, 1, 0, 1, 0}));
  CHECK(same(share_since(*own, 1), {1, 0, 0, 0, 0}));
  CHECK(same(counts_since(tables, "main", "shop", 0), {2, 1, 0, 2, 1}));
}

TEST_CASE("days begin at midnight in UTC, also before 1970") {
  CHECK(day_of(Instant{0}) == 0);
  CHECK(day_of(Instant{-1}) == -1);
  CHECK(day_of(Instant{} + Duration::hours(24)) == 1);
}

}  // namespace
}  // namespace holdpoint::certification

// Overrides of freezes: of one thing in one place, for so many hours, and of the freezes that were
// named; the freeze stays for everything else.
#include "changes/freeze_overrides.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "changes/testing.hpp"

namespace holdpoint::changes {
namespace {

const OverrideId kOverride = *OverrideId::parse("fro_01J00000000000000000000000");

StatedOverride stated() {
  return {"shop",      "production",
          "1.0.0",     std::nullopt,
          4,           "Customers cannot pay until this is out.",
          std::nullopt};
}

KnownOverride known() {
  KnownOverride out;
  out.now = testing::kNow;
  out.has_application = true;
  out.has_environment = true;
  out.release = LinkedRelease{"shop@1.0.0", "rel_01J00000000000000000000000", testing::digest(1)};
  out.freezes = {{"year-end", "the books are closed", std::nullopt}};
  return out;
}

FreezeOverride standing() {
  FreezeOverride one;
  one.id = kOverride;
  one.application = "shop";
  one.environment = "production";
  one.release = known().release;
  one.freezes = {"year-end"};
  one.expires_at = testing::kNow + Duration::hours(4);
  one.reason_entry = 9;
  return one;
}

TEST_CASE("an override names the freezes that hold until it ends, and when that is") {
  const auto event = ask(stated(), kOverride, known());
  REQUIRE(event);
  CHECK(event->freezes == std::vector<std::string>{"year-end"});
  CHECK(event->expires_at == testing::kNow + Duration::hours(4));
  CHECK(event->place == testing::kPlace);
}

TEST_CASE("what an override may not be is refused, row by row") {
  struct Row {
    std::function<void(StatedOverride&, KnownOverride&)> mistake;
    std::string code;
    std::string path;
  };
  const Row rows[] = {
      {[](auto&, auto& k) { k.has_application = false; }, "invalid_override", "/application"},
      {[](auto&, auto& k) { k.has_environment = false; }, "invalid_override", "/environment"},
      {[](auto& s, auto&) { s.hours = 0; }, "invalid_override", "/hours"},
      {[](auto& s, auto&) { s.hours = 25; }, "invalid_override", "/hours"},
      {[](auto& s, auto&) { s.reason = "urgent"; }, "invalid_override", "/reason"},
      {[](auto& s, auto&) { s.version.reset(); }, "invalid_override", ""},
      {[](auto& s, auto&) { s.change = "chg_1"; }, "invalid_override", ""},
      {[](auto&, auto& k) { k.release.reset(); }, "invalid_override", "/version"},
      {[](auto& s, auto& k) {
         s.version.reset();
         k.release.reset();
         s.change = "chg_1";
       },
       "invalid_override", "/change"},
      {[](auto&, auto& k) { k.freezes.clear(); }, "not_frozen", "-"},
  };
  for (const Row& row : rows) {
    StatedOverride one = stated();
    KnownOverride facts = known();
    row.mistake(one, facts);
    const auto event = ask(one, kOverride, facts);
    REQUIRE(!event);
    CHECK(event.error().code == row.code);
    if (row.path != "-") CHECK(event.error().issues.front().path == row.path);
  }
}

TEST_CASE("an override is of a change that was submitted and touches the place") {
  StatedOverride one = stated();
  one.version.reset();
  one.change = testing::kId.text();
  KnownOverride facts = known();
  facts.release.reset();
  const Change change = testing::submitted();
  facts.change = &change;
  CHECK(ask(one, kOverride, facts).has_value());
  Change draft = change;
  draft.state = State::draft;
  facts.change = &draft;
  CHECK(!ask(one, kOverride, facts));
  facts.change = &change;
  one.environment = "staging";
  CHECK(!ask(one, kOverride, facts));
}

TEST_CASE("a freeze that an override does not name stays in its way") {
  const FreezeLift lift{"fro_1", {"year-end"}};
  const catalog::ActiveFreeze year_end{"year-end", "books", std::nullopt};
  const catalog::ActiveFreeze other{"week-ends", "nobody is there", std::nullopt};
  CHECK(lifts(lift, std::vector{year_end}));
  CHECK(!lifts(lift, std::vector{year_end, other}));
  CHECK(!lifts(lift, std::vector{other}));
}

TEST_CASE("an override is over when it was used or its hours have passed") {
  FreezeOverride one = standing();
  CHECK(is_live(one, one.expires_at - Duration{1}));
  CHECK(!is_live(one, one.expires_at));
  one.used_for = "deployment dpl_1";
  CHECK(!is_live(one, testing::kNow));
}

TEST_CASE("another release, place, end or freeze is another override to approve") {
  const Digest shown = digest_of(standing());
  const std::function<void(FreezeOverride&)> alterations[] = {
      [](FreezeOverride& o) { o.release->contents = testing::digest(2); },
      [](FreezeOverride& o) { o.environment = "staging"; },
      [](FreezeOverride& o) { o.expires_at.us += 1; },
      [](FreezeOverride& o) { o.freezes.push_back("week-ends"); },
      [](FreezeOverride& o) { o.reason_entry = 10; },
  };
  for (const auto& alter : alterations) {
    FreezeOverride other = standing();
    alter(other);
    CHECK(digest_of(other) != shown);
  }
}

}  // namespace
}  // namespace holdpoint::changes

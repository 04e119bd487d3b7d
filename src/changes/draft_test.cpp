// What people may state of a change, row by row, and what they are told when it is not as expected
// or not theirs to state.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "changes/decide.hpp"
#include "changes/testing.hpp"

namespace holdpoint::changes {
namespace {

using testing::known;
using testing::stated;

std::string path_of(const Decided<Drafted>& drafted) {
  if (drafted || drafted.error().issues.empty()) return "";
  return drafted.error().issues.front().path;
}

TEST_CASE("a change that says what it has to is written, its texts apart") {
  const auto drafted = draft(stated(), known());
  REQUIRE(drafted);
  CHECK(drafted->content.window.from.text() == "2026-11-24T13:00:00Z");
  CHECK(drafted->content.zone == "UTC");
  CHECK(drafted->content.releases.front().contents == testing::digest(0x11));
  CHECK(drafted->content.texts == std::vector{TextField::backout_plan});
  CHECK(drafted->texts.front().value == "Move it back.");
  CHECK(to_json_text(drafted->content).find("Move it back.") == std::string::npos);
}

TEST_CASE("each mistake in a change is refused with the path to it") {
  struct Row {
    std::function<void(StatedChange&)> mistake;
    std::string path;
  };
  const Row rows[] = {
      {[](StatedChange& s) { s.title.reset(); }, "/title"},
      {[](StatedChange& s) { s.title = "two\nlines"; }, "/title"},
      {[](StatedChange& s) { s.title = std::string(201, 'x'); }, "/title"},
      {[](StatedChange& s) { s.applications.clear(); }, "/applications"},
      {[](StatedChange& s) { s.applications = {"shop", "blog"}; }, "/applications/1"},
      {[](StatedChange& s) { s.applications = {"shop", "shop"}; }, "/applications/1"},
      {[](StatedChange& s) { s.applications.assign(21, "shop"); }, "/applications"},
      {[](StatedChange& s) { s.environments = {"moon"}; }, "/environments/0"},
      {[](StatedChange& s) { s.environments.assign(6, "production"); }, "/environments"},
      {[](StatedChange& s) { s.until = s.from; }, "/until"},
      {[](StatedChange& s) {
         s.from = "2026-11-20T13:00:00Z";
         s.until = "2026-11-24T12:00:00Z";
       },
       "/until"},
      {[](StatedChange& s) { s.zone = "Mars/Olympus"; }, "/zone"},
      {[](StatedChange& s) { s.releases = {"shop@9.9.9"}; }, "/releases/0"},
      {[](StatedChange& s) { s.releases = {"shop@1.0.0", "shop@1.0.0"}; }, "/releases/1"},
      {[](StatedChange& s) { s.applications = {"cart"}; }, "/releases/0"},
      {[](StatedChange& s) { s.risk.clear(); }, "/risk/reversal"},
      {[](StatedChange& s) { s.backout_plan = ""; }, "/backout_plan"},
      {[](StatedChange& s) { s.description = std::string(4'001, 'x'); }, "/description"},
      {[](StatedChange& s) { s.category = "outage"; }, "/category"},
      {[](StatedChange& s) { s.justification = "It is urgent for us all."; }, "/justification"},
      {[](StatedChange& s) { s.pattern = "certificates"; }, "/pattern"},
  };
  for (const Row& row : rows) {
    StatedChange change = stated();
    row.mistake(change);
    const auto drafted = draft(change, known());
    CHECK(testing::code(drafted) == "invalid_change");
    CHECK_MESSAGE(path_of(drafted) == row.path, row.path);
  }
}

TEST_CASE("a standard change follows a template in force, and varies where that lets it") {
  const auto drafted = draft(testing::by_template(), known());
  REQUIRE(drafted);
  CHECK(drafted->content.title == "Rotate the certificates");
  CHECK(drafted->content.applications == std::vector<std::string>{"cart", "shop"});
  CHECK(drafted->content.pattern == PinnedDocument{"certificates", 3});
  StatedChange one = testing::by_template();
  one.applications = {"shop"};
  const auto narrowed = draft(one, known());
  REQUIRE(narrowed);
  CHECK(narrowed->content.applications == std::vector<std::string>{"shop"});
}

TEST_CASE("what a template does not let vary, and a template that is not in force, are refused") {
  struct Row {
    std::function<void(StatedChange&, Known&)> mistake;
    std::string code;
    std::string path;
  };
  const Row rows[] = {
      {[](StatedChange& s, Known&) { s.pattern.reset(); }, "template_needed", ""},
      {[](StatedChange&, Known& k) { k.pattern.reset(); }, "template_not_in_force", ""},
      {[](StatedChange& s, Known&) { s.title = "Something else"; }, "template_fixes", "/title"},
      {[](StatedChange& s, Known&) { s.description = "More"; }, "template_fixes", "/description"},
      {[](StatedChange& s, Known&) { s.backout_plan = "None"; }, "template_fixes", "/backout_plan"},
      {[](StatedChange& s, Known&) { s.customer_impact = "Some"; }, "template_fixes",
       "/customer_impact"},
      {[](StatedChange& s, Known&) { s.risk = testing::harmless(); }, "template_fixes", "/risk"},
      {[](StatedChange& s, Known&) { s.releases = {"shop@1.0.0"}; }, "template_fixes", "/releases"},
      {[](StatedChange& s, Known&) { s.environments = {"production"}; }, "template_fixes",
       "/environments"},
      {[](StatedChange& s, Known&) { s.applications = {"mail"}; }, "template_fixes",
       "/applications"},
      {[](StatedChange& s, Known&) { s.until = "2026-11-24T15:01:00Z"; }, "template_fixes",
       "/until"},
      {[](StatedChange&, Known& k) { k.pattern->record.risk["reversal"] = "never"; },
       "template_too_risky", ""},
      {[](StatedChange&, Known& k) { k.pattern->record.risk.erase("tested"); }, "invalid_change",
       "/risk/tested"},
  };
  for (const Row& row : rows) {
    StatedChange change = testing::by_template();
    Known facts = known();
    row.mistake(change, facts);
    const auto drafted = draft(change, facts);
    CHECK_MESSAGE(testing::code(drafted) == row.code, row.code, row.path);
    CHECK(path_of(drafted) == row.path);
  }
}

TEST_CASE("an emergency goes a way that was declared for it and for who declares it") {
  const auto drafted = draft(testing::emergency(), known());
  REQUIRE(drafted);
  CHECK(drafted->content.path == PinnedDocument{"shop-outage", 2});
  CHECK(drafted->content.category == "outage");
  struct Row {
    std::function<void(StatedChange&, Known&)> mistake;
    std::string code;
  };
  const Row rows[] = {
      {[](StatedChange&, Known& k) { k.paths.clear(); }, "not_preauthorised"},
      {[](StatedChange& s, Known&) { s.category = "wish"; }, "not_preauthorised"},
      {[](StatedChange& s, Known&) { s.applications = {"cart", "shop"}; }, "not_preauthorised"},
      {[](StatedChange&, Known& k) { k.paths[0].record.environments = {"staging"}; },
       "not_preauthorised"},
      {[](StatedChange& s, Known&) { s.justification.reset(); }, "invalid_change"},
      {[](StatedChange& s, Known&) { s.justification = "urgent"; }, "invalid_change"},
      {[](StatedChange& s, Known&) { s.category.reset(); }, "invalid_change"},
      {[](StatedChange& s, Known&) { s.until = "2026-11-26T15:00:00Z"; }, "invalid_change"},
  };
  for (const Row& row : rows) {
    StatedChange change = testing::emergency();
    Known facts = known();
    row.mistake(change, facts);
    CHECK(testing::code(draft(change, facts)) == row.code);
  }
}

}  // namespace
}  // namespace holdpoint::changes

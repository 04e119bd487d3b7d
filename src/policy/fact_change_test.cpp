// Changes on trial: made where they say, and taken back without a trace.
#include "policy/fact_change.hpp"

#include <doctest/doctest.h>

namespace holdpoint::policy {
namespace {

json::object object(std::string_view text) { return json::parse(text).get_object(); }

std::string text(const json::object& value) { return *canonical_json(value); }

/// The facts after the patch; they must be as before when it is taken back.
std::string patched(std::string_view facts, std::string_view patch) {
  const json::object before = object(facts);
  ChangedFacts changed(before);
  CHECK(changed.apply(changes_of(object(patch), before)));
  std::string out = text(changed.facts());
  changed.revert();
  CHECK(text(changed.facts()) == text(before));
  return out;
}

FactChange change(ChangeKind kind, FactPath path, json::value value = {}) {
  return {kind, std::move(path), std::move(value)};
}

TEST_CASE("a merge patch merges objects, removes with null and replaces anything else") {
  CHECK(patched(R"({"a":1})", R"({"b":2})") == R"({"a":1,"b":2})");
  CHECK(patched(R"({"a":{"b":1,"c":2}})", R"({"a":{"b":3}})") == R"({"a":{"b":3,"c":2}})");
  CHECK(patched(R"({"a":{"b":1,"c":2}})", R"({"a":{"b":null}})") == R"({"a":{"c":2}})");
  CHECK(patched(R"({"a":1})", R"({"b":null})") == R"({"a":1})");
  CHECK(patched(R"({"a":[1,2]})", R"({"a":[3]})") == R"({"a":[3]})");
  CHECK(patched(R"({"a":5})", R"({"a":{"b":null,"c":{}}})") == R"({"a":{"c":{}}})");
  CHECK(patched(R"({"a":{"b":1}})", R"({"a":{}})") == R"({"a":{"b":1}})");
  CHECK(patched(R"({})", R"({"a":{"b":{"c":[null]}}})") == R"({"a":{"b":{"c":[null]}}})");
}

TEST_CASE("indexes mean the elements as they were, however many are removed") {
  const json::object before = object(R"({"list":[{"n":0},{"n":1},{"n":2},{"n":3}]})");
  ChangedFacts changed(before);
  const std::vector<FactChange> changes = {
      change(ChangeKind::remove, {"list", std::size_t{0}}),
      change(ChangeKind::append, {"list"}, object(R"({"n":9})")),
      change(ChangeKind::remove, {"list", std::size_t{2}}),
      change(ChangeKind::remove, {"list", std::size_t{0}}),
      change(ChangeKind::set, {"list", std::size_t{3}, "n"}, 7),
  };
  CHECK(changed.apply(changes));
  CHECK(text(changed.facts()) == R"({"list":[{"n":1},{"n":7},{"n":9}]})");
  changed.revert();
  CHECK(text(changed.facts()) == text(before));
}

TEST_CASE("a path that leads nowhere changes nothing, also not what came before it") {
  const json::object before = object(R"({"list":[1],"n":{"m":1}})");
  ChangedFacts changed(before);
  for (const FactChange& wrong :
       {change(ChangeKind::set, {"list", std::size_t{1}}, 2),
        change(ChangeKind::set, {"gone", std::size_t{0}}, 2), change(ChangeKind::append, {"n"}, 2),
        change(ChangeKind::append, {"gone"}, 2), change(ChangeKind::remove, {"gone"}),
        change(ChangeKind::remove, {"list", std::size_t{7}}), change(ChangeKind::set, {}, 2)}) {
    const std::vector<FactChange> changes = {change(ChangeKind::set, {"n", "m"}, 5), wrong};
    CHECK_FALSE(changed.apply(changes));
    CHECK(text(changed.facts()) == text(before));
  }
}

TEST_CASE("a path reads as it would be written in a rule") {
  CHECK(text_of(FactPath{"approvals", std::size_t{2}, "state"}) == "approvals[2].state");
  const json::object facts = object(R"({"a":[{"b":1}]})");
  REQUIRE(find_fact(facts, FactPath{"a", std::size_t{0}, "b"}) != nullptr);
  CHECK(find_fact(facts, FactPath{"a", std::size_t{1}, "b"}) == nullptr);
  CHECK(find_fact(facts, FactPath{"a", "b"}) == nullptr);
  CHECK(find_fact(facts, FactPath{}) == nullptr);
}

}  // namespace
}  // namespace holdpoint::policy

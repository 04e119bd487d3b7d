// Changes on trial: made where they say, and taken back without a trace.
#include "policy/fact_change.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

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

json::value some_value(int depth) {
  const int form = *rc::gen::inRange(0, depth > 0 ? 5 : 3);
  if (form == 0) return nullptr;
  if (form < 3) return *rc::gen::inRange(0, 9);
  if (form == 3) {
    json::array out;
    for (int left = *rc::gen::inRange(0, 4); left > 0; --left) out.push_back(some_value(depth - 1));
    return out;
  }
  json::object out;
  for (const std::string_view key : {"a", "b", "c"}) {
    if (*rc::gen::arbitrary<bool>()) out[key] = some_value(depth - 1);
  }
  return out;
}

FactPath some_path() {
  FactPath path;
  for (int left = *rc::gen::inRange(0, 5); left > 0; --left) {
    if (*rc::gen::inRange(0, 3) == 0) {
      path.emplace_back(static_cast<std::size_t>(*rc::gen::inRange(0, 4)));
    } else {
      path.emplace_back(std::string(*rc::gen::element<std::string>("a", "b", "c")));
    }
  }
  return path;
}

TEST_CASE("whatever changes are tried one after the other, all of them are taken back") {
  CHECK(rc::check("revert() is exact", [] {
    json::object facts;
    for (const std::string_view key : {"a", "b", "c"}) facts[key] = some_value(4);
    ChangedFacts changed(facts);
    for (int round = *rc::gen::inRange(1, 4); round > 0; --round) {
      std::vector<FactChange> changes;
      for (int left = *rc::gen::inRange(1, 6); left > 0; --left) {
        const auto kind =
            *rc::gen::element(ChangeKind::set, ChangeKind::append, ChangeKind::remove);
        changes.push_back(change(kind, some_path(), some_value(2)));
      }
      const std::string before = text(changed.facts());
      if (!changed.apply(changes)) RC_ASSERT(text(changed.facts()) == before);
    }
    changed.revert();
    RC_ASSERT(text(changed.facts()) == text(facts));
  }));
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

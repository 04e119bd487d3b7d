// The description is the one source of JSON, canonical bytes and schema: these tests are its
// contract.
#include "base/describe.hpp"

#include <doctest/doctest.h>

#include "base/digest.hpp"
#include "base/ids.hpp"

namespace holdpoint::describe_test {

struct ThingTag {
  static constexpr std::string_view prefix = "thg";
};
enum class Colour { red, green };
HP_DESCRIBE_ENUM(Colour, red, green)

struct Part {
  std::string name;
  std::int64_t count = 0;
};
HP_DESCRIBE(Part, name, count)

struct Thing {
  Id<ThingTag> id;
  std::string zebra;
  Colour colour{};
  std::optional<std::string> note;
  std::vector<Part> parts;
  std::map<std::string, std::int64_t> sizes;
  Instant at;
  bool done = false;
};
HP_DESCRIBE(Thing, id, zebra, colour, note, parts, sizes, at, done)

constexpr std::string_view kText =
    R"({"at":"2026-11-20T06:00:00Z","colour":"green","done":true,"i)"
    R"(d":"thg_01J00000000000000000000000",)"
    R"("parts":[{"count":2,"name":"a"}],"sizes":{"x":1},"zebra":"z"})";

TEST_CASE("a described struct is written in canonical order and read back the same") {
  const auto thing = from_json_text<Thing>(kText);
  REQUIRE(thing.has_value());
  CHECK(thing->parts.at(0).count == 2);
  CHECK(to_json_text(*thing) == kText);
}

TEST_CASE("every problem of a document is reported with the path where it stands") {
  struct Row {
    const char* text;
    const char* path;
    const char* message;
  };
  const Row rows[] = {
      {R"({"name":"a"})", "/count", "required"},
      {R"({"name":1,"count":1})", "/name", "expected string, found integer"},
      {R"({"name":"a","count":"1"})", "/count", "expected integer, found string"},
      {R"({"name":"a","count":1.5})", "/count", "expected integer, found number"},
      {R"({"name":"a","count":1,"extra":0})", "/extra", "unknown member"},
      {R"([])", "", "expected object, found array"},
  };
  for (const Row& row : rows) {
    const auto part = from_json_text<Part>(row.text);
    REQUIRE_FALSE(part.has_value());
    REQUIRE(part.error().size() == 1);
    CHECK(part.error()[0].path == row.path);
    CHECK(part.error()[0].message == row.message);
  }
}

TEST_CASE("a problem deep inside a list names the element") {
  std::string text(kText);
  text.replace(text.find("\"count\":2"), 9, "\"count\":[]");
  const auto thing = from_json_text<Thing>(text);
  REQUIRE_FALSE(thing.has_value());
  CHECK(thing.error().at(0).path == "/parts/0/count");
}

TEST_CASE("the schema says what the reader accepts") {
  json::object components;
  const json::object root = describe::schema<Thing>(components);
  CHECK(root.at("$ref") == "#/components/schemas/describe_test.Thing");
  const auto& thing = components.at("describe_test.Thing").as_object();
  CHECK(thing.at("additionalProperties") == false);
  CHECK(thing.at("properties").at("colour").at("enum").as_array().size() == 2);
  CHECK(json::serialize(thing.at("required")) == R"(["at","colour","done","id","zebra"])");
}

TEST_CASE(
    "a component is named alike by every compiler, and not by the file its type is hidden in") {
  CHECK(describe::component_name("holdpoint::releases::Release") == "releases.Release");
  CHECK(describe::component_name("holdpoint::ledger::(anonymous namespace)::KeyView") ==
        "ledger.KeyView");
  CHECK(describe::component_name("holdpoint::ledger::{anonymous}::KeyView") == "ledger.KeyView");
  CHECK(describe::component_name("std::vector<holdpoint::Id<int> >") == "std.vector.Id.int");
}

TEST_CASE("an id of one kind is not accepted as another") {
  CHECK(Id<ThingTag>::parse("thg_01J00000000000000000000000").has_value());
  CHECK_FALSE(Id<ThingTag>::parse("rel_01J00000000000000000000000").has_value());
  CHECK_FALSE(Id<ThingTag>::parse("thg_81J00000000000000000000000").has_value());
  CHECK_FALSE(Id<ThingTag>::parse("thg_01J0000000000000000000000I").has_value());
  CHECK_FALSE(Id<ThingTag>::parse("thg_01J0").has_value());
}

}  // namespace holdpoint::describe_test

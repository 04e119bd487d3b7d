// Schemas that stand alone, and the bounds that are written into them.
#include "base/schema_document.hpp"

#include <doctest/doctest.h>

namespace holdpoint::schema_document_test {

struct Part {
  std::string name;
};
HP_DESCRIBE(Part, name)

struct Whole {
  std::vector<std::string> words;
  std::optional<std::vector<Part>> parts;
  std::map<std::string, std::int64_t> counts;
  std::string text;
};
HP_DESCRIBE(Whole, words, parts, counts, text)

struct Other {
  std::string text;
};
HP_DESCRIBE(Other, text)

namespace {

TEST_CASE("the bounds of members are written where JSON Schema has a word for them") {
  const std::vector<LengthBound> bounds = {
      bound(&Whole::words, 3, 10), bound(&Whole::parts, 4), bound(&Whole::counts, 5),
      bound(&Whole::text, 6),      bound(&Part::name, 7),   bound(&Other::text, 8),
  };
  const auto document = facts_document<Whole>("https://example.test/whole", "A whole", bounds);
  const auto member = [&](std::string_view pointer) {
    return *canonical_json(
        document.at_pointer("/$defs/schema_document_test." + std::string(pointer)));
  };
  CHECK(
      member("Whole/properties/words") ==
      R"({"items":{"maxLength":10,"type":"string","x-maxBytes":10},"maxItems":3,"type":"array"})");
  CHECK(document.at_pointer("/$defs/schema_document_test.Whole/properties/parts/maxItems") == 4);
  CHECK(document.at_pointer("/$defs/schema_document_test.Whole/properties/counts/maxProperties") ==
        5);
  CHECK(member("Whole/properties/text") == R"({"maxLength":6,"type":"string","x-maxBytes":6})");
  CHECK(member("Part/properties/name") == R"({"maxLength":7,"type":"string","x-maxBytes":7})");
  CHECK_FALSE(document.at("$defs").as_object().contains("schema_document_test.Other"));
}

}  // namespace
}  // namespace holdpoint::schema_document_test

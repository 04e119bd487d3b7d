// The reader of canonical JSON takes exactly what the canonical writer writes.
#include "base/canonical.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "base/json.hpp"

namespace holdpoint {
namespace {

constexpr std::size_t depth_max = 32;

/// The definition: reading and writing again gives the same bytes.
bool is_canonical_by_definition(std::string_view text) {
  const auto value = parse_json(text);
  const auto bytes = value ? canonical_json(*value) : std::unexpected(value.error());
  return bytes && *bytes == text;
}

TEST_CASE("canonical texts are taken") {
  for (const char* text :
       {"0", "-1", "9007199254740991", "-9007199254740991", "true", "false", "null", "\"\"", "[]",
        "{}", "[1,[2,{}],\"x\"]", R"({"a":1,"b":[true,null]})", R"("\b\t\n\f\r\"\\\u0001\u001f/")",
        "\"\xE2\x82\xAC\x7F\"", "{\"\xF0\x9F\x98\x82\":1,\"\xEF\xAC\xB3\":2}",
        R"({"\t":1,"\n":2,"a":3})", R"({"\u001f":1," ":2,"\"":3,"\\":4})"}) {
    CAPTURE(text);
    CHECK(is_canonical_json(text, depth_max));
    CHECK(is_canonical_by_definition(text));
  }
}

TEST_CASE("every other way to write the same, or something else, is refused") {
  for (std::string_view text :
       std::initializer_list<std::string_view>{"",
                                               " 1",
                                               "1 ",
                                               "[1, 2]",
                                               "-0",
                                               "01",
                                               "00",
                                               "1.0",
                                               "1e2",
                                               "-",
                                               "+1",
                                               "9007199254740992",
                                               "-9007199254740992",
                                               "99999999999999999999",
                                               R"({"b":1,"a":2})",
                                               R"({"a":1,"a":1})",
                                               R"("\u0041")",
                                               R"("\u000a")",
                                               R"("\u001F")",
                                               R"("\/")",
                                               R"("\u0000")",
                                               R"("\u007f")",
                                               R"("\u0020")",
                                               R"("\u00)",
                                               R"("\ud83d\ude02")",
                                               "\"\n\"",
                                               "\"\xFF\"",
                                               "\"\xED\xA0\x80\"",
                                               "\"",
                                               "\"\\",
                                               "\"\\u",
                                               "[",
                                               "[1",
                                               "[1,",
                                               "[,1]",
                                               "{",
                                               "{\"a\"",
                                               "{\"a\":",
                                               "{\"a\":1",
                                               "{\"a\":1,}",
                                               "{a:1}",
                                               "tru",
                                               "nul",
                                               "1 1",
                                               "[]]",
                                               "'a'",
                                               "NaN",
                                               "{\"\xEF\xAC\xB3\":2,\"\xF0\x9F\x98\x82\":1}",
                                               R"({"\n":1,"\t":2})",
                                               R"({" ":1,"\u001f":2})",
                                               std::string_view("\"\0\"", 3),
                                               std::string_view("\0", 1)}) {
    CAPTURE(std::string(text));
    CHECK(!is_canonical_json(text, depth_max));
    CHECK(!is_canonical_by_definition(text));
  }
}

TEST_CASE("nesting is bounded by what the caller allows") {
  CHECK(is_canonical_json("[[1]]", 2));
  CHECK(!is_canonical_json("[[1]]", 1));
  CHECK(!is_canonical_json("{\"a\":{}}", 1));
  CHECK(is_canonical_json("1", 0));
  CHECK(!is_canonical_json(std::string(1'000'000, '['), depth_max));
}

TEST_CASE("strings come out unescaped, values as they stand") {
  CanonicalReader reader(R"("\u0001\"\n\\x",-12,{"a":[1]}!)");
  std::string text;
  std::int64_t number = 0;
  CHECK(reader.string(text));
  CHECK(text == "\x01\"\n\\x");
  CHECK(reader.literal(","));
  CHECK(reader.integer(number));
  CHECK(number == -12);
  CHECK(reader.literal(","));
  CHECK(reader.value(2) == R"({"a":[1]})");
  CHECK(reader.next() == '!');
  CHECK(!reader.at_end());
}

TEST_CASE("any text of JSON's own characters is judged as the definition does") {
  CHECK(rc::check("is_canonical_json agrees with writing again", [] {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("{}[]\",:01-\\untabf \x01\xC3\xA9")));
    return is_canonical_json(text, depth_max) == is_canonical_by_definition(text);
  }));
}

TEST_CASE("one changed byte of a canonical text is judged as the definition does") {
  const std::string text = R"({"":[-10,"\n\u001f"],"a":{"b":null,"é":true},"z":"x\\"})";
  REQUIRE(is_canonical_by_definition(text));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      REQUIRE(is_canonical_json(changed, depth_max) == is_canonical_by_definition(changed));
    }
  }
}

}  // namespace
}  // namespace holdpoint

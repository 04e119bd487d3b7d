// The strict reader and the canonical writer: what they take, what they refuse and where, and that
// one undoes the other.
#include "base/json.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <limits>
#include <string>

#include "base/encoding.hpp"

namespace holdpoint {
namespace {

std::string refusal(std::string_view text, JsonLimits limits = {}) {
  const auto value = parse_json(text, limits);
  return value ? "accepted" : value.error().text();
}

std::string canonical(std::string_view text) {
  const auto value = parse_json(text);
  if (!value) return "unreadable: " + value.error().text();
  const auto bytes = canonical_json(*value);
  return bytes ? *bytes : "refused: " + bytes.error().text();
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

rc::Gen<std::string> any_text() {
  return rc::gen::map(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 0x11'0000)),
                      [](const std::vector<int>& points) {
                        std::string text;
                        for (const int point : points) {
                          const auto p = static_cast<unsigned>(point);
                          if (p >= 0xD800 && p < 0xE000) continue;
                          const auto tail = [&](unsigned shift) {
                            text += static_cast<char>(0x80 | (p >> shift & 0x3F));
                          };
                          if (p < 0x80) {
                            text += static_cast<char>(p);
                          } else if (p < 0x800) {
                            text += static_cast<char>(0xC0 | p >> 6), tail(0);
                          } else if (p < 0x10000) {
                            text += static_cast<char>(0xE0 | p >> 12), tail(6), tail(0);
                          } else {
                            text += static_cast<char>(0xF0 | p >> 18), tail(12), tail(6), tail(0);
                          }
                        }
                        return text;
                      });
}

json::value any_value(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 3 ? 4 : 6);
  if (kind == 0) return nullptr;
  if (kind == 1) return *rc::gen::arbitrary<bool>();
  if (kind == 2) {
    constexpr std::int64_t bound = (std::int64_t{1} << 53) - 1;
    return *rc::gen::inRange<std::int64_t>(-bound, bound);
  }
  if (kind == 3) return json::string(*any_text());
  const int count = *rc::gen::inRange(0, 5);
  if (kind == 4) {
    json::array array;
    for (int i = 0; i < count; ++i) array.push_back(any_value(depth + 1));
    return array;
  }
  json::object object;
  for (int i = 0; i < count; ++i) object[*any_text()] = any_value(depth + 1);
  return object;
}

/// UTF-16 code units, to compare with the definition rather than with the trick.
std::u16string utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned point = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
    } else {
      units += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
    i += length;
  }
  return units;
}

TEST_CASE("a value keeps its kind: integers stay integers, fractions become doubles") {
  const auto value = parse_json(R"({"a":[1,-9223372036854775808,1.5,true,null,"x"]})");
  REQUIRE(value);
  const json::array& a = value->at("a").as_array();
  CHECK(a[0].is_int64());
  CHECK(a[1].as_int64() == std::numeric_limits<std::int64_t>::min());
  CHECK(a[2].as_double() == 1.5);
  CHECK(a[3].as_bool());
  CHECK(a[4].is_null());
  CHECK(view(a[5].as_string()) == "x");
}

TEST_CASE("a double is read to the nearest, as every other reader would") {
  CHECK(parse_json("0.1")->as_double() == 0.1);
  CHECK(parse_json("9007199254740993.0")->as_double() == 9007199254740992.0);
  CHECK(parse_json("123456789.123456789e-20")->as_double() == 123456789.123456789e-20);
}

TEST_CASE("a name given twice is refused at any depth, and the path names it") {
  CHECK(refusal(R"({"a":1,"a":2})") == "/a: the name is given twice (at byte 9)");
  CHECK(refusal(R"({"a":{"b/c":[0,{"x":1,"y":2,"x":3}]}})").starts_with("/a/b~1c/1/x: "));
  CHECK(refusal(R"({"a":1,"\u0061":2})").starts_with("/a: the name is given twice"));
  CHECK(refusal(R"({"a":1,"b":{"a":2}})") == "accepted");
}

TEST_CASE("an integer beyond 64 bits is refused instead of losing digits") {
  CHECK(refusal("9223372036854775807") == "accepted");
  CHECK(refusal("9223372036854775808").starts_with("the integer is beyond 64 bits"));
  CHECK(refusal("[18446744073709551615]").starts_with("/0: the integer is beyond 64 bits"));
  CHECK(refusal("18446744073709551616").starts_with("the integer is beyond 64 bits"));
  CHECK(refusal("-9223372036854775809").starts_with("the integer is beyond 64 bits"));
  CHECK(refusal("1e400").starts_with("the number is beyond double precision"));
}

TEST_CASE("a lone surrogate is refused, written as an escape or as bytes") {
  CHECK(refusal(R"("\ud800")").starts_with("a string holds a lone surrogate"));
  CHECK(refusal(R"("\udc00x")").starts_with("a string holds a lone surrogate"));
  CHECK(refusal(R"({"\ud83d\ud83d":1})").starts_with("a string holds a lone surrogate"));
  CHECK(refusal("\"\xED\xA0\x80\"").starts_with("the text is not UTF-8"));
  CHECK(canonical(R"("\ud83d\ude02")") == "\"\xF0\x9F\x98\x82\"");
}

TEST_CASE("what is no JSON text is refused with its place") {
  CHECK(refusal("").starts_with("the text ends too early"));
  CHECK(refusal("{\"a\":").starts_with("/a: the text ends too early"));
  CHECK(refusal("1 2").starts_with("text follows the value"));
  CHECK(refusal("{}x") == "text follows the value (at byte 2)");
  CHECK(refusal("\"\xFF\"").starts_with("the text is not UTF-8"));
  for (const char* text : {"{a:1}", "[1,]", "'x'", "01", "+1", ".5", "1.", "NaN", "// c\n1", "tru",
                           "\"\t\"", "{\"a\" 1}", "[1 2]", "\"\\x\"", "\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    CHECK(refusal(text) != "accepted");
  }
}

TEST_CASE("U+0000 is refused in names and strings, on both ways") {
  CHECK(refusal(R"(["a\u0000b"])").starts_with("/0: a string holds U+0000"));
  CHECK(refusal(R"({"a\u0000":1})").find("a name holds U+0000") != std::string::npos);
  CHECK(!canonical_json(json::string(std::string_view("a\0b", 3))));
}

TEST_CASE("depth and length are bounded") {
  CHECK(refusal(nested(32)) == "accepted");
  CHECK(refusal(nested(33)).find("nested deeper than 32") != std::string::npos);
  CHECK(refusal(nested(100'000)).find("nested deeper than 32") != std::string::npos);
  CHECK(refusal("[1,2]", {.depth_max = 1, .bytes_max = 5}) == "accepted");
  CHECK(refusal("[1,23]", {.depth_max = 1, .bytes_max = 5}) == "longer than 5 bytes");
  CHECK(refusal("{\"a\":[]}", {.depth_max = 1, .bytes_max = 99}).starts_with("/a: nested deeper"));
}

TEST_CASE("names are sorted by UTF-16 code units, as in the example of RFC 8785") {
  CHECK(canonical(
            R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet )"
            R"(With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",)"
            R"("\u00f6":"Latin Small Letter O With Diaeresis"})") ==
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
        "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
        "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\","
        "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
  CHECK(utf16_less("\xF0\x9F\x98\x82", "\xEF\xAC\xB3"));  // U+1F602 before U+FB33
  CHECK(!utf16_less("\xEF\xAC\xB3", "\xF0\x9F\x98\x82"));
  CHECK(utf16_less("\xED\x9F\xBF", "\xF0\x90\x80\x80"));  // U+D7FF before U+10000
  CHECK(utf16_less("", "a"));
  CHECK(utf16_less("a", "ab"));
  CHECK(!utf16_less("a", "a"));
}

TEST_CASE("strings escape only what RFC 8785 says") {
  CHECK(canonical(R"("\u0001\b\t\n\f\r\u001f\"\\\/\u007f\u2028")") ==
        "\"\\u0001\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\x7F\xE2\x80\xA8\"");
}

TEST_CASE("numbers are integers within 2^53-1, everything else is refused by path") {
  CHECK(canonical("[0,-0,9007199254740991,-9007199254740991]") ==
        "[0,0,9007199254740991,-9007199254740991]");
  CHECK(canonical(R"({"a":[1,9007199254740992]})") ==
        "refused: /a/1: the integer is beyond 2^53-1");
  CHECK(canonical("[-9007199254740992]") == "refused: /0: the integer is beyond 2^53-1");
  CHECK(canonical(R"({"b":{"c":1.0}})") == "refused: /b/c: a number that is no integer");
  CHECK(canonical("[1e2]") == "refused: /0: a number that is no integer");
  CHECK(*canonical_json(std::uint64_t{7}) == "7");
  CHECK(!canonical_json(std::uint64_t{1} << 53));
}

TEST_CASE("the writer refuses what is not UTF-8 and what is nested without end") {
  CHECK(canonical_json(json::array{json::string("\xFF")}).error().text() ==
        "/0: a string is not UTF-8");
  json::value deep = nullptr;
  for (int i = 0; i < 300; ++i) deep = json::array{deep};
  CHECK(!canonical_json(deep));
}

TEST_CASE("what is canonical once stays canonical, for any value") {
  CHECK(rc::check("canonical(parse(canonical(x))) == canonical(x)", [] {
    const json::value value = any_value(0);
    const auto once = canonical_json(value);
    const auto read = parse_json(*once);
    return read && *read == value && *canonical_json(*read) == *once;
  }));
}

TEST_CASE("the order of names is the order of their UTF-16 code units, for any two") {
  CHECK(rc::check("utf16_less agrees with the definition", [] {
    const std::string a = *any_text();
    const std::string b = *any_text();
    return utf16_less(a, b) == (utf16(a) < utf16(b));
  }));
}

}  // namespace
}  // namespace holdpoint

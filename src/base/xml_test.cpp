// XML of reports: what is read, and the hostile documents that are refused.
#include "base/xml.hpp"

#include <doctest/doctest.h>

namespace holdpoint {

using namespace std::string_view_literals;

namespace {

std::string refusal(std::string_view text) {
  const auto document = XmlDocument::parse(text);
  return document ? "read" : document.error().text();
}

std::string nested(std::size_t levels) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i) text += "<a>";
  for (std::size_t i = 0; i < levels; ++i) text += "</a>";
  return text;
}

}  // namespace

TEST_CASE("elements, attributes and texts are read, with namespace prefixes set aside") {
  const auto document = XmlDocument::parse(
      R"(<?xml version="1.0"?><!-- c --><n:root xmlns:n="urn:x" n:a="1" b="&lt;2&gt;">)"
      R"(<item>one</item>text<n:item><![CDATA[<two>]]></n:item></n:root>)");
  REQUIRE(document.has_value());
  const XmlNode root = document->root();
  CHECK(root.name() == "n:root");
  CHECK(root.local_name() == "root");
  CHECK(root.attribute("a") == "1");
  CHECK(root.attribute("b") == "<2>");
  CHECK_FALSE(root.attribute("n").has_value());
  std::string texts;
  for (const XmlNode item : root.children()) texts += std::string(item.text()) + ";";
  CHECK(texts == "one;<two>;");
  CHECK(root.child("item").has_value());
  CHECK_FALSE(root.child("other").has_value());
}

TEST_CASE("no entity is expanded and no document type with declarations is accepted") {
  CHECK(refusal(R"(<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>)") ==
        "a document type with declarations of its own is refused (line 1, byte 0)");
  CHECK(refusal(R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)")
            .starts_with("a document type"));
  CHECK(refusal(R"(<!DOCTYPE coverage SYSTEM "http://x/coverage-04.dtd"><coverage/>)") == "read");
  const auto document = XmlDocument::parse("<a>&unknown;</a>");
  REQUIRE(document.has_value());
  CHECK(document->root().text() == "&unknown;");
}

TEST_CASE("broken and hostile documents are refused with the line and byte of the fault") {
  CHECK(refusal("<a>\n<b></a>") == "Start-end tags mismatch (line 2, byte 9)");
  CHECK(refusal("<a><b/>").starts_with("Start-end tags mismatch"));
  CHECK(refusal("").starts_with("No document element found"));
  CHECK(refusal("<a/><b/>").starts_with("more than one root element"));
  CHECK(refusal(nested(1'000)) == "read");
  CHECK(refusal(nested(1'001)).starts_with("nested deeper than 1000"));
  CHECK(refusal(nested(200'000)).starts_with("nested deeper than 1000"));
}

TEST_CASE("byte order marks, UTF-16 and declared Latin-1 are understood") {
  CHECK(refusal("\xEF\xBB\xBF<a/>") == "read");
  CHECK(refusal("\xFF\xFE<\0a\0/\0>\0"sv) == "read");
  CHECK(refusal("\xFE\xFF\0<\0a\0/\0>"sv) == "read");
  const auto latin = XmlDocument::parse("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>");
  REQUIRE(latin.has_value());
  CHECK(latin->root().text() == "\xC3\xA4");
}

}  // namespace holdpoint

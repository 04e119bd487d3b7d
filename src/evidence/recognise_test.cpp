// What a report is, told from its content, and the words in which an unreadable one is refused.
#include "evidence/recognise.hpp"

#include <doctest/doctest.h>

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

TEST_CASE("formats are told from content, and what cannot be read is named") {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view bytes;
    Format format;
    std::string_view why_not;
  };
  const Row rows[] = {
      {R"({"version":"2.1.0","runs":[]})", Format::sarif, ""},
      {"\xFF\xFE{\0\"\0r\0u\0n\0s\0\"\0:\0[\0]\0}\0"sv, Format::sarif,
       "a SARIF document without a version; 2.1.0 is read"},
      {"\xEF\xBB\xBF<testsuites/>", Format::junit, ""},
      {"  <testsuite/>", Format::junit, ""},
      {"<coverage/>", Format::cobertura, ""},
      {R"(<coverage clover="4"/>)", Format::unknown, "a Clover report; not read"},
      {"# made by x\nTN:\nSF:a", Format::lcov, ""},
      {R"({"bomFormat":"CycloneDX","specVersion":"1.4"})", Format::cyclonedx, ""},
      {R"({"spdxVersion":"SPDX-2.3"})", Format::spdx, ""},
      {R"({"spdxVersion":"SPDX-2.1"})", Format::spdx,
       "an SPDX document of version SPDX-2.1; 2.2 and 2.3 are read"},
      {R"({"holdpoint_evidence":1})", Format::generic, ""},
      {"", Format::unknown, "an empty file"},
      {" \n ", Format::unknown, "an empty file"},
      {"{}", Format::unknown, "a JSON object of no known report format"},
      {"[]", Format::unknown, "a JSON array of no known report format"},
      {"<html/>", Format::unknown, "an XML document of no known report format (root element html)"},
      {"<TestRun/>", Format::unknown, "a TRX test report; not read"},
      {"PK\x03\x04zip", Format::unknown, "a ZIP archive; send the report in it"},
      {"\x1F\x8Bgzip", Format::unknown, "gzip-compressed; send the report in it"},
      {"hello", Format::unknown, "neither JSON nor XML nor LCOV"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.bytes));
    const Recognition recognition = recognise(row.bytes);
    CHECK(recognition.format == row.format);
    CHECK(recognition.why_not == row.why_not);
  }
}

TEST_CASE("a broken document is refused with the place where it breaks") {
  CHECK(recognise(R"({"runs":[})").why_not.starts_with("broken JSON: not valid JSON (at byte 9"));
  CHECK(recognise("<a>\n</b>").why_not.find("(line 2, byte") != std::string::npos);
}

}  // namespace holdpoint::evidence

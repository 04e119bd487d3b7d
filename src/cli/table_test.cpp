// Tables are plain, aligned and fit the line.
#include "cli/table.hpp"

#include <doctest/doctest.h>

#include "cli/words.hpp"

namespace holdpoint::cli {

TEST_CASE("columns are aligned by what is seen, not by bytes or colours") {
  Table table({"NAME", "STATUS", "WHY"});
  table.add({{"a"}, {"✓ ok", Tone::good}, {"fine"}});
  table.add({{"longer"}, {"✗ no", Tone::bad}, {""}});
  CHECK(table.text(Colour::none) ==
        "NAME    STATUS  WHY\n"
        "a       ✓ ok    fine\n"
        "longer  ✗ no\n");
  CHECK(table.text(Colour::ansi).find("\x1b[32m✓ ok\x1b[0m    fine\n") != std::string::npos);
}

TEST_CASE("the last column is wrapped so that a line fits 80 columns") {
  Table table({"NAME", "WHY"});
  std::string text;
  for (int i = 0; i < 40; ++i) text += "reason ";
  table.add({{"a"}, {text}});
  const std::string lines = table.text(Colour::none);
  std::size_t begin = 0;
  while (begin < lines.size()) {
    const auto end = lines.find('\n', begin);
    CHECK(width_of(lines.substr(begin, end - begin)) <= line_columns);
    begin = end + 1;
  }
  CHECK(lines.find("\n      reason") != std::string::npos);
}

TEST_CASE("control characters and broken text in a cell are replaced") {
  Table table({"A", "B"});
  table.add({{"x\x1b[2J\n"}, {"\xff"}});
  CHECK(table.text(Colour::none) == "A       B\nx?[2J   ?\n");
}

TEST_CASE("a result nobody knows is never shown as passed") {
  for (const char* result : {"", "PASS", "ok", "error", "true", "passed!"}) {
    CHECK(rule_word(result).word == "not evaluated");
  }
  CHECK(rule_word("pass").word == "passed");
  CHECK(rule_word("fail").word == "failed");
  CHECK(rule_word("unknown").word == "waiting");
  CHECK(rule_word("not_applicable").word == "not applicable");
  CHECK(decision_word("opened").word == "unknown");
}

}  // namespace holdpoint::cli

// See junit.hpp.
#include "cli/junit.hpp"

#include <algorithm>

#include "cli/fields.hpp"

namespace holdpoint::cli {
namespace {

/// For an attribute in double quotes (XML 1.0 §2.4); control characters, which XML cannot hold, are
/// replaced.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::size_t failed_in(const JunitSuite& suite) {
  return static_cast<std::size_t>(std::ranges::count_if(
      suite.cases, [](const JunitCase& one) { return !one.failures.empty(); }));
}

}  // namespace

std::string junit_text(const std::vector<JunitSuite>& suites) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const JunitSuite& suite : suites) {
    out += "  <testsuite name=\"" + escaped(suite.name) + "\" file=\"" + escaped(suite.file) +
           "\" tests=\"" + std::to_string(suite.cases.size()) + "\" failures=\"" +
           std::to_string(failed_in(suite)) + "\" errors=\"0\" skipped=\"0\">\n";
    for (const JunitCase& one : suite.cases) {
      out += "    <testcase classname=\"" + escaped(suite.name) + "\" name=\"" + escaped(one.name) +
             "\"";
      if (one.failures.empty()) {
        out += "/>\n";
        continue;
      }
      std::string message;
      for (const std::string& failure : one.failures) {
        message += (message.empty() ? "" : " | ") + failure;
      }
      out += ">\n      <failure message=\"" + escaped(message) + "\"/>\n    </testcase>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace holdpoint::cli

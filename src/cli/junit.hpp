// Test results as JUnit XML, which every pipeline can show.
#pragma once

#include <string>
#include <vector>

namespace holdpoint::cli {

struct JunitCase {
  std::string name;
  std::vector<std::string> failures;  // none: it passed
};

struct JunitSuite {
  std::string name;
  std::string file;
  std::vector<JunitCase> cases;
};

std::string junit_text(const std::vector<JunitSuite>& suites);

}  // namespace holdpoint::cli

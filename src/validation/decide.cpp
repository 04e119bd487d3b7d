// Deciding about test cases: what may be said of one.
#include <algorithm>

#include "base/text.hpp"
#include "validation/validation.hpp"

namespace holdpoint::validation {
namespace {

void check_line(JsonIssues& issues, std::string path, std::string_view text,
                std::size_t bytes_max) {
  if (is_stated(text, bytes_max) && is_one_line(text)) return;
  issues.push_back(
      {std::move(path), "expected 1 to " + std::to_string(bytes_max) + " bytes in one line", 0});
}

Decided<TestCase> checked(TestCase item,
                          const std::optional<std::vector<std::string>>& requirements) {
  JsonIssues issues;
  if (!workitems::is_key(item.name) || TestCaseId::parse(item.name)) {
    issues.push_back({"/key",
                      "expected letters, digits and inner -._, at most " +
                          std::to_string(workitems::key_bytes_max),
                      0});
  }
  check_line(issues, "/title", item.title, title_bytes_max);
  if (item.suite) check_line(issues, "/suite", *item.suite, test_name_bytes_max);
  if (item.test_name) check_line(issues, "/test_name", *item.test_name, test_name_bytes_max);
  if (item.suite && !item.test_name) {
    issues.push_back({"/suite", "a suite goes with the name of the test", 0});
  }
  if (requirements && requirements->size() > requirements_of_case_max) {
    issues.push_back({"/requirements", "more than " + std::to_string(requirements_of_case_max), 0});
  }
  if (!issues.empty()) return refuse(invalid_test_case(std::move(issues)));
  return item;
}

}  // namespace

Decided<TestCase> create(const CreateTestCase& command) {
  TestCase item;
  item.name = command.key;
  item.title = command.title;
  item.suite = command.suite;
  item.test_name = command.test_name;
  return checked(std::move(item), command.requirements);
}

Decided<TestCase> change(const TestCase& before, const ChangeTestCase& command) {
  TestCase item = before;
  if (command.title) item.title = *command.title;
  if (command.suite) item.suite = command.suite;
  if (command.test_name) item.test_name = command.test_name;
  if (command.state) item.state = *command.state;
  return checked(std::move(item), command.requirements);
}

Refusal test_case_not_found(std::string_view reference) {
  Refusal refusal{RefusalKind::not_found, "test_case_not_found",
                  "There is no test case " + std::string(reference) + " in this workspace."};
  refusal.next.push_back({"you", "look for it in the list", "holdpoint test list"});
  return refusal;
}

Refusal invalid_test_case(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_test_case", "The test case is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

Refusal too_many_test_cases() {
  Refusal refusal{RefusalKind::exhausted, "too_many_test_cases",
                  "A workspace has at most " + std::to_string(test_cases_max) +
                      " active test cases; retire those that are out of use."};
  refusal.next.push_back({"person with tests.write", "retire some", "holdpoint test retire TEST"});
  return refusal;
}

}  // namespace holdpoint::validation

// JUnit XML, in the dialects of many makers. The cases are counted anew and the attributes are
// compared with them; where attributes claim more failures than the cases show, the worse count
// stands, and any difference is flagged. Reruns: a case is failed when its last word is a failure
// (rerunFailure beside failure), and passed when it failed only on the way (flakyFailure).
#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text_encoding.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"
#include "evidence/numbers.hpp"

namespace holdpoint::evidence {

namespace {

using Outcome = TestOutcome;

struct Counts {
  std::int64_t cases = 0;
  std::int64_t failed = 0;
  std::int64_t errors = 0;
  std::int64_t skipped = 0;
  /// Failure and error elements: some makers count these, several to a case.
  std::int64_t marks = 0;

  void add(const Counts& other) {
    cases = add_counts(cases, other.cases);
    failed = add_counts(failed, other.failed);
    errors = add_counts(errors, other.errors);
    skipped = add_counts(skipped, other.skipped);
    marks = add_counts(marks, other.marks);
  }
};

struct Word {
  std::string_view word;
  Outcome outcome;
};

/// Values of a case's `status` and `result` that speak without a child element.
constexpr Word status_words[] = {
    {"fail", Outcome::failed},     {"failed", Outcome::failed},   {"failure", Outcome::failed},
    {"error", Outcome::error},     {"broken", Outcome::error},    {"skipped", Outcome::skipped},
    {"skip", Outcome::skipped},    {"notrun", Outcome::skipped},  {"disabled", Outcome::skipped},
    {"pending", Outcome::skipped}, {"ignored", Outcome::skipped}, {"suppressed", Outcome::skipped}};

struct Case {
  Outcome outcome = Outcome::passed;
  std::int64_t marks = 0;
  bool flaky = false;
  std::optional<XmlNode> cause;
};

Case judge(XmlNode node) {
  Case judged;
  bool failure = false;
  bool error = false;
  bool skipped = false;
  for (const XmlNode child : node.children()) {
    const std::string_view name = child.local_name();
    if (name == "failure" || name == "error") {
      (name == "failure" ? failure : error) = true;
      ++judged.marks;
      if (!judged.cause) judged.cause = child;
    } else if (name == "skipped" || name == "disabled") {
      skipped = true;
    } else if (name == "flakyFailure" || name == "flakyError" || name == "rerunFailure" ||
               name == "rerunError") {
      judged.flaky = judged.flaky || name.starts_with("flaky");
    }
  }
  if (failure) {
    judged.outcome = Outcome::failed;
  } else if (error) {
    judged.outcome = Outcome::error;
  } else if (skipped) {
    judged.outcome = Outcome::skipped;
  } else {
    for (const std::string_view attribute : {"status", "result"}) {
      const auto said = node.attribute(attribute);
      for (const Word& row : status_words) {
        if (said == row.word && judged.outcome == Outcome::passed) judged.outcome = row.outcome;
      }
    }
    if (judged.outcome == Outcome::failed || judged.outcome == Outcome::error) judged.marks = 1;
  }
  return judged;
}

/// The keys that a property states: one, or several between commas or white space. What is too long
/// for a key is none.
void add_keys(std::string_view text, std::vector<std::string>& keys) {
  constexpr std::string_view between = ", ;\t\r\n";
  while (keys.size() < case_requirements_max) {
    const auto start = text.find_first_not_of(between);
    if (start == std::string_view::npos) return;
    text.remove_prefix(start);
    const std::string_view key = text.substr(0, text.find_first_of(between));
    text.remove_prefix(key.size());
    std::string cleaned = clean_text(key, case_key_bytes_max);
    if (key.size() <= case_key_bytes_max && !cleaned.empty()) keys.push_back(std::move(cleaned));
  }
}

void read_properties(XmlNode node, TestCase& found) {
  for (const XmlNode list : node.children()) {
    if (list.local_name() != "properties") continue;
    for (const XmlNode property : list.children()) {
      const auto name = property.attribute("name").value_or("");
      const auto attribute = property.attribute("value");
      const std::string text(attribute ? *attribute : std::string_view(property.text()));
      if (name == "requirement" || name == "requirements") add_keys(text, found.requirements);
      if (name == "test_key" && !found.key) {
        std::vector<std::string> keys;
        add_keys(text, keys);
        if (!keys.empty()) found.key = keys.front();
      }
    }
  }
  std::ranges::sort(found.requirements);
  const auto repeated = std::ranges::unique(found.requirements);
  found.requirements.erase(repeated.begin(), repeated.end());
}

/// The cases of a report up to the bound, those that state keys before the others.
class CaseList {
 public:
  void add(XmlNode node, std::string_view suite, Outcome outcome) {
    const auto name = node.attribute("name").value_or("");
    if (name.empty()) return;
    ++named_;
    TestCase found{.suite = clean_text(suite, name_bytes_max),
                   .name = clean_text(name, name_bytes_max),
                   .outcome = outcome,
                   .key = std::nullopt,
                   .requirements = {}};
    read_properties(node, found);
    const bool is_keyed = found.key || !found.requirements.empty();
    auto& kept = is_keyed ? keyed_cases_ : all_cases_;
    if (kept.size() < test_cases_max) kept.push_back({named_, std::move(found)});
  }

  std::optional<TestCases> take() {
    if (named_ == 0) return std::nullopt;
    const std::size_t room = test_cases_max - keyed_cases_.size();
    if (all_cases_.size() > room) all_cases_.resize(room);
    keyed_cases_.insert(keyed_cases_.end(), std::move_iterator(all_cases_.begin()),
                        std::move_iterator(all_cases_.end()));
    const bool is_cut = std::cmp_less(keyed_cases_.size(), named_);
    if (!is_cut) std::ranges::sort(keyed_cases_, {}, &Numbered::number);
    TestCases cases;
    for (Numbered& one : keyed_cases_) cases.items.push_back(std::move(one.found));
    cases.cut = named_ - static_cast<std::int64_t>(cases.items.size());
    return cases;
  }

 private:
  struct Numbered {
    std::int64_t number = 0;
    TestCase found;
  };
  std::int64_t named_ = 0;
  std::vector<Numbered> keyed_cases_;
  std::vector<Numbered> all_cases_;
};

class SuiteReader {
 public:
  explicit SuiteReader(Summary& summary) : summary_(summary) {}

  /// Counts a suite and all below it. Recursion is bounded by xml_depth_max.
  Counts read(XmlNode suite, std::string_view outer_name) {
    const std::string_view name = suite.attribute("name").value_or(outer_name);
    Counts own;
    Counts all;
    for (const XmlNode child : suite.children()) {
      const std::string_view kind = child.local_name();
      if (kind == "testsuite" || kind == "testsuites") {
        all.add(read(child, name));
      } else if (kind == "testcase") {
        add_case(child, name, own);
      } else if (kind == "error" || kind == "failure") {
        // The suite itself broke, outside any case.
        add_broken_suite(child, name, own);
      }
    }
    all.add(own);
    compare(suite, own, all);
    return all;
  }

  std::vector<TestFailure> take_failures() { return std::move(failures_); }
  std::optional<TestCases> take_cases() { return cases_.take(); }
  [[nodiscard]] std::int64_t case_time_us() const { return case_time_us_; }

 private:
  void add_case(XmlNode node, std::string_view suite, Counts& counts) {
    const Case judged = judge(node);
    counts.cases += 1;
    counts.marks += judged.marks;
    if (judged.flaky) add_flag(summary_, flag::flaky_tests);
    const auto class_name = node.attribute("classname").value_or("");
    const std::string_view named_suite = class_name.empty() ? suite : class_name;
    cases_.add(node, named_suite, judged.outcome);
    switch (judged.outcome) {
      case Outcome::passed: break;
      case Outcome::skipped: ++counts.skipped; break;
      case Outcome::failed:
      case Outcome::error:
        ++(judged.outcome == Outcome::failed ? counts.failed : counts.errors);
        list(named_suite, node.attribute("name").value_or(""), judged.cause);
        break;
    }
    const auto time = node.attribute("time");
    const auto seconds = time ? parse_seconds_us(*time) : std::nullopt;
    if (seconds) case_time_us_ = add_counts(case_time_us_, *seconds);
    if (time && !seconds && !time->empty()) add_flag(summary_, flag::number_ignored);
  }

  void add_broken_suite(XmlNode cause, std::string_view suite, Counts& counts) {
    ++counts.cases;
    ++counts.errors;
    ++counts.marks;
    list(suite, "", cause);
  }

  void list(std::string_view suite, std::string_view name, std::optional<XmlNode> cause) {
    if (failures_.size() >= failures_max) return;
    std::string_view message;
    if (cause) message = cause->attribute("message").value_or("");
    if (cause && message.empty()) message = cause->text();
    failures_.push_back({clean_text(suite, name_bytes_max), clean_text(name, name_bytes_max),
                         clean_text(message, message_bytes_max)});
  }

  /// A count that an attribute claims; flagged when it is there and is no count.
  std::optional<std::int64_t> claim(XmlNode suite, std::string_view name) {
    const auto text = suite.attribute(name);
    if (!text || text->empty()) return std::nullopt;
    const auto count = parse_count(*text);
    if (!count) add_flag(summary_, flag::number_ignored);
    return count;
  }

  /// Makers differ on whether a suite's attributes count its sub-suites: either is agreement, but a
  /// suite without cases of its own can only speak of its sub-suites.
  void compare(XmlNode suite, const Counts& direct, Counts& all) {
    const Counts own = direct.cases > 0 ? direct : all;
    const auto tests = claim(suite, "tests");
    const auto failures = claim(suite, "failures");
    const auto errors = claim(suite, "errors");
    auto skipped = claim(suite, "skipped");
    if (!skipped) skipped = claim(suite, "skip");
    const auto disabled = claim(suite, "disabled");
    if (all.cases == 0 && tests.value_or(0) > 0) {
      all.cases = *tests;
      all.skipped = std::min(add_counts(skipped.value_or(0), disabled.value_or(0)), all.cases);
      add_flag(summary_, flag::counts_disagree);
    }
    const auto agrees = [](std::optional<std::int64_t> claimed, std::int64_t a, std::int64_t b) {
      return !claimed || *claimed == a || *claimed == b;
    };
    const bool total_agrees = agrees(tests, all.cases, own.cases) ||
                              agrees(tests, all.cases - all.skipped, own.cases - own.skipped);
    const auto not_run = skipped || disabled
                             ? std::optional(add_counts(skipped.value_or(0), disabled.value_or(0)))
                             : std::nullopt;
    const bool skipped_agrees =
        agrees(skipped, all.skipped, own.skipped) || agrees(not_run, all.skipped, own.skipped);
    if (!total_agrees || !skipped_agrees) add_flag(summary_, flag::counts_disagree);
    if (failures || errors) compare_failing(failures, errors, own, all);
  }

  void compare_failing(std::optional<std::int64_t> failures, std::optional<std::int64_t> errors,
                       const Counts& own, Counts& all) {
    const auto failing = [](const Counts& counts) {
      return add_counts(counts.failed, counts.errors);
    };
    const std::int64_t claimed = add_counts(failures.value_or(0), errors.value_or(0));
    const bool agrees = claimed == failing(all) || claimed == failing(own) ||
                        claimed == all.marks || claimed == own.marks;
    if (agrees) return;
    add_flag(summary_, flag::counts_disagree);
    if (claimed <= failing(all)) return;
    const std::int64_t unseen = claimed - failing(all);
    const std::int64_t as_failures =
        std::min(unseen, std::max<std::int64_t>(0, failures.value_or(0) - all.failed));
    all.failed = add_counts(all.failed, as_failures);
    all.errors = add_counts(all.errors, unseen - as_failures);
    all.marks = std::max(all.marks, failing(all));
    const std::int64_t accounted = add_counts(failing(all), all.skipped);
    all.cases = std::max(all.cases, accounted);
  }

  Summary& summary_;
  CaseList cases_;
  std::vector<TestFailure> failures_;
  std::int64_t case_time_us_ = 0;
};

/// The time of the outermost element that tells one.
std::optional<std::int64_t> duration_of(XmlNode root, std::int64_t case_time_us) {
  if (const auto time = root.attribute("time")) {
    if (const auto us = parse_seconds_us(*time)) return us;
  }
  std::optional<std::int64_t> sum;
  for (const XmlNode suite : root.children()) {
    const auto time = suite.local_name() == "testsuite" ? suite.attribute("time") : std::nullopt;
    const auto us = time ? parse_seconds_us(*time) : std::nullopt;
    if (us) sum = add_counts(sum.value_or(0), *us);
  }
  if (sum) return sum;
  return case_time_us > 0 ? std::optional(case_time_us) : std::nullopt;
}

/// Only times with an offset are times; a local time of an unknown place is none.
void note_start(XmlNode root, Summary& summary) {
  const auto take = [&](XmlNode node) {
    const auto at = Instant::parse(node.attribute("timestamp").value_or(""));
    if (at && (!summary.started_at || *at < summary.started_at->at)) {
      summary.started_at = InstantUs{*at};
    }
  };
  take(root);
  for (const XmlNode suite : root.children()) take(suite);
}

}  // namespace

Reading read_junit(XmlNode root) {
  Summary summary;
  summary.kind = Kind::tests;
  SuiteReader reader(summary);
  const Counts counts = reader.read(root, "");
  Tests tests;
  tests.failures = reader.take_failures();
  tests.failed = counts.failed;
  tests.errors = counts.errors;
  tests.skipped = counts.skipped;
  const std::int64_t accounted =
      add_counts(add_counts(counts.failed, counts.errors), counts.skipped);
  tests.total = std::max(counts.cases, accounted);
  if (accounted >= count_max) return std::unexpected(Unreadable("impossible counts"));
  tests.passed = tests.total - accounted;
  tests.failures_cut =
      counts.failed + counts.errors - static_cast<std::int64_t>(tests.failures.size());
  tests.duration_us = duration_of(root, reader.case_time_us());
  if (tests.total == 0) add_flag(summary, flag::no_tests);
  note_start(root, summary);
  summary.test_cases = reader.take_cases();
  summary.tests = std::move(tests);
  return summary;
}

}  // namespace holdpoint::evidence

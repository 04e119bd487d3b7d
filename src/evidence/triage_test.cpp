// What people may say of findings, row by row with the refusal that follows, and when it counts:
// whoever wrote a release never clears what was found in it alone.
#include "evidence/triage.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "support/golden.hpp"

namespace holdpoint::evidence {
namespace {

TriageFindings command(Disposition disposition = Disposition::false_positive) {
  return {.fingerprints = {"f1"},
          .disposition = disposition,
          .duplicate_of = std::nullopt,
          .reason = "the code is never reached"};
}

Triaging facts() {
  return {.application = "shop",
          .release = "rel_1",
          .actor_kind = "person",
          .seen = {"f1", "f2", "f3"},
          .waived = {"f2"},
          .triaged = 0};
}

Triage standing(Disposition disposition, std::string by, std::string confirmed = "") {
  Triage out;
  out.application = "shop";
  out.fingerprint = "f1";
  out.disposition = disposition;
  out.triaged_by = std::move(by);
  if (!confirmed.empty()) out.confirmed_by = std::move(confirmed);
  return out;
}

TEST_CASE("whatever cannot be said of a finding is refused with its name") {
  struct Row {
    std::string_view name;
    std::function<void(TriageFindings&, Triaging&)> change;
    std::string_view code;
  };
  const std::vector<Row> rows{
      {"one finding", [](auto&, auto&) {}, ""},
      {"many, one of them twice", [](auto& c, auto&) { c.fingerprints = {"f3", "f1", "f3"}; }, ""},
      {"none", [](auto& c, auto&) { c.fingerprints = {}; }, "invalid_triage"},
      {"too many", [](auto& c, auto&) { c.fingerprints.assign(501, "f1"); }, "invalid_triage"},
      {"no reason", [](auto& c, auto&) { c.reason = ""; }, "invalid_triage"},
      {"too long a reason", [](auto& c, auto&) { c.reason.assign(2'001, 'x'); }, "invalid_triage"},
      {"a program", [](auto&, auto& f) { f.actor_kind = "service_account"; }, "triage_by_person"},
      {"a finding that is not there", [](auto& c, auto&) { c.fingerprints = {"f1", "f9"}; },
       "finding_not_found"},
      {"a duplicate of nothing", [](auto& c, auto&) { c.disposition = Disposition::duplicate; },
       "invalid_triage"},
      {"a duplicate of itself",
       [](auto& c, auto&) {
         c.disposition = Disposition::duplicate;
         c.duplicate_of = "f1";
       },
       "invalid_triage"},
      {"a duplicate of another",
       [](auto& c, auto&) {
         c.disposition = Disposition::duplicate;
         c.duplicate_of = "f2";
       },
       ""},
      {"no duplicate, but of another", [](auto& c, auto&) { c.duplicate_of = "f2"; },
       "invalid_triage"},
      {"a risk without a waiver",
       [](auto& c, auto&) { c.disposition = Disposition::accepted_risk; }, "waiver_needed"},
      {"a risk with a waiver",
       [](auto& c, auto&) {
         c.disposition = Disposition::accepted_risk;
         c.fingerprints = {"f2"};
       },
       ""},
      {"too many of the application", [](auto&, auto& f) { f.triaged = triaged_findings_max; },
       "too_many_triaged"},
  };
  for (const Row& row : rows) {
    TriageFindings c = command();
    Triaging f = facts();
    row.change(c, f);
    const auto decided = triage(c, f);
    CHECK_MESSAGE((decided ? "" : decided.error().code) == row.code, row.name);
  }
  TriageFindings many = command();
  many.fingerprints = {"f3", "f1", "f3"};
  CHECK(triage(many, facts())->fingerprints == std::vector<std::string>{"f1", "f3"});
}

TEST_CASE("a second person confirms what was cleared, and nobody confirms their own word") {
  const auto code = [](const std::vector<Triage>& standing, std::string actor) {
    const auto decided = confirm({{"f1"}, "I agree"}, {.application = "shop",
                                                       .release = "rel_1",
                                                       .actor_kind = "person",
                                                       .actor = std::move(actor),
                                                       .standing = standing});
    return decided ? "" : decided.error().code;
  };
  CHECK(code({standing(Disposition::false_positive, "ann")}, "ben") == "");
  CHECK(code({standing(Disposition::false_positive, "ann")}, "ann") == "own_triage");
  CHECK(code({standing(Disposition::false_positive, "ann", "ben")}, "cat") == "nothing_to_confirm");
  CHECK(code({standing(Disposition::confirmed, "ann")}, "ben") == "nothing_to_confirm");
  CHECK(code({standing(Disposition::open, "ann")}, "ben") == "nothing_to_confirm");
  CHECK(code({}, "ben") == "nothing_to_confirm");
}

TEST_CASE("what clears a finding counts only by somebody without a part in the release") {
  const Contributors by_ann{{"ann"}, false};
  const Contributors by_ann_and_unknown{{"ann", "ctr_1"}, true};
  const auto false_positive = Disposition::false_positive;
  CHECK(counts_for(standing(false_positive, "ben"), by_ann));
  CHECK_FALSE(counts_for(standing(false_positive, "ann"), by_ann));
  CHECK(counts_for(standing(false_positive, "ann", "ben"), by_ann));
  CHECK(counts_for(standing(false_positive, "ben", "ann"), by_ann));
  CHECK_FALSE(counts_for(standing(false_positive, "ben"), by_ann_and_unknown));
  CHECK(counts_for(standing(false_positive, "ben", "cat"), by_ann_and_unknown));
  CHECK_FALSE(counts_for(standing(Disposition::fixed, "ann"), by_ann));
  CHECK_FALSE(counts_for(standing(Disposition::duplicate, "ann"), by_ann));
  for (const auto harmless :
       {Disposition::open, Disposition::confirmed, Disposition::accepted_risk}) {
    CHECK(counts_for(standing(harmless, "ann"), by_ann_and_unknown));
  }
}

TEST_CASE("the events of triage are frozen") {
  test::frozen(
      FindingsTriaged{
          "shop", "rel_01J00000000000000000000000", {"f1", "f2"}, Disposition::duplicate, "f3"},
      "findings.triaged",
      R"({"application":"shop","disposition":"duplicate","duplicate_of":"f3",)"
      R"("fingerprints":["f1","f2"],"release":"rel_01J00000000000000000000000"})");
  test::frozen(TriageConfirmed{"shop", "rel_01J00000000000000000000000", {"f1"}},
               "findings.triage_confirmed",
               R"({"application":"shop","fingerprints":["f1"],)"
               R"("release":"rel_01J00000000000000000000000"})");
}

}  // namespace
}  // namespace holdpoint::evidence

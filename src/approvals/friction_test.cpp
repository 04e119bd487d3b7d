// Who may say that a demand got in the way, of what, and how it is counted.
#include "approvals/friction.hpp"

#include <doctest/doctest.h>

#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::person;

Request request() {
  Request out = testing::request();
  out.policies = {{"changes", testing::kShown}};
  return out;
}

std::string code(const Request& of, const Actor& actor, const ReportFriction& command,
                 const std::vector<Friction>& known = {}) {
  const auto said = report_friction(of, testing::situation(of), actor, command, known);
  return said ? "" : said.error().code;
}

TEST_CASE("an approver says it once, of a policy of the request") {
  const ReportFriction too_much{FrictionCategory::too_many_signatures, std::nullopt, std::nullopt};
  CHECK(code(request(), person("ben"), too_much).empty());
  CHECK(code(request(), person("ann"), too_much) == "not_an_approver");  // asked for it
  CHECK(code(request(), person("zoe"), too_much) == "not_an_approver");
  CHECK(code(request(), {"service_account", "ben"}, too_much) == "not_an_approver");

  ReportFriction with = too_much;
  with.note = "";
  CHECK(code(request(), person("ben"), with) == "note_out_of_bounds");
  with.note = std::string(friction_note_bytes_max + 1, 'x');
  CHECK(code(request(), person("ben"), with) == "note_out_of_bounds");
  with.note = std::string(friction_note_bytes_max, 'x');
  CHECK(code(request(), person("ben"), with).empty());
  with.policy = "cards";
  CHECK(code(request(), person("ben"), with) == "policy_not_named");

  Request both = request();
  both.policies.push_back({"cards", testing::kShown});
  CHECK(code(both, person("ben"), too_much) == "policy_not_named");
  CHECK(code(both, person("ben"), with).empty());

  const Friction known{{},    request().id,  "changes",   FrictionCategory::too_many_signatures,
                       "ben", testing::kNow, std::nullopt};
  CHECK(code(request(), person("ben"), too_much, {known}) == "said_already");
  CHECK(code(request(), person("cat"), too_much, {known}).empty());
  ReportFriction other = too_much;
  other.category = FrictionCategory::too_slow;
  CHECK(code(request(), person("ben"), other, {known}).empty());
}

TEST_CASE("who decided says it also after losing the role and after the request ended") {
  Request ended = request();
  ended.state = State::consumed;
  ended.votes = {testing::vote("yan")};
  CHECK(
      code(ended, person("yan"), {FrictionCategory::unclear, std::nullopt, std::nullopt}).empty());
}

TEST_CASE("reports are counted for each policy, the one most is said of first") {
  const RequestId one = request().id;
  const RequestId two = *RequestId::parse("apr_01J00000000000000000000001");
  const auto said = [](const RequestId& id, std::string policy, FrictionCategory category,
                       std::string who) {
    return Friction{{},          id, std::move(policy), category, std::move(who), testing::kNow,
                    std::nullopt};
  };
  const std::vector reports{
      said(one, "cards", FrictionCategory::too_slow, "ben"),
      said(one, "cards", FrictionCategory::too_slow, "cat"),
      said(two, "cards", FrictionCategory::false_positive, "ben"),
      said(two, "changes", FrictionCategory::other, "ben"),
  };
  const auto rows = friction_by_policy({{"changes", 9}, {"cards", 4}, {"quiet", 2}}, reports);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].policy == "cards");
  CHECK(rows[0].requests == 4);
  CHECK(rows[0].reported_requests == 2);
  CHECK(rows[0].reports == 3);
  CHECK(rows[0].categories.at("too_slow") == 2);
  CHECK(rows[1].policy == "changes");
  CHECK(rows[2].policy == "quiet");
  CHECK(rows[2].reports == 0);
}

}  // namespace
}  // namespace holdpoint::approvals

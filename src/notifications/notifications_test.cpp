// Who is told of what, and how it reads: rules, people named, roles, and the words of every event.
#include "notifications/notifications.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::notifications {
namespace {

const std::string kAda = "per_01J0000000000000000000000A";
const std::string kBob = "per_01J0000000000000000000000B";
const std::string kEve = "per_01J0000000000000000000000E";

NotificationRule rule() {
  NotificationRule rule;
  rule.name = "refusals";
  rule.topics = {"certification.refused"};
  return rule;
}

Notice refused() {
  return {.topic = "certification.refused",
          .subject = "payments 1.4.0 is refused certification",
          .sentence = "It does not meet the criteria.",
          .command = "holdpoint policy explain payments@1.4.0",
          .about = "release/rel_1",
          .application = "payments"};
}

std::vector<std::string> told(const Notice& notice, const std::vector<NotificationRule>& rules,
                              const RoleHolders& holders = {}) {
  std::vector<std::string> names;
  for (const Letter& letter : letters_for(notice, rules, holders)) {
    names.push_back(std::string(describe::enum_text(letter.way)) + " " + letter.recipient);
  }
  return names;
}

TEST_CASE("who is told by several rules, by a role and by name is told once") {
  NotificationRule first = rule();
  first.people = {kBob};
  first.roles = {"approver"};
  first.webhooks = {"pager"};
  NotificationRule second = rule();
  second.webhooks = {"pager", "chat"};
  Notice notice = refused();
  notice.people = {kAda};
  CHECK(told(notice, {first, second}, {{"approver", {kAda, kBob, kEve}}}) ==
        std::vector<std::string>{"mail " + kAda, "mail " + kBob, "mail " + kEve, "webhook chat",
                                 "webhook pager"});
  CHECK(roles_of(notice, std::vector{first, second}) == std::set<std::string>{"approver"});
}

TEST_CASE("a rule of another topic, of another application, or out of use tells nobody") {
  NotificationRule other = rule();
  other.people = {kBob};
  other.topics = {"certification.issued"};
  CHECK(told(refused(), {other}).empty());
  other.topics = {"certification.issued", "certification.refused"};
  CHECK(told(refused(), {other}).size() == 1);
  other.applications = {"ledger-ui"};
  CHECK(told(refused(), {other}).empty());
  other.applications = {"ledger-ui", "payments"};
  CHECK(told(refused(), {other}).size() == 1);
  other.state = RecordState::retired;
  CHECK(told(refused(), {other}).empty());
  CHECK(roles_of(refused(), std::vector{other}).empty());
}

TEST_CASE("a rule for some applications is not about what belongs to none") {
  NotificationRule narrow = rule();
  narrow.people = {kBob};
  narrow.applications = {"payments"};
  Notice notice = refused();
  notice.application.reset();
  CHECK(told(notice, {narrow}).empty());
}

TEST_CASE("one notice goes to a bounded number") {
  NotificationRule crowd = rule();
  crowd.roles = {"viewer"};
  std::vector<std::string> many;
  for (int i = 0; i < 1'000; ++i) many.push_back("per_" + std::to_string(100'000 + i));
  CHECK(told(refused(), {crowd}, {{"viewer", many}}).size() == letters_per_notice_max);
}

TEST_CASE("a mail says what happened, until when, by whom, and the command line to act by") {
  Notice notice = refused();
  notice.due = Instant::parse("2026-12-01T10:00:00Z");
  notice.path = "/releases/payments@1.4.0";
  CHECK(mail_body(notice, {"main", "https://holdpoint.example/", "out_1", "Ada Rosenquist"}) ==
        "It does not meet the criteria.\n\n"
        "Due:       2026-12-01T10:00:00Z\n"
        "By:        Ada Rosenquist\n"
        "To act:    holdpoint policy explain payments@1.4.0\n"
        "Page:      https://holdpoint.example/releases/payments@1.4.0?workspace=main\n"
        "Workspace: main\n"
        "About:     release/rel_1\n"
        "\n-- \nHoldpoint sent this as out_1 (certification.refused).\n");
  const std::string bare = mail_body(refused(), {"main", "", "out_1", ""});
  CHECK(bare.find("Page:") == std::string::npos);
  CHECK(bare.find("Due:") == std::string::npos);
}

TEST_CASE("a webhook says the same for machines, with people as ids") {
  Notice notice = refused();
  notice.due = Instant::parse("2026-12-01T10:00:00Z");
  notice.actor = Actor{"person", kEve};
  notice.people = {kAda};
  CHECK(webhook_body(notice, {"main", "https://holdpoint.example", "out_1", "Eve"},
                     *Instant::parse("2026-11-30T09:00:00Z")) ==
        R"({"data":{"about":"release/rel_1","actor":{"id":")" + kEve +
            R"(","kind":"person"},"application":"payments",)"
            R"("command":"holdpoint policy explain payments@1.4.0","due":"2026-12-01T10:00:00Z",)"
            R"("people":[")" +
            kAda +
            R"("],"sentence":"It does not meet the criteria.",)"
            R"("subject":"payments 1.4.0 is refused certification",)"
            R"("url":"https://holdpoint.example/?workspace=main","workspace":"main"},)"
            R"("timestamp":"2026-11-30T09:00:00Z","type":"certification.refused"})");
  // What a program acts by stands beside the words.
  notice.details = std::map<std::string, std::string>{{"version", "1.3.0"}};
  CHECK(webhook_body(notice, {"main", "", "out_1", ""}, Instant{0})
            .contains(R"("details":{"version":"1.3.0"})"));
}

Notice news(std::string type, std::string_view body) {
  auto parsed = parse_json(body);
  REQUIRE(parsed.has_value());
  return notice_of({std::move(type),
                    {"release", "rel_1"},
                    {"person", kEve, std::nullopt, std::nullopt},
                    parsed->as_object()});
}

TEST_CASE("every event that people wait for is told in words, with the command to act by") {
  struct Line {
    std::string type;
    std::string_view body;
    std::string_view subject;
    std::string_view command;
  };
  const std::string_view record = R"({"record":{"application":"pay","version":"1.0"}})";
  for (const Line& line : {
           Line{"release.created", R"({"application":"pay","version":"1.0"})",
                "New release pay 1.0", "holdpoint release status pay@1.0"},
           Line{"certification.issued", record, "pay 1.0 is certified",
                "holdpoint gate check pay@1.0 --env ENVIRONMENT"},
           Line{"certification.refused", record, "pay 1.0 is refused certification",
                "holdpoint policy explain pay@1.0"},
           Line{"certification.revoked", R"({"release":"rel_1","reason":"wrong report"})",
                "The certification of a release is revoked", "holdpoint audit log --subject rel_1"},
           Line{"policy.proposed", R"({"id":"prp_1"})", "A change of policies waits for approval",
                "holdpoint policy approve prp_1"},
           Line{"policy.activated", R"({"revision":7})", "Policies changed: revision 7",
                "holdpoint policy revisions"},
           Line{"policy.rejected", R"({"proposal":"prp_1","reason":"no"})",
                "A change of policies was rejected", "holdpoint policy proposals --state rejected"},
           Line{"anything.else", "{}", "anything.else: release rel_1",
                "holdpoint audit log --subject rel_1"},
       }) {
    CAPTURE(line.type);
    const Notice notice = news(line.type, line.body);
    CHECK(notice.topic == line.type);
    CHECK(notice.subject == line.subject);
    CHECK(notice.command == line.command);
    CHECK(notice.about == "release/rel_1");
    CHECK_FALSE(notice.sentence.empty());
    CHECK(notice.actor->id == kEve);
  }
  CHECK(news("certification.refused", record).application == "pay");
  CHECK(
      news("certification.revoked", R"({"reason":"wrong report"})").sentence.find("wrong report") !=
      std::string::npos);
}

TEST_CASE("a body that says nothing, or other types, is told all the same") {
  for (const char* type : {"release.created", "certification.refused", "policy.activated"}) {
    for (const char* body : {"{}", R"({"record":7,"application":[],"revision":"x"})"}) {
      CHECK_FALSE(news(type, body).subject.empty());
    }
  }
}

const std::set<std::string> kTopics{"certification.refused", "approval.requested"};

json::value document(std::string_view spec) {
  auto parsed =
      parse_json(R"({"apiVersion":"holdpoint/v1","kind":"K","metadata":{"name":"n"},"spec":)" +
                 std::string(spec) + "}");
  REQUIRE(parsed.has_value());
  return *parsed;
}

std::string rule_issue(std::string_view spec) {
  const auto read = read_notification_rule(document(spec), kTopics);
  return read ? "" : read.error().issues.at(0).path;
}

TEST_CASE("a rule names topics there are, and somebody who is told") {
  const auto read = read_notification_rule(
      document(R"({"topics":["certification.refused"],"roles":["approver"],"webhooks":["pager"]})"),
      kTopics);
  REQUIRE(read.has_value());
  CHECK(read->title == "n");
  CHECK(rule_issue(R"({"topics":["certification.lost"],"roles":["approver"]})") ==
        "/spec/topics/0");
  CHECK(rule_issue(R"({"topics":[],"roles":["approver"]})") == "/spec/topics");
  CHECK(rule_issue(R"({"topics":["approval.requested"]})") == "/spec");
  CHECK(rule_issue(R"({"topics":["approval.requested"],"roles":["king"]})") == "/spec/roles/0");
  CHECK(rule_issue(R"({"topics":["approval.requested"],"people":["ada@example.org"]})") ==
        "/spec/people/0");
  CHECK(rule_issue(R"({"topics":["approval.requested"],"webhooks":["a","a"]})") ==
        "/spec/webhooks/1");
  CHECK(rule_issue(R"({"topics":["approval.requested"],"webhooks":["a"],"x":1})") == "/spec/x");
}

}  // namespace
}  // namespace holdpoint::notifications

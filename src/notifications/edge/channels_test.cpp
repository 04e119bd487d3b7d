// Notices on their way out, with fakes in the place of the mail server and of the webhooks' client:
// one transaction with the event, an address that is opened last, and secrets that change.
#include <doctest/doctest.h>

#include "engine/outbox.hpp"
#include "identity/edge/module.hpp"
#include "identity/edge/people.hpp"
#include "notifications/edge/notifications_edge.hpp"
#include "notifications/edge/secrets.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::notifications {
namespace {

using engine::Answer;
using engine::Outcome;
using engine::Unit;
using test::EngineRig;

/// A mail server that takes over everything, or fails as it is told.
class FakeMailer final : public mail::Mailer {
 public:
  Result<void> send(const mail::Message& message) override {
    ++attempts;
    if (failure) return std::unexpected(*failure);
    sent.push_back(message);
    return {};
  }
  int attempts = 0;
  std::optional<Fault> failure;
  std::vector<mail::Message> sent;
};

struct Office {
  EngineRig rig;
  std::shared_ptr<FakeMailer> mailer = std::make_shared<FakeMailer>();
  std::shared_ptr<Post> post = std::make_shared<Post>();
  std::vector<client::Webhook> posted;
  Result<int> status = 204;
  std::string ada;

  Office() {
    post->mailer = mailer;
    post->sender = {"Holdpoint", "holdpoint@example.org"};
    post->post_webhook = [this](const client::Webhook& webhook) {
      posted.push_back(webhook);
      return status;
    };
    rig.modules.push_back(engine::outbox_module());
    rig.modules.push_back(identity::module(std::make_shared<identity::AccessTrail>()));
    for (auto& module : modules(std::make_shared<Watch>())) {
      rig.modules.push_back(std::move(module));
    }
    rig.options.channels = channels(post);
    rig.open();
    in("system", [this](Unit& unit) {
      const auto added = identity::add_person(
          unit, {.name = "Ada Lovelace", .email = "ada@example.org"}, std::nullopt);
      REQUIRE(added.has_value());
      ada = added->text();
    });
  }

  void in(const std::string& workspace, const std::function<void(Unit&)>& act) {
    engine::Command command = test::command([&](Unit& unit) -> Outcome {
      act(unit);
      return Answer{};
    });
    command.workspace = workspace;
    const auto result = rig.run(std::move(command));
    REQUIRE(result.has_value());
    REQUIRE(result->outcome.has_value());
  }
  void in_main(const std::function<void(Unit&)>& act) { in("main", act); }

  void add_endpoint() {
    in_main([](Unit& unit) {
      WebhookEndpoint endpoint;
      endpoint.name = "pager";
      endpoint.url = "https://hooks.example/in";
      REQUIRE(Endpoints::create(unit, endpoint).has_value());
    });
  }
  void add_secret(const std::string& secret, Duration earlier_count = Duration::hours(24)) {
    in_main([&](Unit& unit) {
      const auto endpoint = Endpoints::find(unit.tables(), "main", "pager");
      REQUIRE(issue_secret(unit, endpoint->record, secret, earlier_count).has_value());
    });
  }
  void add_rule(std::vector<std::string> topics) {
    in_main([&](Unit& unit) {
      NotificationRule rule;
      rule.name = "all";
      rule.topics = std::move(topics);
      rule.people = {ada};
      rule.webhooks = {"pager"};
      REQUIRE(Rules::create(unit, rule).has_value());
    });
  }
  std::string state() { return rig.text("SELECT state FROM delivery"); }
  std::string error() { return rig.text("SELECT last_error FROM delivery"); }
};

Notice asked(const std::string& person) {
  return {.topic = "approval.requested",
          .subject = "Approve it",
          .people = {person},
          .sentence = "It waits.",
          .due = std::nullopt,
          .command = "holdpoint request sign req_1",
          .about = "request/req_1",
          .application = std::nullopt,
          .path = std::nullopt,
          .actor = std::nullopt};
}

TEST_CASE("a person is written to at an address that stands in no row and no entry") {
  Office office;
  office.mailer->failure = Fault{FaultKind::unavailable, "mail", "away"};
  office.in_main([&](Unit& unit) { notify(unit, asked(office.ada)); });
  CHECK(office.rig.text("SELECT recipient FROM delivery") == office.ada);
  CHECK(office.rig.text("SELECT payload FROM delivery").find("ada@example.org") ==
        std::string::npos);
  CHECK(office.error() == "mail: away");
  office.mailer->failure.reset();
  office.rig.clock.advance(Duration::seconds(2));
  office.rig.step();
  REQUIRE(office.mailer->sent.size() == 1);
  const auto& mail = office.mailer->sent[0];
  CHECK(mail.to.address == "ada@example.org");
  CHECK(mail.subject == "Approve it");
  CHECK(mail.id == office.rig.text("SELECT id FROM delivery"));
  CHECK(mail.body.find("holdpoint request sign req_1") != std::string::npos);
  CHECK(office.rig.audit_findings().empty());
}

TEST_CASE("without a mail server mail waits and says why") {
  Office office;
  office.post->mailer = nullptr;
  office.in_main([&](Unit& unit) { notify(unit, asked(office.ada)); });
  CHECK(office.state() == "waiting");
  CHECK(office.error().find("--smtp-url") != std::string::npos);
}

TEST_CASE("nobody is written to who is not there any more") {
  Office office;
  office.in_main([](Unit& unit) { notify(unit, asked("per_01J00000000000000000000000")); });
  CHECK(office.state() == "failed");
  CHECK(office.mailer->attempts == 0);
}

TEST_CASE("what a mail server turned down for good is a dead letter at once") {
  Office office;
  office.mailer->failure = Fault{FaultKind::invalid, "mail", "the mail server answered 550"};
  office.in_main([&](Unit& unit) { notify(unit, asked(office.ada)); });
  CHECK(office.state() == "failed");
  CHECK(office.mailer->attempts == 1);
}

TEST_CASE("a notice of a unit that is refused is sent to nobody") {
  Office office;
  const auto result = office.rig.run(test::command([&](Unit& unit) -> Outcome {
    notify(unit, asked(office.ada));
    return refuse(RefusalKind::conflict, "changed_mind", "No.");
  }));
  REQUIRE(result.has_value());
  CHECK(office.mailer->attempts == 0);
  CHECK(office.rig.number("SELECT count(*) FROM delivery") == 0);
}

TEST_CASE("an event that a rule is about is told to all it names, in the event's transaction") {
  Office office;
  office.add_endpoint();
  office.add_secret("whsec_a2V5");
  office.add_rule({"account.credited"});
  engine::Command command = test::credit("a", 5);
  command.workspace = "main";
  REQUIRE(office.rig.run(std::move(command)).has_value());
  office.rig.step();
  REQUIRE(office.mailer->sent.size() == 1);
  REQUIRE(office.posted.size() == 1);
  CHECK(office.mailer->sent[0].subject == "account.credited: account a");
  CHECK(office.posted[0].url == "https://hooks.example/in");
  CHECK(office.posted[0].secrets == std::vector<std::string>{"whsec_a2V5"});
  CHECK(office.rig.number("SELECT count(*) FROM delivery WHERE about = 'account/a'") == 2);
}

TEST_CASE("a rule counts after a restart too, and an event of another workspace is not its own") {
  Office office;
  office.add_endpoint();
  office.add_rule({"account.credited"});
  Watch watch;
  watch.load(*office.rig.engine().read());
  engine::Recorded recorded;
  recorded.seq = 7;
  recorded.type = "account.credited";
  CHECK(watch.key(recorded) == "7");
  recorded.type = "account.reviewed";
  CHECK_FALSE(watch.key(recorded).has_value());
  engine::Command elsewhere = test::credit("a", 5);
  elsewhere.workspace = "other";
  REQUIRE(office.rig.run(std::move(elsewhere)).has_value());
  CHECK(office.mailer->attempts == 0);
}

TEST_CASE("a webhook without a secret waits; while secrets change it is signed with both") {
  Office office;
  office.add_endpoint();
  office.add_rule({"account.credited"});
  const auto credit = [&] {
    engine::Command command = test::credit("a", 5);
    command.workspace = "main";
    REQUIRE(office.rig.run(std::move(command)).has_value());
  };
  credit();
  CHECK(office.posted.empty());
  CHECK(office.rig.text("SELECT last_error FROM delivery WHERE channel = 'webhook'")
            .find("holdpoint webhook secret pager") != std::string::npos);
  office.add_secret("whsec_b25l");
  office.add_secret("whsec_dHdv");
  credit();
  REQUIRE(office.posted.size() == 1);
  CHECK(office.posted[0].secrets == std::vector<std::string>{"whsec_dHdv", "whsec_b25l"});
  office.rig.clock.advance(Duration::hours(25));
  credit();
  CHECK(office.posted.back().secrets == std::vector<std::string>{"whsec_dHdv"});
  CHECK(office.rig.number("SELECT count(*) FROM ledger_entry WHERE CAST(entry AS TEXT)"
                          " LIKE '%whsec_%'") == 0);
  CHECK(office.rig.number("SELECT count(*) FROM webhook_secret WHERE CAST(sealed AS TEXT)"
                          " LIKE '%whsec_%'") == 0);
}

TEST_CASE("an endpoint that answers gone is not asked again; one that fails is") {
  Office office;
  office.add_endpoint();
  office.add_secret("whsec_a2V5");
  const auto tell = [&](const std::string& about) {
    office.in_main([&](Unit& unit) {
      unit.deliver({"webhook", "pager", "t", about, to_json_text(asked(office.ada))});
    });
  };
  office.status = 410;
  tell("request/gone");
  CHECK(office.rig.text("SELECT state FROM delivery WHERE about = 'request/gone'") == "failed");
  office.status = 503;
  tell("request/busy");
  CHECK(office.rig.text("SELECT state FROM delivery WHERE about = 'request/busy'") == "waiting");
  CHECK(office.rig.text("SELECT last_error FROM delivery WHERE about = 'request/busy'") ==
        "The endpoint answered 503.");
  const std::string id = office.posted.back().id;
  const std::string body = office.posted.back().body;
  office.status = 200;
  office.rig.clock.advance(Duration::seconds(2));
  office.rig.step();
  CHECK(office.posted.back().id == id);
  CHECK(office.posted.back().body == body);
  CHECK(office.rig.text("SELECT state FROM delivery WHERE about = 'request/busy'") == "delivered");
}

TEST_CASE("what was decided is not asked for any more") {
  Office office;
  office.mailer->failure = Fault{FaultKind::unavailable, "mail", "away"};
  office.in_main([&](Unit& unit) { notify(unit, asked(office.ada)); });
  office.in_main([](Unit& unit) { withdraw(unit, "request/req_1"); });
  office.mailer->failure.reset();
  office.rig.clock.advance(Duration::hours(1));
  office.rig.step();
  CHECK(office.mailer->sent.empty());
  CHECK(office.state() == "withdrawn");
}

}  // namespace
}  // namespace holdpoint::notifications

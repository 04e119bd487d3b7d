// What can be waived and what cannot, row by row with the refusal that follows; what ends a waiver,
// and what a signature on one is about.
#include <doctest/doctest.h>

#include <functional>

#include "waivers/waivers.hpp"

namespace holdpoint::waivers {
namespace {

constexpr Instant kNow{1'795'521'600'000'000};  // 2026-11-24T12:00:00Z
const std::string kOne(64, '1');
const std::string kTwo(64, '2');
const WaiverId kId = *WaiverId::parse("wvr_01J00000000000000000000000");
constexpr std::string_view kAnn = "per_01J00000000000000000000000";

RequestWaiver command() {
  return {.release = "shop@1.0.0",
          .scope = std::nullopt,
          .criteria = "baseline",
          .rule = "no-severe-findings",
          .violation = kOne,
          .owner = "owner@example.com",
          .until = kNow + Duration::days(30),
          .reason = "the fix comes with the next version of the library"};
}

Waiver waiver(State state = State::requested) {
  Waiver out;
  out.id = kId;
  out.state = state;
  out.application = "shop";
  out.release = "rel_1";
  out.version = "1.0.0";
  out.criteria = "baseline";
  out.rule = "no-severe-findings";
  out.violation = kOne;
  out.owner = "per_2";
  out.requested_by_kind = "person";
  out.requested_by = kAnn;
  out.expires_at = kNow + Duration::days(30);
  return out;
}

Requesting facts() {
  return {
      .id = kId,
      .now = kNow,
      .application = "shop",
      .release = "rel_1",
      .version = "1.0.0",
      .standing =
          RuleStanding{
              "fail", {{{kOne, "finding one", std::nullopt}, {kTwo, "finding two", std::nullopt}}}},
      .owner = "per_2",
      .open = {}};
}

std::string code(const RequestWaiver& command, const Requesting& facts) {
  const auto decided = request(command, facts);
  return decided ? "" : decided.error().code;
}

TEST_CASE("a waiver is asked for one violation that is there, with an owner and an end") {
  const auto asked = request(command(), facts());
  REQUIRE(asked);
  CHECK(asked->violation == kOne);
  CHECK(asked->what == "finding one");
  CHECK(asked->scope == Scope::release);
  CHECK(asked->owner == "per_2");
  CHECK(asked->until.at == kNow + Duration::days(30));
  CHECK_FALSE(asked->extends);
}

TEST_CASE("whatever cannot be waived is refused with its name") {
  struct Row {
    std::string_view name;
    std::function<void(RequestWaiver&, Requesting&)> change;
    std::string_view code;
  };
  const auto result = [](std::string text) {
    return [text](RequestWaiver&, Requesting& f) { f.standing = RuleStanding{text, std::nullopt}; };
  };
  const std::vector<Row> rows{
      {"nothing is wrong", [](auto&, auto&) {}, ""},
      {"no reason", [](auto& c, auto&) { c.reason = ""; }, "invalid_waiver"},
      {"too long a reason", [](auto& c, auto&) { c.reason.assign(2'001, 'x'); }, "invalid_waiver"},
      {"an owner who is nobody", [](auto&, auto& f) { f.owner.reset(); }, "invalid_waiver"},
      {"an end that is past", [](auto& c, auto&) { c.until = kNow; }, "invalid_waiver"},
      {"the longest time", [](auto& c, auto&) { c.until = kNow + Duration::days(waiver_days_max); },
       ""},
      {"longer than that",
       [](auto& c, auto&) { c.until = kNow + Duration::days(waiver_days_max) + Duration{1}; },
       "invalid_waiver"},
      {"a rule that was not judged", [](auto&, auto& f) { f.standing.reset(); }, "no_such_rule"},
      {"a rule that passes", result("pass"), "nothing_to_waive"},
      {"a rule that does not apply", result("not_applicable"), "nothing_to_waive"},
      {"a rule that cannot be told", result("unknown"), "cannot_be_told"},
      {"a rule that errs", result("error"), "cannot_be_told"},
      {"a rule that is never waived", result("fail"), "not_waivable"},
      {"a violation of another rule", [](auto& c, auto&) { c.violation = std::string(64, '9'); },
       "violation_not_found"},
      {"two violations and none named", [](auto& c, auto&) { c.violation.reset(); },
       "violation_not_named"},
      {"two violations, one of them waived",
       [](auto& c, auto& f) {
         c.violation.reset();
         (*f.standing->violations)[0].waiver = "wvr_9";
       },
       ""},
      {"the same was asked for", [](auto&, auto& f) { f.open = {waiver()}; }, "already_requested"},
      {"another scope was asked for",
       [](auto& c, auto& f) {
         c.scope = Scope::application;
         f.open = {waiver()};
       },
       ""},
      {"too many are open",
       [](auto&, auto& f) {
         f.open.assign(open_waivers_max, waiver(State::in_force));
         for (Waiver& one : f.open) one.violation = kTwo;
       },
       "too_many_waivers"},
  };
  for (const Row& row : rows) {
    RequestWaiver c = command();
    Requesting f = facts();
    row.change(c, f);
    CHECK_MESSAGE(code(c, f) == row.code, row.name);
  }
}

TEST_CASE("to extend a waiver is to ask for a new one, which names it") {
  Requesting f = facts();
  f.standing->result = "waived";
  (*f.standing->violations)[0].waiver = kId.text();
  f.open = {waiver(State::in_force)};
  const auto asked = request(command(), f);
  REQUIRE(asked);
  CHECK(asked->extends == kId);
}

TEST_CASE("who asked withdraws, what is in force is revoked, and what ended stays so") {
  const Actor ann{"person", std::string(kAnn)};
  const auto ended = [](const Decided<WaiverEnded>& decided) {
    return decided ? std::string(describe::enum_text(decided->state)) : decided.error().code;
  };
  CHECK(ended(withdraw(waiver(), ann, "not needed")) == "withdrawn");
  CHECK(ended(withdraw(waiver(State::in_force), ann, "mended")) == "withdrawn");
  CHECK(ended(withdraw(waiver(), ann, "")) == "reason_needed");
  CHECK(ended(withdraw(waiver(), {"person", "per_9"}, "x")) == "not_the_requester");
  CHECK(ended(withdraw(waiver(), {"service_account", std::string(kAnn)}, "x")) ==
        "not_the_requester");
  CHECK(ended(revoke(waiver(State::in_force), "an exploit is known")) == "revoked");
  CHECK(ended(revoke(waiver(State::in_force), "")) == "reason_needed");
  CHECK(ended(revoke(waiver(), "x")) == "not_in_force");
  for (const State state :
       {State::expired, State::withdrawn, State::rejected, State::revoked, State::moot}) {
    CHECK_FALSE(is_open(state));
    CHECK(ended(withdraw(waiver(state), ann, "x")) == "waiver_ended");
    CHECK(ended(revoke(waiver(state), "x")) == "waiver_ended");
  }
}

TEST_CASE("a violation is gone only where the rule says so") {
  using Text = std::string;
  const std::vector<policy::Violation> other{{kTwo, "two", std::nullopt}};
  const std::vector<policy::Violation> same{{kOne, "one", std::nullopt}};
  CHECK(presence_of(std::nullopt, kOne) == Presence::untold);
  CHECK(presence_of(RuleStanding{Text("pass"), std::nullopt}, kOne) == Presence::gone);
  CHECK(presence_of(RuleStanding{Text("not_applicable"), std::nullopt}, kOne) == Presence::gone);
  CHECK(presence_of(RuleStanding{Text("unknown"), std::nullopt}, kOne) == Presence::untold);
  CHECK(presence_of(RuleStanding{Text("error"), std::nullopt}, kOne) == Presence::untold);
  CHECK(presence_of(RuleStanding{Text("fail"), std::nullopt}, kOne) == Presence::untold);
  CHECK(presence_of(RuleStanding{Text("fail"), other}, kOne) == Presence::gone);
  CHECK(presence_of(RuleStanding{Text("fail"), same}, kOne) == Presence::there);
  CHECK(presence_of(RuleStanding{Text("waived"), same}, kOne) == Presence::there);
}

TEST_CASE("a waiver of an application is moot by the newest judged release, and by no other") {
  using Text = std::string;
  const RuleStanding passed{Text("pass"), std::nullopt};
  Waiver wide = waiver(State::in_force);
  wide.scope = Scope::application;
  const auto moot = [&](const Judgement& judgement, const std::optional<RuleStanding>& standing) {
    return is_moot(wide, judgement, standing);
  };
  CHECK(moot({"rel_9", true, true}, passed));
  CHECK_FALSE(moot({"rel_9", false, true}, passed));
  CHECK_FALSE(moot({wide.release, false, true}, passed));
  CHECK_FALSE(moot({"rel_9", true, false}, passed));
  CHECK_FALSE(moot({"rel_9", true, true}, std::nullopt));
  CHECK_FALSE(moot({"rel_9", true, true}, RuleStanding{Text("unknown"), std::nullopt}));
  CHECK_FALSE(moot({"rel_9", true, true}, RuleStanding{Text("not_applicable"), std::nullopt}));
  const std::vector<policy::Violation> same{{wide.violation, "one", std::nullopt}};
  CHECK_FALSE(moot({"rel_9", true, true}, RuleStanding{Text("waived"), same}));
  const std::vector<policy::Violation> other{{"another", "two", std::nullopt}};
  CHECK(moot({"rel_9", true, true}, RuleStanding{Text("fail"), other}));
  // It waits for approval, and is moot all the same; what ended stays as it ended.
  wide.state = State::requested;
  CHECK(moot({"rel_9", true, true}, passed));
  wide.state = State::revoked;
  CHECK_FALSE(moot({"rel_9", true, true}, passed));
}

TEST_CASE(
    "a waiver of an application is not asked for where the newest judged release is without it") {
  RequestWaiver wide = command();
  wide.scope = Scope::application;
  Requesting known = facts();
  CHECK(code(wide, known).empty());
  known.standing_in_newest = RuleStanding{"pass", std::nullopt};
  // What found it has not looked there yet: that is unknown, and not gone.
  CHECK(code(wide, known).empty());
  known.looked_for_in_newest = {kTwo};
  CHECK(code(wide, known).empty());
  known.looked_for_in_newest = {kOne, kTwo};
  CHECK(code(wide, known) == "gone_from_newest");
  CHECK(code(command(), known).empty());
  known.standing_in_newest = RuleStanding{"unknown", std::nullopt};
  CHECK(code(wide, known).empty());
  known.standing_in_newest = RuleStanding{"not_applicable", std::nullopt};
  CHECK(code(wide, known).empty());
  known.standing_in_newest = facts().standing;
  CHECK(code(wide, known).empty());
  CHECK(gone_from_newest(wide).next.at(0).command.ends_with("--scope release"));
}

TEST_CASE("what a waiver waits for is told, also when its approval has ended or reaches nobody") {
  using State = approvals::Standing::State;
  approvals::Standing standing;
  const auto told = [&](State state, std::vector<std::string> may_sign) {
    standing.state = state;
    standing.may_sign = std::move(may_sign);
    return waits_for(standing);
  };
  standing.detail = "risk 0 of 1";
  standing.due = kNow;
  CHECK(told(State::pending, {"per_2"}) == "risk 0 of 1");
  CHECK(told(State::pending, {}) ==
        "risk 0 of 1; nobody may sign it now, and it ends at " + kNow.text());
  standing.detail = "the request apr_1 is expired";
  CHECK(told(State::missing, {}) == "somebody to ask again: the request apr_1 is expired");
  CHECK(told(State::not_needed, {}).starts_with("somebody to ask again"));
  CHECK(told(State::untold, {}).starts_with("the policies in force"));
  CHECK(told(State::granted, {}).starts_with("nothing"));
}

TEST_CASE("a waiver of a release is moot by that release, whatever else is judged") {
  const RuleStanding passed{std::string("pass"), std::nullopt};
  const Waiver narrow = waiver(State::in_force);
  CHECK(is_moot(narrow, {narrow.release, false, false}, passed));
  CHECK_FALSE(is_moot(narrow, {"rel_9", true, true}, passed));
}

TEST_CASE("what is signed changes with everything that a waiver says, and with nothing else") {
  const Digest digest = digest_of(waiver());
  CHECK(digest_of(waiver(State::in_force)) == digest);
  const std::vector<std::function<void(Waiver&)>> changes{
      [](Waiver& w) { w.scope = Scope::application; },
      [](Waiver& w) { w.application = "other"; },
      [](Waiver& w) { w.release = "rel_2"; },
      [](Waiver& w) { w.criteria = "other"; },
      [](Waiver& w) { w.rule = "other"; },
      [](Waiver& w) { w.violation = kTwo; },
      [](Waiver& w) { w.owner = "per_3"; },
      [](Waiver& w) { w.expires_at = kNow; },
  };
  for (const auto& change : changes) {
    Waiver other = waiver();
    change(other);
    CHECK(digest_of(other) != digest);
  }
}

}  // namespace
}  // namespace holdpoint::waivers

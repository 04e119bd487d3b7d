// Escalation, level by level: due by the wall clock or by working hours in zones that change their
// clocks, once each and in order, late after an absence, and never a way around who may sign.
#include "approvals/escalate.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::kNow;

Instant at(std::string_view text) { return *Instant::parse(text); }

BusinessCalendar office(std::string zone, std::string hours = "Mon-Fri 09:00-17:00") {
  auto made = BusinessCalendar::make({std::move(zone), std::move(hours), {}});
  REQUIRE(made);
  return std::move(*made);
}

Escalation level(std::string name, EscalationKind kind, Duration after) {
  return {.policy = "changes", .level = std::move(name), .kind = kind, .due = kNow + after};
}

/// Reminded after an hour, deputies after two, managers after three.
Request escalating() {
  Request request = testing::request();
  request.escalation = {level("remind", EscalationKind::reminder, Duration::hours(1)),
                        level("deputies", EscalationKind::backup, Duration::hours(2)),
                        level("managers", EscalationKind::manager, Duration::hours(3))};
  return request;
}

Request fired(Request request, std::size_t which, std::vector<std::string> people, Instant now) {
  evolve(request, fire(request, which, std::move(people), now), Stamp{"system", "scheduler", now});
  return request;
}

/// Everything that fires at that instant, as "level: people".
std::vector<std::string> firing(Request& request, Instant now,
                                const std::vector<std::string>& people = {"zoe"}) {
  std::vector<std::string> out;
  while (const auto which = level_to_fire(request, now)) {
    request = fired(request, *which, people, now);
    const FiredEscalation& last = request.fired.back();
    out.push_back(last.level + (last.late ? " late" : ""));
  }
  return out;
}

TEST_CASE("levels fire once each, in order, when they are due and not before") {
  Request request = escalating();
  CHECK(next_level_due(request) == kNow + Duration::hours(1));
  CHECK(firing(request, kNow + Duration::hours(1) - Duration{1}).empty());
  CHECK(firing(request, kNow + Duration::hours(1)) == std::vector<std::string>{"remind"});
  CHECK(firing(request, kNow + Duration::hours(1)).empty());
  CHECK(firing(request, kNow + Duration::hours(2)) == std::vector<std::string>{"deputies"});
  CHECK(firing(request, kNow + Duration::hours(3)) == std::vector<std::string>{"managers"});
  CHECK(firing(request, kNow + Duration::days(9)).empty());
  CHECK(!next_level_due(request));
  CHECK(!must_tell_owners(request));
}

TEST_CASE("what was due while the server was away fires once, in order, and is marked late") {
  Request request = escalating();
  CHECK(firing(request, kNow + Duration::hours(2) + Duration::minutes(1)) ==
        std::vector<std::string>{"remind late", "deputies"});
  CHECK(firing(request, kNow + Duration::days(2)) == std::vector<std::string>{"managers late"});
}

TEST_CASE("a level that reaches nobody is skipped, and the next one does not wait") {
  Request request = escalating();
  request = fired(request, 0, {"ben"}, kNow + Duration::hours(1));
  request = fired(request, 1, {}, kNow + Duration::hours(2));
  CHECK(level_to_fire(request, kNow + Duration::hours(2)) == 2);
}

TEST_CASE("when no level reaches anybody, the owners are told once") {
  Request request = escalating();
  CHECK(firing(request, kNow + Duration::hours(1), {}) ==
        std::vector<std::string>{"remind", "deputies", "managers"});
  CHECK(must_tell_owners(request));
  evolve(request, fire_for_owners(request, {"own"}, kNow), Stamp{"system", "scheduler", kNow});
  CHECK(!must_tell_owners(request));
  CHECK(!level_to_fire(request, kNow + Duration::days(9)));
}

TEST_CASE("a request without levels has nobody to tell") {
  CHECK(!must_tell_owners(testing::request()));
  CHECK(!next_level_due(testing::request()));
}

TEST_CASE("each policy has its own order") {
  Request request = escalating();
  Escalation other = level("remind", EscalationKind::reminder, Duration::minutes(30));
  other.policy = "cards";
  request.escalation.push_back(other);
  CHECK(level_to_fire(request, kNow + Duration::minutes(30)) == 3);
  request = fired(request, 3, {}, kNow + Duration::minutes(30));
  // That nobody was reached there hurries nothing here.
  CHECK(!level_to_fire(request, kNow + Duration::minutes(30)));
}

TEST_CASE("however the clock moves, each level fires once, in order, and not too early") {
  CHECK(rc::check("levels against what they are due by", [] {
    Request request = testing::request();
    const auto hours = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50));
    for (std::size_t i = 0; i < hours.size(); ++i) {
      Escalation one =
          level("level " + std::to_string(i), EscalationKind::backup, Duration::hours(hours[i]));
      one.policy = i % 2 == 0 ? "changes" : "cards";
      request.escalation.push_back(one);
    }
    auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 30));
    steps.insert(steps.begin(), 0);  // what is due at the start fires at the start
    Instant now = kNow;
    for (const int step : steps) {
      now = now + Duration::hours(step);
      while (const auto which = level_to_fire(request, now)) {
        const bool reaches = *rc::gen::arbitrary<bool>();
        request =
            fired(request, *which,
                  reaches ? std::vector<std::string>{"zoe"} : std::vector<std::string>{}, now);
      }
    }
    RC_ASSERT(request.fired.size() <= request.escalation.size());
    for (const std::string policy : {"changes", "cards"}) {
      std::vector<std::string> stated;
      for (const Escalation& one : request.escalation) {
        if (one.policy == policy) stated.push_back(one.level);
      }
      std::vector<std::string> done;
      const FiredEscalation* before = nullptr;
      for (const FiredEscalation& one : request.fired) {
        if (one.policy != policy) continue;
        const bool was_skipped = before != nullptr && before->people.empty();
        RC_ASSERT(was_skipped || one.due <= one.at);
        done.push_back(one.level);
        before = &one;
      }
      RC_ASSERT(done.size() <= stated.size());
      stated.resize(done.size());
      RC_ASSERT(done == stated);
    }
    const auto next = next_level_due(request);
    RC_ASSERT(!next || *next > now);
  }));
}

TEST_CASE("working hours are those of the zone, on the day its clocks change") {
  const BusinessCalendar berlin = office("Europe/Berlin", "Mon-Sun 00:00-06:00");
  // 2026-03-29: two o'clock is three o'clock, so the night has five hours.
  CHECK(due_after(at("2026-03-28T23:00:00Z"), Duration::hours(5), &berlin) ==
        at("2026-03-29T04:00:00Z"));
  // 2026-10-25: three o'clock comes twice, so it has seven.
  CHECK(due_after(at("2026-10-24T22:00:00Z"), Duration::hours(7), &berlin) ==
        at("2026-10-25T05:00:00Z"));
  const BusinessCalendar cairo = office("Africa/Cairo", "Mon-Sun 00:00-06:00");
  // 2026-04-24 has no midnight there: the day begins at one.
  CHECK(due_after(at("2026-04-23T22:00:00Z"), Duration::hours(5), &cairo) ==
        at("2026-04-24T03:00:00Z"));
  CHECK(due_after(at("2026-04-23T22:00:00Z"), Duration::hours(5), nullptr) ==
        at("2026-04-24T03:00:00Z"));
}

TEST_CASE("four working hours from a Friday afternoon are due on Monday") {
  const BusinessCalendar berlin = office("Europe/Berlin");
  CHECK(due_after(at("2026-03-27T15:00:00Z"), Duration::hours(4), &berlin) ==
        at("2026-03-30T10:00:00Z"));
}

TEST_CASE("after a pause a level has as much time left as it had") {
  const KnownCalendar berlin{office("Europe/Berlin"), {"berlin", sha256("of then"), "2025b"}};
  std::vector<Escalation> levels(3);
  levels[0].due = at("2026-03-30T09:00:00Z");  // due before the pause
  levels[1].due = at("2026-03-30T12:00:00Z");  // two hours later by the wall
  levels[2].due = at("2026-03-30T12:00:00Z");  // two working hours later
  levels[2].calendar = "berlin";
  const auto known = [&](const std::string& name) { return name == "berlin" ? &berlin : nullptr; };
  const Instant pause = at("2026-03-30T10:00:00Z");
  const Instant now = at("2026-03-30T18:00:00Z");
  const auto [due, calendars] = due_after_pause(levels, pause, now, known);
  CHECK(calendars == std::vector{berlin.as_used});
  CHECK(due[0] == at("2026-03-30T09:00:00Z"));
  CHECK(due[1] == at("2026-03-30T20:00:00Z"));
  CHECK(due[2] == at("2026-03-31T09:00:00Z"));  // eleven o'clock in Berlin
  levels[2].calendar = "gone";
  const DueAfterPause without = due_after_pause(levels, pause, now, known);
  CHECK(without.due[2] == at("2026-03-30T20:00:00Z"));
  CHECK(without.calendars.empty());
}

TEST_CASE(
    "a calendar that changes moves what is under way only after a pause, and that is recorded") {
  const Instant due = at("2026-03-30T12:00:00Z");
  const CalendarUsed first{"berlin", sha256("of then"), "2025b"};
  const CalendarUsed second{"berlin", sha256("of now"), "2026a"};
  Request request = testing::request();
  request.escalation.resize(2);
  request.escalation[0].due = at("2026-03-30T09:00:00Z");
  request.escalation[1].due = due;
  for (Escalation& level : request.escalation) {
    level.calendar = "berlin";
    level.reckoned_by = first;
  }
  const Stamp stamp{"system", "reaction", at("2026-03-30T18:00:00Z")};
  request.pauses.push_back({at("2026-03-30T10:00:00Z"), std::nullopt});
  ApprovalResumed resumed{request.id, "inc_1", true, stamp.at, {}, std::nullopt};
  resumed.due = {request.escalation[0].due, due + Duration::hours(20)};
  resumed.calendars = std::vector{second};
  Request after = request;
  evolve(after, resumed, stamp);
  CHECK(after.escalation[0].reckoned_by == first);  // it was due before, and stays
  CHECK(after.escalation[1].due == due + Duration::hours(20));
  CHECK(after.escalation[1].reckoned_by == second);
  resumed.calendars.reset();  // the calendar is gone: by no calendar
  after = request;
  evolve(after, resumed, stamp);
  CHECK(after.escalation[0].reckoned_by == first);
  CHECK_FALSE(after.escalation[1].reckoned_by);
}

/// A stage that half of its holders sign, which escalation has opened to zoe.
struct Opened {
  Request request = testing::request();
  Situation situation;

  Opened() {
    request.demands.front().quorum = {QuorumKind::percent, 50};
    situation = testing::situation(request);  // ben, cat and dan: two have to sign
    situation.backups = {{"zoe", "eve"}};
    situation.backup_roles = {{"deputies"}};
  }
  [[nodiscard]] std::string signing(const std::string& who) const {
    return testing::code(sign(request, situation, testing::person(who), testing::approval()));
  }
};

TEST_CASE("who is added may sign, and as many have to as before") {
  Opened opened;
  CHECK(opened.signing("zoe").empty());
  const Tally tally = tally_of(opened.request, opened.situation, {testing::vote("zoe")});
  CHECK(tally.stages.front().need == 2);
  CHECK(tally.stages.front().have == 1);
  CHECK(!tally.granted);
  opened.situation.holders = {{}};
  CHECK(tally_of(opened.request, opened.situation, {testing::vote("zoe")}).stages.front().need ==
        1);
}

TEST_CASE("escalation makes nobody an approver of what they have a part in") {
  Opened opened;
  CHECK(opened.signing("eve") == "own_part");
  opened.situation.backups = {{}};
  CHECK(opened.signing("zoe") == "not_eligible");
}

TEST_CASE("a role that a level adds is lent by those whom it reached, and by nobody else") {
  Opened opened;
  const Instant until = kNow + Duration::days(1);
  opened.situation.stand_ins = {{"zoe", "yan", kNow, until, {"deputies"}},
                                {"ben", "xia", kNow, until, {"deputies"}}};
  CHECK(opened.signing("yan").empty());
  // Ben may sign, and not as a deputy.
  CHECK(opened.signing("xia") == "not_eligible");
}

TEST_CASE("a level that reached nobody who may sign lends no role") {
  Request request = testing::request();
  Escalation deputies = level("deputies", EscalationKind::backup, Duration{0});
  deputies.approval_roles = {"deputies"};
  Escalation seniors = level("seniors", EscalationKind::backup, Duration{0});
  seniors.approval_roles = {"seniors"};
  request.escalation = {deputies, seniors};
  const FiredEscalation to_nobody{"changes", "deputies", EscalationKind::backup, kNow, kNow,
                                  false,     {}};
  FiredEscalation to_zoe{"changes", "seniors", EscalationKind::backup, kNow, kNow, false, {"zoe"}};
  const auto roles = [&](const FiredEscalation& fired, const std::vector<std::string>& people) {
    Situation situation = testing::situation(request);
    add_reached(request, fired, people, situation);
    return situation.backup_roles.empty() ? std::vector<std::string>{}
                                          : situation.backup_roles.front();
  };
  CHECK(roles(to_nobody, {"yan"}).empty());
  CHECK(roles(to_zoe, {"zoe"}) == std::vector<std::string>{"seniors"});
  CHECK(roles(to_zoe, {"yan"}).empty());  // she does not hold the role any more
  to_zoe.people = {"eve"};                // who wrote a commit of it
  CHECK(roles(to_zoe, {"eve"}).empty());
}

TEST_CASE("a backup signs the stages that its level names, of its policy") {
  const Demand technical = testing::demand("technical", 1);
  FiredEscalation one{"changes", "deputies", EscalationKind::backup, kNow, kNow, false, {"zoe"}};
  Escalation named = level("deputies", EscalationKind::backup, Duration{0});
  CHECK(adds_signers(one, named, technical));
  named.stages = {"business"};
  CHECK(!adds_signers(one, named, technical));
  named.stages = {"business", "technical"};
  CHECK(adds_signers(one, named, technical));
  one.policy = "cards";
  CHECK(!adds_signers(one, named, technical));
  one.policy = "changes";
  one.kind = EscalationKind::reminder;
  CHECK(!adds_signers(one, named, technical));
}

}  // namespace
}  // namespace holdpoint::approvals

// Delegation decided: each refusal as a row of a table with its obstacle last, and who may stand in
// for whom when an approval is decided.
#include "identity/delegation.hpp"

#include <doctest/doctest.h>

#include <array>

namespace holdpoint::identity {
namespace {

PersonId person(char letter) {
  return *PersonId::parse("per_01J0000000000000000000000" + std::string(1, letter));
}
DelegationId delegation_id(char letter) {
  return *DelegationId::parse("dlg_01J0000000000000000000000" + std::string(1, letter));
}

const Instant kNow = *Instant::parse("2026-11-20T06:00:00Z");
Instant in_days(std::int64_t days) { return kNow + Duration::days(days); }

/// 'A' is active, 'd' is D deactivated, '-' is nobody of this server.
std::optional<Person> somebody(char letter) {
  if (letter == '-') return std::nullopt;
  const bool active = letter >= 'A' && letter <= 'Z';
  return Person{
      .workspace = "system",
      .id = person(active ? letter : static_cast<char>(letter - 32)),
      .state = active ? PersonState::active : PersonState::deactivated,
  };
}

Delegation of(char delegator, char delegate, std::int64_t from = 0, std::int64_t until = 10) {
  return {delegation_id(delegator), person(delegator), person(delegate), {}, in_days(from),
          in_days(until),           std::nullopt};
}

template <class T>
std::string code_of(const Decided<T>& decided) {
  return decided ? "given" : decided.error().code;
}

struct Row {
  char by = 'A';  // who asks
  std::string_view may = "delegations.create";
  char delegator = 'A';
  char delegate = 'B';
  std::int64_t from = 0;
  std::int64_t until = 7;
  std::string reason = "leave";
  std::vector<Delegation> live{};
  std::string_view expected = "given";
};

std::string decided(const Row& row) {
  const std::string by = person(row.by).text();
  std::vector<std::string> permissions;
  permissions.emplace_back(row.may);
  GiveDelegation command;
  command.delegate = "whoever";
  command.from = in_days(row.from);
  command.until = in_days(row.until);
  command.reason = row.reason;
  return code_of(decide(command, {.id = delegation_id('N'),
                                  .now = kNow,
                                  .requester = {ActorKind::person, by, permissions},
                                  .delegator = somebody(row.delegator),
                                  .delegate = somebody(row.delegate),
                                  .unknown_role = std::nullopt,
                                  .live = row.live}));
}

TEST_CASE(
    "a delegation is given by the delegator, or with access.manage, to another who is there") {
  const std::array rows{
      Row{},
      Row{.by = 'C', .expected = "delegation_of_others"},
      Row{.by = 'B', .expected = "delegation_of_others"},
      Row{.by = 'C', .may = "access.manage"},
      Row{.by = 'B', .may = "access.manage", .expected = "delegation_to_requester"},
      Row{.delegate = 'A', .expected = "delegation_to_self"},
      Row{.by = 'C', .may = "access.manage", .delegate = 'A', .expected = "delegation_to_self"},
      Row{.delegate = '-', .expected = "person_unknown"},
      Row{.delegator = '-', .expected = "person_unknown"},
      Row{.delegate = 'b', .expected = "person_deactivated"},
      Row{.by = 'C', .may = "access.manage", .delegator = 'a', .expected = "person_deactivated"},
      Row{.reason = "", .expected = "invalid_content"},
      Row{.by = 'C', .may = "access.manage", .reason = "", .expected = "invalid_content"},
      Row{.reason = std::string(1'001, 'x'), .expected = "invalid_content"},
  };
  for (const Row& row : rows) {
    CHECK_MESSAGE(decided(row) == row.expected, row.by, " ", row.delegator, row.delegate);
  }
}

TEST_CASE("a delegation has a period that begins now or later and ends within 90 days") {
  const std::array rows{
      Row{.from = -1, .expected = "delegation_backdated"},
      Row{.from = 7, .until = 7, .expected = "delegation_period_empty"},
      Row{.from = 8, .until = 7, .expected = "delegation_period_empty"},
      Row{.until = 90},
      Row{.until = 91, .expected = "delegation_too_long"},
      Row{.from = 300, .until = 390},
  };
  for (const Row& row : rows) CHECK_MESSAGE(decided(row) == row.expected, row.from, row.until);
}

TEST_CASE("two people do not stand in for each other in the same period") {
  const std::array rows{
      Row{.live = {of('B', 'A')}, .expected = "delegation_reciprocal"},
      Row{.until = 1, .live = {of('B', 'A', 1, 5)}},
      Row{.until = 2, .live = {of('B', 'A', 1, 5)}, .expected = "delegation_reciprocal"},
      Row{.from = 5, .until = 9, .live = {of('B', 'A', 1, 5)}},
      Row{.from = 4, .until = 9, .live = {of('B', 'A', 1, 5)}, .expected = "delegation_reciprocal"},
      Row{.live = {of('B', 'C'), of('C', 'A'), of('A', 'B')}},
      Row{.live = std::vector<Delegation>(19, of('A', 'C'))},
      Row{.live = std::vector<Delegation>(20, of('A', 'C')), .expected = "delegation_limit"},
      Row{.live = std::vector<Delegation>(20, of('C', 'A'))},
  };
  for (const Row& row : rows) CHECK_MESSAGE(decided(row) == row.expected, row.from, row.until);
}

TEST_CASE("a delegation names roles that are there, each once, and begins now by itself") {
  const std::vector<std::string> permissions;
  DelegationFacts facts{.id = delegation_id('N'),
                        .now = kNow,
                        .requester = {ActorKind::person, "", permissions},
                        .delegator = somebody('A'),
                        .delegate = somebody('B'),
                        .unknown_role = std::nullopt,
                        .live = {}};
  facts.requester.id = person('A').text();
  GiveDelegation command;
  command.until = in_days(1);
  command.reason = "leave";
  command.roles = {"board"};
  const auto given = decide(command, facts);
  REQUIRE(given);
  CHECK(given->from.at == kNow);
  CHECK(given->roles == command.roles);
  facts.unknown_role = "board";
  CHECK(code_of(decide(command, facts)) == "approval_role_unknown");
  command.roles = {"board", "board"};
  CHECK(code_of(decide(command, facts)) == "invalid_content");
  command.roles.assign(51, "board");
  CHECK(code_of(decide(command, facts)) == "invalid_content");
  facts.requester.kind = ActorKind::service_account;
  command.roles.clear();
  CHECK(code_of(decide(command, facts)) == "delegation_of_others");
}

TEST_CASE("a delegation is ended by either side or with access.manage, while it lasts") {
  const std::vector<std::string> nothing;
  const std::vector<std::string> manage{"access.manage"};
  const auto ended = [&](char by, const std::vector<std::string>& may,
                         const std::optional<Delegation>& delegation, Instant now = kNow) {
    return code_of(
        decide_delegation_end(delegation, {ActorKind::person, person(by).text(), may}, now));
  };
  CHECK(ended('A', nothing, of('A', 'B')) == "given");
  CHECK(ended('B', nothing, of('A', 'B')) == "given");
  CHECK(ended('C', manage, of('A', 'B')) == "given");
  CHECK(ended('C', nothing, of('A', 'B')) == "delegation_of_others");
  CHECK(ended('A', nothing, std::nullopt) == "delegation_unknown");
  CHECK(ended('A', nothing, of('A', 'B'), in_days(10)) == "delegation_over");
  Delegation revoked = of('A', 'B');
  revoked.revoked_at = kNow;
  CHECK(ended('A', nothing, revoked) == "delegation_over");
}

TEST_CASE("a delegation counts from its begin until before its end, and until it is revoked") {
  Delegation one = of('A', 'B', 1, 3);
  CHECK_FALSE(is_in_force(one, in_days(1) - Duration{1}));
  CHECK(is_in_force(one, in_days(1)));
  CHECK(is_in_force(one, in_days(3) - Duration{1}));
  CHECK_FALSE(is_in_force(one, in_days(3)));
  one.revoked_at = in_days(2);
  CHECK(is_in_force(one, in_days(2) - Duration{1}));
  CHECK_FALSE(is_in_force(one, in_days(2)));
}

/// The delegation by which B may take A's seat, its letter; "-" when he may not.
std::string standing_in(const std::vector<Delegation>& delegations,
                        const std::vector<PersonId>& seats,
                        const std::vector<PersonId>& excluded = {}, Instant at = kNow) {
  const auto through =
      may_stand_in({person('B'), person('A'), "board", at, seats, excluded}, delegations);
  return through ? through->text().substr(through->text().size() - 1) : "-";
}

TEST_CASE("a delegate takes the seat of a delegator who has it himself") {
  const std::vector seats{person('A')};
  CHECK(standing_in({of('A', 'B')}, seats) == "A");
  CHECK(standing_in({}, seats) == "-");
  CHECK(standing_in({of('A', 'C')}, seats) == "-");
  CHECK(standing_in({of('A', 'B', 1, 5)}, seats) == "-");
  CHECK(standing_in({of('A', 'B')}, seats, {}, in_days(10)) == "-");
  Delegation other_role = of('A', 'B');
  other_role.roles = {"security"};
  CHECK(standing_in({other_role}, seats) == "-");
  other_role.roles = {"security", "board"};
  CHECK(standing_in({other_role}, seats) == "A");
}

TEST_CASE("a seat that somebody has by delegation only is not passed on") {
  CHECK(standing_in({of('A', 'B'), of('C', 'A')}, {person('C')}) == "-");
}

TEST_CASE("nobody stands in when he or the delegator is excluded, as a delegate least of all") {
  const std::vector delegations{of('A', 'B')};
  const std::vector seats{person('A')};
  CHECK(standing_in(delegations, seats, {person('A')}) == "-");
  CHECK(standing_in(delegations, seats, {person('B')}) == "-");
  CHECK(standing_in(delegations, seats, {person('C')}) == "A");
}

TEST_CASE("two who stand in for each other do so for neither, however the records came about") {
  const std::vector seats{person('A'), person('B')};
  CHECK(standing_in({of('A', 'B'), of('B', 'A')}, seats) == "-");
  CHECK(standing_in({of('B', 'A'), of('A', 'B')}, seats) == "-");
  CHECK(standing_in({of('A', 'B'), of('B', 'A', 1, 5)}, seats) == "A");
  CHECK(standing_in({of('A', 'B'), of('B', 'A', 1, 5)}, seats, {}, in_days(1)) == "-");
}

TEST_CASE("nobody stands in for himself or as nobody") {
  const std::vector seats{person('A')};
  const std::vector delegations{of('A', 'A'), Delegation{}};
  CHECK_FALSE(may_stand_in({person('A'), person('A'), "board", kNow, seats}, delegations));
  CHECK_FALSE(may_stand_in({{}, person('A'), "board", kNow, seats}, delegations));
}

}  // namespace
}  // namespace holdpoint::identity

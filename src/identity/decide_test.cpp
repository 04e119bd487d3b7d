// Every decision of identity: what is recorded, and each refusal with its obstacle.
#include "identity/decide.hpp"

#include <doctest/doctest.h>

#include <array>

#include "identity/permissions.hpp"
#include "identity/refusals.hpp"

namespace holdpoint::identity {
namespace {

template <class IdType>
IdType id_of(std::string_view last) {
  std::string text = std::string(IdType::prefix) + "_01J00000000000000000000000";
  text.replace(text.size() - last.size(), last.size(), last);
  return *IdType::parse(text);
}

template <class T>
std::string code_of(const Decided<T>& decided) {
  return decided ? "accepted" : decided.error().code;
}

Person person_in(PersonState state) {
  return {.workspace = "system", .id = id_of<PersonId>("A"), .state = state};
}

const Instant kNow{1'000'000};

TEST_CASE("a person is added once, and a contributor keeps the id under which he was known") {
  const AddPerson command{"Ada", "ada@example.com", std::nullopt};
  const auto fresh = id_of<PersonId>("B");
  CHECK(decide(command, fresh, std::nullopt)->id == fresh);
  CHECK(decide(command, fresh, person_in(PersonState::contributor))->id == id_of<PersonId>("A"));
  CHECK(code_of(decide(command, fresh, person_in(PersonState::active))) == "person_exists");
  CHECK(code_of(decide(command, fresh, person_in(PersonState::deactivated))) == "person_exists");
  CHECK(code_of(decide(AddPerson{"", "ada@example.com", {}}, fresh, std::nullopt)) ==
        "invalid_content");
}

TEST_CASE("a workspace is created once") {
  const auto id = id_of<WorkspaceId>("A");
  CHECK(decide(CreateWorkspace{"acme", std::nullopt}, id, std::nullopt)->title == "acme");
  CHECK(decide(CreateWorkspace{"acme", "Acme Ltd"}, id, std::nullopt)->title == "Acme Ltd");
  CHECK(code_of(decide(CreateWorkspace{"acme", {}}, id, Workspace{id, "acme", "", kNow})) ==
        "workspace_exists");
  CHECK(code_of(decide(CreateWorkspace{"system", {}}, id, std::nullopt)) == "invalid_content");
}

TEST_CASE("passwords are for active people, and each change counts up") {
  const ChangePassword command{std::nullopt, "a long password"};
  auto person = person_in(PersonState::active);
  person.credential_version = 6;
  CHECK(decide(command, person)->credential_version == 7);
  CHECK(code_of(decide(command, std::nullopt)) == "person_unknown");
  CHECK(code_of(decide(command, person_in(PersonState::contributor))) == "person_unknown");
  CHECK(code_of(decide(command, person_in(PersonState::deactivated))) == "person_deactivated");
  CHECK(code_of(decide(ChangePassword{{}, "short"}, person)) == "invalid_content");
}

TEST_CASE("the last administrator of the server can be neither deactivated nor unassigned") {
  const auto person = person_in(PersonState::active);
  const std::vector<std::string> alone{person.id.text()};
  const std::vector<std::string> two{person.id.text(), "per_other"};
  CHECK(code_of(decide_deactivation(person, alone)) == "last_administrator");
  CHECK(code_of(decide_deactivation(person, two)) == "accepted");
  CHECK(code_of(decide_deactivation(std::nullopt, two)) == "person_unknown");
  CHECK(code_of(decide_deactivation(person_in(PersonState::deactivated), two)) ==
        "person_deactivated");
  const RoleAssignment role{id_of<RoleAssignmentId>("A"), ActorKind::person, person.id.text(),
                            "administrator", kNow};
  CHECK(code_of(decide_unassignment(role, kSystem, alone)) == "last_administrator");
  CHECK(code_of(decide_unassignment(role, "acme", alone)) == "accepted");
  CHECK(code_of(decide_unassignment(role, kSystem, two)) == "accepted");
  CHECK(code_of(decide_unassignment(std::nullopt, "acme", two)) == "role_assignment_unknown");
}

TEST_CASE("a role is assigned once, to somebody who is there") {
  const AssignRole to_person{ActorKind::person, id_of<PersonId>("A").text(), "viewer"};
  AssignmentFacts facts{.id = id_of<RoleAssignmentId>("A"), .workspace = "acme"};
  CHECK(code_of(decide(to_person, facts)) == "actor_unknown");
  facts.person = person_in(PersonState::contributor);
  CHECK(code_of(decide(to_person, facts)) == "actor_unknown");
  facts.person = person_in(PersonState::deactivated);
  CHECK(code_of(decide(to_person, facts)) == "person_deactivated");
  facts.person = person_in(PersonState::active);
  CHECK(decide(to_person, facts)->workspace == "acme");
  facts.same = RoleAssignment{};
  CHECK(code_of(decide(to_person, facts)) == "role_assignment_exists");

  const auto account = id_of<ServiceAccountId>("A");
  const AssignRole to_account{ActorKind::service_account, account.text(), "pipeline"};
  AssignmentFacts of_account{.id = id_of<RoleAssignmentId>("A"), .workspace = "acme"};
  CHECK(code_of(decide(to_account, of_account)) == "actor_unknown");
  of_account.service_account = ServiceAccount{account, "ci", AccountState::closed, kNow};
  CHECK(code_of(decide(to_account, of_account)) == "service_account_closed");
  of_account.service_account->state = AccountState::active;
  CHECK(code_of(decide(to_account, of_account)) == "accepted");
}

struct TokenRow {
  std::string_view held;  // permissions of who asks, space separated
  std::string_view for_account;
  std::string_view scopes;
  std::size_t live;
  std::string_view expected;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto space = text.find(' ');
    all.emplace_back(text.substr(0, space));
    text = space == std::string_view::npos ? "" : text.substr(space + 1);
  }
  return all;
}

TEST_CASE("nobody puts into a token what he does not hold, nor issues for others unasked") {
  const std::array rows{
      TokenRow{"gate.check tokens.create", "", "gate.check", 0, "accepted"},
      TokenRow{"gate.check tokens.create", "", "access.manage", 0, "scope_not_held"},
      TokenRow{"gate.check tokens.create", "active", "gate.check", 0, "tokens_of_others"},
      TokenRow{"gate.check tokens.manage", "active", "gate.check", 0, "accepted"},
      TokenRow{"gate.check tokens.manage", "active", "evidence.add", 0, "scope_not_held"},
      TokenRow{"gate.check tokens.manage", "closed", "gate.check", 0, "service_account_closed"},
      TokenRow{"gate.check tokens.manage", "unknown", "gate.check", 0, "service_account_unknown"},
      TokenRow{"gate.check tokens.create", "", "gate.check", 1000, "token_limit"},
      TokenRow{"gate.check tokens.create", "", "gate.check", 999, "accepted"},
      TokenRow{"gate.check tokens.create", "", "", 0, "invalid_content"},
  };
  for (const TokenRow& row : rows) {
    const auto held = words(row.held);
    IssueToken command{std::nullopt, "ci", words(row.scopes), "1h"};
    TokenFacts facts{.id = id_of<TokenId>("A"),
                     .workspace = "acme",
                     .now = kNow,
                     .hash = sha256("x"),
                     .requester = {ActorKind::person, id_of<PersonId>("A").text(), held},
                     .service_account = std::nullopt,
                     .live_tokens = row.live};
    if (!row.for_account.empty()) command.service_account_id = id_of<ServiceAccountId>("A");
    if (row.for_account == "active" || row.for_account == "closed") {
      facts.service_account = ServiceAccount{
          id_of<ServiceAccountId>("A"), "ci",
          row.for_account == "active" ? AccountState::active : AccountState::closed, kNow};
    }
    const auto decided = decide(command, facts);
    CHECK_MESSAGE(code_of(decided) == row.expected, row.held, " | ", row.scopes);
    if (decided) CHECK(decided->expires_at.at == kNow + Duration::hours(1));
  }
}

TEST_CASE("scopes of a token are kept sorted and once") {
  const auto held = words("catalog.read gate.check tokens.create");
  const auto issued = decide(
      IssueToken{std::nullopt, "ci", {"gate.check", "catalog.read", "gate.check"}, std::nullopt},
      {id_of<TokenId>("A"), "acme", kNow, sha256("x"), {ActorKind::person, "per_x", held}, {}, 0});
  CHECK(issued->scopes == words("catalog.read gate.check"));
  CHECK(issued->expires_at.at == kNow + Duration::days(30));
}

TEST_CASE("tokens of others look unknown to who may not manage them") {
  Token token{.id = id_of<TokenId>("A"), .owner_kind = ActorKind::person, .owner_id = "per_x"};
  const auto nothing = words("");
  const auto manages = words("tokens.manage");
  CHECK(code_of(decide_revocation(token, {ActorKind::person, "per_x", nothing})) == "accepted");
  CHECK(code_of(decide_revocation(token, {ActorKind::person, "per_y", nothing})) ==
        "token_not_found");
  CHECK(code_of(decide_revocation(token, {ActorKind::person, "per_y", manages})) == "accepted");
  CHECK(code_of(decide_revocation(std::nullopt, {ActorKind::person, "per_y", manages})) ==
        "token_not_found");
  token.revoked_at = kNow;
  CHECK(code_of(decide_revocation(token, {ActorKind::person, "per_x", nothing})) ==
        "token_not_found");
}

TEST_CASE("service accounts have unique names while open, and close once") {
  const auto id = id_of<ServiceAccountId>("A");
  const ServiceAccount open{id, "ci", AccountState::active, kNow};
  const ServiceAccount closed{id, "ci", AccountState::closed, kNow};
  CHECK(code_of(decide(CreateServiceAccount{"ci"}, id, std::nullopt)) == "accepted");
  CHECK(code_of(decide(CreateServiceAccount{"ci"}, id, open)) == "service_account_exists");
  CHECK(code_of(decide(CreateServiceAccount{"ci"}, id, closed)) == "accepted");
  CHECK(code_of(decide_closing(open)) == "accepted");
  CHECK(code_of(decide_closing(closed)) == "service_account_closed");
  CHECK(code_of(decide_closing(std::nullopt)) == "service_account_unknown");
}

TEST_CASE("every refusal has its own code, a sentence, and no vague next step") {
  std::vector<std::string> codes;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Obstacle>>([&](auto obstacle) {
    const Refusal made = refusal(obstacle.value, "x");
    CHECK(made.code == obstacle.name);
    CHECK(made.sentence.ends_with("."));
    CHECK(made.parameters.at("about") == "x");
    for (const NextStep& step : made.next) CHECK(step.action.ends_with("."));
    codes.push_back(made.code);
  });
  CHECK(codes.size() == 30);
}

}  // namespace
}  // namespace holdpoint::identity

// What may be said of an incident, what it affects, and that a resolved one stays resolved.
#include <doctest/doctest.h>

#include <functional>

#include "incidents/incidents.hpp"

namespace holdpoint::incidents {
namespace {

const std::string kAnn = "per_01J00000000000000000000000";
const std::string kBob = "per_01J00000000000000000000001";

const KnownNames& known() {
  static const KnownNames names{{"staging", "production"}, {"payments", "web"}, {kAnn, kBob}};
  return names;
}

Declaring declaring() {
  return {*IncidentId::parse("inc_01J00000000000000000000000"), kAnn, 0, known()};
}

DeclareIncident plain() {
  DeclareIncident command;
  command.title = "Payments time out";
  command.severity = Severity::sev2;
  command.environments = {"staging", "production"};
  command.applications = {"payments"};
  return command;
}

Incident open_incident() {
  Incident incident;
  incident.id = declaring().id;
  incident.severity = Severity::sev2;
  incident.environments = {"production", "staging"};
  incident.applications = {"payments"};
  incident.commander = kAnn;
  return incident;
}

template <class T>
std::string refused_at(const Decided<T>& decided) {
  if (decided) return "";
  CHECK(decided.error().kind == RefusalKind::invalid);
  CHECK(decided.error().code == "invalid_incident");
  return decided.error().issues.size() == 1 ? decided.error().issues.front().path : "many";
}

TEST_CASE("an incident is declared with sorted names, and its declarer commands it") {
  const auto declared = declare(plain(), declaring());
  REQUIRE(declared);
  CHECK(declared->environments == std::vector<std::string>{"production", "staging"});
  CHECK(declared->commander == kAnn);
  CHECK_FALSE(declared->described);
  DeclareIncident handed = plain();
  handed.commander = kBob;
  handed.description = "Ann saw it first.";
  const auto other = declare(handed, declaring());
  REQUIRE(other);
  CHECK(other->commander == kBob);
  CHECK(other->described);
}

TEST_CASE("each mistake in a declaration is refused with its path") {
  struct Row {
    std::string_view what;
    std::function<void(DeclareIncident&)> change;
    std::string path;
  };
  const std::vector<Row> rows{
      {"as it should be", [](auto&) {}, ""},
      {"no title", [](auto& c) { c.title = ""; }, "/title"},
      {"the longest title", [](auto& c) { c.title = std::string(200, 't'); }, ""},
      {"a title too long", [](auto& c) { c.title = std::string(201, 't'); }, "/title"},
      {"two lines", [](auto& c) { c.title = "a\nb"; }, "/title"},
      {"no environment", [](auto& c) { c.environments.clear(); }, "/environments"},
      {"an unknown one", [](auto& c) { c.environments[1] = "moon"; }, "/environments/1"},
      {"one twice", [](auto& c) { c.environments[1] = "staging"; }, "/environments/1"},
      {"too many", [](auto& c) { c.environments.resize(affected_max + 1); }, "/environments"},
      {"all applications", [](auto& c) { c.applications.clear(); }, ""},
      {"an unknown one", [](auto& c) { c.applications[0] = "moon"; }, "/applications/0"},
      {"an empty description", [](auto& c) { c.description = ""; }, "/description"},
      {"a long one", [](auto& c) { c.description = std::string(8'001, 'd'); }, "/description"},
      {"nobody commands", [](auto& c) { c.commander = "per_nobody"; }, "/commander"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    DeclareIncident command = plain();
    row.change(command);
    CHECK(refused_at(declare(command, declaring())) == row.path);
  }
}

TEST_CASE("a service account names the person who commands") {
  Declaring by_account = declaring();
  by_account.declarer.clear();
  CHECK(refused_at(declare(plain(), by_account)) == "/commander");
  DeclareIncident command = plain();
  command.commander = kBob;
  CHECK(refused_at(declare(command, by_account)).empty());
}

TEST_CASE("the incidents that are open at the same time are bounded") {
  Declaring full = declaring();
  full.open_count = open_incidents_max - 1;
  CHECK(declare(plain(), full));
  full.open_count = open_incidents_max;
  const auto refused = declare(plain(), full);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "too_many_open_incidents");
  CHECK(refused.error().kind == RefusalKind::exhausted);
}

TEST_CASE("an incident affects its applications in its environments, and all when it names none") {
  Incident incident = open_incident();
  CHECK(is_affected(incident, "payments", "production"));
  CHECK_FALSE(is_affected(incident, "web", "production"));
  CHECK_FALSE(is_affected(incident, "payments", "test"));
  incident.applications.clear();
  CHECK(is_affected(incident, "web", "production"));
  CHECK_FALSE(is_affected(incident, "web", "test"));
  incident.state = State::resolved;
  CHECK_FALSE(is_affected(incident, "web", "production"));
}

TEST_CASE("sev1 and sev2 are major, sev3 and sev4 are not") {
  CHECK(is_major(Severity::sev1));
  CHECK(is_major(Severity::sev2));
  CHECK_FALSE(is_major(Severity::sev3));
  CHECK_FALSE(is_major(Severity::sev4));
}

TEST_CASE("a change says all that holds after it, and needs a reason") {
  ChangeIncident command;
  CHECK(refused_at(change(open_incident(), command, known())) == "/reason");
  command.reason = std::string(reason_bytes_max + 1, 'r');
  CHECK(refused_at(change(open_incident(), command, known())) == "/reason");
  command.reason = "It spread.";
  command.severity = Severity::sev1;
  command.applications = std::vector<std::string>{};
  const auto changed = change(open_incident(), command, known());
  REQUIRE(changed);
  REQUIRE(*changed);
  CHECK((*changed)->severity == Severity::sev1);
  CHECK((*changed)->environments == open_incident().environments);
  CHECK((*changed)->applications.empty());
  CHECK((*changed)->commander == kAnn);
  command.environments = std::vector<std::string>{};
  CHECK(refused_at(change(open_incident(), command, known())) == "/environments");
  command.environments = {{"moon"}};
  CHECK(refused_at(change(open_incident(), command, known())) == "/environments/0");
}

TEST_CASE("a change that changes nothing is no event") {
  ChangeIncident command;
  command.reason = "Looked again.";
  command.environments = {{"staging", "production"}};
  const auto changed = change(open_incident(), command, known());
  REQUIRE(changed);
  CHECK_FALSE(*changed);
}

TEST_CASE("an incident is resolved with a reason, once") {
  CHECK(refused_at(resolve(open_incident(), {""})) == "/reason");
  REQUIRE(resolve(open_incident(), {"Mended."}));
  Incident over = open_incident();
  over.state = State::resolved;
  const auto again = resolve(over, {"Mended."});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == "incident_resolved");
  CHECK(again.error().kind == RefusalKind::conflict);
  ChangeIncident command;
  command.reason = "Worse than we thought.";
  CHECK(change(over, command, known()).error().code == "incident_resolved");
}

}  // namespace
}  // namespace holdpoint::incidents

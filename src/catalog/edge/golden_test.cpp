// The bytes of the catalog's event bodies, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "catalog/configuration.hpp"
#include "engine/records.hpp"
#include "support/golden.hpp"

namespace holdpoint::catalog {
namespace {

using test::frozen;

Application application() {
  Application application;
  application.id = *ApplicationId::parse("app_01J00000000000000000000000");
  application.name = "payments-api";
  application.title = "Payments";
  application.owners = {"team-payments", "carol"};
  application.criticality = Criticality::critical;
  application.data_classes = {DataClass::phi, DataClass::cardholder};
  application.repositories = {"git.example/pay"};
  application.environments = {"test", "production"};
  return application;
}

Environment environment() {
  Environment environment;
  environment.id = *EnvironmentId::parse("env_01J00000000000000000000000");
  environment.name = "production";
  environment.title = "Live";
  environment.position = 30;
  environment.environment_kind = EnvironmentKind::production;
  return environment;
}

TEST_CASE("application.created is frozen") {
  frozen(engine::RecordCreated<Application>{application()}, "application.created",
         R"({"record":{"criticality":"critical","data_classes":["phi","cardholder"],)"
         R"("environments":["test","production"],"id":"app_01J00000000000000000000000",)"
         R"("name":"payments-api","owners":["team-payments","carol"],)"
         R"("repositories":["git.example/pay"],"state":"active","title":"Payments"}})");
}

TEST_CASE("application.changed is frozen") {
  Application changed = application();
  changed.state = RecordState::retired;
  changed.data_classes.clear();
  changed.repositories.clear();
  changed.environments.clear();
  changed.criticality = Criticality::low;
  frozen(engine::RecordChanged<Application>{2, changed}, "application.changed",
         R"({"record":{"criticality":"low","data_classes":[],"environments":[],)"
         R"("id":"app_01J00000000000000000000000","name":"payments-api",)"
         R"("owners":["team-payments","carol"],"repositories":[],"state":"retired",)"
         R"("title":"Payments"},"revision":2})");
}

TEST_CASE("environment.created is frozen") {
  frozen(engine::RecordCreated<Environment>{environment()}, "environment.created",
         R"({"record":{"environment_kind":"production","id":"env_01J00000000000000000000000",)"
         R"("name":"production","position":30,"requires_certification":true,"state":"active",)"
         R"("title":"Live"}})");
}

TEST_CASE("environment.changed is frozen") {
  Environment changed = environment();
  changed.requires_certification = false;
  changed.environment_kind = EnvironmentKind::staging;
  frozen(engine::RecordChanged<Environment>{3, changed}, "environment.changed",
         R"({"record":{"environment_kind":"staging","id":"env_01J00000000000000000000000",)"
         R"("name":"production","position":30,"requires_certification":false,"state":"active",)"
         R"("title":"Live"},"revision":3})");
}

TEST_CASE("configuration.recorded is frozen") {
  ConfigurationRecorded recorded{"payments-api", "production", test::digest(0x11),
                                 ObjectRef{test::digest(0x11)}, "git.example/infra@abc"};
  frozen(recorded, "configuration.recorded",
         R"({"application":"payments-api","digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("environment":"production","object":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("source":"git.example/infra@abc"})");
  recorded.source.reset();
  frozen(recorded, "configuration.recorded",
         R"({"application":"payments-api","digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("environment":"production","object":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111"})");
}

}  // namespace
}  // namespace holdpoint::catalog

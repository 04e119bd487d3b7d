// The bytes of the catalog's event bodies, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "catalog/configuration.hpp"
#include "catalog/freezes.hpp"
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

Freeze freeze() {
  Freeze freeze;
  freeze.id = *FreezeId::parse("frz_01J00000000000000000000000");
  freeze.name = "year-end";
  freeze.title = "Year-end close";
  freeze.owner = "team-finance";
  freeze.reason = "The books are closed.";
  freeze.environments = {"production"};
  freeze.once = TimeWindow{Instant{1'797'613'200'000'000}, Instant{1'799'046'000'000'000}};
  return freeze;
}

Calendar calendar() {
  Calendar calendar;
  calendar.id = *CalendarId::parse("cal_01J00000000000000000000000");
  calendar.name = "office";
  calendar.title = "Office";
  calendar.zone = "Europe/Berlin";
  calendar.working_hours = "Mon-Fri 09:00-17:00";
  calendar.holidays = {{*CalendarDay::parse("2026-12-24"), "Eve", "09:00-12:00"},
                       {*CalendarDay::parse("2026-12-25"), "Day", std::nullopt}};
  return calendar;
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

TEST_CASE("freeze.created is frozen") {
  frozen(engine::RecordCreated<Freeze>{freeze()}, "freeze.created",
         R"({"record":{"applications":[],"environments":["production"],)"
         R"("id":"frz_01J00000000000000000000000","name":"year-end",)"
         R"("once":{"from":"2026-12-18T17:00:00Z","until":"2027-01-04T07:00:00Z"},)"
         R"("owner":"team-finance","reason":"The books are closed.","state":"active",)"
         R"("title":"Year-end close"}})");
}

TEST_CASE("freeze.changed is frozen") {
  Freeze changed = freeze();
  changed.state = RecordState::retired;
  changed.once.reset();
  changed.zone = "America/New_York";
  changed.recurring = Recurrence{.repeats = Repeats::yearly,
                                 .weekdays = {Weekday::thu},
                                 .nth = 4,
                                 .month = 11,
                                 .from = *TimeOfDay::parse("00:00"),
                                 .until = *TimeOfDay::parse("24:00"),
                                 .days_later = 3};
  frozen(engine::RecordChanged<Freeze>{2, changed}, "freeze.changed",
         R"({"record":{"applications":[],"environments":["production"],)"
         R"("id":"frz_01J00000000000000000000000","name":"year-end","owner":"team-finance",)"
         R"("reason":"The books are closed.","recurring":{"days_later":3,"from":"00:00",)"
         R"("month":11,"nth":4,"repeats":"yearly","until":"24:00","weekdays":["thu"]},)"
         R"("state":"retired","title":"Year-end close","zone":"America/New_York"},)"
         R"("revision":2})");
}

TEST_CASE("calendar.created is frozen") {
  frozen(engine::RecordCreated<Calendar>{calendar()}, "calendar.created",
         R"({"record":{"holidays":[{"date":"2026-12-24","hours":"09:00-12:00","title":"Eve"},)"
         R"({"date":"2026-12-25","title":"Day"}],"id":"cal_01J00000000000000000000000",)"
         R"("name":"office","state":"active","title":"Office",)"
         R"("working_hours":"Mon-Fri 09:00-17:00","zone":"Europe/Berlin"}})");
}

TEST_CASE("calendar.changed is frozen") {
  Calendar changed = calendar();
  changed.state = RecordState::retired;
  changed.holidays.clear();
  frozen(engine::RecordChanged<Calendar>{2, changed}, "calendar.changed",
         R"({"record":{"holidays":[],"id":"cal_01J00000000000000000000000","name":"office",)"
         R"("state":"retired","title":"Office","working_hours":"Mon-Fri 09:00-17:00",)"
         R"("zone":"Europe/Berlin"},"revision":2})");
}

}  // namespace
}  // namespace holdpoint::catalog

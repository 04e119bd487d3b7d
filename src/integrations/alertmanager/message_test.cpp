// Messages of Alertmanager: one as version 0.25 sends it, and everything that may be wrong with
// one.
#include <doctest/doctest.h>

#include "integrations/alertmanager/alertmanager.hpp"

namespace holdpoint::integrations::alertmanager {
namespace {

constexpr std::string_view kMessage =
    R"({"receiver":"hook","status":"firing","alerts":[{"status":"firing","labels":{)"
    R"("alertname":"ErrorRateHigh","instance":"127.0.0.1:19090","job":"prom","service":"pay",)"
    R"("severity":"critical"},"annotations":{"summary":"post release check"},)"
    R"("startsAt":"2026-11-20T04:15:50.455Z","endsAt":"0001-01-01T00:00:00Z",)"
    R"("generatorURL":"http://vm:19090/graph","fingerprint":"91ec78a1c1c6349b"}],)"
    R"("groupLabels":{"alertname":"ErrorRateHigh"},"commonLabels":{},"commonAnnotations":{},)"
    R"("externalURL":"http://vm:19093","version":"4","groupKey":"{}:{}","truncatedAlerts":0})";

json::value message() { return *parse_json(kMessage); }

std::string refused_at(const json::value& message) {
  const auto batch = read_message(message, {});
  if (batch) return "";
  CHECK(batch.error().code == "invalid_message");
  return batch.error().issues.front().path;
}

TEST_CASE("a real message becomes an alert with its labels, start and no end") {
  const auto batch = read_message(message(), {});
  REQUIRE(batch);
  CHECK(batch->system == "alertmanager");
  REQUIRE(batch->alerts.size() == 1);
  const rollback::PlacedAlert& placed = batch->alerts[0];
  CHECK(placed.alert.name == "ErrorRateHigh");
  CHECK(placed.alert.fingerprint == "91ec78a1c1c6349b");
  CHECK(placed.alert.status == rollback::AlertStatus::firing);
  CHECK(placed.alert.starts_at.text() == "2026-11-20T04:15:50.455Z");
  CHECK_FALSE(placed.alert.ends_at);
  CHECK(placed.alert.labels.at("severity") == "critical");
  CHECK_FALSE(placed.application);
  CHECK_FALSE(placed.environment);
  CHECK(batch->omitted == 0);
}

TEST_CASE("labels of any name say where it is, and one environment may be meant for all") {
  const auto placed = read_message(
      message(),
      {.application_label = "service", .environment_label = "stage", .environment = "production"});
  REQUIRE(placed);
  CHECK(placed->alerts[0].application == "pay");
  CHECK(placed->alerts[0].environment == "production");
  const auto labelled = read_message(message(), {.application_label = "service",
                                                 .environment_label = "severity",
                                                 .environment = "production"});
  REQUIRE(labelled);
  CHECK(labelled->alerts[0].environment == "critical");
}

TEST_CASE("a message of another shape is refused with the place") {
  CHECK(refused_at(json::value(1)) == "/alerts");
  CHECK(refused_at(json::object{{"version", "4"}}) == "/alerts");
  json::value other = message();
  other.as_object()["version"] = "5";
  CHECK(refused_at(other) == "/version");
  for (const std::string member : {"status", "fingerprint", "labels", "startsAt"}) {
    CAPTURE(member);
    json::value broken = message();
    broken.at("alerts").at(0).as_object()[member] = 7;
    CHECK(refused_at(broken) == "/alerts/0/" + member);
    broken.at("alerts").at(0).as_object().erase(member);
    CHECK(refused_at(broken) == "/alerts/0/" + member);
  }
  json::value number = message();
  number.at("alerts").at(0).at("labels").as_object()["n"] = 1;
  CHECK(refused_at(number) == "/alerts/0/labels/n");
  json::value none = message();
  none.at("alerts").as_array()[0] = "alert";
  CHECK(refused_at(none) == "/alerts/0");
}

TEST_CASE("what is beyond the bound is counted, and so is what the sender left out") {
  json::value many = message();
  const json::value alert = many.at("alerts").at(0);
  for (std::size_t i = 0; i < rollback::alerts_max + 4; ++i) {
    many.at("alerts").as_array().push_back(alert);
  }
  many.as_object()["truncatedAlerts"] = 3;
  const auto batch = read_message(many, {});
  REQUIRE(batch);
  CHECK(batch->alerts.size() == rollback::alerts_max);
  CHECK(batch->omitted == 5 + 3);
}

TEST_CASE("a resolved alert has an end") {
  json::value over = message();
  auto& alert = over.at("alerts").at(0).as_object();
  alert["status"] = "resolved";
  alert["endsAt"] = "2026-11-20T05:00:00Z";
  const auto batch = read_message(over, {});
  REQUIRE(batch);
  CHECK(batch->alerts[0].alert.status == rollback::AlertStatus::resolved);
  REQUIRE(batch->alerts[0].alert.ends_at);
  CHECK(batch->alerts[0].alert.ends_at->text() == "2026-11-20T05:00:00Z");
}

}  // namespace
}  // namespace holdpoint::integrations::alertmanager

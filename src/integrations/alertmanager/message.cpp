// Reading a message of Alertmanager's webhook receiver.
#include <algorithm>

#include "base/text.hpp"
#include "integrations/alertmanager/alertmanager.hpp"

namespace holdpoint::integrations::alertmanager {
namespace {

using rollback::AlertStatus;
using rollback::PlacedAlert;

/// How Alertmanager writes that an alert has not ended: the zero of its language's time.
constexpr std::string_view kNotEnded = "0001-01-01T00:00:00Z";

class Reading {
 public:
  void issue(const std::string& path, std::string message) {
    if (issues_.size() < 20) issues_.push_back({path, std::move(message), 0});
  }
  std::string text(const json::object& object, std::string_view name, const std::string& at) {
    const auto* found = object.if_contains(name);
    if (found == nullptr || !found->is_string()) {
      issue(at + "/" + std::string(name), "expected a text");
      return "";
    }
    return std::string(view(found->get_string()));
  }
  std::map<std::string, std::string> labels(const json::object& object, const std::string& at) {
    std::map<std::string, std::string> out;
    const auto* found = object.if_contains("labels");
    if (found == nullptr || !found->is_object()) {
      issue(at + "/labels", "expected an object");
      return out;
    }
    for (const auto& entry : found->get_object()) {
      const std::string name(view(entry.key()));
      if (!entry.value().is_string()) {
        issue(at + "/labels/" + name, "expected a text");
        continue;
      }
      out.emplace(name, std::string(view(entry.value().get_string())));
    }
    return out;
  }
  [[nodiscard]] bool clean() const { return issues_.empty(); }
  std::unexpected<Refusal> refusal() {
    Refusal refusal{RefusalKind::invalid, "invalid_message",
                    "This is no message of Alertmanager's webhook receiver, version 4."};
    refusal.issues = std::move(issues_);
    return refuse(std::move(refusal));
  }

 private:
  JsonIssues issues_;
};

std::optional<std::string> label(const std::map<std::string, std::string>& labels,
                                 const std::string& name) {
  const auto found = labels.find(name);
  return found == labels.end() || found->second.empty() ? std::nullopt
                                                        : std::optional(found->second);
}

PlacedAlert read_alert(const json::object& alert, const std::string& at, const Placing& placing,
                       Reading& reading) {
  PlacedAlert out;
  rollback::TakenAlert& taken = out.alert;
  const std::string status = reading.text(alert, "status", at);
  if (const auto parsed = describe::enum_parse<AlertStatus>(status)) {
    taken.status = *parsed;
  } else {
    reading.issue(at + "/status", "expected one of: " + describe::enum_choices<AlertStatus>());
  }
  taken.fingerprint = reading.text(alert, "fingerprint", at);
  if (taken.fingerprint.empty()) reading.issue(at + "/fingerprint", "must not be empty");
  taken.labels = reading.labels(alert, at);
  taken.name = label(taken.labels, "alertname").value_or("unnamed");
  if (const auto starts = Instant::parse(reading.text(alert, "startsAt", at))) {
    taken.starts_at = *starts;
  } else {
    reading.issue(at + "/startsAt", "expected an instant");
  }
  const auto* ends = alert.if_contains("endsAt");
  if (ends != nullptr && ends->is_string() && view(ends->get_string()) != kNotEnded) {
    taken.ends_at = Instant::parse(view(ends->get_string()));
  }
  out.application = label(taken.labels, placing.application_label);
  out.environment = label(taken.labels, placing.environment_label);
  if (!out.environment && !placing.environment.empty()) out.environment = placing.environment;
  return out;
}

}  // namespace

Decided<rollback::AlertBatch> read_message(const json::value& message, const Placing& placing) {
  Reading reading;
  rollback::AlertBatch batch;
  batch.system = "alertmanager";
  const auto* object = message.if_object();
  const auto* alerts = object == nullptr ? nullptr : object->if_contains("alerts");
  if (alerts == nullptr || !alerts->is_array()) {
    reading.issue("/alerts", "expected a list");
    return reading.refusal();
  }
  if (reading.text(*object, "version", "") != "4") reading.issue("/version", "expected \"4\"");
  const json::array& list = alerts->get_array();
  const std::size_t count = std::min(list.size(), rollback::alerts_max);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string at = "/alerts/" + std::to_string(i);
    const auto* alert = list[i].if_object();
    if (alert == nullptr) {
      reading.issue(at, "expected an object");
      continue;
    }
    batch.alerts.push_back(read_alert(*alert, at, placing, reading));
  }
  batch.omitted = static_cast<std::int64_t>(list.size() - count);
  const auto* cut = object->if_contains("truncatedAlerts");
  if (cut != nullptr && cut->is_int64() && cut->get_int64() > 0) {
    batch.omitted += std::min<std::int64_t>(cut->get_int64(), 1'000'000'000);
  }
  if (!reading.clean()) return reading.refusal();
  return batch;
}

}  // namespace holdpoint::integrations::alertmanager

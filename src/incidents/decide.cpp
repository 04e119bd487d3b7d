// Deciding about incidents: who may be named, what may follow what, and what an incident affects.
#include <algorithm>

#include "base/text.hpp"
#include "incidents/incidents.hpp"

namespace holdpoint::incidents {
namespace {

using Names = std::vector<std::string>;

std::string expected(std::size_t bytes_max) {
  return "expected 1 to " + std::to_string(bytes_max) + " bytes";
}

class Checking {
 public:
  explicit Checking(const KnownNames& known) : known_(known) {}

  void issue(std::string path, std::string message) {
    issues_.push_back({std::move(path), std::move(message), 0});
  }
  void title(std::string_view text) {
    if (!is_stated(text, title_bytes_max) || !is_one_line(text)) {
      issue("/title", expected(title_bytes_max) + " in one line");
    }
  }
  void environments(const Names& names) {
    if (names.empty()) issue("/environments", "at least one environment");
    affected("environment", names, known_.environments);
  }
  void applications(const Names& names) { affected("application", names, known_.applications); }
  void commander(const std::string& person) {
    if (!known_.people.contains(person)) issue("/commander", "not a person who can sign in here");
  }
  void reason(std::string_view text) {
    if (!is_stated(text, reason_bytes_max)) issue("/reason", expected(reason_bytes_max));
  }
  [[nodiscard]] bool clean() const { return issues_.empty(); }
  std::unexpected<Refusal> refusal() { return refuse(invalid_incident(std::move(issues_))); }

 private:
  void affected(const std::string& thing, const Names& names, const std::set<std::string>& known) {
    const std::string path = "/" + thing + "s";
    if (names.size() > affected_max) {
      issue(path, "more than " + std::to_string(affected_max));
      return;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string at = path + "/" + std::to_string(i);
      if (!known.contains(names[i])) issue(at, "there is no such " + thing);
      if (!seen.insert(names[i]).second) issue(at, "stands twice");
    }
  }

  const KnownNames& known_;
  JsonIssues issues_;
};

Names sorted(Names names) {
  std::ranges::sort(names);
  return names;
}

bool contains(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool is_major(Severity severity) {
  switch (severity) {
    case Severity::sev1:
    case Severity::sev2: return true;
    case Severity::sev3:
    case Severity::sev4: return false;
  }
  return true;
}

bool is_affected(const Incident& incident, std::string_view application,
                 std::string_view environment) {
  return incident.state == State::open && contains(incident.environments, environment) &&
         (incident.applications.empty() || contains(incident.applications, application));
}

Decided<IncidentDeclared> declare(const DeclareIncident& command, const Declaring& facts) {
  Checking checking(facts.known);
  checking.title(command.title);
  checking.environments(command.environments);
  checking.applications(command.applications);
  if (command.description && !is_stated(*command.description, description_bytes_max)) {
    checking.issue("/description", expected(description_bytes_max));
  }
  if (command.commander) {
    checking.commander(*command.commander);
  } else if (facts.declarer.empty()) {
    checking.issue("/commander", "a service account names the person who commands");
  }
  if (!checking.clean()) return checking.refusal();
  if (facts.open_count >= open_incidents_max) return refuse(too_many_open_incidents());
  return IncidentDeclared{.id = facts.id,
                          .title = command.title,
                          .severity = command.severity,
                          .environments = sorted(command.environments),
                          .applications = sorted(command.applications),
                          .commander = command.commander.value_or(facts.declarer),
                          .described = command.description.has_value()};
}

Decided<std::optional<IncidentChanged>> change(const Incident& incident,
                                               const ChangeIncident& command,
                                               const KnownNames& known) {
  if (incident.state == State::resolved) return refuse(incident_resolved(incident));
  Checking checking(known);
  checking.reason(command.reason);
  if (command.environments) checking.environments(*command.environments);
  if (command.applications) checking.applications(*command.applications);
  if (command.commander) checking.commander(*command.commander);
  if (!checking.clean()) return checking.refusal();
  IncidentChanged changed{
      .id = incident.id,
      .severity = command.severity.value_or(incident.severity),
      .environments = sorted(command.environments.value_or(incident.environments)),
      .applications = sorted(command.applications.value_or(incident.applications)),
      .commander = command.commander.value_or(incident.commander),
      .reason = command.reason};
  const bool same =
      changed.severity == incident.severity && changed.environments == incident.environments &&
      changed.applications == incident.applications && changed.commander == incident.commander;
  if (same) return std::nullopt;
  return changed;
}

Decided<IncidentResolved> resolve(const Incident& incident, const ResolveIncident& command) {
  if (incident.state == State::resolved) return refuse(incident_resolved(incident));
  const KnownNames nothing_named;
  Checking checking(nothing_named);
  checking.reason(command.reason);
  if (!checking.clean()) return checking.refusal();
  return IncidentResolved{incident.id, command.reason};
}

}  // namespace holdpoint::incidents

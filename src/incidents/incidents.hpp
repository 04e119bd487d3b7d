// Front header of incidents (B10, first form): something is wrong in an environment, somebody
// commands the answer to it, and until it is resolved nothing that could make it worse is let
// through there. An incident is declared, changed and resolved; each of these is one event with
// the whole of what holds after it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/refusal.hpp"

namespace holdpoint::incidents {

struct IncidentTag {
  static constexpr std::string_view prefix = "inc";
};
using IncidentId = Id<IncidentTag>;

inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::size_t description_bytes_max = 8'000;
inline constexpr std::size_t reason_bytes_max = 1'000;
/// Environments, and applications, that one incident names.
inline constexpr std::size_t affected_max = 200;
/// Every question at a gate looks at all of them.
inline constexpr std::size_t open_incidents_max = 100;

/// sev1 is the worst.
enum class Severity : std::uint8_t { sev1, sev2, sev3, sev4 };
HP_DESCRIBE_ENUM(Severity, sev1, sev2, sev3, sev4)

enum class State : std::uint8_t { open, resolved };
HP_DESCRIBE_ENUM(State, open, resolved)

/// An incident without applications affects all of them.
struct DeclareIncident {
  std::string title;  // plain: it stands in the ledger for ever
  Severity severity{};
  std::vector<std::string> environments;
  std::vector<std::string> applications;
  std::optional<std::string> description;  // may hold personal data: sealed
  std::optional<std::string> commander;    // a person; absent: the person who declares it
};
HP_DESCRIBE(DeclareIncident, title, severity, environments, applications, description, commander)

/// What is absent stays as it is; an empty list of applications means all of them.
struct ChangeIncident {
  std::string reason;
  std::optional<Severity> severity;
  std::optional<std::vector<std::string>> environments;
  std::optional<std::vector<std::string>> applications;
  std::optional<std::string> commander;
};
HP_DESCRIBE(ChangeIncident, reason, severity, environments, applications, commander)

struct ResolveIncident {
  std::string reason;
};
HP_DESCRIBE(ResolveIncident, reason)

struct IncidentDeclared {
  static constexpr std::string_view event_type = "incident.declared";
  static constexpr int event_version = 1;
  IncidentId id;
  std::string title;
  Severity severity{};
  std::vector<std::string> environments;
  std::vector<std::string> applications;
  std::string commander;
  bool described = false;  // a description is sealed beside the event, under the actor's key
};
HP_DESCRIBE(IncidentDeclared, id, title, severity, environments, applications, commander, described)

struct IncidentChanged {
  static constexpr std::string_view event_type = "incident.changed";
  static constexpr int event_version = 1;
  IncidentId id;
  Severity severity{};
  std::vector<std::string> environments;
  std::vector<std::string> applications;
  std::string commander;
  std::string reason;
};
HP_DESCRIBE(IncidentChanged, id, severity, environments, applications, commander, reason)

struct IncidentResolved {
  static constexpr std::string_view event_type = "incident.resolved";
  static constexpr int event_version = 1;
  IncidentId id;
  std::string reason;
};
HP_DESCRIBE(IncidentResolved, id, reason)

/// An incident as it stands.
struct Incident {
  IncidentId id;
  std::string title;
  Severity severity{};
  State state{};
  std::vector<std::string> environments;
  std::vector<std::string> applications;  // none: all
  std::string commander;
  std::string declared_by;
  Instant declared_at;
  std::optional<Instant> changed_at;
  std::optional<std::string> changed_because;
  std::optional<std::string> resolved_by;
  std::optional<Instant> resolved_at;
  std::optional<std::string> resolved_because;
  std::optional<std::int64_t> description_seq;  // of the event it is sealed beside
};
HP_DESCRIBE(Incident, id, title, severity, state, environments, applications, commander,
            declared_by, declared_at, changed_at, changed_because, resolved_by, resolved_at,
            resolved_because, description_seq)

/// sev1 and sev2: what these affect is paused.
bool is_major(Severity severity);

/// Whether the incident is open and says that it touches the application in that environment.
bool is_affected(const Incident& incident, std::string_view application,
                 std::string_view environment);

/// What a command names and the workspace knows. The commander is looked for among people who can
/// sign in.
struct KnownNames {
  std::set<std::string> environments;
  std::set<std::string> applications;
  std::set<std::string> people;
};

struct Declaring {
  IncidentId id;
  std::string declarer;  // the person who declares; "" when it is a service account
  std::size_t open_count = 0;
  KnownNames known;
};

/// Refuses with a path for each mistake. Lists are sorted, so that the same is recognised.
Decided<IncidentDeclared> declare(const DeclareIncident& command, const Declaring& facts);

/// nullopt when the incident already is as the command wants it: that is no event.
Decided<std::optional<IncidentChanged>> change(const Incident& incident,
                                               const ChangeIncident& command,
                                               const KnownNames& known);

Decided<IncidentResolved> resolve(const Incident& incident, const ResolveIncident& command);

Refusal incident_not_found(std::string_view id);
Refusal incident_resolved(const Incident& incident);
Refusal invalid_incident(JsonIssues issues);
Refusal too_many_open_incidents();

}  // namespace holdpoint::incidents

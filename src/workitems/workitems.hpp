// Front header of work items (A1): what was asked for, what is wrong, what could go wrong, and what
// was done otherwise than agreed. Requirements, stories, tasks, bugs, risks, service requests and
// deviations are one record with a workflow for each type, and are linked to anything else that
// is known. Incidents and changes are records of their own; they are linked to, never copied.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/instant.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"

namespace holdpoint::workitems {

struct WorkItemTag {
  static constexpr std::string_view prefix = "wit";
};
using WorkItemId = Id<WorkItemTag>;

inline constexpr std::size_t key_bytes_max = 100;
inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::size_t description_bytes_max = 8'000;
inline constexpr std::size_t note_bytes_max = 2'000;
inline constexpr std::size_t applications_max = 50;
inline constexpr std::size_t fields_max = 40;
inline constexpr std::size_t field_name_bytes_max = 64;
inline constexpr std::size_t field_value_bytes_max = 512;
inline constexpr std::size_t external_bytes_max = 512;
/// Links that start at one work item.
inline constexpr std::size_t links_max = 500;

enum class Type : std::uint8_t { requirement, story, task, bug, risk, service_request, deviation };
HP_DESCRIBE_ENUM(Type, requirement, story, task, bug, risk, service_request, deviation)

/// done and rejected are ends; each type goes its own way there (may_become).
enum class State : std::uint8_t { open, accepted, in_progress, in_review, done, rejected };
HP_DESCRIBE_ENUM(State, open, accepted, in_progress, in_review, done, rejected)

enum class Priority : std::uint8_t { low, medium, high, critical };
HP_DESCRIBE_ENUM(Priority, low, medium, high, critical)

/// What some type may do; workflow.cpp says which.
inline constexpr Transition<State> work_item_transitions[] = {
    {State::open, State::accepted},        {State::open, State::in_progress},
    {State::open, State::in_review},       {State::open, State::done},
    {State::open, State::rejected},        {State::accepted, State::open},
    {State::accepted, State::in_progress}, {State::accepted, State::done},
    {State::accepted, State::rejected},    {State::in_progress, State::open},
    {State::in_progress, State::accepted}, {State::in_progress, State::in_review},
    {State::in_progress, State::done},     {State::in_progress, State::rejected},
    {State::in_review, State::accepted},   {State::in_review, State::in_progress},
    {State::in_review, State::done},       {State::in_review, State::rejected},
    {State::done, State::accepted},        {State::done, State::open},
    {State::rejected, State::open}};

struct WorkItem {
  static constexpr std::string_view kind = "work_item";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "work_item.created";
  static constexpr std::string_view changed_event = "work_item.changed";
  static constexpr const auto& transitions = work_item_transitions;

  WorkItemId id;
  std::string name;  // the key that people say: "REQ-12"; never changes
  Type type{};
  std::string title;  // plain: it stands in the ledger for ever
  State state = State::open;
  Priority priority = Priority::medium;
  std::string requested_by;          // who created it, a person or a service account
  std::optional<std::string> owner;  // the person who sees to it
  std::vector<std::string> applications;
  std::map<std::string, std::string> fields;   // plain, as the title
  std::optional<std::string> external_system;  // "jira"
  std::optional<std::string> external_key;     // "PAY-17"
  std::optional<std::string> external_url;
};
HP_DESCRIBE(WorkItem, id, name, type, title, state, priority, requested_by, owner, applications,
            fields, external_system, external_key, external_url)

enum class Purpose : std::uint8_t { description, note };
HP_DESCRIBE_ENUM(Purpose, description, note)

/// A text is sealed beside this event, under the key of its author. The last description counts.
struct TextAdded {
  static constexpr std::string_view event_type = "work_item.text_added";
  static constexpr int event_version = 1;
  WorkItemId id;
  Purpose purpose{};
};
HP_DESCRIBE(TextAdded, id, purpose)

/// Where the text is sealed.
inline constexpr std::string_view text_path = "/text";

struct CreateWorkItem {
  Type type{};
  std::string title;
  std::optional<std::string> key;  // absent: the next one of its type
  std::optional<Priority> priority;
  std::optional<std::string> owner;
  std::optional<std::vector<std::string>> applications;
  std::optional<std::map<std::string, std::string>> fields;
  std::optional<std::string> external_system;
  std::optional<std::string> external_key;
  std::optional<std::string> external_url;
  std::optional<std::string> description;  // may hold personal data: sealed
};
HP_DESCRIBE(CreateWorkItem, type, title, key, priority, owner, applications, fields,
            external_system, external_key, external_url, description)

/// What is absent stays as it is. A field with an empty value is taken away.
struct ChangeWorkItem {
  std::optional<std::string> title;
  std::optional<State> state;
  std::optional<Priority> priority;
  std::optional<std::string> owner;
  std::optional<std::vector<std::string>> applications;
  std::optional<std::map<std::string, std::string>> fields;
  std::optional<std::string> external_system;
  std::optional<std::string> external_key;
  std::optional<std::string> external_url;
  std::optional<std::string> description;  // sealed
  std::optional<std::string> note;         // sealed
};
HP_DESCRIBE(ChangeWorkItem, title, state, priority, owner, applications, fields, external_system,
            external_key, external_url, description, note)

struct CloseWorkItem {
  State state = State::done;  // or rejected
  std::string reason;         // sealed, as a note
};
HP_DESCRIBE(CloseWorkItem, state, reason)

struct LinkWorkItem {
  std::string relation;
  std::string to;  // see read_reference
};
HP_DESCRIBE(LinkWorkItem, relation, to)

/// What a command names and the workspace knows.
struct KnownNames {
  std::set<std::string> applications;
  std::set<std::string> people;  // ids of people who can sign in
};

/// Whether an item of that type goes from the one state to the other.
bool may_become(Type type, State from, State to);
/// The states that may follow, in the order of the enum.
std::vector<State> next_states(Type type, State from);
/// done and rejected.
bool is_closed(State state);
/// "REQ" of "REQ-12".
std::string_view key_prefix(Type type);
/// Letters and digits, and inner `-._`: 1 to key_bytes_max of them.
bool is_key(std::string_view text);

/// The item that the command describes, under the key given. Refuses with a path for each mistake.
Decided<WorkItem> create(const CreateWorkItem& command, std::string key,
                         const std::string& requester, const KnownNames& known);

/// The item as the command leaves it.
Decided<WorkItem> change(const WorkItem& item, const ChangeWorkItem& command,
                         const KnownNames& known);

Decided<WorkItem> close(const WorkItem& item, const CloseWorkItem& command);

/// The relations that a link of a work item may have, sorted.
std::span<const std::string_view> relations();
bool is_relation(std::string_view word);

/// What a link may lead to, sorted: "change", "commit", …
std::span<const std::string_view> linked_kinds();

/// What people name when they link: a kind, and its id, key or name.
struct Reference {
  std::string kind;
  std::string name;
  auto operator<=>(const Reference&) const = default;
};

/// The kind of a version that nobody has opened yet, by APP@VERSION.
inline constexpr std::string_view planned_release = "planned_release";

/// "KIND:NAME" of a kind of linked_kinds(), APP@VERSION for a release, an id by its prefix, and
/// anything else the key of a work item. Refuses an unknown kind, and what can name nothing.
Decided<Reference> read_reference(std::string_view text);

Refusal work_item_not_found(std::string_view reference);
Refusal invalid_work_item(JsonIssues issues);
Refusal step_not_allowed(const WorkItem& item, State wanted);
Refusal no_such_end(const Reference& reference);
Refusal too_many_links(const WorkItem& item);

}  // namespace holdpoint::workitems

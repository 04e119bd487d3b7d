// See change_source.hpp.
#include "changes/edge/change_source.hpp"

#include "changes/edge/part_queries.hpp"

namespace holdpoint::changes {
namespace {

using approvals::Part;
using approvals::SubjectContent;

constexpr std::size_t warnings_max = 50;

/// What policies are told about a place; nullopt when it is gone.
std::optional<policy::ApprovalFacts> place_facts(engine::Connection& tables,
                                                 std::string_view workspace, const Place& place,
                                                 Instant now) {
  const auto application = catalog::Applications::find(tables, workspace, place.application);
  const auto environment = catalog::Environments::find(tables, workspace, place.environment);
  if (!application || !environment) return std::nullopt;
  policy::ApprovalFacts facts;
  facts.now = {now};
  const catalog::Application& app = application->record;
  facts.application = {app.name, app.criticality, app.data_classes, app.owners};
  const catalog::Environment& env = environment->record;
  facts.environment = policy::EnvironmentSubject{env.name, env.environment_kind, env.position,
                                                 env.requires_certification};
  facts.flags = policy::flags_of(app.data_classes);
  return facts;
}

/// The places in turn; false when one of them is gone.
bool add_places(engine::Connection& tables, std::string_view workspace, const Change& change,
                const policy::ChangeSubject& subject, Instant now, SubjectContent& content) {
  bool first = true;
  for (const Place& place : places_of(change.content)) {
    auto facts = place_facts(tables, workspace, place, now);
    if (!facts) return false;
    facts->subject = {std::string(change_kind), change.id.text(), change.created_by, false};
    facts->emergency = change.content.type == ChangeType::emergency;
    facts->change = subject;
    if (first) {
      content.facts = std::move(*facts);
    } else {
      content.places.push_back(std::move(*facts));
    }
    first = false;
  }
  return !first;
}

Result<bool> add_release(engine::Connection& tables, engine::ObjectStore& objects,
                         std::string_view workspace, std::string_view id, Parts& parts) {
  const auto release = releases::find_release(tables, workspace, id);
  if (!release) return false;
  HP_TRY(const releases::Contents contents, releases::contents_of(objects, *release));
  parts.add_release(*release, contents);
  return true;
}

}  // namespace

Result<std::optional<SubjectContent>> content_of(engine::Connection& tables,
                                                 engine::ObjectStore& objects,
                                                 std::string_view workspace, const Change& change,
                                                 Instant now) {
  const auto form = signed_form(tables, workspace, change);
  if (!form) return std::nullopt;
  SubjectContent content;
  content.digest = digest_of(*form);
  content.title =
      std::string(describe::enum_text(change.content.type)) + " change: " + change.content.title;
  if (change.content.applications.size() == 1) {
    content.application = change.content.applications.front();
  }
  if (change.content.environments.size() == 1) {
    content.environment = change.content.environments.front();
  }
  Parts parts(tables, workspace, content);
  parts.add_actor(change.created_by, Part::editor);
  for (const std::string& editor : change.editors) parts.add_actor(editor, Part::editor);
  for (const std::string& endorser : change.endorsers) parts.add_actor(endorser, Part::endorser);
  for (const LinkedRelease& linked : change.content.releases) {
    HP_TRY(const bool is_there, add_release(tables, objects, workspace, linked.id, parts));
    if (!is_there) return std::nullopt;
    const std::string application = linked.name.substr(0, linked.name.find('@'));
    for (const std::string& environment : change.content.environments) {
      parts.add_configurer(application, environment);
    }
  }
  const auto subject = facts_of(change, content.digest);
  if (!add_places(tables, workspace, change, subject, now, content)) return std::nullopt;
  content.warnings = warnings_of(tables, workspace, change, now);
  content.in_emergency = change.content.type == ChangeType::emergency;
  return content;
}

Result<std::optional<SubjectContent>> change_content(engine::Connection& tables,
                                                     engine::ObjectStore& objects,
                                                     std::string_view workspace,
                                                     std::string_view id, Instant now) {
  const auto change = find_change(tables, workspace, id);
  if (!change || !is_open(change->state)) return std::nullopt;
  return content_of(tables, objects, workspace, *change, now);
}

Result<std::optional<SubjectContent>> override_content(engine::Connection& tables,
                                                       engine::ObjectStore& objects,
                                                       std::string_view workspace,
                                                       std::string_view id, Instant now) {
  const auto one = find_override(tables, workspace, id);
  if (!one || one->expires_at <= now) return std::nullopt;
  SubjectContent content;
  content.digest = digest_of(*one);
  content.title = title_of(*one);
  content.application = one->application;
  content.environment = one->environment;
  Parts parts(tables, workspace, content);
  parts.add_actor(one->asked_by, Part::editor);
  if (one->release) {
    HP_TRY(const bool is_there, add_release(tables, objects, workspace, one->release->id, parts));
    if (!is_there) return std::nullopt;
  }
  if (one->change) {
    HP_TRY(const auto of_change, change_content(tables, objects, workspace, *one->change, now));
    if (!of_change) return std::nullopt;
    content.involved.insert(content.involved.end(), of_change->involved.begin(),
                            of_change->involved.end());
    content.unknown_people.insert(content.unknown_people.end(), of_change->unknown_people.begin(),
                                  of_change->unknown_people.end());
    // Of the change as it is now: another content is another override.
    content.digest = sha256("holdpoint-freeze-override-of-change/v1\n" + content.digest.text() +
                            "\n" + of_change->digest.text());
  }
  auto facts = place_facts(tables, workspace, {one->application, one->environment}, now);
  if (!facts) return std::nullopt;
  facts->subject = {std::string(override_kind), one->id.text(), one->asked_by, false};
  content.facts = std::move(*facts);
  for (const std::string& freeze : one->freezes) {
    content.warnings.push_back("It lets this through the freeze " + freeze + ".");
  }
  return content;
}

std::map<std::string, std::string> fields_of(const Change& change) {
  std::map<std::string, std::string> fields;
  for (const TextField text : change.content.texts) {
    fields[std::string(describe::enum_text(text))] =
        "stated with " + change.id.text() + ", revision " + std::to_string(change.revision);
  }
  std::string systems;
  for (const Place& place : places_of(change.content)) {
    systems += (systems.empty() ? "" : ", ") + place.application + " in " + place.environment;
  }
  constexpr std::size_t systems_bytes_max = 1'900;
  if (systems.size() > systems_bytes_max) systems = systems.substr(0, systems_bytes_max) + " …";
  fields["affected_systems"] = systems;
  fields["window"] = window_text(change.content.window, change.content.zone);
  fields["risk"] = describe::enum_text(change.content.risk.risk);
  return fields;
}

std::vector<Conflict> conflicts_of(engine::Connection& tables, std::string_view workspace,
                                   const Change& change) {
  return conflicts(change, open_changes(tables, workspace, change.content.window));
}

std::vector<std::string> warnings_of(engine::Connection& tables, std::string_view workspace,
                                     const Change& change, Instant now) {
  std::vector<std::string> warnings;
  const auto freezes = catalog::freezes_in_force(tables, workspace);
  for (const Place& place : places_of(change.content)) {
    for (const catalog::ActiveFreeze& freeze : catalog::freezes_within(
             freezes, {place.application, place.environment}, change.content.window)) {
      warnings.push_back("The freeze " + freeze.name + " holds for " + place.application + " in " +
                         place.environment + " in its window: " + freeze.reason);
    }
  }
  for (const Conflict& conflict : conflicts_of(tables, workspace, change)) {
    warnings.push_back("The change " + conflict.change + " is planned for " +
                       conflict.place.application + " in " + conflict.place.environment +
                       " at the same time: " + conflict.title);
  }
  for (const std::string& overdue :
       overdue_reviews(tables, workspace, change.content.applications, now)) {
    warnings.push_back("Nobody looked back in time at the emergency " + overdue + ".");
  }
  if (warnings.size() > warnings_max) {
    const std::size_t more = warnings.size() - warnings_max;
    warnings.resize(warnings_max);
    warnings.push_back("And " + std::to_string(more) + " more.");
  }
  return warnings;
}

}  // namespace holdpoint::changes

// See linked_things.hpp.
#include "main/linked_things.hpp"

#include "catalog/edge/catalog_queries.hpp"
#include "changes/edge/change_queries.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "documents/edge/document_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "releases/edge/release_queries.hpp"
#include "validation/edge/validation_queries.hpp"

namespace holdpoint::main {
namespace {

using engine::LinkEnd;

std::optional<LinkEnd> release_end(engine::Connection& tables, std::string_view workspace,
                                   const std::string& name) {
  if (const auto release = releases::find_release(tables, workspace, name)) {
    return LinkEnd{"release", release->id.text()};
  }
  const auto planned = releases::parse_release_name(name);
  if (!planned || !catalog::Applications::find(tables, workspace, planned->application)) {
    return std::nullopt;
  }
  return LinkEnd{std::string(workitems::planned_release), name};
}

/// The link with the release in the place of the planned version, at whichever end that stands.
engine::Link moved(engine::Link link, const LinkEnd& planned, const LinkEnd& release) {
  if (link.from == planned) link.from = release;
  if (link.to == planned) link.to = release;
  return link;
}

}  // namespace

std::optional<LinkEnd> find_end(engine::Connection& tables, std::string_view workspace,
                                const workitems::Reference& reference) {
  const auto& [kind, name] = reference;
  if (kind == "release") return release_end(tables, workspace, name);
  if (kind == "document") {
    const auto document = documents::find_document(tables, workspace, name);
    return document ? std::optional(LinkEnd{kind, document->record.id.text()}) : std::nullopt;
  }
  if (kind == "test_case") {
    const auto test = validation::find_test_case(tables, workspace, name);
    return test ? std::optional(validation::end_of(test->record)) : std::nullopt;
  }
  const bool is_there =
      (kind == "change" && changes::find_change(tables, workspace, name)) ||
      (kind == "deployment" && deployments::find_deployment(tables, workspace, name)) ||
      (kind == "incident" && incidents::find_incident(tables, workspace, name));
  return is_there ? std::optional(LinkEnd{kind, name}) : std::nullopt;
}

std::string name_of_end(engine::Connection& tables, std::string_view workspace,
                        const LinkEnd& end) {
  if (end.kind == "release") {
    const auto release = releases::find_release(tables, workspace, end.id);
    if (release) return release->name();
  }
  if (end.kind == "document") {
    const auto document = documents::find_document(tables, workspace, end.id);
    if (document) return document->record.name;
  }
  if (end.kind == "test_case") {
    const auto test = validation::find_test_case(tables, workspace, end.id);
    if (test) return test->record.name;
  }
  if (end.kind == "incident") {
    const auto incident = incidents::find_incident(tables, workspace, end.id);
    if (incident) return incident->title;
  }
  return end.id;
}

engine::Module planned_links() {
  engine::Module module{.name = "planned_links"};
  module.reactions.push_back(
      {"links.release_opened",
       [](const engine::Recorded& recorded) -> std::optional<std::string> {
         const bool is_opened = recorded.type == releases::ReleaseCreated::event_type;
         return is_opened ? std::optional(recorded.subject.id) : std::nullopt;
       },
       [](engine::Unit& unit, const std::string& id) {
         const auto release = releases::find_release(unit.tables(), unit.workspace(), id);
         if (!release) return;
         const LinkEnd planned{std::string(workitems::planned_release), release->name()};
         const LinkEnd opened{"release", release->id.text()};
         for (const auto& link : engine::links_of(unit.tables(), unit.workspace(), planned)) {
           if (!engine::remove_link(unit, link)) continue;
           engine::make_link(unit, moved(link, planned, opened));
         }
       }});
  return module;
}

}  // namespace holdpoint::main

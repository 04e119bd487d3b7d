// See document_subject.hpp.
#include "main/document_subject.hpp"

#include "main/needs.hpp"

#include "identity/edge/people.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/queries.hpp"
#include "identity/identity.hpp"

namespace holdpoint::main {
namespace {

Result<std::optional<approvals::SubjectContent>> read_version(engine::Connection& tables,
                                                              engine::ObjectStore& /*objects*/,
                                                              std::string_view workspace,
                                                              std::string_view id, Instant now) {
  const auto name = documents::parse_version_id(id);
  if (!name) return std::nullopt;
  const auto document = documents::Documents::get(tables, workspace, name->document);
  const auto version = documents::find_version(tables, workspace, name->document, name->version);
  if (!document || !version || document->record.state == RecordState::retired) {
    return std::nullopt;
  }
  approvals::SubjectContent content;
  content.digest = documents::signed_digest(*version);
  content.title =
      "version " + std::to_string(version->version) + " of the document " + document->record.name;
  const auto owners =
      identity::owner_of_actor(tables, workspace, version->added_by_kind, version->added_by);
  if (owners.empty()) content.unknown_people.push_back(version->added_by);
  for (const auto& owner : owners) {
    content.involved.push_back({owner.text(), approvals::Part::editor});
  }
  content.facts.now = {now};
  content.facts.subject = {std::string(documents::document_kind), std::string(id),
                           version->added_by, false};
  return content;
}

}  // namespace

approvals::SubjectSource document_source() {
  approvals::SubjectSource source;
  source.kind = std::string(documents::document_kind);
  source.read = read_version;
  source.asked = approvals::AskedPolicies::naming_the_subject;
  return source;
}

documents::DocumentNeeds document_needs(const std::shared_ptr<approvals::Desk>& desk,
                                        engine::Engine& engine) {
  documents::DocumentNeeds needs;
  needs.person = [](engine::Unit& unit, std::string_view reference) {
    const auto person = identity::find_person_named(unit, reference);
    const bool is_active = person && identity::is_active_person(unit.tables(), person->text());
    return is_active ? std::optional(person->text()) : std::nullopt;
  };
  needs.display_name = [&engine](engine::Connection& tables, std::string_view workspace,
                                 const ledger::Actor& actor) {
    return identity::display_name(engine, tables, workspace, actor.kind, actor.id);
  };
  needs.standing = [desk](engine::Connection& tables, engine::ObjectStore& objects,
                          std::string_view workspace, std::string_view id, Instant now) {
    const auto standing =
        desk->standing(tables, objects, workspace, documents::document_kind, id, now);
    return documents::VersionStanding{state_name(standing.state), standing.request};
  };
  return needs;
}

}  // namespace holdpoint::main

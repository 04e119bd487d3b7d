// See part_queries.hpp.
#include "changes/edge/part_queries.hpp"

#include "catalog/edge/configuration_queries.hpp"
#include "identity/edge/person_queries.hpp"

namespace holdpoint::changes {

using approvals::Part;

void Parts::add_release(const releases::Release& release, const releases::Contents& contents) {
  for (const releases::Commit& commit : contents.commits) {
    add(commit.author, Part::author);
    if (commit.committer) add(*commit.committer, Part::committer);
    for (const std::string& person : commit.co_authors) add(person, Part::co_author);
  }
  add_actor(release.created_by, Part::builder);
}

void Parts::add_actor(const std::string& actor, Part part) {
  const bool is_person = actor.starts_with("per_");
  const auto owners = identity::owner_of_actor(tables_, workspace_,
                                               is_person ? "person" : "service_account", actor);
  if (owners.empty()) content_.unknown_people.push_back(actor);
  for (const auto& owner : owners) add(owner.text(), part);
}

void Parts::add_configurer(std::string_view application, std::string_view environment) {
  const auto present =
      catalog::current_configuration(tables_, workspace_, application, environment);
  if (!present) return;
  // The configuration is a part of what is signed; whoever recorded it edited that, also when
  // somebody else has recorded the same again.
  for (const std::string& recorder :
       catalog::recorders_of(tables_, workspace_, application, environment, *present)) {
    add_actor(recorder, Part::editor);
  }
}

void Parts::add(const std::string& person, Part part) {
  if (!seen_.emplace(person, part).second) return;
  content_.involved.push_back({person, part});
  if (!known_.insert(person).second) return;
  if (!identity::is_known_person(tables_, person)) content_.unknown_people.push_back(person);
}

}  // namespace holdpoint::changes

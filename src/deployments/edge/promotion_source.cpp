// See promotion_source.hpp.
#include "deployments/edge/promotion_source.hpp"

#include <set>

#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "certification/edge/certification_queries.hpp"
#include "deployments/promotion.hpp"
#include "identity/edge/person_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::deployments {
namespace {

using approvals::Part;
using approvals::SubjectContent;

/// Everybody behind a commit has a part in it, and whoever proposed the release built it.
class Contributors {
 public:
  Contributors(engine::Connection& tables, std::string_view workspace, SubjectContent& content)
      : tables_(tables), workspace_(workspace), content_(content) {}

  void add_commits(const releases::Contents& contents) {
    for (const releases::Commit& commit : contents.commits) {
      add(commit.author, Part::author);
      if (commit.committer) add(*commit.committer, Part::committer);
      for (const std::string& person : commit.co_authors) add(person, Part::co_author);
    }
  }

  /// The actor's own id tells its kind; people answer for a service account.
  void add_actor(const std::string& actor, Part part) {
    const bool is_person = actor.starts_with("per_");
    const auto owners = identity::owner_of_actor(tables_, workspace_,
                                                 is_person ? "person" : "service_account", actor);
    if (owners.empty()) content_.unknown_people.push_back(actor);
    for (const auto& owner : owners) add(owner.text(), part);
  }

 private:
  void add(const std::string& person, Part part) {
    if (!seen_.emplace(person, part).second) return;
    content_.involved.push_back({person, part});
    if (!known_.insert(person).second) return;
    if (!identity::is_known_person(tables_, person)) content_.unknown_people.push_back(person);
  }

  engine::Connection& tables_;
  std::string_view workspace_;
  SubjectContent& content_;
  std::set<std::pair<std::string, Part>> seen_;
  std::set<std::string> known_;
};

}  // namespace

Result<std::optional<SubjectContent>> promotion_content(engine::Connection& tables,
                                                        engine::ObjectStore& objects,
                                                        std::string_view workspace,
                                                        std::string_view id, Instant now) {
  const auto name = parse_promotion_id(id);
  if (!name) return std::nullopt;
  const auto release = releases::find_release(tables, workspace, name->release);
  if (!release || release->name() != name->release) return std::nullopt;
  const auto application = catalog::Applications::find(tables, workspace, release->application);
  const auto environment = catalog::Environments::find(tables, workspace, name->environment);
  if (!application || !environment) return std::nullopt;
  HP_TRY(const releases::Contents contents, releases::contents_of(objects, *release));

  SubjectContent content;
  Promotion promotion;
  promotion.application = release->application;
  promotion.version = release->version;
  promotion.environment = name->environment;
  promotion.environment_id = environment->record.id.text();
  promotion.contents = release->contents_digest;
  promotion.configuration =
      catalog::current_configuration(tables, workspace, release->application, name->environment);
  content.digest = digest_of(promotion);
  content.title = release->name() + " to " + name->environment;
  content.application = release->application;
  content.environment = name->environment;
  Contributors contributors(tables, workspace, content);
  contributors.add_commits(contents);
  contributors.add_actor(release->created_by, Part::builder);
  if (promotion.configuration) {
    // The configuration is a part of what is signed; whoever recorded it edited that, also when
    // somebody else has recorded the same again.
    for (const std::string& recorder :
         catalog::recorders_of(tables, workspace, release->application, name->environment,
                               *promotion.configuration)) {
      contributors.add_actor(recorder, Part::editor);
    }
  }

  policy::ApprovalFacts& facts = content.facts;
  facts.now = {now};
  facts.subject = {std::string(promotion_kind), std::string(id), release->created_by, false};
  const catalog::Application& app = application->record;
  facts.application = {app.name, app.criticality, app.data_classes, app.owners};
  const catalog::Environment& env = environment->record;
  facts.environment = policy::EnvironmentSubject{env.name, env.environment_kind, env.position,
                                                 env.requires_certification};
  facts.flags = policy::flags_of(app.data_classes);
  const auto standing = certification::latest_certification(tables, workspace, release->id.text());
  facts.certified = standing && standing->state == certification::State::certified;
  return content;
}

}  // namespace holdpoint::deployments

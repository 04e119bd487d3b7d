// See promotion_source.hpp.
#include "deployments/edge/promotion_source.hpp"

#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "certification/edge/certification_queries.hpp"
#include "changes/edge/change_queries.hpp"
#include "changes/edge/part_queries.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "deployments/promotion.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::deployments {
namespace {

using approvals::SubjectContent;

constexpr std::string_view kUse = "deployment ";

/// What stands under an emergency goes the way of one, while somebody senior stands for that.
void add_change(engine::Connection& tables, std::string_view workspace,
                const releases::Release& release, std::string_view environment, Instant now,
                SubjectContent& content) {
  const auto change = changes::governing_change(tables, workspace, release.id.text(),
                                                {release.application, std::string(environment)});
  if (!change) return;
  const auto form = changes::signed_form(tables, workspace, *change);
  if (!form) return;
  content.facts.change = changes::facts_of(*change, changes::digest_of(*form));
  const bool is_emergency = content.facts.change->type == policy::ChangeType::emergency &&
                            content.facts.change->endorsed && change->content.window.contains(now);
  content.facts.emergency = is_emergency;
  content.in_emergency = is_emergency;
  if (!is_emergency) return;
  // One person is not the two that an emergency asks for.
  changes::Parts parts(tables, workspace, content);
  for (const std::string& endorser : change->endorsers) {
    parts.add_actor(endorser, approvals::Part::endorser);
  }
}

/// Whoever decides should know what keeps it from going there today.
void add_warnings(engine::Connection& tables, std::string_view workspace,
                  std::string_view application, std::string_view environment, Instant now,
                  SubjectContent& content) {
  for (const catalog::ActiveFreeze& freeze : catalog::freezes_at(
           catalog::freezes_in_force(tables, workspace), {application, environment}, now)) {
    content.warnings.push_back("The freeze " + freeze.name + " holds there now: " + freeze.reason);
  }
}

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
  changes::Parts parts(tables, workspace, content);
  parts.add_release(*release, contents);
  parts.add_configurer(release->application, name->environment);

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
  add_change(tables, workspace, *release, name->environment, now, content);
  add_warnings(tables, workspace, release->application, name->environment, now, content);
  return content;
}

std::string use_of(const DeploymentId& id) { return std::string(kUse) + id.text(); }

bool has_use_failed(engine::Connection& tables, std::string_view workspace, std::string_view use) {
  if (!use.starts_with(kUse)) return false;
  const auto deployment = find_deployment(tables, workspace, use.substr(kUse.size()));
  return deployment && (deployment->state == DeploymentState::failed ||
                        deployment->state == DeploymentState::cancelled);
}

}  // namespace holdpoint::deployments

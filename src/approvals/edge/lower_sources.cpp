// See lower_sources.hpp.
#include "approvals/edge/lower_sources.hpp"

#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "identity/edge/person_queries.hpp"

namespace holdpoint::approvals {
namespace {

/// What is signed when a change of policies is approved: over these policies, exactly this.
struct SignedProposal {
  std::int64_t v = 1;
  std::string id;
  std::int64_t base_revision = 0;
  policy::PolicyChanges changes;
};
HP_DESCRIBE(SignedProposal, v, id, base_revision, changes)

struct SignedConfiguration {
  std::int64_t v = 1;
  std::string application;
  std::string environment;
  std::string environment_id;
  Digest configuration;
};
HP_DESCRIBE(SignedConfiguration, v, application, environment, environment_id, configuration)

/// Whoever answers for the actor has edited the content.
void add_editor(engine::Connection& tables, std::string_view workspace, const std::string& kind,
                const std::string& id, SubjectContent& content) {
  const auto owners = identity::owner_of_actor(tables, workspace, kind, id);
  if (owners.empty()) content.unknown_people.push_back(id);
  for (const auto& owner : owners) content.involved.push_back({owner.text(), Part::editor});
}

Result<std::optional<SubjectContent>> read_proposal(engine::Connection& tables,
                                                    engine::ObjectStore& /*objects*/,
                                                    std::string_view workspace, std::string_view id,
                                                    Instant now) {
  const auto proposal = policy::find_proposal(tables, workspace, id);
  if (!proposal || proposal->state != policy::ProposalState::open) return std::nullopt;
  return content_of(tables, workspace, *proposal, now);
}

struct ConfigurationName {
  std::string application;
  std::string environment;
  Digest digest;
};

std::optional<ConfigurationName> parse_configuration_id(std::string_view id) {
  const std::size_t first = id.find('/');
  const std::size_t last = id.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto digest = Digest::parse(id.substr(last + 1));
  if (!digest) return std::nullopt;
  return ConfigurationName{std::string(id.substr(0, first)),
                           std::string(id.substr(first + 1, last - first - 1)), *digest};
}

Result<std::optional<SubjectContent>> read_configuration(engine::Connection& tables,
                                                         engine::ObjectStore& /*objects*/,
                                                         std::string_view workspace,
                                                         std::string_view id, Instant now) {
  const auto name = parse_configuration_id(id);
  if (!name) return std::nullopt;
  const auto snapshot =
      catalog::find_configuration(tables, workspace, name->environment, name->digest);
  const auto application = catalog::Applications::find(tables, workspace, name->application);
  const auto environment = catalog::Environments::find(tables, workspace, name->environment);
  if (!snapshot || snapshot->application != name->application || !application || !environment) {
    return std::nullopt;
  }
  SubjectContent content;
  content.digest =
      sha256("holdpoint-configuration/v1\n" +
             to_json_text(SignedConfiguration{1, name->application, name->environment,
                                              environment->record.id.text(), name->digest}));
  content.title = "the configuration of " + name->application + " in " + name->environment;
  content.application = name->application;
  content.environment = name->environment;
  add_editor(tables, workspace,
             snapshot->recorded_by.starts_with("per_") ? "person" : "service_account",
             snapshot->recorded_by, content);
  policy::ApprovalFacts& facts = content.facts;
  facts.now = {now};
  facts.subject = {std::string(configuration_kind), std::string(id), snapshot->recorded_by, false};
  const catalog::Application& app = application->record;
  facts.application = {app.name, app.criticality, app.data_classes, app.owners};
  const catalog::Environment& env = environment->record;
  facts.environment = policy::EnvironmentSubject{env.name, env.environment_kind, env.position,
                                                 env.requires_certification};
  facts.flags = policy::flags_of(app.data_classes);
  return content;
}

}  // namespace

SubjectContent content_of(engine::Connection& tables, std::string_view workspace,
                          const policy::Proposal& proposal, Instant now) {
  SubjectContent content;
  content.digest = sha256("holdpoint-policy-proposal/v1\n" +
                          to_json_text(SignedProposal{1, proposal.id.text(), proposal.base_revision,
                                                      proposal.changes}));
  content.title = "a change of " + std::to_string(proposal.changes.size()) +
                  (proposal.changes.size() == 1 ? " policy" : " policies");
  add_editor(tables, workspace,
             proposal.proposer_kind == policy::ProposerKind::person ? "person" : "service_account",
             proposal.proposed_by, content);
  content.facts.now = {now};
  content.facts.subject = {std::string(proposal_kind), proposal.id.text(), proposal.proposed_by,
                           false};
  return content;
}

SubjectSource proposal_source() {
  return {std::string(proposal_kind), read_proposal, AskedPolicies::naming_the_subject,
          Users::anybody};
}

SubjectSource configuration_source() {
  return {std::string(configuration_kind), read_configuration, AskedPolicies::naming_the_subject,
          Users::who_did_not_sign};
}

}  // namespace holdpoint::approvals

// The gate over HTTP.
#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "deployments/edge/deployments_edge.hpp"
#include "evidence/edge/evidence_queries.hpp"
#include "identity/identity.hpp"

namespace holdpoint::deployments {
namespace {

namespace edge = engine::edge;

struct GateAnswer {
  Decision decision{};
  std::string application;
  std::string version;
  std::string environment;
  std::optional<Digest> artifact;
  std::vector<releases::Artifact> artifacts;  // the ones the answer holds for
  std::optional<std::string> certification;
  std::optional<std::string> approval;         // the latest request for one
  std::optional<std::string> change;           // the change request that governs it
  std::optional<std::string> freeze_override;  // that lets it through the freezes
  std::optional<Instant> opens_at;             // by itself
  std::vector<Reason> reasons;
  std::vector<certification::CriteriaView> policies;  // of the gate, with what each of them says
  std::map<std::string, std::string> names;           // of the people whom the reasons name by id
  std::uint64_t sequence = 0;                         // entries of the log that the answer rests on
  Instant checked_at;
};
HP_DESCRIBE(GateAnswer, decision, application, version, environment, artifact, artifacts,
            certification, approval, change, freeze_override, opens_at, reasons, policies, names,
            sequence, checked_at)

std::expected<GateQuestion, http::Response> question_of(const http::Request& request) {
  GateQuestion question;
  JsonIssues issues;
  const auto required = [&](const char* name, std::string& to) {
    const auto value = request.query(name);
    if (value && !value->empty()) {
      to = *value;
    } else {
      issues.push_back({name, "required", 0});
    }
  };
  required("application", question.application);
  required("version", question.version);
  required("environment", question.environment);
  if (const auto artifact = request.query("artifact")) {
    question.artifact = Digest::parse(*artifact);
    if (!question.artifact) {
      issues.push_back({"artifact", "expected sha256: and 64 hex digits", 0});
    }
  }
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  return question;
}

/// The ids of people in a sentence.
std::vector<std::string> people_in(std::string_view sentence) {
  std::vector<std::string> found;
  const std::string prefix = std::string(identity::PersonTag::prefix) + "_";
  for (auto at = sentence.find(prefix); at != std::string_view::npos;
       at = sentence.find(prefix, at + 1)) {
    const std::string_view id = sentence.substr(at, prefix.size() + kUlidLength);
    if (identity::PersonId::parse(id)) found.emplace_back(id);
  }
  return found;
}

}  // namespace

std::map<std::string, std::string> Gate::names_in(engine::Connection& tables,
                                                  std::string_view workspace,
                                                  const std::vector<Reason>& reasons) const {
  std::map<std::string, std::string> names;
  const auto add = [&](std::string_view sentence) {
    for (const std::string& id : people_in(sentence)) {
      const auto [row, is_new] = names.try_emplace(id);
      if (is_new) {
        row->second = identity::display_name(engine_, tables, workspace, "person", id);
      }
    }
  };
  for (const Reason& reason : reasons) {
    if (reason.detail) add(*reason.detail);
    for (const Next& step : reason.next) add(step.actor);
  }
  return names;
}

std::optional<http::Response> Gate::answer_at_once(const http::Request& request,
                                                   std::string_view workspace) {
  auto cached = cache_.find(workspace, request.target, engine_.ports().clock.now());
  if (!cached) return std::nullopt;
  return http::json_text_response(200, std::move(*cached));
}

http::Response Gate::answer(const http::Request& request) {
  const auto question = question_of(request);
  if (!question) return question.error();
  const std::string& workspace = edge::caller_of(request).workspace;
  const std::uint64_t generation = cache_.generation(workspace);
  const auto tables = engine_.read();
  const Snapshot snapshot{*tables, engine_.ports().objects, workspace, engine_.ports().clock.now()};
  auto gathered = source_->gather(snapshot, *question);
  if (!gathered) return edge::respond(gathered.error());
  if (!*gathered) return edge::respond(gathered->error());
  const GateFacts& facts = (**gathered).facts;
  GateAnswer answer{.application = question->application,
                    .version = question->version,
                    .environment = question->environment,
                    .artifact = question->artifact,
                    .certification = (**gathered).certification,
                    .approval = facts.approval.request};
  GateVerdict verdict = decide_gate(*question, facts);
  answer.decision = verdict.decision;
  answer.opens_at = verdict.opens_at;
  if (facts.change) answer.change = facts.change->change;
  answer.freeze_override = verdict.freeze_override;
  answer.reasons = std::move(verdict.reasons);
  answer.names = names_in(*tables, workspace, answer.reasons);
  answer.policies = std::move(verdict.policies);
  for (const auto& artifact : facts.artifacts) {
    if (!question->artifact || artifact.digest == *question->artifact) {
      answer.artifacts.push_back(artifact);
    }
  }
  answer.sequence = static_cast<std::uint64_t>(
      tables->integer("SELECT size FROM ledger_head WHERE workspace = $1", workspace).value_or(0));
  answer.checked_at = facts.now;
  std::string text = to_json_text(answer);
  // Names are read anew each time: who was erased or renamed is no entry of this log.
  if ((**gathered).lasts && answer.names.empty()) {
    auto valid_until = catalog::next_freeze_change(
        facts.freezes, {question->application, question->environment}, facts.now);
    const auto& waived_until = (**gathered).waived_until;
    if (waived_until) valid_until = std::min(valid_until.value_or(*waived_until), *waived_until);
    cache_.remember(workspace, request.target, generation, {text, valid_until});
  }
  return http::json_text_response(200, std::move(text));
}

std::vector<http::Route> routes(std::shared_ptr<Gate> gate) {
  http::Route check{.method = "GET",
                    .path = "/api/v1/{workspace}/gate",
                    .permission = "gate.check",
                    .summary = "May this version be deployed to this environment?",
                    .operation_id = "check_gate",
                    .tag = "deployments"};
  check.query = {
      {"application", "Name of the application", "string", http::Presence::required},
      {"version", "Version of the release", "string", http::Presence::required},
      {"environment", "Name of the environment", "string", http::Presence::required},
      {"artifact", "Digest of what is to be deployed", "string", http::Presence::optional}};
  check.response = edge::schema_of<GateAnswer>();
  check.statuses = {200, 404, 422};
  check.handler = [gate](http::Request& request) { return gate->answer(request); };
  return {std::move(check)};
}

void add_standing(engine::Connection& tables, std::string_view workspace,
                  const releases::Release& release, json::object& document) {
  const auto found = certification::latest_certification(tables, workspace, release.id.text());
  if (!found) {
    document["readiness"] = "not_started";
    return;
  }
  document["certification"] = {{"id", found->id.text()},
                               {"state", describe::enum_text(found->state)},
                               {"at", found->at.text()}};
  const auto application = catalog::Applications::find(tables, workspace, release.application);
  const bool current = application && found->at >= application->changed_at &&
                       !catalog::has_drifted(tables, workspace, release.application, found->at) &&
                       found->evidence_digest == evidence::current_evidence_digest(
                                                     tables, workspace, release.id.text()) &&
                       found->criteria_digest ==
                           policy::criteria_digest(policy::criteria_in_force(tables, workspace));
  const bool certified = found->state == certification::State::certified;
  document["readiness"] = !certified ? "blocked" : current ? "ready" : "needs_attention";
}

}  // namespace holdpoint::deployments

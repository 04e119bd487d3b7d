// The gate over HTTP.
#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "certification/edge/certification_queries.hpp"
#include "certification/edge/record_queries.hpp"
#include "deployments/edge/deployments_edge.hpp"
#include "evidence/edge/evidence_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "policy/edge/policy_queries.hpp"

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
  std::optional<Instant> opens_at;  // by itself
  std::vector<Reason> reasons;
  std::vector<certification::CriteriaView> policies;  // of the gate, with what each of them says
  std::uint64_t sequence = 0;                         // entries of the log that the answer rests on
  Instant checked_at;
};
HP_DESCRIBE(GateAnswer, decision, application, version, environment, artifact, artifacts,
            certification, opens_at, reasons, policies, sequence, checked_at)

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

GateFacts::Standing standing_of(engine::ObjectStore& objects,
                                const certification::Certification& found) {
  GateFacts::Standing standing{.state = found.state,
                               .id = found.id.text(),
                               .at = found.at,
                               .evidence_digest = found.evidence_digest,
                               .criteria_digest = found.criteria_digest,
                               .revoked_because = found.revoked_because,
                               .verdict = std::nullopt};
  if (found.state == certification::State::refused) {
    if (auto verdict = certification::verdict_of(objects, found)) {
      standing.verdict = std::move(*verdict);
    }
  }
  return standing;
}

}  // namespace

std::optional<http::Response> Gate::answer_at_once(const http::Request& request,
                                                   std::string_view workspace) {
  auto cached = cache_.find(workspace, request.target, engine_.ports().clock.now());
  if (!cached) return std::nullopt;
  return http::json_text_response(200, std::move(*cached));
}

Gate::Held Gate::gather_policies(engine::Connection& tables, std::string_view workspace,
                                 GateFacts& facts) {
  auto held = Held::until_changed;
  bool asks_for_record = false;
  for (const policy::Policy& one :
       policy::policies_in_force(tables, workspace, policy::Kind::gate_policy)) {
    auto ready = library_->compiled(one, engine_.ports().objects);
    if (!ready) {
      facts.policies.reset();
      return Held::now_only;
    }
    const policy::CriteriaDocument& document = ready->document();
    if (document.mode != policy::Mode::off) {
      asks_for_record |= policy::mentions(document, "record");
      if (asks_for_record || policy::mentions(document, "now")) held = Held::now_only;
    }
    facts.policies->push_back(std::move(*ready));
  }
  if (asks_for_record) {
    facts.record = certification::team_record(tables, workspace, facts.application,
                                              facts.release_id, facts.now);
  }
  return held;
}

Gate::Held Gate::judge_now(engine::Connection& tables, std::string_view workspace,
                           const catalog::Application& application,
                           const certification::Certification& found, Instant now,
                           GateFacts::Standing& standing) {
  if (standing.state != certification::State::certified) return Held::until_changed;
  auto& objects = engine_.ports().objects;
  std::vector<policy::CompiledCriteria> compiled;
  for (const auto& criteria : policy::criteria_in_force(tables, workspace)) {
    auto ready = library_->compiled(criteria, objects);
    if (!ready) {
      standing.state = certification::State::refused;  // without a verdict: the gate is unknown
      return Held::now_only;
    }
    compiled.push_back(std::move(*ready));
  }
  if (!certification::depends_on_time(compiled)) return Held::until_changed;
  auto facts = certification::facts_of(objects, found);
  if (!facts) {
    standing.state = certification::State::refused;
    return Held::now_only;
  }
  facts->now = {now};
  facts->record =
      certification::team_record(tables, workspace, application, found.release, facts->now.at);
  auto verdict = certification::judge(*facts, compiled);
  if (!verdict.passed) {
    standing.state = certification::State::refused;
    standing.verdict = std::move(verdict);
  }
  return Held::now_only;
}

http::Response Gate::answer(const http::Request& request) {
  const auto question = question_of(request);
  if (!question) return question.error();
  const std::string& workspace = edge::caller_of(request).workspace;
  const std::uint64_t generation = cache_.generation(workspace);
  const auto tables = engine_.read();
  GateFacts facts;
  facts.now = engine_.ports().clock.now();
  Held held = Held::until_changed;
  auto application = catalog::Applications::find(*tables, workspace, question->application);
  if (!application)
    return edge::respond(catalog::Applications::not_found(question->application).error());
  auto environment = catalog::Environments::find(*tables, workspace, question->environment);
  if (!environment) return edge::respond(environment_not_found(question->environment));
  facts.application_changed_at = application->changed_at;
  facts.application = std::move(application->record);
  facts.environment = std::move(environment->record);
  facts.freezes = catalog::freezes_in_force(*tables, workspace);
  auto& objects = engine_.ports().objects;
  GateAnswer answer{.application = question->application,
                    .version = question->version,
                    .environment = question->environment,
                    .artifact = question->artifact};
  const auto release =
      releases::find_release(*tables, workspace, question->application + "@" + question->version);
  if (release) {
    facts.release_exists = true;
    facts.release_id = release->id.text();
    auto contents = releases::contents_of(objects, *release);
    if (!contents) return edge::respond(contents.error());
    facts.artifacts = std::move(contents->artifacts);
    facts.evidence_digest =
        evidence::current_evidence_digest(*tables, workspace, release->id.text());
    facts.criteria_digest = policy::criteria_digest(policy::criteria_in_force(*tables, workspace));
    if (const auto found =
            certification::latest_certification(*tables, workspace, release->id.text())) {
      facts.certification = standing_of(objects, *found);
      held =
          judge_now(*tables, workspace, facts.application, *found, facts.now, *facts.certification);
      facts.certification_moves = held == Held::now_only;
      answer.certification = found->id.text();
      facts.drift = catalog::configuration_drift(*tables, workspace, question->application,
                                                 question->environment, found->at);
    }
    facts.incidents = incidents::open_incidents(*tables, workspace);
    if (gather_policies(*tables, workspace, facts) == Held::now_only) held = Held::now_only;
  }
  GateVerdict verdict = decide_gate(*question, facts);
  answer.decision = verdict.decision;
  answer.opens_at = verdict.opens_at;
  answer.reasons = std::move(verdict.reasons);
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
  if (held == Held::until_changed) {
    const auto valid_until = catalog::next_freeze_change(
        facts.freezes, {question->application, question->environment}, facts.now);
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

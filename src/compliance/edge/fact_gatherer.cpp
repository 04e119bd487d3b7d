// See fact_gatherer.hpp.
#include "compliance/edge/fact_gatherer.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "approvals/edge/approval_queries.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_queries.hpp"
#include "certification/edge/certification_queries.hpp"
#include "changes/edge/change_queries.hpp"
#include "compliance/edge/verification_queries.hpp"
#include "compliance/status.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "deployments/edge/refused_start_queries.hpp"
#include "deployments/promotion.hpp"
#include "evidence/edge/evidence_queries.hpp"
#include "identity/edge/access_review_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "policy/edge/policy_queries.hpp"
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::compliance {
namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kDateBytes = 10;  // "2026-12-01"

using Requests = std::map<std::string, std::vector<RequestFacts>>;

class Gatherer {
 public:
  Gatherer(engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
           const Extent& extent, Instant now)
      : tables_(tables), objects_(objects), workspace_(workspace), extent_(extent) {
    out_.now = std::min(now, extent.period.until);
    out_.period = extent.period;
  }

  WorkspaceFacts run() {
    out_.verification = last_verification(tables_, extent_.period.until);
    add_access_review();
    add_incidents();
    add_criteria();
    const Requests requests = gather_requests();
    for (const catalog::Application& application : applications()) {
      const auto found = requests.find(application.name);
      out_.applications.push_back(facts_of(
          application, found == requests.end() ? std::vector<RequestFacts>{} : found->second));
    }
    return std::move(out_);
  }

 private:
  std::vector<catalog::Application> applications() {
    std::vector<catalog::Application> all;
    const auto wanted =
        extent_.release ? std::optional(extent_.release->application) : extent_.application;
    if (wanted) {
      if (auto one = catalog::Applications::find(tables_, workspace_, *wanted)) {
        all.push_back(std::move(one->record));
      }
      return all;
    }
    std::string after;
    while (true) {
      auto page =
          catalog::Applications::list(tables_, workspace_, after, kPage, {{"state", "active"}});
      for (auto& one : page) {
        if (all.size() == applications_max) {
          out_.is_cut = true;
          return all;
        }
        after = one.record.name;
        all.push_back(std::move(one.record));
      }
      if (page.size() < kPage) return all;
    }
  }

  void add_access_review() {
    std::int64_t after = -1;
    std::size_t seen = 0;
    std::optional<identity::AccessReview> last;
    while (seen < access_reviews_looked_at_max) {
      auto page = identity::list_access_reviews(tables_, workspace_, after, kPage);
      for (auto& [seq, review] : page) {
        ++seen;
        after = seq;
        const bool is_closed = review.closed_at && *review.closed_at < extent_.period.until;
        if (is_closed && (!last || *last->closed_at <= *review.closed_at)) last = std::move(review);
      }
      if (page.size() < kPage) break;
    }
    if (!last) return;
    AccessReviewFacts facts{last->id.text(), *last->closed_at, 0};
    for (const auto& [line, answer] : identity::answers_of(tables_, workspace_, last->id.text())) {
      facts.unanswered += identity::is_overdue(answer.answer) ? 1 : 0;
    }
    out_.access_review = std::move(facts);
  }

  void add_incidents() {
    incidents::IncidentFilter filter;
    filter.limit = incidents_looked_at_max + 1;
    auto page = incidents::list_incidents(tables_, workspace_, filter);
    if (page.size() > incidents_looked_at_max) {
      // The next ones may concern the period, unless they were over before it; that is not known.
      out_.is_cut = true;
      page.pop_back();
    }
    for (const auto& [seq, one] : page) {
      if (one.declared_at >= extent_.period.until) continue;
      const bool is_over = one.resolved_at && *one.resolved_at < extent_.period.from;
      if (is_over) continue;
      out_.incidents.push_back({one.id.text(), one.declared_at, one.applications,
                                incidents::is_major(one.severity), one.resolved_at});
    }
  }

  void add_criteria() {
    const std::string today = out_.now.text().substr(0, kDateBytes);
    for (const policy::Policy& one : policy::criteria_in_force(tables_, workspace_)) {
      out_.criteria.push_back({one.name, one.mode == "enforce",
                               one.review_by.has_value() && *one.review_by < today,
                               one.applied_at});
    }
  }

  /// By application.
  Requests gather_requests() {
    auto all = approvals::requests_between(tables_, workspace_, extent_.period.from,
                                           extent_.period.until, requests_looked_at_max + 1);
    if (all.size() > requests_looked_at_max) {
      all.pop_back();
      out_.is_cut = true;
    }
    Requests requests;
    for (const approvals::Request& one : all) {
      if (!one.application || !is_of_release(one)) continue;
      requests[*one.application].push_back(facts_of(one));
    }
    return requests;
  }

  [[nodiscard]] bool is_of_release(const approvals::Request& request) const {
    if (!extent_.release) return true;
    if (request.subject.kind != deployments::promotion_kind) return false;
    const auto name = deployments::parse_promotion_id(request.subject.id);
    return name && name->release == extent_.release->name();
  }

  RequestFacts facts_of(const approvals::Request& request) {
    RequestFacts facts;
    facts.id = request.id.text();
    facts.at = request.requested_at;
    facts.granted = request.valid_until.has_value();
    for (const approvals::Vote& vote : request.votes) {
      if (vote.choice != approvals::Choice::approve) continue;
      const bool is_asker = vote.person == request.requested_by;
      facts.signed_by_asker |= is_asker;
      facts.signed_by_others |= !is_asker;
    }
    facts.attempts_refused =
        static_cast<std::int64_t>(approvals::attempts_of(tables_, workspace_, facts.id).size());
    return facts;
  }

  ApplicationFacts facts_of(const catalog::Application& application,
                            std::vector<RequestFacts> requests) {
    ApplicationFacts facts;
    facts.application = application;
    facts.requests = std::move(requests);
    std::vector<std::string> production;
    for (const std::string& name : environments_of(application)) {
      const auto kind = kind_of(name);
      if (!kind) continue;
      facts.environments.push_back(*kind);
      if (*kind == catalog::EnvironmentKind::production) production.push_back(name);
    }
    facts.release = release_of(application.name);
    add_deployments(facts);
    add_shipped(facts);
    add_refused_starts(facts);
    add_waivers(facts);
    add_emergencies(facts);
    add_configurations(production, facts);
    return facts;
  }

  /// The one that is asked about, or the newest of its time that was judged.
  std::optional<ReleaseFacts> release_of(const std::string& application) {
    if (extent_.release) return facts_of(*extent_.release);
    releases::ReleaseFilter filter;
    filter.application = application;
    filter.limit = certification::releases_looked_at_max;
    while (true) {
      const auto page = releases::list_releases(tables_, workspace_, filter);
      for (const auto& [seq, one] : page) {
        filter.before = seq;
        if (one.created_at >= extent_.period.until) continue;
        if (certification::latest_certification(tables_, workspace_, one.id.text())) {
          return facts_of(one);
        }
        if (one.created_at < extent_.period.from) return std::nullopt;
      }
      if (page.size() < filter.limit) return std::nullopt;
    }
  }

  ReleaseFacts facts_of(const releases::Release& release) {
    ReleaseFacts facts;
    facts.id = release.id.text();
    facts.name = release.name();
    facts.at = release.created_at;
    const auto standing = certification::latest_certification(tables_, workspace_, facts.id);
    for (const auto& one : evidence::current_evidence(tables_, workspace_, facts.id)) {
      HeldEvidence held{one.id.text(), one.kind, one.status, one.received_at, 0};
      if (one.counts.tests) held.failures = one.counts.tests->failed + one.counts.tests->errors;
      facts.evidence.push_back(std::move(held));
    }
    if (!standing) return facts;
    HeldCertification held;
    held.id = standing->id.text();
    held.certified = standing->state == certification::State::certified;
    held.is_signed = standing->envelope_digest.has_value();
    held.at = standing->at;
    if (extent_.needs_criteria) held.criteria = criteria_of(*standing);
    facts.certification = std::move(held);
    return facts;
  }

  /// Other releases that were deployed in the period, with their evidence.
  void add_shipped(ApplicationFacts& facts) {
    std::set<std::string> seen;
    if (facts.release) seen.insert(facts.release->id);
    for (const DeploymentFacts& one : facts.deployments) {
      if (!seen.insert(one.release).second) continue;
      if (facts.shipped.size() == shipped_looked_at_max) {
        facts.is_cut = true;
        return;
      }
      const auto release = releases::find_release(tables_, workspace_, one.release);
      if (release) facts.shipped.push_back(facts_of(*release));
    }
  }

  /// None when what was judged cannot be read: then nothing is known of single criteria.
  std::vector<JudgedCriteria> criteria_of(const certification::Certification& standing) {
    std::vector<JudgedCriteria> criteria;
    const auto verdict = certification::verdict_of(objects_, standing);
    if (!verdict) return criteria;
    for (const certification::CriteriaView& one : verdict->criteria) {
      if (!one.applicable) continue;
      const bool says_no = std::ranges::any_of(one.rules, [](const certification::RuleView& rule) {
        return rule.result == "fail" || rule.result == "error" || rule.result == "waived";
      });
      criteria.push_back({one.name, one.mode == "enforce", one.passed, !one.passed && !says_no});
    }
    return criteria;
  }

  /// An application that names none may go to every one.
  std::vector<std::string> environments_of(const catalog::Application& application) {
    if (!application.environments.empty()) return application.environments;
    std::vector<std::string> names;
    for (const auto& one :
         catalog::Environments::list(tables_, workspace_, "", kPage, {{"state", "active"}})) {
      names.push_back(one.record.name);
    }
    return names;
  }

  std::optional<catalog::EnvironmentKind> kind_of(const std::string& environment) {
    const auto known = kinds_.find(environment);
    if (known != kinds_.end()) return known->second;
    const auto found = catalog::Environments::find(tables_, workspace_, environment);
    const auto kind = found ? std::optional(found->record.environment_kind) : std::nullopt;
    return kinds_.emplace(environment, kind).first->second;
  }

  void add_deployments(ApplicationFacts& facts) {
    deployments::DeploymentFilter filter;
    filter.application = facts.application.name;
    filter.limit = kPage;
    std::size_t seen = 0;
    while (true) {
      const auto page = deployments::list_deployments(tables_, workspace_, filter);
      for (const auto& [seq, one] : page) {
        filter.before = seq;
        if (one.started_at < extent_.period.from) return;
        if (++seen > deployments_looked_at_max) {
          facts.is_cut = true;
          return;
        }
        const bool is_there = kind_of(one.environment) == catalog::EnvironmentKind::production;
        const bool is_meant = !extent_.release || one.release == extent_.release->id.text();
        if (is_there && is_meant) add_deployment(one, facts);
      }
      if (page.size() < kPage) return;
    }
  }

  void add_deployment(const deployments::Deployment& one, ApplicationFacts& facts) const {
    if (one.started_at >= extent_.period.until ||
        one.state == deployments::DeploymentState::cancelled) {
      return;
    }
    DeploymentFacts deployment;
    deployment.id = one.id.text();
    deployment.release = one.release;
    deployment.at = one.started_at;
    deployment.running = one.state == deployments::DeploymentState::running;
    deployment.failed =
        one.state == deployments::DeploymentState::failed || one.implicated_by.has_value();
    deployment.certified = one.certification.has_value();
    deployment.approved = one.approval.has_value();
    deployment.has_artifact = one.artifact.has_value();
    deployment.finished_at = one.finished_at;
    deployment.verified_at = one.verified_at;
    facts.deployments.push_back(std::move(deployment));
  }

  void add_refused_starts(ApplicationFacts& facts) {
    deployments::RefusedStartFilter filter;
    filter.application = facts.application.name;
    if (extent_.release) filter.release = extent_.release->id.text();
    filter.from = extent_.period.from;
    filter.until = extent_.period.until;
    filter.limit = refused_starts_looked_at_max;
    for (const auto& [seq, one] : deployments::list_refused_starts(tables_, workspace_, filter)) {
      facts.refused_starts.push_back({"refused_start", one.id.text(), one.at});
    }
  }

  void add_waivers(ApplicationFacts& facts) {
    waivers::WaiverFilter filter;
    filter.state = waivers::State::in_force;
    filter.application = facts.application.name;
    filter.limit = waivers_looked_at_max + 1;
    const auto waivers = waivers::list_waivers(tables_, workspace_, filter);
    if (waivers.size() > waivers_looked_at_max) facts.is_cut = true;
    for (const auto& [seq, one] : waivers) {
      if (one.expires_at <= out_.now) continue;
      facts.waivers.push_back(
          {one.id.text(), one.requested_at, one.approval.has_value(), one.expires_at});
    }
  }

  void add_emergencies(ApplicationFacts& facts) {
    changes::ChangeFilter filter;
    filter.type = changes::ChangeType::emergency;
    filter.application = facts.application.name;
    filter.limit = emergencies_looked_at_max + 1;
    const auto emergencies = changes::list_changes(tables_, workspace_, filter);
    if (emergencies.size() > emergencies_looked_at_max) facts.is_cut = true;
    for (const auto& [seq, one] : emergencies) {
      const bool is_open = one.review_due.has_value() && !one.reviewed_at.has_value();
      const bool is_overdue = is_open && *one.review_due < out_.now;
      if (!extent_.period.holds(one.created_at) && !is_open) continue;
      facts.emergencies.push_back({one.id.text(), one.created_at, is_overdue, is_open});
    }
  }

  void add_configurations(const std::vector<std::string>& production, ApplicationFacts& facts) {
    for (const std::string& environment : production) {
      ConfigurationFacts one{environment, false, false};
      one.recorded =
          catalog::current_configuration(tables_, workspace_, facts.application.name, environment)
              .has_value();
      if (facts.release && facts.release->certification) {
        one.drifted = catalog::configuration_drift(tables_, workspace_, facts.application.name,
                                                   environment, facts.release->certification->at)
                          .has_value();
      }
      facts.configurations.push_back(std::move(one));
    }
  }

  engine::Connection& tables_;
  engine::ObjectStore& objects_;
  std::string_view workspace_;
  const Extent& extent_;
  WorkspaceFacts out_;
  std::map<std::string, std::optional<catalog::EnvironmentKind>> kinds_;
};

}  // namespace

WorkspaceFacts gather_facts(engine::Connection& tables, engine::ObjectStore& objects,
                            std::string_view workspace, const Extent& extent, Instant now) {
  return Gatherer(tables, objects, workspace, extent, now).run();
}

}  // namespace holdpoint::compliance

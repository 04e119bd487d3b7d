// See metric_gatherer.hpp.
#include "metrics/edge/metric_gatherer.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "approvals/edge/approval_queries.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "certification/edge/certification_queries.hpp"
#include "certification/edge/record_queries.hpp"
#include "changes/edge/change_queries.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "incidents/edge/incident_queries.hpp"
#include "releases/edge/release_queries.hpp"
#include "waivers/edge/waiver_queries.hpp"

namespace holdpoint::metrics {
namespace {

constexpr std::size_t kPage = 500;

class Gatherer {
 public:
  Gatherer(engine::Connection& tables, std::string_view workspace, const Span& span)
      : tables_(tables), workspace_(workspace), span_(span) {}

  Facts run() {
    add_deployed();
    add_approved();
    add_attempted();
    add_judged();
    add_changed();
    return std::move(out_);
  }

 private:
  bool is_production(const std::string& environment) {
    const auto known = production_.find(environment);
    if (known != production_.end()) return known->second;
    const auto found = catalog::Environments::find(tables_, workspace_, environment);
    const bool is = found && found->record.environment_kind == catalog::EnvironmentKind::production;
    return production_.emplace(environment, is).first->second;
  }

  std::optional<Instant> proposed(const std::string& release) {
    const auto known = proposed_.find(release);
    if (known != proposed_.end()) return known->second;
    return proposed_.emplace(release, releases::proposed_at(tables_, workspace_, release))
        .first->second;
  }

  /// Later deployments too: what failed in the span may work again after it.
  void add_deployed() {
    deployments::DeploymentFilter filter;
    filter.limit = kPage;
    while (true) {
      const auto page = deployments::list_deployments(tables_, workspace_, filter);
      for (const auto& [seq, one] : page) {
        filter.before = seq;
        if (one.started_at < span_.from - deployment_run_max) return finish_deployed();
        if (out_.deployed.size() == facts_max) {
          out_.is_cut = true;
          return finish_deployed();
        }
        add(one);
      }
      if (page.size() < kPage) return finish_deployed();
    }
  }

  void finish_deployed() {
    std::ranges::sort(out_.deployed, [](const Deployed& a, const Deployed& b) {
      return std::tie(a.at, a.id) < std::tie(b.at, b.id);
    });
  }

  void add(const deployments::Deployment& one) {
    const bool has_ended = one.state == deployments::DeploymentState::succeeded ||
                           one.state == deployments::DeploymentState::failed;
    if (!has_ended || !one.finished_at) return;
    Deployed fact;
    fact.id = one.id.text();
    fact.application = one.application;
    fact.environment = one.environment;
    fact.is_production = is_production(one.environment);
    fact.at = *one.finished_at;
    fact.proposed_at = proposed(one.release);
    fact.governed = one.certification.has_value() || one.approval.has_value();
    if (one.state == deployments::DeploymentState::failed) fact.failed_at = fact.at;
    if (one.implicated_by) {
      const auto incident = incidents::find_incident(tables_, workspace_, *one.implicated_by);
      if (incident) {
        if (!fact.failed_at) fact.failed_at = std::max(incident->declared_at, fact.at);
        fact.restored_at = incident->resolved_at;
      }
    }
    out_.deployed.push_back(std::move(fact));
  }

  void add_approved() {
    auto requests =
        approvals::requests_between(tables_, workspace_, span_.from, span_.until, facts_max + 1);
    if (requests.size() > facts_max) {
      requests.pop_back();
      out_.is_cut = true;
    }
    for (const approvals::Request& one : requests) {
      if (!one.valid_until) continue;
      out_.approved.push_back({one.id.text(), one.application.value_or(""),
                               one.environment.value_or(""), one.requested_at,
                               *one.valid_until - Duration{one.terms.validity_us}});
    }
  }

  void add_attempted() {
    auto attempts =
        certification::first_attempts(tables_, workspace_, span_.from, span_.until, facts_max + 1);
    if (attempts.size() > facts_max) {
      attempts.pop_back();
      out_.is_cut = true;
    }
    for (auto& one : attempts) {
      out_.attempted.push_back(
          {std::move(one.release), std::move(one.application), one.at, one.passed});
    }
  }

  void add_judged() {
    const auto waivers = granted_waivers();
    policy::DecisionPage page{.application = {},
                              .since = span_.from,
                              .decisions = policy::DecisionSelection::standing,
                              .after = {},
                              .limit = kPage};
    while (true) {
      const auto found = certification::list_decisions(tables_, workspace_, page);
      for (const certification::Certification& one : found) {
        page.after = one.id.text();
        if (out_.judged.size() == facts_max) {
          out_.is_cut = true;
          return;
        }
        const bool is_refused = one.state == certification::State::refused;
        if (is_refused && !one.shortfall) continue;  // nobody recorded on what grounds
        Judged fact{.id = one.id.text(), .application = one.application, .at = one.at};
        fact.complete = !is_refused || one.shortfall == certification::Shortfall::failed;
        fact.certified = !is_refused;
        fact.excepted = fact.certified && is_excepted(one, waivers);
        out_.judged.push_back(std::move(fact));
      }
      if (found.size() < kPage) return;
    }
  }

  std::vector<waivers::Waiver> granted_waivers() {
    std::vector<waivers::Waiver> granted;
    waivers::WaiverFilter filter;
    filter.limit = kPage;
    while (true) {
      auto page = waivers::list_waivers(tables_, workspace_, filter);
      for (auto& [seq, one] : page) {
        filter.before = seq;
        if (!one.granted_at || one.expires_at <= span_.from) continue;
        if (granted.size() == facts_max) {
          out_.is_cut = true;
          return granted;
        }
        granted.push_back(std::move(one));
      }
      if (page.size() < kPage) return granted;
    }
  }

  static bool is_excepted(const certification::Certification& one,
                          const std::vector<waivers::Waiver>& granted) {
    return std::ranges::any_of(granted, [&](const waivers::Waiver& waiver) {
      const bool is_of_it = waiver.scope == waivers::Scope::release
                                ? waiver.release == one.release
                                : waiver.application == one.application;
      const bool was_over = waiver.ended_at && *waiver.ended_at <= one.at;
      return is_of_it && *waiver.granted_at <= one.at && one.at < waiver.expires_at && !was_over;
    });
  }

  void add_changed() {
    changes::ChangeFilter filter;
    filter.limit = kPage;
    std::size_t seen = 0;
    while (true) {
      const auto page = changes::list_changes(tables_, workspace_, filter);
      for (const auto& [seq, one] : page) {
        filter.before = seq;
        if (++seen > facts_max) {
          out_.is_cut = out_.is_cut || one.created_at >= span_.from;
          return;
        }
        if (!one.submitted_at) continue;
        out_.changed.push_back({one.id.text(), one.content.applications, *one.submitted_at,
                                one.content.type == changes::ChangeType::emergency});
      }
      if (page.size() < kPage) return;
    }
  }

  engine::Connection& tables_;
  std::string_view workspace_;
  const Span& span_;
  Facts out_;
  std::map<std::string, bool> production_;
  std::map<std::string, std::optional<Instant>> proposed_;
};

}  // namespace

Facts gather_facts(engine::Connection& tables, std::string_view workspace, const Span& span) {
  return Gatherer(tables, workspace, span).run();
}

}  // namespace holdpoint::metrics

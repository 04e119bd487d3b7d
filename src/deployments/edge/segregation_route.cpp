// See segregation_route.hpp. The statement is drawn from one committed snapshot.
#include "deployments/edge/segregation_route.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include "approvals/edge/approval_queries.hpp"
#include "approvals/edge/policy_editor_queries.hpp"
#include "changes/edge/change_queries.hpp"
#include "deployments/edge/deployment_queries.hpp"
#include "deployments/edge/promotion_source.hpp"
#include "deployments/edge/refused_start_queries.hpp"
#include "deployments/promotion.hpp"
#include "identity/edge/person_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::deployments {
namespace {

namespace edge = engine::edge;

/// What the statement is about.
struct Extent {
  std::optional<releases::Release> release;
  Instant from;
  Instant until;
};

http::Response wrong_query(std::string name, std::string message) {
  return edge::respond(JsonIssues{{std::move(name), std::move(message), 0}});
}

std::expected<Extent, http::Response> extent_of(const http::Request& request,
                                                engine::Connection& tables,
                                                std::string_view workspace, Instant now) {
  Extent extent{.release = std::nullopt, .from = Instant{0}, .until = now + Duration{1}};
  if (const auto name = request.query("release")) {
    extent.release = releases::find_release(tables, workspace, *name);
    if (!extent.release) {
      return std::unexpected(edge::respond(releases::release_not_found(*name)));
    }
    return extent;
  }
  const auto from = request.query("from");
  if (!from) {
    return std::unexpected(wrong_query("from", "expected the begin of a period, or a release"));
  }
  for (const auto& [name, member] : {std::pair{"from", &extent.from}, {"until", &extent.until}}) {
    const auto text = request.query(name);
    if (!text) continue;
    const auto instant = Instant::parse(*text);
    if (!instant) {
      return std::unexpected(wrong_query(name, "expected an instant such as 2026-11-30T00:00:00Z"));
    }
    *member = *instant;
  }
  if (extent.until <= extent.from) {
    return std::unexpected(wrong_query("until", "expected an instant after 'from'"));
  }
  return extent;
}

class Drawing {
 public:
  Drawing(engine::Engine& engine, const SegregationNeeds& needs, engine::Connection& tables,
          std::string_view workspace)
      : engine_(engine), needs_(needs), tables_(tables), workspace_(workspace) {}

  Result<SegregationStatement> draw(const Extent& extent) {
    out_.workspace = workspace_;
    out_.made_at = engine_.ports().clock.now();
    out_.entries =
        tables_.integer("SELECT count(*) FROM ledger_entry WHERE workspace = $1", workspace_)
            .value_or(0);
    if (extent.release) {
      out_.release = extent.release->name();
    } else {
      out_.from = extent.from;
      out_.until = extent.until;
    }
    auto deployments = deployments_in(extent);
    refused_ = refused_in(extent);
    for (approvals::Request& request : requests_in(extent)) {
      SegregationCase one;
      HP_TRY(one.content, needs_.content(tables_, engine_.ports().objects, workspace_,
                                         request.subject, out_.made_at));
      for (const approvals::Attempt& attempt :
           approvals::attempts_of(tables_, workspace_, request.id.text())) {
        one.refused.push_back({attempt.person_kind, attempt.person, attempt.code, attempt.at, {}});
      }
      std::erase_if(deployments, [&](const Deployment& deployment) {
        const bool is_of_it = deployment.approval == request.id.text();
        if (is_of_it) one.deployments.push_back(deployment);
        return is_of_it;
      });
      auto askers = approvals::earlier_askers(tables_, workspace_, request);
      if (askers.size() > approvals::earlier_askers_max) out_.is_complete = false;
      for (approvals::Asker& asker : askers) {
        one.earlier_askers.emplace_back(std::move(asker.kind), std::move(asker.id));
      }
      auto editors = approvals::policy_editors_of(tables_, workspace_, request);
      if (!editors.is_complete) out_.is_complete = false;
      one.policy_editors = std::move(editors.actors);
      if (request.subject.kind == promotion_kind) {
        one.refused_starts = take_refused(request.subject.id);
      }
      one.request = std::move(request);
      add(std::move(one));
    }
    for (Deployment& deployment : deployments) {
      SegregationCase one;
      one.refused_starts = take_refused(
          promotion_id(deployment.application, deployment.version, deployment.environment));
      one.deployments.push_back(std::move(deployment));
      add(std::move(one));
    }
    while (!refused_.empty()) {
      SegregationCase one;
      one.refused_starts = take_refused(refused_.begin()->first);
      add(std::move(one));
    }
    return std::move(out_);
  }

 private:
  std::vector<approvals::Request> requests_in(const Extent& extent) {
    auto requests = extent.release
                        ? approvals::requests_of(tables_, workspace_, extent.release->application,
                                                 segregation_subjects_max + 1)
                        : approvals::requests_between(tables_, workspace_, extent.from,
                                                      extent.until, segregation_subjects_max + 1);
    bound(requests);
    if (extent.release) {
      std::erase_if(requests, [&](const approvals::Request& request) {
        const auto name = parse_promotion_id(request.subject.id);
        return request.subject.kind != promotion_kind || !name ||
               name->release != extent.release->name();
      });
    }
    return requests;
  }

  std::vector<Deployment> deployments_in(const Extent& extent) {
    DeploymentFilter filter;
    filter.limit = segregation_subjects_max + 1;
    if (extent.release) filter.application = extent.release->application;
    std::vector<Deployment> out;
    for (auto& [seq, deployment] : list_deployments(tables_, workspace_, filter)) {
      out.push_back(std::move(deployment));
    }
    bound(out);
    std::erase_if(out, [&](const Deployment& one) {
      if (extent.release) return one.release != extent.release->id.text();
      return one.started_at < extent.from || extent.until <= one.started_at;
    });
    return out;
  }

  std::map<std::string, std::vector<RefusedStart>> refused_in(const Extent& extent) {
    RefusedStartFilter filter;
    filter.limit = segregation_subjects_max + 1;
    if (extent.release) {
      filter.release = extent.release->id.text();
    } else {
      filter.from = extent.from;
      filter.until = extent.until;
    }
    auto rows = list_refused_starts(tables_, workspace_, filter);
    bound(rows);
    std::map<std::string, std::vector<RefusedStart>> by_promotion;
    for (auto& [seq, one] : std::views::reverse(rows)) {
      by_promotion[promotion_id(one.application, one.version, one.environment)].push_back(
          std::move(one));
    }
    return by_promotion;
  }

  /// Each stands in the statement once, with the first that it belongs to.
  std::vector<RefusedStart> take_refused(const std::string& promotion) {
    auto found = refused_.extract(promotion);
    return found.empty() ? std::vector<RefusedStart>{} : std::move(found.mapped());
  }

  template <class T>
  void bound(std::vector<T>& rows) {
    if (rows.size() <= segregation_subjects_max) return;
    rows.erase(rows.begin() + segregation_subjects_max, rows.end());
    out_.is_complete = false;
  }

  void add(SegregationCase one) {
    for (const Deployment& deployment : one.deployments) {
      const auto change = changes::change_used_by(tables_, workspace_, use_of(deployment.id));
      if (!change || !change->endorsement) continue;
      one.endorsements.push_back({change->id.text(), change->endorsement->person,
                                  change->endorsement->at, deployment.id.text()});
    }
    const auto owners_of = [&](const std::string& kind, const std::string& id) {
      std::vector<std::string> people;
      for (const auto& person : identity::owner_of_actor(tables_, workspace_, kind, id)) {
        people.push_back(person.text());
      }
      return people;
    };
    SegregationSubject subject = segregation_of(one, owners_of);
    out_.is_apart = out_.is_apart && subject.conflicts.empty();
    for (const SegregationAct& act : subject.acts) {
      name(act.actor_kind, act.actor);
      if (act.seat) name("person", *act.seat);
      for (const std::string& person : act.answer_for) name("person", person);
    }
    for (const SegregationRefusal& refusal : subject.refused) {
      name(refusal.actor_kind, refusal.actor);
    }
    out_.subjects.push_back(std::move(subject));
  }

  void name(std::string_view kind, const std::string& id) {
    const auto [row, is_new] = out_.names.try_emplace(id);
    if (is_new) row->second = needs_.display_name(tables_, workspace_, kind, id);
  }

  engine::Engine& engine_;
  const SegregationNeeds& needs_;
  engine::Connection& tables_;
  std::string_view workspace_;
  std::map<std::string, std::vector<RefusedStart>> refused_;  // by promotion, the oldest first
  SegregationStatement out_;
};

}  // namespace

http::Route segregation_route(engine::Engine& engine, SegregationNeeds needs) {
  http::Route route{.method = "GET",
                    .path = "/api/v1/{workspace}/approvals/segregation",
                    .permission = "audit.read",
                    .summary = "Who did what in which role, for a release or a period",
                    .operation_id = "segregation_statement",
                    .tag = "approvals"};
  route.query = {
      {"release", "APP@VERSION; otherwise a period", "string", http::Presence::optional},
      {"from", "The begin of the period", "string", http::Presence::optional},
      {"until", "Its end, which is not in it; now without it", "string", http::Presence::optional}};
  route.response = edge::schema_of<SegregationStatement>();
  route.statuses = {200, 404, 422};
  route.handler = [&engine, needs = std::move(needs)](http::Request& request) {
    const auto tables = engine.read();
    const std::string& workspace = edge::caller_of(request).workspace;
    const auto extent = extent_of(request, *tables, workspace, engine.ports().clock.now());
    if (!extent) return extent.error();
    const auto statement = Drawing(engine, needs, *tables, workspace).draw(*extent);
    return statement ? edge::ok(*statement) : edge::respond(statement.error());
  };
  return route;
}

}  // namespace holdpoint::deployments

// Rollbacks over HTTP: propose, decide, say how it went, clear, drill; and how the rules stand.
#include "rollback/edge/rollback_edge.hpp"

namespace holdpoint::rollback {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 32'768;
constexpr std::int64_t kDrillDaysMax = 3'650;

/// A rollback as the API shows it. Names and reasons are opened when an answer is given and never
/// kept; lists have no reasons.
struct RollbackView {
  Decision rollback;
  std::string proposed_by_name;
  std::optional<std::string> decided_by_name;
  std::optional<std::string> executed_by_name;
  std::optional<std::string> ended_by_name;
  std::optional<std::string> reason;
  std::optional<std::string> decision_reason;
  std::optional<std::string> execution_reason;
  std::optional<std::string> ending_reason;
  std::vector<HealthValue> health_after;  // measured since it took effect
};
HP_DESCRIBE(RollbackView, rollback, proposed_by_name, decided_by_name, executed_by_name,
            ended_by_name, reason, decision_reason, execution_reason, ending_reason, health_after)

struct Trial {
  std::string rollback;
  Origin origin{};
  std::string environment;
  Instant at;
};
HP_DESCRIBE(Trial, rollback, origin, environment, at)

/// A rule in force and whether it was ever seen to work as it is now.
struct RuleView {
  std::string name;
  std::string owner;
  std::string mode;
  Digest digest;
  Instant in_force_since;
  std::optional<policy::RollbackPart> terms;  // absent: the document cannot be read any more
  std::optional<Trial> last_trial;
  bool tested = false;
  std::optional<std::string> untested_because;
};
HP_DESCRIBE(RuleView, name, owner, mode, digest, in_force_since, terms, last_trial, tested,
            untested_because)

/// The id's prefix tells the kind of actor.
ledger::Actor actor_of(std::string_view id, const std::string& kind = "") {
  if (!kind.empty()) return {kind, std::string(id), std::nullopt, std::nullopt};
  if (id.starts_with("per_")) return {"person", std::string(id), std::nullopt, std::nullopt};
  const char* of_program = id.contains('_') ? "service_account" : "system";
  return {of_program, std::string(id), std::nullopt, std::nullopt};
}

class RollbackRoutes {
 public:
  RollbackRoutes(engine::Engine& engine, std::shared_ptr<const Desk> desk)
      : engine_(engine), desk_(std::move(desk)) {}

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    RollbackFilter filter;
    filter.before = wanted->from_newest();
    filter.limit = wanted->rows();
    if (const auto text = request.query("state")) {
      filter.state = describe::enum_parse<State>(*text);
      if (!filter.state) return not_one_of<State>("state");
    }
    if (const auto text = request.query("origin")) {
      filter.origin = describe::enum_parse<Origin>(*text);
      if (!filter.origin) return not_one_of<Origin>("origin");
    }
    if (const auto name = request.query("application")) filter.application = *name;
    if (const auto name = request.query("environment")) filter.environment = *name;
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    return edge::sequence_page(
        list_rollbacks(*tables, workspace, filter), wanted->limit,
        [&](const Decision& one) { return view_of(*tables, workspace, one); });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto id = request.parameter("id");
    const auto found = find_rollback(*tables, workspace, id);
    if (!found) return edge::respond(rollback_not_found(id));
    RollbackView view = view_of(*tables, workspace, *found);
    const auto open = [&](std::optional<std::int64_t> seq,
                          const std::optional<std::string>& by) -> std::optional<std::string> {
      if (!seq || !by) return std::nullopt;
      return engine_.personal(*tables, workspace, static_cast<std::uint64_t>(*seq), *by,
                              engine::reason_path);
    };
    view.reason = open(found->reason_seq, found->proposed_by);
    view.decision_reason = open(found->decision_seq, found->decided_by);
    view.execution_reason = open(found->execution_seq, found->executed_by);
    view.ending_reason = open(found->ending_seq, found->ended_by);
    for (auto& one : health_values(*tables, workspace, found->deployment)) {
      if (one.after == found->id.text()) view.health_after.push_back(std::move(one));
    }
    return edge::ok(view);
  }

  http::Response rules(const http::Request& request) const {
    std::int64_t days = drill_days_default;
    if (const auto text = request.query("days")) {
      const auto parsed = parse_duration(std::string(*text) + "d");
      if (!parsed || parsed->us == 0 || *parsed > Duration::days(kDrillDaysMax)) {
        return edge::respond(JsonIssues{{"days", "expected 1 to 3650", 0}});
      }
      days = parsed->us / Duration::days(1).us;
    }
    const auto& workspace = edge::caller_of(request).workspace;
    const Instant now = engine_.ports().clock.now();
    const auto tables = engine_.read();
    std::vector<RuleView> views;
    for (const policy::Policy& one :
         policy::policies_in_force(*tables, workspace, policy::Kind::rollback_policy)) {
      views.push_back(rule_view_of(*tables, workspace, one, now - Duration::days(days), days));
    }
    return edge::page_of_items(views, std::nullopt);
  }

  template <class Command>
  http::Response make(const http::Request& request, std::string name,
                      engine::Outcome (Desk::*does)(engine::Unit&, const Command&) const) const {
    auto command = edge::body_of<Command>(request);
    if (!command) return std::move(command).error();
    return edge::run(engine_, request, std::move(name),
                     [&](engine::Unit& unit) { return ((*desk_).*does)(unit, *command); });
  }

  template <class Command>
  http::Response act(const http::Request& request, std::string name,
                     engine::Outcome (Desk::*does)(engine::Unit&, std::string_view, const Command&)
                         const) const {
    auto command = edge::body_of<Command>(request);
    if (!command) return std::move(command).error();
    const std::string id(request.parameter("id"));
    return edge::run(engine_, request, std::move(name),
                     [&](engine::Unit& unit) { return ((*desk_).*does)(unit, id, *command); });
  }

 private:
  template <class Enum>
  static http::Response not_one_of(const std::string& name) {
    return edge::respond(
        JsonIssues{{name, "expected one of: " + describe::enum_choices<Enum>(), 0}});
  }

  RollbackView view_of(engine::Connection& tables, std::string_view workspace,
                       const Decision& one) const {
    RollbackView view;
    view.rollback = one;
    const auto named = [&](const ledger::Actor& actor) {
      return desk_->needs().display_name(tables, workspace, actor);
    };
    view.proposed_by_name = named(actor_of(one.proposed_by, one.proposed_by_kind));
    if (one.decided_by && one.decider == Decider::person) {
      view.decided_by_name = named(actor_of(*one.decided_by));
    }
    if (one.executed_by) view.executed_by_name = named(actor_of(*one.executed_by));
    if (one.ended_by) view.ended_by_name = named(actor_of(*one.ended_by));
    return view;
  }

  RuleView rule_view_of(engine::Connection& tables, std::string_view workspace,
                        const policy::Policy& one, Instant since, std::int64_t days) const {
    RuleView view{.name = one.name,
                  .owner = one.owner,
                  .mode = one.mode,
                  .digest = one.digest,
                  .in_force_since = one.applied_at,
                  .terms = std::nullopt,
                  .last_trial = std::nullopt,
                  .tested = false,
                  .untested_because = std::nullopt};
    if (const auto compiled = desk_->library().compiled(one, engine_.ports().objects)) {
      auto terms = from_json<policy::RollbackPart>(compiled->document().part);
      if (terms) view.terms = std::move(*terms);
    }
    const auto last = last_tried(tables, workspace, one.name);
    if (!last || !last->executed_at) {
      view.untested_because = "it was never carried out, nor drilled";
      return view;
    }
    view.last_trial = Trial{last->id.text(), last->origin, last->environment, *last->executed_at};
    if (last->trigger.policy_digest != one.digest) {
      view.untested_because = "the rule was changed since it was tried";
    } else if (*last->executed_at < since) {
      view.untested_because = "it was not tried within " + std::to_string(days) + " days";
    } else {
      view.tested = true;
    }
    return view;
  }

  engine::Engine& engine_;
  std::shared_ptr<const Desk> desk_;
};

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/rollbacks" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "rollbacks"};
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.response = edge::schema_of<RollbackMoved>();
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = kBodyBytesMax;
}

using Shared = std::shared_ptr<RollbackRoutes>;

template <class Command>
http::Route acts(const Shared& shared, http::Route route, std::string name,
                 engine::Outcome (Desk::*does)(engine::Unit&, std::string_view, const Command&)
                     const) {
  takes(route, edge::schema_of<Command>(), {200, 400, 403, 404, 409, 415, 422, 429});
  route.handler = [shared, name = std::move(name), does](http::Request& request) {
    return shared->act(request, name, does);
  };
  return route;
}

template <class Command>
http::Route makes(const Shared& shared, http::Route route, std::string name,
                  engine::Outcome (Desk::*does)(engine::Unit&, const Command&) const) {
  takes(route, edge::schema_of<Command>(), {201, 400, 403, 404, 409, 415, 422});
  route.handler = [shared, name = std::move(name), does](http::Request& request) {
    return shared->make(request, name, does);
  };
  return route;
}

std::vector<http::Route> reading_routes(const Shared& shared) {
  auto list =
      row("GET", "", "rollbacks.read", "List rollbacks, the newest first", "list_rollbacks");
  list.query = edge::kPageParameters;
  const std::pair<const char*, const char*> filters[] = {
      {"state", "Only those in this state"},
      {"origin", "Only those of a rule, a person or a drill"},
      {"application", "Only those of this application"},
      {"environment", "Only those in this environment"}};
  for (const auto& [name, text] : filters) {
    list.query.push_back({name, text, "string", http::Presence::optional});
  }
  list.response = edge::page_schema_of<RollbackView>();
  list.statuses = {200, 422};
  list.handler = [shared](http::Request& request) { return shared->list(request); };

  auto get = row("GET", "/{id}", "rollbacks.read", "One rollback with its reasons", "get_rollback");
  get.response = edge::schema_of<RollbackView>();
  get.statuses = {200, 404};
  get.handler = [shared](http::Request& request) { return shared->get(request); };

  auto rules = row("GET", "/rules", "rollbacks.read",
                   "The rules in force, and whether each was tried", "list_rollback_rules");
  rules.query = {
      {"days", "How long a trial counts, 90 when absent", "integer", http::Presence::optional}};
  rules.response = edge::page_schema_of<RuleView>();
  rules.statuses = {200, 422};
  rules.handler = [shared](http::Request& request) { return shared->rules(request); };
  return {std::move(list), std::move(rules), std::move(get)};
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<const Desk> desk) {
  const Shared shared = std::make_shared<RollbackRoutes>(engine, std::move(desk));
  auto all = reading_routes(shared);
  all.push_back(makes(
      shared,
      row("POST", "", "rollbacks.decide", "Propose to take a deployment back", "propose_rollback"),
      "rollback.propose", &Desk::propose));
  all.push_back(makes(shared,
                      row("POST", "/drills", "rollbacks.decide",
                          "Try a rule where nobody is hurt; begins at once", "drill_rollback"),
                      "rollback.drill", &Desk::drill));
  all.push_back(acts(shared,
                     row("POST", "/{id}/confirmation", "rollbacks.decide",
                         "Confirm a rollback, and have it carried out", "confirm_rollback"),
                     "rollback.confirm", &Desk::confirm));
  all.push_back(acts(shared,
                     row("POST", "/{id}/decline", "rollbacks.decide",
                         "Leave the deployment where it is, with a reason", "decline_rollback"),
                     "rollback.decline", &Desk::decline));
  all.push_back(acts(shared,
                     row("POST", "/{id}/execution", "rollbacks.execute",
                         "Say how carrying it out ended", "report_rollback_execution"),
                     "rollback.executed", &Desk::executed));
  all.push_back(acts(shared,
                     row("POST", "/{id}/clearance", "rollbacks.decide",
                         "End the watch over what followed", "clear_rollback"),
                     "rollback.clear", &Desk::clear));
  return all;
}

}  // namespace holdpoint::rollback

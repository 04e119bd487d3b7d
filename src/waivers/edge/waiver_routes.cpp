// Waivers over HTTP.
#include "approvals/edge/approval_queries.hpp"
#include "waivers/edge/waivers_edge.hpp"

namespace holdpoint::waivers {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 16'384;
/// A waiver as the API shows it. Names and reasons are opened when an answer is given and never
/// kept.
struct WaiverView {
  WaiverId id;
  State state{};
  Scope scope{};
  std::string application;
  std::string release;
  std::string version;
  std::string criteria;
  std::string rule;
  std::string violation;
  std::string what;
  std::string owner;
  std::string owner_name;
  std::string requested_by;
  std::string requested_by_name;
  Instant requested_at;
  Instant until;
  std::optional<WaiverId> extends;
  std::optional<std::string> approval;  // the request that is to be, or was, approved
  std::optional<Instant> granted_at;
  std::optional<std::string> ended_by;
  std::optional<Instant> ended_at;
  std::optional<std::string> ended_because;
  std::optional<std::string> reason;         // absent in lists, and when it was erased
  std::optional<std::string> ending_reason;  // what the person who ended it said
  std::optional<std::string> waits_for;      // of one that was asked for; absent in lists
};
HP_DESCRIBE(WaiverView, id, state, scope, application, release, version, criteria, rule, violation,
            what, owner, owner_name, requested_by, requested_by_name, requested_at, until, extends,
            approval, granted_at, ended_by, ended_at, ended_because, reason, ending_reason,
            waits_for)

struct Because {
  std::string reason;
};
HP_DESCRIBE(Because, reason)

/// The id's prefix tells the kind of actor.
ledger::Actor actor_of(std::string_view id) {
  const bool person = id.starts_with("per_");
  return {person ? "person" : "service_account", std::string(id), std::nullopt, std::nullopt};
}

class WaiverRoutes {
 public:
  WaiverRoutes(engine::Engine& engine, std::shared_ptr<Register> waivers)
      : engine_(engine), waivers_(std::move(waivers)) {}

  http::Response request(const http::Request& request) const {
    auto command = edge::body_of<RequestWaiver>(request);
    if (!command) return std::move(command).error();
    return edge::run(engine_, request, "waiver.request",
                     [&](engine::Unit& unit) { return waivers_->request(unit, *command); });
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    WaiverFilter filter;
    filter.before = wanted->from_newest();
    filter.limit = wanted->rows();
    if (const auto text = request.query("state")) {
      filter.state = describe::enum_parse<State>(*text);
      if (!filter.state) {
        return edge::respond(
            JsonIssues{{"state", "expected one of: " + describe::enum_choices<State>(), 0}});
      }
    }
    if (const auto application = request.query("application")) filter.application = *application;
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    return edge::sequence_page(
        list_waivers(*tables, workspace, filter), wanted->limit,
        [&](const Waiver& waiver) { return view_of(*tables, workspace, waiver); });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto id = request.parameter("id");
    const auto found = find_waiver(*tables, workspace, id);
    if (!found) return edge::respond(waiver_not_found(id));
    WaiverView view = view_of(*tables, workspace, *found);
    view.reason =
        engine_.personal(*tables, workspace, static_cast<std::uint64_t>(found->requested_seq),
                         found->requested_by, engine::reason_path);
    if (found->ended_seq && found->ended_by) {
      view.ending_reason =
          engine_.personal(*tables, workspace, static_cast<std::uint64_t>(*found->ended_seq),
                           *found->ended_by, engine::reason_path);
    }
    if (found->state == State::requested) {
      const auto& ports = engine_.ports();
      view.waits_for = waits_for(
          waivers_->needs().approval(*tables, ports.objects, workspace, id, ports.clock.now()));
    }
    return edge::ok(view);
  }

  http::Response withdraw(const http::Request& request) const {
    return ending(request, "waiver.withdraw", &Register::withdraw);
  }
  http::Response revoke(const http::Request& request) const {
    return ending(request, "waiver.revoke", &Register::revoke);
  }

 private:
  using End = engine::Outcome (Register::*)(engine::Unit&, std::string_view,
                                            const std::string&) const;

  http::Response ending(const http::Request& request, std::string name, End end) const {
    const auto body = edge::body_of<Because>(request);
    if (!body) return body.error();
    const std::string id(request.parameter("id"));
    return edge::run(engine_, request, std::move(name), [&](engine::Unit& unit) {
      return ((*waivers_).*end)(unit, id, body->reason);
    });
  }

  WaiverView view_of(engine::Connection& tables, std::string_view workspace,
                     const Waiver& one) const {
    const auto& name = waivers_->needs().display_name;
    WaiverView view{.id = one.id,
                    .state = one.state,
                    .scope = one.scope,
                    .application = one.application,
                    .release = one.release,
                    .version = one.version,
                    .criteria = one.criteria,
                    .rule = one.rule,
                    .violation = one.violation,
                    .what = one.what,
                    .owner = one.owner,
                    .owner_name = name(tables, workspace, actor_of(one.owner)),
                    .requested_by = one.requested_by,
                    .requested_by_name = name(tables, workspace, actor_of(one.requested_by)),
                    .requested_at = one.requested_at,
                    .until = one.expires_at,
                    .extends = one.extends,
                    .approval = one.approval,
                    .granted_at = one.granted_at,
                    .ended_by = one.ended_by,
                    .ended_at = one.ended_at,
                    .ended_because = one.ended_because,
                    .reason = std::nullopt,
                    .ending_reason = std::nullopt,
                    .waits_for = std::nullopt};
    if (!view.approval) {
      const auto request =
          approvals::latest_request(tables, workspace, subject_kind, one.id.text());
      if (request) view.approval = request->id.text();
    }
    return view;
  }

  engine::Engine& engine_;
  std::shared_ptr<Register> waivers_;
};

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/waivers" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "waivers"};
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.response = edge::schema_of<WaiverMoved>();
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = kBodyBytesMax;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Register> waivers) {
  const auto shared = std::make_shared<WaiverRoutes>(engine, std::move(waivers));
  auto ask = row("POST", "", "waivers.request",
                 "Ask that one violation of one rule does not count, for a time", "request_waiver");
  takes(ask, edge::schema_of<RequestWaiver>(), {201, 404, 409, 422, 429});
  ask.handler = [shared](http::Request& request) { return shared->request(request); };

  auto list = row("GET", "", "waivers.read", "List waivers, the newest first", "list_waivers");
  list.query = edge::kPageParameters;
  list.query.push_back({"state", "Only those in this state", "string", http::Presence::optional});
  list.query.push_back(
      {"application", "Only those of this application", "string", http::Presence::optional});
  list.response = edge::page_schema_of<WaiverView>();
  list.statuses = {200, 422};
  list.handler = [shared](http::Request& request) { return shared->list(request); };

  auto get = row("GET", "/{id}", "waivers.read", "One waiver with its reason", "get_waiver");
  get.response = edge::schema_of<WaiverView>();
  get.statuses = {200, 404};
  get.handler = [shared](http::Request& request) { return shared->get(request); };

  auto withdraw = row("POST", "/{id}/withdrawal", "waivers.request",
                      "Withdraw the own waiver, asked for or in force", "withdraw_waiver");
  takes(withdraw, edge::schema_of<Because>(), {200, 403, 404, 409, 422});
  withdraw.handler = [shared](http::Request& request) { return shared->withdraw(request); };

  auto revoke = row("POST", "/{id}/revocation", "waivers.revoke",
                    "Take a waiver in force back, with a reason", "revoke_waiver");
  takes(revoke, edge::schema_of<Because>(), {200, 404, 409, 422});
  revoke.handler = [shared](http::Request& request) { return shared->revoke(request); };
  return {std::move(ask), std::move(list), std::move(get), std::move(withdraw), std::move(revoke)};
}

}  // namespace holdpoint::waivers

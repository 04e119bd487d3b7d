// Approvals over HTTP: asking, deciding, and the inbox that says what waits for whom.
#include <algorithm>

#include "approvals/edge/approvals_edge.hpp"
#include "approvals/refusals.hpp"

namespace holdpoint::approvals {
namespace {

namespace edge = engine::edge;

/// A decision as a request states it.
struct Decision {
  Choice choice{};
  Digest digest;  // of what was shown
  std::optional<std::string> reason;
  std::optional<std::string> on_behalf_of;
  std::optional<std::string> password;  // the signer's own, entered for this signature
};
HP_DESCRIBE(Decision, choice, digest, reason, on_behalf_of, password)

struct Because {
  std::string reason;
};
HP_DESCRIBE(Because, reason)

/// What waits, as one person sees it: in whose place they may decide, or why they may not.
struct InboxItem {
  RequestId id;
  std::string title;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  Instant due;
  Digest digest;
  std::vector<std::string> approving_as;  // the seats the caller may use
  std::optional<std::string> why_not;
};
HP_DESCRIBE(InboxItem, id, title, application, environment, due, digest, approving_as, why_not)

struct Opened {
  RequestId id;
};
HP_DESCRIBE(Opened, id)

/// What an Idempotency-Key stands for: the decision without the password, of which nothing is kept.
std::optional<Digest> digest_without_password(Decision decision) {
  if (!decision.password) return std::nullopt;
  decision.password.reset();
  return sha256("holdpoint-decision/v1\n" + to_json_text(decision));
}

http::Response wrong_query(std::string name, std::string message) {
  return edge::respond(JsonIssues{{std::move(name), std::move(message), 0}});
}

class ApprovalRoutes {
 public:
  ApprovalRoutes(engine::Engine& engine, std::shared_ptr<Desk> desk, CheckPassword check)
      : engine_(engine), desk_(std::move(desk)), check_password_(std::move(check)) {}

  http::Response open(const http::Request& request) const {
    auto wanted = edge::body_of<OpenRequest>(request);
    if (!wanted) return std::move(wanted).error();
    return edge::run_later(
        engine_, request, "approval.request",
        [desk = desk_, wanted = std::move(*wanted)](engine::Unit& unit) -> engine::Outcome {
          auto id = desk->open(unit, wanted);
          if (!id) return std::unexpected(std::move(id).error());
          return edge::answer(Opened{std::move(*id)}, 201);
        });
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    RequestFilter filter;
    filter.before = wanted->from_newest();
    filter.limit = wanted->rows();
    if (const auto text = request.query("state")) {
      filter.state = describe::enum_parse<State>(*text);
      if (!filter.state) {
        return wrong_query("state", "expected one of: " + describe::enum_choices<State>());
      }
    }
    if (const auto kind = request.query("kind")) filter.kind = *kind;
    if (const auto application = request.query("application")) filter.application = *application;
    const auto tables = engine_.read();
    return edge::sequence_page(list_requests(*tables, edge::caller_of(request).workspace, filter),
                               wanted->limit, [](Request& item) { return std::move(item); });
  }

  http::Response get(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto& workspace = edge::caller_of(request).workspace;
    const auto id = request.parameter("id");
    const auto found = find_request(*tables, workspace, id);
    if (!found) return edge::respond(request_not_found(id));
    const auto view = desk_->view(*tables, engine_.ports().objects, workspace, *found,
                                  engine_.ports().clock.now());
    return view ? edge::ok(*view) : edge::respond(view.error());
  }

  http::Response inbox(const http::Request& request) const {
    const engine::Caller& caller = edge::caller_of(request);
    const auto tables = engine_.read();
    const Instant now = engine_.ports().clock.now();
    std::vector<InboxItem> items;
    for (const Request& one : pending_requests(*tables, caller.workspace)) {
      if (one.terms.pending_until <= now) continue;
      const auto situation =
          desk_->situation(*tables, engine_.ports().objects, caller.workspace, one, now);
      if (!situation) return edge::respond(situation.error());
      items.push_back(item_of(one, *situation, caller));
    }
    const std::size_t all = items.size();
    return edge::page(std::move(items), all, [](const InboxItem& item) { return item.id.text(); });
  }

  http::Response decide(http::Request& request) const {
    auto decision = edge::body_of<Decision>(request);
    if (!decision) return std::move(decision).error();
    const auto kept = digest_without_password(*decision);
    Sign sign{decision->choice, decision->digest, decision->reason.value_or(""),
              decision->on_behalf_of, Authentication::session};
    if (decision->password) {
      if (auto doubt = check_password_(request, *decision->password)) return std::move(*doubt);
      sign.authentication = Authentication::password;
    }
    return edge::run_later(
        engine_, request, "approval.sign",
        [desk = desk_, id = std::string(request.parameter("id")),
         sign = std::move(sign)](engine::Unit& unit) { return desk->sign(unit, id, sign); },
        kept);
  }

  http::Response withdraw_signature(const http::Request& request) const {
    auto body = edge::body_of<Because>(request);
    if (!body) return std::move(body).error();
    return edge::run_later(
        engine_, request, "approval.withdraw_signature",
        [desk = desk_, id = std::string(request.parameter("id")), reason = std::move(body->reason)](
            engine::Unit& unit) { return desk->withdraw_signature(unit, id, reason); });
  }

  http::Response withdraw(const http::Request& request) const {
    auto body = edge::body_of<Because>(request);
    if (!body) return std::move(body).error();
    return edge::run_later(
        engine_, request, "approval.withdraw",
        [desk = desk_, id = std::string(request.parameter("id")), reason = std::move(body->reason)](
            engine::Unit& unit) { return desk->withdraw(unit, id, reason); });
  }

 private:
  static InboxItem item_of(const Request& one, const Situation& situation,
                           const engine::Caller& caller) {
    InboxItem item{.id = one.id,
                   .title = one.title,
                   .application = one.application,
                   .environment = one.environment,
                   .due = one.terms.pending_until,
                   .digest = one.subject.digest,
                   .approving_as = {},
                   .why_not = std::nullopt};
    for (const SeatUse& use : seats_of(situation, one.demands, caller.actor.id)) {
      item.approving_as.push_back(use.seat);
    }
    // The decision itself says whether and why not; it is asked and nothing is recorded.
    const Sign probe{Choice::approve, one.subject.digest, "probe", std::nullopt,
                     Authentication::password};
    const auto decided = sign(one, situation, Actor{caller.actor.kind, caller.actor.id}, probe);
    if (!decided) {
      item.why_not = decided.error().sentence;
      item.approving_as.clear();
    }
    return item;
  }

  engine::Engine& engine_;
  std::shared_ptr<Desk> desk_;
  CheckPassword check_password_;
};

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/approvals" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "approvals"};
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = 64U << 10;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Desk> desk,
                                CheckPassword check_password) {
  const auto shared =
      std::make_shared<ApprovalRoutes>(engine, std::move(desk), std::move(check_password));
  auto open =
      row("POST", "", "approvals.request", "Ask for the approval of something", "request_approval");
  takes(open, edge::schema_of<OpenRequest>(), {201, 404, 409, 422, 429});
  open.response = edge::schema_of<Opened>();
  open.handler = [shared](http::Request& request) { return shared->open(request); };

  auto list = row("GET", "", "approvals.read", "List requests, the newest first", "list_approvals");
  list.query = edge::kPageParameters;
  list.query.push_back({"state", "Only those in this state", "string", http::Presence::optional});
  list.query.push_back(
      {"kind", "Only those about this kind of subject", "string", http::Presence::optional});
  list.query.push_back(
      {"application", "Only those of this application", "string", http::Presence::optional});
  list.response = edge::page_schema_of<Request>();
  list.statuses = {200, 422};
  list.handler = [shared](http::Request& request) { return shared->list(request); };

  auto inbox =
      row("GET", "/inbox", "approvals.read",
          "What waits, the first due first, and whether the caller may decide", "approval_inbox");
  inbox.response = edge::page_schema_of<InboxItem>();
  inbox.handler = [shared](http::Request& request) { return shared->inbox(request); };

  auto get =
      row("GET", "/{id}", "approvals.read", "One request and what it waits for", "get_approval");
  get.response = edge::schema_of<RequestView>();
  get.statuses = {200, 404};
  get.handler = [shared](http::Request& request) { return shared->get(request); };

  auto decide = row("POST", "/{id}/decisions", "approvals.sign",
                    "Approve, reject or abstain, on exactly what was shown", "decide_approval");
  takes(decide, edge::schema_of<Decision>(), {200, 403, 404, 409, 422, 429});
  decide.response = edge::schema_of<RequestView>();
  decide.handler = [shared](http::Request& request) { return shared->decide(request); };

  auto unsign = row("POST", "/{id}/signature-withdrawal", "approvals.sign",
                    "Take back the own signature before it is used", "withdraw_signature");
  takes(unsign, edge::schema_of<Because>(), {200, 404, 409, 422});
  unsign.response = edge::schema_of<RequestView>();
  unsign.handler = [shared](http::Request& request) { return shared->withdraw_signature(request); };

  auto withdraw = row("POST", "/{id}/withdrawal", "approvals.request", "Withdraw the own request",
                      "withdraw_approval");
  takes(withdraw, edge::schema_of<Because>(), {200, 403, 404, 409, 422});
  withdraw.response = edge::schema_of<RequestView>();
  withdraw.handler = [shared](http::Request& request) { return shared->withdraw(request); };
  return {std::move(open),   std::move(list),   std::move(inbox),   std::move(get),
          std::move(decide), std::move(unsign), std::move(withdraw)};
}

}  // namespace holdpoint::approvals

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
  std::optional<std::string> password;    // the signer's own, entered for this signature
  std::optional<Instant> effective_from;  // an approval that counts from then on
};
HP_DESCRIBE(Decision, choice, digest, reason, on_behalf_of, password, effective_from)

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
  std::map<std::string, std::string> names;  // of whose seats they are
};
HP_DESCRIBE(InboxItem, id, title, application, environment, due, digest, approving_as, why_not,
            names)

/// A report of friction as it is read: with the note, unless it was erased.
struct FrictionItem {
  FrictionId id;
  RequestId request;
  std::string policy;
  FrictionCategory category{};
  std::string person;
  std::string name;
  Instant at;
  std::optional<std::string> note;
};
HP_DESCRIBE(FrictionItem, id, request, policy, category, person, name, at, note)

struct FrictionReport {
  std::vector<PolicyFriction> policies;
  std::vector<FrictionItem> latest;  // the newest first
};
HP_DESCRIBE(FrictionReport, policies, latest)

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

constexpr std::size_t kLatestFriction = 50;

/// An instant of the query; `otherwise` when it is not there.
std::expected<Instant, http::Response> instant_of(const http::Request& request, std::string name,
                                                  Instant otherwise) {
  const auto text = request.query(name);
  if (!text) return otherwise;
  const auto instant = Instant::parse(*text);
  if (!instant) {
    return std::unexpected(
        wrong_query(std::move(name), "expected an instant such as 2026-11-30T00:00:00Z"));
  }
  return *instant;
}

class ApprovalRoutes {
 public:
  ApprovalRoutes(engine::Engine& engine, std::shared_ptr<Desk> desk, RouteNeeds needs)
      : engine_(engine), desk_(std::move(desk)), needs_(std::move(needs)) {}

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
    const std::string& workspace = edge::caller_of(request).workspace;
    return edge::sequence_page(list_requests(*tables, workspace, filter), wanted->limit,
                               [&](Request& item) {
                                 open_reasons(*tables, workspace, item);
                                 return std::move(item);
                               });
  }

  http::Response get(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto& workspace = edge::caller_of(request).workspace;
    const auto id = request.parameter("id");
    const auto found = find_request(*tables, workspace, id);
    if (!found) return edge::respond(request_not_found(id));
    const Place place = place_at(*tables, workspace);
    auto view = desk_->view(place, *found);
    if (!view) return edge::respond(view.error());
    open_reasons(*tables, workspace, view->request);
    add_names(*tables, workspace, *view);
    return edge::ok(*view);
  }

  http::Response inbox(const http::Request& request) const {
    const engine::Caller& caller = edge::caller_of(request);
    const auto tables = engine_.read();
    const Place place = place_at(*tables, caller.workspace);
    Gatherer gatherer(place, desk_->sources());
    std::vector<InboxItem> items;
    for (const Request& one : pending_requests(*tables, caller.workspace)) {
      if (one.stopped_by.empty() && one.terms.pending_until <= place.now) continue;
      const auto picture = gatherer.of(one);
      if (!picture) return edge::respond(picture.error());
      items.push_back(item_of(one, picture->situation, caller));
      for (const std::string& seat : items.back().approving_as) {
        items.back().names[seat] = needs_.display_name(*tables, caller.workspace, "person", seat);
      }
    }
    const std::size_t all = items.size();
    return edge::page(std::move(items), all, [](const InboxItem& item) { return item.id.text(); });
  }

  http::Response decide(http::Request& request) const {
    auto decision = edge::body_of<Decision>(request);
    if (!decision) return std::move(decision).error();
    const auto kept = digest_without_password(*decision);
    Sign sign{decision->choice,       decision->digest,        decision->reason.value_or(""),
              decision->on_behalf_of, Authentication::session, decision->effective_from};
    if (decision->password) {
      if (auto doubt = needs_.check_password(request, *decision->password))
        return std::move(*doubt);
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

  http::Response report(http::Request& request) const {
    auto body = edge::body_of<ReportFriction>(request);
    if (!body) return std::move(body).error();
    return edge::run_later(
        engine_, request, "approval.feedback",
        [desk = desk_, id = std::string(request.parameter("id")), command = std::move(*body)](
            engine::Unit& unit) { return desk->report_friction(unit, id, command); });
  }

  http::Response friction(const http::Request& request) const {
    FrictionFilter filter;
    if (const auto policy = request.query("policy")) filter.policy = *policy;
    const auto from = instant_of(request, "from", filter.from);
    const auto until = instant_of(request, "until", filter.until);
    if (!from) return from.error();
    if (!until) return until.error();
    filter.from = *from;
    filter.until = *until;
    const auto tables = engine_.read();
    const std::string& workspace = edge::caller_of(request).workspace;
    auto reports = friction_reports(*tables, workspace, filter);
    FrictionReport out;
    out.policies = friction_by_policy(policy_uses(*tables, workspace, filter), reports);
    if (reports.size() > kLatestFriction) reports.resize(kLatestFriction);
    for (const Friction& one : reports) {
      FrictionItem item{one.id,     one.request, one.policy, one.category,
                        one.person, "",          one.at,     std::nullopt};
      item.name = needs_.display_name(*tables, workspace, "person", one.person);
      if (one.note_seq) item.note = sealed(*tables, workspace, *one.note_seq, one.person, "/note");
      out.latest.push_back(std::move(item));
    }
    return edge::ok(out);
  }

 private:
  [[nodiscard]] Place place_at(engine::Connection& tables, std::string_view workspace) const {
    return {tables, engine_.ports().objects, workspace, engine_.ports().clock.now()};
  }

  std::optional<std::string> sealed(engine::Connection& tables, std::string_view workspace,
                                    std::int64_t seq, std::string_view person,
                                    std::string_view path) const {
    return engine_.personal(tables, workspace, static_cast<std::uint64_t>(seq), person, path);
  }

  /// Reads what people said from where it is sealed; what was erased stays empty.
  void open_reasons(engine::Connection& tables, std::string_view workspace,
                    Request& request) const {
    const auto open = [&](std::int64_t seq, const std::string& person) {
      return sealed(tables, workspace, seq, person, "/reason").value_or("");
    };
    if (request.reason_seq) request.reason = open(*request.reason_seq, request.requested_by);
    for (Vote& vote : request.votes) {
      if (vote.reason_seq) vote.reason = open(*vote.reason_seq, vote.person);
    }
    if (request.state != State::withdrawn || !request.ended_seq) return;
    const std::string why = open(*request.ended_seq, request.requested_by);
    if (!why.empty()) request.ended_because = request.ended_because.value_or("") + ": " + why;
  }

  void add_names(engine::Connection& tables, std::string_view workspace, RequestView& view) const {
    const auto add = [&](std::string_view kind, const std::string& id) {
      const auto [row, is_new] = view.names.try_emplace(id);
      if (is_new) row->second = needs_.display_name(tables, workspace, kind, id);
    };
    const auto add_people = [&](const std::vector<std::string>& ids) {
      for (const std::string& id : ids) add("person", id);
    };
    add(view.request.requested_by_kind, view.request.requested_by);
    for (const Vote& vote : view.request.votes) add_people({vote.person, vote.seat});
    for (const FiredEscalation& fired : view.request.fired) add_people(fired.people);
    for (const StageView& stage : view.stages) {
      add_people(stage.signers);
      add_people(stage.may_sign);
    }
    for (const ExcludedPerson& one : view.excluded) add("person", one.person);
    for (const Attempt& one : view.refused_attempts) add(one.person_kind, one.person);
  }

  static InboxItem item_of(const Request& one, const Situation& situation,
                           const engine::Caller& caller) {
    InboxItem item{.id = one.id,
                   .title = one.title,
                   .application = one.application,
                   .environment = one.environment,
                   .due = one.terms.pending_until,
                   .digest = one.subject.digest,
                   .approving_as = {},
                   .why_not = std::nullopt,
                   .names = {}};
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
  RouteNeeds needs_;
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
                                RouteNeeds needs) {
  const auto shared = std::make_shared<ApprovalRoutes>(engine, std::move(desk), std::move(needs));
  auto open =
      row("POST", "", "approvals.request", "Ask for the approval of something", "request_approval");
  takes(open, edge::schema_of<OpenRequest>(), {201, 404, 409, 422, 429});
  open.body_bytes_max = 256U << 10;  // what is too long to record is refused by its place
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

  auto report = row("POST", "/{id}/feedback", "approvals.sign",
                    "Say what got in the way of deciding on it", "report_approval_friction");
  takes(report, edge::schema_of<ReportFriction>(), {201, 403, 404, 409, 422});
  report.response = edge::schema_of<FrictionReported>();
  report.handler = [shared](http::Request& request) { return shared->report(request); };

  auto friction = row("GET", "/friction", "approvals.read",
                      "What approvers say gets in the way, for each policy", "approval_friction");
  friction.query = {
      {"policy", "Only of this policy", "string", http::Presence::optional},
      {"from", "Only what was said from this instant on", "string", http::Presence::optional},
      {"until", "Only what was said before this instant", "string", http::Presence::optional}};
  friction.response = edge::schema_of<FrictionReport>();
  friction.statuses = {200, 422};
  friction.handler = [shared](http::Request& request) { return shared->friction(request); };
  return {std::move(open),     std::move(list),   std::move(inbox),
          std::move(get),      std::move(decide), std::move(unsign),
          std::move(withdraw), std::move(report), std::move(friction)};
}

}  // namespace holdpoint::approvals

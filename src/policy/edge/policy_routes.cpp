// Policies over HTTP: what is in force, the text of every version, the revisions, and the proposals
// that wait for people.
#include <charconv>

#include "engine/edge/object_sink.hpp"
#include "policy/edge/policy_edge.hpp"

namespace holdpoint::policy {
namespace {

namespace edge = engine::edge;

/// A document in force, with whether its review is past due.
struct PolicyView {
  std::string kind;
  std::string name;
  std::string owner;
  std::string mode;
  std::int64_t revision = 0;
  Digest digest;
  Digest document;
  std::optional<std::string> review_by;
  bool review_past_due = false;
  bool acted_on = false;  // false: checked and kept, and deciding nothing
  Instant applied_at;
  std::string applied_by;
};
HP_DESCRIBE(PolicyView, kind, name, owner, mode, revision, digest, document, review_by,
            review_past_due, acted_on, applied_at, applied_by)

struct Rejection {
  std::string reason;
};
HP_DESCRIBE(Rejection, reason)

/// What became of a rollback: a revision in force, or a proposal that waits.
struct RollbackAnswer {
  std::optional<std::int64_t> revision;
  std::optional<ProposalId> proposal;
};
HP_DESCRIBE(RollbackAnswer, revision, proposal)

/// Past due from the day after the date on, in UTC.
bool is_past_due(const std::optional<std::string>& review_by, Instant now) {
  return review_by && *review_by < now.text().substr(0, review_by->size());
}

PolicyView view_of(const Policy& policy, Instant now) {
  const auto kind = kind_named(policy.kind);
  return {.kind = policy.kind,
          .name = policy.name,
          .owner = policy.owner,
          .mode = policy.mode,
          .revision = policy.revision,
          .digest = policy.digest,
          .document = policy.document,
          .review_by = policy.review_by,
          .review_past_due = is_past_due(policy.review_by, now),
          .acted_on = kind && row_of(*kind).effect == Effect::acted_on,
          .applied_at = policy.applied_at,
          .applied_by = policy.applied_by};
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

http::Response policy_not_found(std::string_view kind, std::string_view name) {
  return edge::respond(
      Refusal{RefusalKind::not_found, "policy_not_found",
              "There is no " + std::string(kind) + " named " + std::string(name) + " in force."});
}

class PolicyRoutes {
 public:
  PolicyRoutes(engine::Engine& engine, std::shared_ptr<CriteriaLibrary> library,
               ActivationNeeds needs)
      : engine_(engine), changer_(std::move(library), std::move(needs)) {}

  http::Response criteria(const http::Request& request) const {
    const auto tables = engine_.read();
    auto items = criteria_in_force(*tables, edge::caller_of(request).workspace);
    const std::size_t all = items.size();
    return edge::page(std::move(items), all, [](const Policy& item) { return item.name; });
  }

  http::Response criteria_text(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto name = request.parameter("name");
    const auto found = find_policy(*tables, edge::caller_of(request).workspace,
                                   kind_name(Kind::certification_criteria), name);
    if (!found) {
      return edge::respond(Refusal{RefusalKind::not_found, "criteria_not_found",
                                   "There are no criteria named " + std::string(name) + "."});
    }
    return edge::object_response(engine_.ports().objects, found->document, "application/yaml",
                                 found->name + ".yaml");
  }

  http::Response list(const http::Request& request) const {
    std::optional<Kind> kind;
    if (const auto wanted = request.query("kind")) {
      kind = kind_named(*wanted);
      if (!kind) return wrong_query("kind", "expected one of: " + kind_choices());
    }
    const auto review = request.query("review");
    if (review && *review != "past_due") return wrong_query("review", "expected past_due");
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const Instant now = engine_.ports().clock.now();
    std::vector<PolicyView> items;
    for (const Policy& policy : kind ? policies_in_force(*tables, workspace, *kind)
                                     : policies_in_force(*tables, workspace)) {
      PolicyView view = view_of(policy, now);
      if (!review || view.review_past_due) items.push_back(std::move(view));
    }
    const std::size_t all = items.size();
    return edge::page(std::move(items), all, [](const PolicyView& item) { return item.name; });
  }

  http::Response get(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto kind = request.parameter("kind");
    const auto name = request.parameter("name");
    const auto found = find_policy(*tables, edge::caller_of(request).workspace, kind, name);
    if (!found) return policy_not_found(kind, name);
    return edge::ok(view_of(*found, engine_.ports().clock.now()));
  }

  http::Response version(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto wanted = request.parameter("digest");
    const auto digest = Digest::parse(wanted);
    const auto text =
        digest ? version_text(*tables, edge::caller_of(request).workspace, *digest) : std::nullopt;
    if (!text) {
      return edge::respond(Refusal{
          RefusalKind::not_found, "version_not_found",
          "There is no version " + std::string(wanted) + " of a policy in this workspace."});
    }
    return edge::object_response(engine_.ports().objects, *text, "application/yaml",
                                 digest->hex() + ".yaml");
  }

  http::Response list_revisions(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto tables = engine_.read();
    return edge::page(revisions(*tables, edge::caller_of(request).workspace, wanted->from_newest(),
                                wanted->rows()),
                      wanted->limit,
                      [](const RevisionSummary& item) { return std::to_string(item.revision); });
  }

  http::Response get_revision(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto wanted = request.parameter("revision");
    const auto number = number_of(wanted);
    const auto found =
        number ? find_revision(*tables, edge::caller_of(request).workspace, *number) : std::nullopt;
    return found ? edge::ok(*found) : edge::respond(revision_not_found(wanted));
  }

  http::Response roll_back(const http::Request& request) const {
    const std::string wanted(request.parameter("revision"));
    return edge::run(engine_, request, "policy.rollback",
                     [&](engine::Unit& unit) -> engine::Outcome {
                       const auto number = number_of(wanted);
                       if (!number) return refuse(revision_not_found(wanted));
                       const auto outcome = changer_.roll_back(unit, *number);
                       if (!outcome) return std::unexpected(outcome.error());
                       RollbackAnswer answer;
                       if (const auto* activated = std::get_if<Activated>(&*outcome)) {
                         answer.revision = activated->revision;
                       } else {
                         answer.proposal = std::get<Waiting>(*outcome).proposal;
                       }
                       return edge::answer(answer);
                     });
  }

  http::Response list_proposals(const http::Request& request) const {
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    std::optional<ProposalState> state;
    if (const auto text = request.query("state")) {
      state = describe::enum_parse<ProposalState>(*text);
      if (!state) {
        return wrong_query("state", "expected one of: " + describe::enum_choices<ProposalState>());
      }
    }
    const auto tables = engine_.read();
    return edge::page(proposals(*tables, edge::caller_of(request).workspace, state, wanted->after,
                                wanted->limit + 1),
                      wanted->limit, [](const Proposal& item) { return item.id.text(); });
  }

  http::Response get_proposal(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto id = request.parameter("id");
    auto found = find_proposal(*tables, workspace, id);
    if (!found) return edge::respond(proposal_not_found(id));
    const auto view = changer_.view(*tables, workspace, engine_.ports().objects,
                                    engine_.ports().clock.now(), std::move(*found));
    return view ? edge::ok(*view) : edge::respond(view.error());
  }

  http::Response approve(const http::Request& request) const {
    const std::string id(request.parameter("id"));
    return edge::run(engine_, request, "policy.approve",
                     [&](engine::Unit& unit) -> engine::Outcome {
                       const auto done = changer_.approve(unit, id);
                       if (!done) return std::unexpected(done.error());
                       return shown(unit, id);
                     });
  }

  http::Response reject(const http::Request& request) const {
    const auto body = edge::body_of<Rejection>(request);
    if (!body) return body.error();
    const std::string id(request.parameter("id"));
    return edge::run(engine_, request, "policy.reject", [&](engine::Unit& unit) -> engine::Outcome {
      const auto done = changer_.reject(unit, id, body->reason);
      if (!done) return std::unexpected(done.error());
      return shown(unit, id);
    });
  }

 private:
  static http::Response wrong_query(std::string name, std::string message) {
    return edge::respond(JsonIssues{{std::move(name), std::move(message), 0}});
  }

  engine::Outcome shown(engine::Unit& unit, std::string_view id) const {
    const auto view = changer_.view(unit.tables(), unit.workspace(), unit.objects(), unit.now(),
                                    *find_proposal(unit.tables(), unit.workspace(), id));
    if (!view) throw engine::StoreFailed(engine::StoreFailure::outside, view.error());
    return edge::answer(*view);
  }

  engine::Engine& engine_;
  PolicyChanger changer_;
};

using All = std::shared_ptr<PolicyRoutes>;

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  http::Route route{.method = std::move(method),
                    .path = "/api/v1/{workspace}/" + std::move(path),
                    .permission = std::move(permission),
                    .summary = std::move(summary),
                    .operation_id = std::move(operation),
                    .tag = "policy"};
  route.statuses = {200, 404};
  return route;
}

http::Route act(std::string path, std::string permission, std::string summary,
                std::string operation) {
  auto route =
      row("POST", std::move(path), std::move(permission), std::move(summary), std::move(operation));
  route.statuses = {200, 403, 404, 409, 422};
  route.body_bytes_max = 16'384;
  route.mode = http::BodyMode::buffered;
  return route;
}

void add_criteria(std::vector<http::Route>& rows, const All& all) {
  auto list = row("GET", "criteria", "policy.read", "Criteria in force, by name", "list_criteria");
  list.statuses = {200};
  list.response = edge::page_schema_of<Policy>();
  list.handler = [all](http::Request& request) { return all->criteria(request); };
  rows.push_back(std::move(list));
  auto get = row("GET", "criteria/{name}", "policy.read",
                 "The document of criteria in force, as written", "get_criteria");
  get.response_media = "application/yaml";
  get.handler = [all](http::Request& request) { return all->criteria_text(request); };
  rows.push_back(std::move(get));
}

void add_policies(std::vector<http::Route>& rows, const All& all) {
  auto list =
      row("GET", "policies", "policy.read", "Policies in force, by kind and name", "list_policies");
  list.statuses = {200, 422};
  list.query = {
      {"kind", "Only of this kind", "string", http::Presence::optional},
      {"review", "past_due: only those to be reviewed", "string", http::Presence::optional}};
  list.response = edge::page_schema_of<PolicyView>();
  list.handler = [all](http::Request& request) { return all->list(request); };
  rows.push_back(std::move(list));
  auto get =
      row("GET", "policies/{kind}/{name}", "policy.read", "One policy in force", "get_policy");
  get.response = edge::schema_of<PolicyView>();
  get.handler = [all](http::Request& request) { return all->get(request); };
  rows.push_back(std::move(get));
  auto version = row("GET", "policy-versions/{digest}", "policy.read",
                     "The text of a version, as written", "get_policy_version");
  version.response_media = "application/yaml";
  version.handler = [all](http::Request& request) { return all->version(request); };
  rows.push_back(std::move(version));
}

void add_revisions(std::vector<http::Route>& rows, const All& all) {
  auto list = row("GET", "policy-revisions", "policy.read",
                  "Bundles of policies that are or were in force, the newest first",
                  "list_policy_revisions");
  list.statuses = {200, 422};
  list.query = edge::kPageParameters;
  list.response = edge::page_schema_of<RevisionSummary>();
  list.handler = [all](http::Request& request) { return all->list_revisions(request); };
  rows.push_back(std::move(list));
  auto get = row("GET", "policy-revisions/{revision}", "policy.read", "One bundle of policies",
                 "get_policy_revision");
  get.response = edge::schema_of<Revision>();
  get.handler = [all](http::Request& request) { return all->get_revision(request); };
  rows.push_back(std::move(get));
  auto back = act("policy-revisions/{revision}/rollback", "policy.write",
                  "Put an earlier bundle in force again, as a new revision", "roll_back_policies");
  back.response = edge::schema_of<RollbackAnswer>();
  back.handler = [all](http::Request& request) { return all->roll_back(request); };
  rows.push_back(std::move(back));
}

void add_proposals(std::vector<http::Route>& rows, const All& all) {
  auto list =
      row("GET", "policy-proposals", "policy.read",
          "Changes of policies that were proposed, the newest first", "list_policy_proposals");
  list.statuses = {200, 422};
  list.query = edge::kPageParameters;
  list.query.push_back({"state", "Only those in this state", "string", http::Presence::optional});
  list.response = edge::page_schema_of<Proposal>();
  list.handler = [all](http::Request& request) { return all->list_proposals(request); };
  rows.push_back(std::move(list));
  auto get = row("GET", "policy-proposals/{id}", "policy.read",
                 "One proposal, and what it still waits for", "get_policy_proposal");
  get.response = edge::schema_of<ProposalView>();
  get.handler = [all](http::Request& request) { return all->get_proposal(request); };
  rows.push_back(std::move(get));
  auto approve =
      act("policy-proposals/{id}/approval", "policy.approve",
          "Approve a change of policies that somebody else proposed", "approve_policy_proposal");
  approve.response = edge::schema_of<ProposalView>();
  approve.handler = [all](http::Request& request) { return all->approve(request); };
  rows.push_back(std::move(approve));
  auto reject = act("policy-proposals/{id}/rejection", "policy.approve",
                    "Reject a change of policies, with a reason", "reject_policy_proposal");
  reject.request = edge::schema_of<Rejection>();
  reject.response = edge::schema_of<ProposalView>();
  reject.handler = [all](http::Request& request) { return all->reject(request); };
  rows.push_back(std::move(reject));
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<CriteriaLibrary> library,
                                ActivationNeeds needs) {
  const auto all = std::make_shared<PolicyRoutes>(engine, std::move(library), std::move(needs));
  std::vector<http::Route> rows;
  add_criteria(rows, all);
  add_policies(rows, all);
  add_revisions(rows, all);
  add_proposals(rows, all);
  return rows;
}

}  // namespace holdpoint::policy

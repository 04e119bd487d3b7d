// Opening a request: what the policies in force demand of the subject as it is now (B1, B3, B11,
// B13, B14). Policies are joined by "and": every route of every policy that applies is walked.
#include <algorithm>

#include "approvals/edge/approvals_edge.hpp"
#include "approvals/refusals.hpp"
#include "base/assert.hpp"
#include "base/text.hpp"
#include "policy/routing.hpp"

namespace holdpoint::approvals {
namespace {

using engine::must;

std::string subject_name(const OpenRequest& wanted) { return wanted.kind + " " + wanted.id; }

Quorum quorum_of(const policy::Stage& stage) {
  const auto form = stage.quorum ? policy::parse_quorum(*stage.quorum) : std::nullopt;
  if (!form) return {QuorumKind::minimum, stage.minimum.value_or(1)};
  switch (form->form) {
    case policy::QuorumForm::majority: return {QuorumKind::majority, 0};
    case policy::QuorumForm::all: return {QuorumKind::all, 0};
    case policy::QuorumForm::percent: return {QuorumKind::percent, form->percent};
  }
  return {QuorumKind::all, 0};
}

void add_demands(const std::string& policy, const policy::Route& route,
                 std::vector<Demand>& demands) {
  const bool parallel = route.order == policy::StageOrder::parallel;
  for (std::size_t i = 0; i < route.stages.size(); ++i) {
    const policy::Stage& stage = route.stages[i];
    Demand demand;
    demand.policy = policy;
    demand.route = route.name;
    demand.stage = stage.name;
    demand.order = parallel ? 0 : static_cast<std::int64_t>(i);
    demand.roles = stage.roles;
    demand.approval_roles = stage.approvalRoles;
    demand.people = stage.people;
    demand.quorum = quorum_of(stage);
    if (stage.capacity) demand.capacity = describe::enum_text(*stage.capacity);
    demands.push_back(std::move(demand));
  }
}

/// A duration of a document, which was checked when the document was published.
Duration duration_of(const std::string& text) {
  const auto duration = parse_duration(text);
  HP_ASSERT(duration.has_value(), "AP-1: a policy in force has durations that can be read");
  return *duration;
}

/// The strictest of what the policies say; one that says nothing says the default.
void tighten(const policy::ApprovalPart& part, Instant now, Demanded& demanded) {
  Terms& terms = demanded.terms;
  const auto or_default = [](const std::optional<std::string>& text, Duration otherwise) {
    return text ? duration_of(*text) : otherwise;
  };
  terms.pending_until =
      std::min(terms.pending_until, now + or_default(part.pendingTimeout, pending_default));
  terms.validity_us = std::min(terms.validity_us, or_default(part.validity, validity_default).us);
  terms.rejections = std::min(terms.rejections, part.rejections.value_or(1));
  terms.needs_rationale |= part.rationale == policy::Asked::required;
  terms.needs_password |= part.password == policy::Asked::required;
  demanded.retries = std::min(demanded.retries, part.retries.value_or(0));
  demanded.exclude_editors_us =
      std::max(demanded.exclude_editors_us, or_default(part.excludeEditors, Duration{}).us);
}

Refusal prerequisite_failed(const std::string& policy, const policy::CriteriaVerdict& verdict) {
  Refusal refusal{RefusalKind::conflict, "prerequisite_failed",
                  "Nobody is asked yet: what " + policy + " demands before does not hold."};
  for (const policy::RuleVerdict& rule : verdict.rules) {
    if (rule.result == policy::RuleResult::pass ||
        rule.result == policy::RuleResult::not_applicable) {
      continue;
    }
    refusal.issues.push_back({"/" + rule.rule_id, rule.message + " (" + rule.detail + ")", 0});
    if (rule.remedy && !rule.remedy->action.empty()) {
      refusal.next.push_back({rule.remedy->by, rule.remedy->action, rule.remedy->command});
    }
  }
  return refusal;
}

Refusal fields_missing(const std::vector<std::string>& fields) {
  Refusal refusal{RefusalKind::invalid, "fields_missing", "The request lacks fields."};
  for (const std::string& field : fields) {
    refusal.issues.push_back({"/fields/" + field, "required by policy", 0});
  }
  return refusal;
}

Refusal routing_untold(std::string why) {
  Refusal refusal{RefusalKind::conflict, "routing_untold",
                  "Who has to approve cannot be told: " + std::move(why) + "."};
  refusal.next.push_back({"compliance officer", "ask with has() for facts that may be absent",
                          "holdpoint policy show ApprovalPolicy NAME"});
  return refusal;
}

Refusal unknown_subject_kind(std::string_view kind) {
  return {RefusalKind::invalid, "unknown_subject_kind",
          "Nothing of the kind '" + std::string(kind) + "' can be approved here."};
}

/// The rules of the policies that apply, which have to pass before anybody is asked.
std::optional<Refusal> failed_prerequisite(const std::vector<policy::CompiledCriteria>& policies,
                                           const policy::ApprovalFacts& facts) {
  const json::value document = to_json(facts);
  policy::AdviceBudget budget;
  for (const policy::CompiledCriteria& one : policies) {
    const policy::CriteriaVerdict verdict = policy::evaluate(one, document.get_object(), budget);
    if (policy::blocks(verdict)) return prerequisite_failed(one.document().name, verdict);
  }
  return std::nullopt;
}

/// The same at every place that the subject touches.
std::optional<Refusal> failed_prerequisite(const std::vector<policy::CompiledCriteria>& policies,
                                           const SubjectContent& subject) {
  auto failed = failed_prerequisite(policies, subject.facts);
  for (const policy::ApprovalFacts& place : subject.places) {
    if (failed) break;
    failed = failed_prerequisite(policies, place);
  }
  return failed;
}

std::optional<Refusal> why_not_fields(const std::map<std::string, std::string>& fields) {
  Refusal refusal{RefusalKind::invalid, "invalid_fields", "The fields are not as expected."};
  if (fields.size() > fields_max) refusal.issues.push_back({"/fields", "more than 50", 0});
  for (const auto& [name, value] : fields) {
    if (name.empty() || name.size() > field_name_bytes_max || value.size() > reason_bytes_max) {
      refusal.issues.push_back({"/fields/" + name.substr(0, field_name_bytes_max),
                                "expected a name of 1 to 100 and a value of at most 2000 bytes",
                                0});
    }
  }
  if (refusal.issues.empty()) return std::nullopt;
  return refusal;
}

/// Adds what another place demands; what both demand is demanded once.
void join(Demanded& all, Demanded more) {
  const auto add = [](auto& to, auto& from) {
    for (auto& one : from) {
      if (std::ranges::find(to, one) == to.end()) to.push_back(std::move(one));
    }
  };
  add(all.policies, more.policies);
  add(all.demands, more.demands);
  add(all.required_fields, more.required_fields);
  add(all.levels, more.levels);
  add(all.owners, more.owners);
  all.terms.pending_until = std::min(all.terms.pending_until, more.terms.pending_until);
  all.terms.validity_us = std::min(all.terms.validity_us, more.terms.validity_us);
  all.terms.rejections = std::min(all.terms.rejections, more.terms.rejections);
  all.retries = std::min(all.retries, more.retries);
  all.exclude_editors_us = std::max(all.exclude_editors_us, more.exclude_editors_us);
  all.terms.needs_rationale |= more.terms.needs_rationale;
  all.terms.needs_password |= more.terms.needs_password;
}

std::vector<std::string> missing_fields(const Demanded& demanded,
                                        const std::map<std::string, std::string>& fields) {
  std::vector<std::string> missing;
  for (const std::string& field : demanded.required_fields) {
    const auto given = fields.find(field);
    if (given == fields.end() || !is_stated(given->second)) missing.push_back(field);
  }
  return missing;
}

std::optional<Refusal> why_not_open(const Request& request, const Situation& situation,
                                    const OpenRequest& wanted) {
  if (request.demands.empty()) return no_policy_applies(subject_name(wanted));
  if (request.demands.size() > demands_max) return too_many_demands();
  const Tally tally = count(request.demands, eligible(situation), {}, request.terms.rejections);
  std::vector<std::string> stages;
  for (std::size_t i = 0; i < request.demands.size(); ++i) {
    if (!tally.stages[i].satisfiable) stages.push_back(request.demands[i].stage);
  }
  if (!stages.empty()) return unsatisfiable(stages);
  return std::nullopt;
}

/// What it was asked for with; as it is sealed, or in the clear of an earlier event.
std::string reason_of(engine::Unit& unit, const Request& request) {
  if (!request.reason_seq) return request.reason;
  return unit
      .personal(static_cast<std::uint64_t>(*request.reason_seq), request.requested_by, "/reason")
      .value_or("");
}

/// An entry of the ledger holds so much, and what is too long is named by its place.
std::optional<Refusal> why_too_long(const ApprovalRequested& event) {
  if (to_json_text(event).size() <= request_bytes_max) return std::nullopt;
  std::vector<LongPart> parts;
  for (const auto& [name, value] : event.fields) {
    parts.push_back({"/fields/" + name, name.size() + value.size()});
  }
  for (const Demand& demand : event.demands) {
    parts.push_back({"/policies/" + demand.policy + "/" + demand.route + "/" + demand.stage,
                     to_json_text(demand).size()});
  }
  for (const Escalation& level : event.escalation) {
    parts.push_back(
        {"/policies/" + level.policy + "/escalation/" + level.level, to_json_text(level).size()});
  }
  return request_too_long(std::move(parts));
}

}  // namespace

Decided<Demanded> demanded(const std::vector<policy::CompiledCriteria>& policies,
                           const policy::ApprovalFacts& facts, Instant now) {
  Demanded out;
  out.terms.pending_until = Instant{INT64_MAX};
  out.terms.validity_us = INT64_MAX;
  out.terms.rejections = INT64_MAX;
  out.retries = INT64_MAX;
  const json::value document = to_json(facts);
  for (const policy::CompiledCriteria& one : policies) {
    const policy::Routing routing = policy::route(one, document.get_object());
    if (!routing.applies) continue;
    const std::string& name = one.document().name;
    if (!routing.untold.empty()) return refuse(routing_untold(routing.untold));
    if (routing.routes.empty()) return refuse(no_route(name));
    out.policies.push_back({name, one.digest()});
    for (const policy::Route& route : routing.routes) add_demands(name, route, out.demands);
    tighten(routing.terms, now, out);
    for (const policy::EscalationLevel& level : routing.terms.escalation) {
      out.levels.push_back({name, level});
    }
    if (!routing.terms.escalation.empty()) out.owners.push_back(one.document().owner);
    out.required_fields.insert(out.required_fields.end(), routing.terms.requiredFields.begin(),
                               routing.terms.requiredFields.end());
  }
  return out;
}

void state(SubjectContent& subject, const std::map<std::string, std::string>& fields, Instant now) {
  const auto fill = [&](policy::ApprovalFacts& facts) {
    facts.now = {now};
    facts.fields = fields;
  };
  fill(subject.facts);
  for (policy::ApprovalFacts& place : subject.places) fill(place);
}

Decided<Demanded> demanded(const std::vector<policy::CompiledCriteria>& policies,
                           const SubjectContent& subject, Instant now) {
  auto all = demanded(policies, subject.facts, now);
  for (const policy::ApprovalFacts& place : subject.places) {
    if (!all) return all;
    auto more = demanded(policies, place, now);
    if (!more) return more;
    join(*all, std::move(*more));
  }
  return all;
}

Decided<Demanded> Desk::foresee(const Place& place, std::string_view kind, SubjectContent subject,
                                const std::map<std::string, std::string>& fields) const {
  const SubjectSource* from = source(kind);
  if (from == nullptr) return refuse(unknown_subject_kind(kind));
  const auto in_force = policies(place, *from);
  if (!in_force) return refuse(routing_untold("a policy in force could not be read"));
  state(subject, fields, place.now);
  return demanded(*in_force, subject, place.now);
}

Decided<RequestId> Desk::open(engine::Unit& unit, const OpenRequest& wanted) const {
  const SubjectSource* from = source(wanted.kind);
  if (from == nullptr) return refuse(unknown_subject_kind(wanted.kind));
  if (wanted.reason.size() > reason_bytes_max) return refuse(reason_too_long());
  if (auto refusal = why_not_fields(wanted.fields)) return refuse(std::move(*refusal));
  const Place place = place_of(unit);
  auto content =
      must(from->read(place.tables, place.objects, place.workspace, wanted.id, place.now));
  if (!content) {
    return refuse(RefusalKind::not_found, "subject_not_found",
                  "There is no " + subject_name(wanted) + " in this workspace.");
  }
  SubjectContent& subject = *content;
  state(subject, wanted.fields, place.now);
  const auto in_force = policies(place, *from);
  if (!in_force) {
    return refuse(routing_untold("a policy in force could not be read"));
  }
  auto demands = demanded(*in_force, subject, place.now);
  if (!demands) return std::unexpected(std::move(demands).error());
  if (auto failed = failed_prerequisite(*in_force, subject)) return refuse(std::move(*failed));
  const auto missing = missing_fields(*demands, wanted.fields);
  if (!missing.empty()) return refuse(fields_missing(missing));

  const std::int64_t retries = demands->policies.empty() ? 0 : demands->retries;
  const auto standing = latest_request(place.tables, place.workspace, wanted.kind, wanted.id);
  const bool is_same =
      standing && standing->state == State::pending && !has_run_out(*standing, place.now) &&
      standing->subject.digest == subject.digest && standing->requested_by == unit.actor().id &&
      reason_of(unit, *standing) == wanted.reason && standing->fields == wanted.fields &&
      standing->demands == demands->demands && !is_stricter(demands->terms, standing->terms) &&
      standing->retries == retries &&
      standing->exclude_editors_us.value_or(0) == demands->exclude_editors_us;
  if (is_same) return standing->id;
  auto levels = levels_from(place, *demands, subject);
  if (!levels) return std::unexpected(std::move(levels).error());

  ApprovalRequested event;
  event.id = unit.new_id<RequestId>();
  event.subject = {wanted.kind, wanted.id, subject.digest};
  event.title = subject.title;
  event.application = subject.application;
  event.environment = subject.environment;
  event.policies = std::move(demands->policies);
  event.demands = std::move(demands->demands);
  event.terms = demands->terms;
  event.reasoned = !wanted.reason.empty();
  event.fields = wanted.fields;
  event.escalation = std::move(*levels);
  event.owners = std::move(demands->owners);
  event.retries = retries;
  if (demands->exclude_editors_us > 0) event.exclude_editors_us = demands->exclude_editors_us;
  event.routing = keep_routing(unit, *from, subject);
  if (standing) event.replaces = standing->id;
  return begin(unit, std::move(event), wanted, standing);
}

RoutingGrounds Desk::keep_routing(engine::Unit& unit, const SubjectSource& source,
                                  const SubjectContent& subject) const {
  RoutingGrounds grounds;
  const auto keep = [&](const policy::ApprovalFacts& facts) {
    grounds.facts.push_back({must(unit.objects().put(to_json_text(facts))).digest});
  };
  keep(subject.facts);
  for (const policy::ApprovalFacts& place : subject.places) keep(place);
  std::vector<policy::Policy> asked;
  for (policy::Policy& one :
       policy::policies_in_force(unit.tables(), unit.workspace(), policy::Kind::approval_policy)) {
    const auto ready = must(library_->compiled(one, unit.objects()));
    if (!is_asked(source, ready)) continue;
    grounds.documents.push_back({one.name, one.digest, ObjectRef{one.document}});
    asked.push_back(std::move(one));
  }
  grounds.documents_digest = policy::criteria_digest(asked);
  return grounds;
}

Decided<RequestId> Desk::begin(engine::Unit& unit, ApprovalRequested event,
                               const OpenRequest& wanted,
                               const std::optional<Request>& standing) const {
  Request request = evolve(event, Stamp{unit.actor().kind, unit.actor().id, unit.now()});
  const Place place = place_of(unit);
  Gatherer gatherer(place, sources_);
  const Picture picture = must(gatherer.of(request));
  if (auto refusal = why_not_open(request, picture.situation, wanted)) {
    return refuse(std::move(*refusal));
  }
  // What it was routed by is left out before a request is refused for its length.
  if (why_too_long(event)) event.routing.reset();
  if (auto refusal = why_too_long(event)) return refuse(std::move(*refusal));
  if (standing && is_open(standing->state)) {
    tell(unit, &*standing, record(unit, *standing, supersede(*standing, event.id)),
         picture.situation);
  }
  std::vector<engine::Personal> sealed;
  if (event.reasoned) sealed = {{"/reason", unit.actor().id, wanted.reason}};
  unit.record({"approval", event.id.text()}, event, std::move(sealed));
  request = *find_request(place.tables, place.workspace, event.id.text());
  set_timers(unit, request, look_every_);
  tell(unit, nullptr, request, picture.situation);
  follow_incidents(unit, std::move(request), gatherer);
  return event.id;
}

}  // namespace holdpoint::approvals

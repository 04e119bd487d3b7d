// Findings and what people make of them, over HTTP.
#include <algorithm>
#include <map>

#include "engine/edge/api.hpp"
#include "evidence/edge/evidence_edge.hpp"
#include "evidence/edge/triage_queries.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::evidence {
namespace {

namespace edge = engine::edge;
using engine::must;

constexpr std::size_t kBodyBytesMax = 64U << 10;
/// A finding of the current evidence with its disposition. Names and reasons are opened when an
/// answer is given and never kept.
struct FindingItem {
  std::string fingerprint;
  Kind kind{};
  std::string rule;
  std::string title;
  Severity severity{};
  FindingStatus status{};  // as the tool says
  std::string tool;
  std::optional<std::string> path;
  std::optional<std::int64_t> line;
  std::optional<std::string> component;
  std::vector<std::string> ids;
  Disposition disposition{};
  /// Whether the disposition counts for this release; one that does not waits for a second person.
  bool counts = true;
  std::optional<std::string> duplicate_of;
  std::optional<std::string> triaged_by;
  std::optional<std::string> triaged_by_name;
  std::optional<Instant> triaged_at;
  std::optional<std::string> reason;  // absent when it was erased
  std::optional<std::string> confirmed_by;
  std::optional<std::string> confirmed_by_name;
  std::optional<Instant> confirmed_at;
};
HP_DESCRIBE(FindingItem, fingerprint, kind, rule, title, severity, status, tool, path, line,
            component, ids, disposition, counts, duplicate_of, triaged_by, triaged_by_name,
            triaged_at, reason, confirmed_by, confirmed_by_name, confirmed_at)

struct TriageDone {
  std::int64_t findings = 0;
};
HP_DESCRIBE(TriageDone, findings)

using Items = std::map<std::string, FindingItem, std::less<>>;

FindingItem item_of(const Evidence& piece, const Summary& summary, const Finding& finding) {
  FindingItem item;
  item.fingerprint = finding.fingerprint;
  item.kind = piece.kind;
  item.rule = finding.rule_id;
  item.title = finding.title;
  item.severity = finding.severity;
  item.status = finding.status;
  if (!summary.tools.empty()) item.tool = summary.tools.front().name;
  if (finding.location) {
    item.path = finding.location->path;
    item.line = finding.location->line;
  }
  if (finding.component) item.component = finding.component->name;
  item.ids = finding.ids;
  return item;
}

/// By fingerprint; the same finding of two scans is one.
Result<Items> findings_of(engine::Connection& tables, engine::ObjectStore& objects,
                          std::string_view workspace, std::string_view release) {
  Items items;
  for (const Evidence& piece : current_evidence(tables, workspace, release)) {
    HP_TRY(const Summary summary, summary_of(objects, piece));
    if (!summary.findings) continue;
    for (const Finding& finding : summary.findings->items) {
      items.try_emplace(finding.fingerprint, item_of(piece, summary, finding));
    }
  }
  return items;
}

class TriageRoutes {
 public:
  TriageRoutes(engine::Engine& engine, EvidenceNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    std::optional<Disposition> only;
    if (const auto text = request.query("disposition")) {
      only = describe::enum_parse<Disposition>(*text);
      if (!only) {
        return edge::respond(JsonIssues{
            {"disposition", "expected one of: " + describe::enum_choices<Disposition>(), 0}});
      }
    }
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto reference = request.parameter("ref");
    const auto release = releases::find_release(*tables, workspace, reference);
    if (!release) return edge::respond(releases::release_not_found(reference));
    auto items = findings_of(*tables, engine_.ports().objects, workspace, release->id.text());
    if (!items) return edge::respond(items.error());
    const auto contents = releases::contents_of(engine_.ports().objects, *release);
    if (!contents) return edge::respond(contents.error());
    const Contributors contributors = contributors_of(*tables, *contents);
    std::map<std::string, Triage, std::less<>> standing;
    for (Triage& one : triage_of(*tables, workspace, release->application)) {
      standing.emplace(one.fingerprint, std::move(one));
    }
    std::vector<FindingItem> page;
    for (auto& [fingerprint, item] : *items) {
      if (fingerprint <= wanted->after) continue;
      const auto triage = standing.find(fingerprint);
      const Disposition is =
          triage == standing.end() ? Disposition::open : triage->second.disposition;
      if (only && is != *only) continue;
      if (triage != standing.end()) {
        item.counts = counts_for(triage->second, contributors);
        add_triage(*tables, workspace, triage->second, item);
      }
      page.push_back(std::move(item));
      if (page.size() > wanted->limit) break;
    }
    return edge::page(std::move(page), wanted->limit,
                      [](const FindingItem& item) { return item.fingerprint; });
  }

  http::Response triage(const http::Request& request) const {
    const auto command = edge::body_of<TriageFindings>(request);
    if (!command) return command.error();
    return run_on(request, "finding.triage",
                  [&](engine::Unit& unit, const releases::Release& release) {
                    return triage_in(unit, release, *command);
                  });
  }

  http::Response confirm(const http::Request& request) const {
    const auto command = edge::body_of<ConfirmTriage>(request);
    if (!command) return command.error();
    return run_on(request, "finding.confirm",
                  [&](engine::Unit& unit, const releases::Release& release) {
                    return confirm_in(unit, release, *command);
                  });
  }

 private:
  template <class Then>
  http::Response run_on(const http::Request& request, std::string name, Then&& then) const {
    const std::string reference(request.parameter("ref"));
    return edge::run(engine_, request, std::move(name), [&](engine::Unit& unit) -> engine::Outcome {
      const auto release = releases::find_release(unit.tables(), unit.workspace(), reference);
      if (!release) return refuse(releases::release_not_found(reference));
      return then(unit, *release);
    });
  }

  engine::Outcome triage_in(engine::Unit& unit, const releases::Release& release,
                            const TriageFindings& command) const {
    auto& tables = unit.tables();
    Triaging facts{.application = release.application,
                   .release = release.id.text(),
                   .actor_kind = unit.actor().kind,
                   .seen = {},
                   .waived = {},
                   .triaged = triage_of(tables, unit.workspace(), release.application).size()};
    for (const auto& [fingerprint, item] :
         must(findings_of(tables, unit.objects(), unit.workspace(), release.id.text()))) {
      facts.seen.insert(fingerprint);
    }
    if (command.disposition == Disposition::accepted_risk) {
      facts.waived = needs_.waived(tables, unit.workspace(), release.application, release.id.text(),
                                   unit.now());
    }
    const auto triaged = evidence::triage(command, facts);
    if (!triaged) return refuse(triaged.error());
    unit.record({"release", release.id.text()}, *triaged,
                {{std::string(engine::reason_path), unit.actor().id, command.reason}});
    return edge::answer(TriageDone{static_cast<std::int64_t>(triaged->fingerprints.size())});
  }

  static engine::Outcome confirm_in(engine::Unit& unit, const releases::Release& release,
                                    const ConfirmTriage& command) {
    const auto confirmed = evidence::confirm(
        command, {.application = release.application,
                  .release = release.id.text(),
                  .actor_kind = unit.actor().kind,
                  .actor = unit.actor().id,
                  .standing = triage_of(unit.tables(), unit.workspace(), release.application)});
    if (!confirmed) return refuse(confirmed.error());
    unit.record({"release", release.id.text()}, *confirmed,
                {{std::string(engine::reason_path), unit.actor().id, command.reason}});
    return edge::answer(TriageDone{static_cast<std::int64_t>(confirmed->fingerprints.size())});
  }

  void add_triage(engine::Connection& tables, std::string_view workspace, const Triage& triage,
                  FindingItem& item) const {
    const auto name_of = [&](const std::string& person) {
      return needs_.display_name(tables, workspace, {"person", person, std::nullopt, std::nullopt});
    };
    item.disposition = triage.disposition;
    item.duplicate_of = triage.duplicate_of;
    item.triaged_by = triage.triaged_by;
    item.triaged_by_name = name_of(triage.triaged_by);
    item.triaged_at = triage.triaged_at;
    item.reason =
        engine_.personal(tables, workspace, static_cast<std::uint64_t>(triage.triaged_seq),
                         triage.triaged_by, engine::reason_path);
    if (!triage.confirmed_by) return;
    item.confirmed_by = triage.confirmed_by;
    item.confirmed_by_name = name_of(*triage.confirmed_by);
    item.confirmed_at = triage.confirmed_at;
  }

  engine::Engine& engine_;
  EvidenceNeeds needs_;
};

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/releases/{ref}/findings" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "evidence"};
}

void takes(http::Route& route, http::Schema body) {
  route.request = std::move(body);
  route.response = edge::schema_of<TriageDone>();
  route.statuses = {200, 403, 404, 409, 422, 429};
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = kBodyBytesMax;
}

}  // namespace

std::vector<http::Route> triage_routes(engine::Engine& engine, EvidenceNeeds needs) {
  const auto shared = std::make_shared<TriageRoutes>(engine, std::move(needs));
  auto list = row("GET", "", "evidence.read",
                  "The findings of a release with what people make of them, by fingerprint",
                  "list_findings");
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"disposition", "Only those with this one", "string", http::Presence::optional});
  list.response = edge::page_schema_of<FindingItem>();
  list.statuses = {200, 404, 422};
  list.handler = [shared](http::Request& request) { return shared->list(request); };
  auto triage = row("POST", "/triage", "findings.triage", "Say what findings are, one or many",
                    "triage_findings");
  takes(triage, edge::schema_of<TriageFindings>());
  triage.handler = [shared](http::Request& request) { return shared->triage(request); };
  auto confirm = row("POST", "/confirmation", "findings.triage",
                     "Agree with what somebody else said of findings", "confirm_triage");
  takes(confirm, edge::schema_of<ConfirmTriage>());
  confirm.handler = [shared](http::Request& request) { return shared->confirm(request); };
  return {std::move(list), std::move(triage), std::move(confirm)};
}

}  // namespace holdpoint::evidence

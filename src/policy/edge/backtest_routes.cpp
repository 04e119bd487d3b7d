// See backtest_routes.hpp.
#include "policy/edge/backtest_routes.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/encoding.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "engine/edge/apply.hpp"
#include "engine/edge/query_values.hpp"
#include "policy/stream.hpp"

namespace holdpoint::policy {
namespace {

namespace edge = engine::edge;

constexpr std::size_t candidates_max = 50;

struct CandidateView {
  std::string kind;
  std::string name;
  Digest digest;
  std::string mode;            // as it is written
  edge::ApplyAction action{};  // what applying it now would do
};
HP_DESCRIBE(CandidateView, kind, name, digest, mode, action)

struct BacktestView {
  Baseline baseline{};
  bool as_enforced = false;
  std::vector<CandidateView> candidates;
  BacktestTotals totals;
  std::vector<DecisionDifference> differences;
  std::int64_t differences_omitted = 0;  // counted in the totals, and not listed
  std::vector<NotReplayed> not_replayed;
  std::int64_t not_replayed_omitted = 0;
  /// Decisions are left that were not looked at; the next request goes on with this.
  std::optional<std::string> next_cursor;
};
HP_DESCRIBE(BacktestView, baseline, as_enforced, candidates, totals, differences,
            differences_omitted, not_replayed, not_replayed_omitted, next_cursor)

struct Question {
  Baseline baseline = Baseline::then;
  bool as_enforced = false;
  BacktestBounds bounds;
};

/// {"certification":"crt_…","deployment":"dpl_…"}
std::string position_text(const BacktestPosition& position) {
  std::map<std::string, std::string> ids;
  for (const auto& [decision, id] : position) ids[std::string(describe::enum_text(decision))] = id;
  return to_json_text(ids);
}

std::optional<BacktestPosition> position_of(std::string_view cursor,
                                            const std::vector<DecisionSource>& sources) {
  const auto text = from_base64url(cursor);
  if (!text) return std::nullopt;
  const auto ids = from_json_text<std::map<std::string, std::string>>(*text);
  if (!ids) return std::nullopt;
  BacktestPosition position;
  for (const auto& [name, id] : *ids) {
    const auto source = std::ranges::find_if(sources, [&](const DecisionSource& one) {
      return describe::enum_text(one.decision) == name && one.is_id(id);
    });
    if (source == sources.end()) return std::nullopt;
    position[source->decision] = id;
  }
  return position;
}

void read_bounds(const http::Request& request, const std::vector<DecisionSource>& sources,
                 BacktestBounds& bounds, JsonIssues& issues) {
  if (const auto application = request.query("application")) bounds.application = *application;
  edge::read_word(request, "decisions", "standing or every", bounds.decisions, issues);
  edge::read_instant(request, "since", bounds.since, issues);
  auto limit = static_cast<std::int64_t>(bounds.limit);
  edge::read_count(request, "limit", BacktestBounds::decisions_max, limit, issues);
  bounds.limit = static_cast<std::size_t>(limit);
  if (const auto cursor = request.query("cursor")) {
    if (auto after = position_of(*cursor, sources)) {
      bounds.after = std::move(*after);
    } else {
      issues.push_back({"cursor", "expected the next_cursor of an earlier answer", 0});
    }
  }
}

std::expected<Question, http::Response> question_of(const http::Request& request,
                                                    const std::vector<DecisionSource>& sources) {
  Question question;
  JsonIssues issues;
  edge::read_word(request, "baseline", "then or now", question.baseline, issues);
  edge::read_flag(request, "as_enforced", question.as_enforced, issues);
  read_bounds(request, sources, question.bounds, issues);
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  return question;
}

JsonIssue placed(const PolicyIssue& issue, const std::string& document) {
  return {document + issue.path,
          std::to_string(issue.line) + ":" + std::to_string(issue.column) + ": " + issue.message,
          0};
}

std::string kinds_of(const std::vector<DecisionSource>& sources) {
  std::string kinds;
  for (const DecisionSource& one : sources) {
    kinds += (kinds.empty() ? "" : ", ") + std::string(kind_name(judges_of(one.decision)));
  }
  return kinds;
}

/// The candidates of the body; errors of documents come as they come from apply.
Decided<DocumentSet> candidates_of(const std::string& body, const Backtester& backtester) {
  Refusal refusal{RefusalKind::invalid, "invalid_criteria", "The policies cannot be tried."};
  const auto documents = documents_of(body);
  if (!documents) {
    refusal.issues.push_back(placed(documents.error(), ""));
    return refuse(std::move(refusal));
  }
  DocumentSet candidates;
  for (const WrittenDocument& document : *documents) {
    const std::string index = "/" + std::to_string(document.index);
    const auto kind = policy_kind(document);
    if (!kind || backtester.source_of(*kind) == nullptr) {
      refusal.issues.push_back({index + "/kind",
                                "expected one of: " + kinds_of(backtester.sources()) +
                                    ", whose decisions are kept with their facts",
                                0});
      continue;
    }
    auto compiled = compile_written(document, backtester.schemas());
    if (!compiled) {
      for (const auto& issue : compiled.error()) refusal.issues.push_back(placed(issue, index));
      continue;
    }
    const Mode mode = compiled->document().mode;
    candidates.push_back({std::move(*compiled), mode});
  }
  if (documents->empty()) refusal.issues.push_back({"", "there is no document", 0});
  if (candidates.size() > candidates_max) {
    refusal.issues.push_back({"", "expected at most 50 documents", 0});
  }
  if (!refusal.issues.empty()) return refuse(std::move(refusal));
  return candidates;
}

Refusal already_running() {
  Refusal refusal{RefusalKind::exhausted, "backtest_running",
                  "Another backtest is running; one at a time is answered."};
  refusal.next.push_back({"you", "ask again in a few seconds", ""});
  return refusal;
}

class BacktestRoute {
 public:
  BacktestRoute(engine::Engine& engine, std::shared_ptr<CriteriaLibrary> library,
                std::vector<DecisionSource> sources)
      : engine_(engine), backtester_(engine, std::move(library), std::move(sources)) {}

  http::Response answer(const http::Request& request) {
    if (!edge::holds_documents(request)) {
      return http::problem_response(415, "unsupported_media_type",
                                    "The body must be application/yaml or application/json.");
    }
    const engine::Caller& caller = edge::caller_of(request);
    const auto question = question_of(request, backtester_.sources());
    if (!question) return question.error();
    const std::unique_lock alone(running_, std::try_to_lock);
    if (!alone.owns_lock()) return edge::respond(already_running());
    auto candidates = candidates_of(request.body, backtester_);
    if (!candidates) return edge::respond(candidates.error());
    if (const auto refusal = why_not_see(caller, *candidates)) return edge::respond(*refusal);
    if (const auto refusal = no_such_application(caller.workspace, question->bounds.application)) {
      return edge::respond(*refusal);
    }
    BacktestView view{.baseline = question->baseline, .as_enforced = question->as_enforced};
    view.candidates = views_of(*candidates, caller.workspace);
    if (question->as_enforced) {
      for (TriedDocument& one : *candidates) one.mode = Mode::enforce;
    }
    const auto run =
        backtester_.run(caller.workspace, *candidates, question->baseline, question->bounds);
    if (!run) return edge::respond(run.error());
    return edge::ok(filled(std::move(view), *run));
  }

 private:
  std::optional<Refusal> why_not_see(const engine::Caller& caller,
                                     const DocumentSet& candidates) const {
    for (const TriedDocument& one : candidates) {
      const Kind kind = one.criteria.document().kind;
      const std::string& permission = backtester_.source_of(kind)->permission;
      if (caller.may(permission)) continue;
      Refusal refusal{RefusalKind::forbidden, "permission_denied",
                      "Trying documents of kind " + std::string(kind_name(kind)) +
                          " needs the permission " + permission + "."};
      refusal.next.push_back({"workspace administrator", "grant a role that has it", ""});
      return refusal;
    }
    return std::nullopt;
  }

  std::optional<Refusal> no_such_application(const std::string& workspace,
                                             const std::string& name) const {
    if (name.empty()) return std::nullopt;
    const auto tables = engine_.read();
    if (catalog::Applications::find(*tables, workspace, name)) return std::nullopt;
    return Refusal{RefusalKind::not_found, "application_not_found",
                   "There is no application " + name + " in this workspace."};
  }

  std::vector<CandidateView> views_of(const DocumentSet& candidates,
                                      const std::string& workspace) const {
    const auto tables = engine_.read();
    std::vector<CandidateView> views;
    for (const TriedDocument& one : candidates) {
      const CriteriaDocument& document = one.criteria.document();
      const auto present = find_policy(*tables, workspace, kind_name(document.kind), document.name);
      const bool is_same = present && present->digest == document.digest;
      views.push_back({std::string(kind_name(document.kind)), document.name, document.digest,
                       std::string(mode_name(one.mode)),
                       is_same   ? edge::ApplyAction::unchanged
                       : present ? edge::ApplyAction::changed
                                 : edge::ApplyAction::created});
    }
    return views;
  }

  static BacktestView filled(BacktestView view, const Backtest& run) {
    const BacktestReport& report = run.report;
    view.totals = report.totals();
    view.differences = report.differences();
    view.not_replayed = report.not_replayed();
    const BacktestTotals& totals = view.totals;
    view.differences_omitted = totals.would_block + totals.would_pass + totals.other_rules -
                               static_cast<std::int64_t>(view.differences.size());
    view.not_replayed_omitted =
        totals.not_replayed - static_cast<std::int64_t>(view.not_replayed.size());
    if (run.cut_at) view.next_cursor = edge::cursor_text(position_text(*run.cut_at));
    return view;
  }

  engine::Engine& engine_;
  Backtester backtester_;
  std::mutex running_;
};

}  // namespace

std::vector<http::Route> backtest_routes(engine::Engine& engine,
                                         std::shared_ptr<CriteriaLibrary> library,
                                         std::vector<DecisionSource> sources) {
  auto all = std::make_shared<BacktestRoute>(engine, std::move(library), std::move(sources));
  http::Route route{.method = "POST",
                    .path = "/api/v1/{workspace}/policies/backtest",
                    .permission = "certification.read",
                    .summary = "Try documents on past decisions, without applying them",
                    .operation_id = "backtest_policies",
                    .tag = "policy"};
  using http::Presence;
  route.query = {
      {"application", "Only releases of this application", "string", Presence::optional},
      {"since", "Only decisions from this instant on", "string", Presence::optional},
      {"decisions", "standing (the last for each release and place) or every", "string",
       Presence::optional},
      {"baseline", "Compare with the documents of then, as recorded, or of now", "string",
       Presence::optional},
      {"as_enforced", "Judge the documents as if they blocked", "boolean", Presence::optional},
      {"limit", "Decisions to look at, 1 to 10000, newest first", "integer", Presence::optional},
      {"cursor", "Where to go on, from next_cursor", "string", Presence::optional}};
  route.response = edge::schema_of<BacktestView>();
  route.statuses = {200, 403, 404, 422, 429};
  route.body_bytes_max = edge::apply_bytes_max;
  route.mode = http::BodyMode::buffered;
  route.request_media = "application/yaml";
  route.handler = [all](http::Request& request) { return all->answer(request); };
  return {std::move(route)};
}

}  // namespace holdpoint::policy

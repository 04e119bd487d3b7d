// See effect_routes.hpp.
#include "certification/edge/effect_routes.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "certification/edge/certification_queries.hpp"
#include "certification/effect.hpp"
#include "engine/edge/api.hpp"
#include "engine/edge/query_values.hpp"

namespace holdpoint::certification {
namespace {

namespace edge = engine::edge;

constexpr std::int64_t decisions_max = 10'000;
constexpr std::size_t page_rows_max = 250;
/// A run ends at this age with what it has, and says how far it came.
constexpr Duration run_age_max = Duration::seconds(10);
constexpr Duration period_default = Duration::days(90);
constexpr std::int64_t judged_min_default = 20;

struct Question {
  std::string name;  // "" for every document
  std::optional<Instant> since;
  std::int64_t limit = decisions_max;
  std::int64_t judged_min = judged_min_default;
  bool all_versions = false;
  bool never_blocked = false;
};

/// How far the decisions were read, the newest first.
struct Reach {
  std::int64_t decisions = 0;
  std::int64_t untold = 0;  // whose verdict could not be read
  std::optional<Instant> oldest;
  bool reached_all = true;
};

struct EffectView {
  Instant since;
  std::int64_t judged_min = 0;
  bool all_versions = false;
  std::int64_t decisions = 0;  // that were read
  std::int64_t untold = 0;     // of these, whose verdict is gone or damaged
  /// False: decisions older than `oldest` were left, so that the counts begin there.
  bool reached_all = false;
  std::optional<Instant> oldest;
  std::vector<DocumentEffect> documents;
};
HP_DESCRIBE(EffectView, since, judged_min, all_versions, decisions, untold, reached_all, oldest,
            documents)

std::expected<Question, http::Response> question_of(const http::Request& request) {
  Question question;
  JsonIssues issues;
  if (const auto name = request.query("name")) question.name = *name;
  edge::read_instant(request, "since", question.since, issues);
  edge::read_count(request, "limit", decisions_max, question.limit, issues);
  edge::read_count(request, "judged_min", decisions_max, question.judged_min, issues);
  edge::read_flag(request, "all_versions", question.all_versions, issues);
  edge::read_flag(request, "never_blocked", question.never_blocked, issues);
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  return question;
}

/// Adds decisions to a count until there are no more, or until a bound.
class Reading {
 public:
  Reading(engine::Engine& engine, const std::string& workspace, EffectCount& count)
      : engine_(engine), workspace_(workspace), count_(count) {}

  Reach go(Instant since, std::int64_t limit) {
    const auto ends = std::chrono::steady_clock::now() + std::chrono::microseconds(run_age_max.us);
    std::string after;
    for (;;) {
      const auto left = static_cast<std::size_t>(limit - reach_.decisions);
      const std::size_t rows_max = std::min(page_rows_max, left);
      // One row more tells whether decisions are left behind the bound.
      auto rows = page(since, after, rows_max + 1);
      const bool has_more = rows.size() > rows_max;
      if (has_more) rows.resize(rows_max);
      for (const Certification& row : rows) {
        if (std::chrono::steady_clock::now() > ends) return cut();
        add(row);
        after = row.id.text();
      }
      if (!has_more) return reach_;
      if (reach_.decisions >= limit) return cut();
    }
  }

 private:
  Reach cut() {
    reach_.reached_all = false;
    return reach_;
  }

  /// The snapshot is given back before verdicts are read.
  std::vector<Certification> page(Instant since, const std::string& after, std::size_t limit) {
    const auto tables = engine_.read();
    return list_decisions(*tables, workspace_,
                          {.application = "",
                           .since = since,
                           .decisions = policy::DecisionSelection::every,
                           .after = after,
                           .limit = limit});
  }

  void add(const Certification& row) {
    ++reach_.decisions;
    reach_.oldest = row.at;
    std::optional<Verdict> verdict;
    if (count_.needs_verdict(row.judged_by)) {
      auto read = verdict_of(engine_.ports().objects, row);
      if (read) {
        verdict = std::move(*read);
      } else {
        ++reach_.untold;
      }
    }
    count_.add({row.id.text(), row.application + "@" + row.version, row.at, row.judged_by},
               verdict);
  }

  engine::Engine& engine_;
  const std::string& workspace_;
  EffectCount& count_;
  Reach reach_;
};

Refusal already_running() {
  Refusal refusal{RefusalKind::exhausted, "effect_running",
                  "The effect of policies is being counted; one request at a time is answered."};
  refusal.next.push_back({"you", "ask again in a few seconds", ""});
  return refusal;
}

class EffectRoute {
 public:
  EffectRoute(engine::Engine& engine, std::shared_ptr<policy::CriteriaLibrary> library)
      : engine_(engine), library_(std::move(library)) {}

  http::Response answer(const http::Request& request) {
    const auto question = question_of(request);
    if (!question) return question.error();
    const std::unique_lock alone(running_, std::try_to_lock);
    if (!alone.owns_lock()) return edge::respond(already_running());
    const std::string& workspace = edge::caller_of(request).workspace;
    auto documents = documents_of(workspace, question->name);
    if (!documents) return edge::respond(documents.error());
    if (documents->empty() && !question->name.empty()) {
      return edge::respond(Refusal{RefusalKind::not_found, "criteria_not_found",
                                   "No criteria named " + question->name + " are judged now."});
    }
    const Instant since = question->since.value_or(engine_.ports().clock.now() - period_default);
    EffectCount count(std::move(*documents),
                      question->all_versions ? CountedVersions::every : CountedVersions::in_force);
    const Reach reach = Reading(engine_, workspace, count).go(since, question->limit);
    auto effects = count.documents(question->judged_min);
    if (question->never_blocked) effects = only_idle(std::move(effects));
    return edge::ok(EffectView{.since = since,
                               .judged_min = question->judged_min,
                               .all_versions = question->all_versions,
                               .decisions = reach.decisions,
                               .untold = reach.untold,
                               .reached_all = reach.reached_all,
                               .oldest = reach.oldest,
                               .documents = std::move(effects)});
  }

 private:
  /// Those in force that are judged, with nothing counted. A Fault when one cannot be read.
  Result<std::vector<DocumentEffect>> documents_of(const std::string& workspace,
                                                   const std::string& name) {
    const auto tables = engine_.read();
    std::vector<DocumentEffect> documents;
    for (const policy::Policy& one : policy::criteria_in_force(*tables, workspace)) {
      if (!name.empty() && one.name != name) continue;
      HP_TRY(const auto compiled, library_->compiled(one, engine_.ports().objects));
      if (compiled.document().mode == policy::Mode::off) continue;
      DocumentEffect& document = documents.emplace_back(uncounted(compiled.document()));
      document.revision = one.revision;
      document.in_force_since = one.applied_at;
    }
    return documents;
  }

  engine::Engine& engine_;
  std::shared_ptr<policy::CriteriaLibrary> library_;
  std::mutex running_;
};

}  // namespace

std::vector<http::Route> effect_routes(engine::Engine& engine,
                                       std::shared_ptr<policy::CriteriaLibrary> library) {
  auto all = std::make_shared<EffectRoute>(engine, std::move(library));
  http::Route route{.method = "GET",
                    .path = "/api/v1/{workspace}/policies/effect",
                    .permission = "certification.read",
                    .summary = "How often each rule in force passed, failed or never applied",
                    .operation_id = "get_policy_effect",
                    .tag = "policy"};
  using http::Presence;
  route.query = {
      {"name", "Only criteria of this name", "string", Presence::optional},
      {"since", "Only decisions from this instant on; the last 90 days", "string",
       Presence::optional},
      {"judged_min", "Answers or absences of a rule before it is marked, 1 to 10000; 20", "integer",
       Presence::optional},
      {"all_versions", "Count every version of the criteria, not only the one in force", "boolean",
       Presence::optional},
      {"never_blocked", "Only rules that never blocked or never applied", "boolean",
       Presence::optional},
      {"limit", "Decisions to read, 1 to 10000, newest first", "integer", Presence::optional}};
  route.response = edge::schema_of<EffectView>();
  route.statuses = {200, 404, 422, 429};
  route.handler = [all](http::Request& request) { return all->answer(request); };
  return {std::move(route)};
}

}  // namespace holdpoint::certification

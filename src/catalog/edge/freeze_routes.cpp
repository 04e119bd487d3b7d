// See freeze_routes.hpp. Both answers are of the moment: what is frozen tomorrow may change today.
#include "catalog/edge/freeze_routes.hpp"

#include <optional>

#include "catalog/edge/catalog_queries.hpp"

namespace holdpoint::catalog {
namespace {

namespace edge = engine::edge;

constexpr Duration horizon_default = Duration::days(90);
constexpr Duration horizon_max = Duration::days(366);

struct FreezeAnswer {
  std::string application;
  std::string environment;
  Instant at;
  bool frozen = false;
  std::vector<ActiveFreeze> freezes;
  std::optional<Instant> free_from;   // absent: no end of the freezes is known
  std::optional<Instant> changes_at;  // until then the answer holds, unless a freeze is changed
};
HP_DESCRIBE(FreezeAnswer, application, environment, at, frozen, freezes, free_from, changes_at)

struct FreeWindowAnswer {
  std::string application;
  std::string environment;
  TimeWindow searched;
  bool found = false;
  std::optional<TimeWindow> window;  // the whole stretch without a freeze, in what was searched
};
HP_DESCRIBE(FreeWindowAnswer, application, environment, searched, found, window)

struct Question {
  std::string application;
  std::string environment;
  Instant at;
  std::vector<Freeze> freezes;

  [[nodiscard]] FreezeScope scope() const { return {application, environment}; }
};

/// A query parameter, by that reading of it; an issue when it is none.
template <class T>
std::optional<T> parsed(const http::Request& request, const char* name,
                        std::optional<T> (*parse)(std::string_view), std::string_view expected,
                        JsonIssues& issues) {
  const auto text = request.query(name);
  if (!text) return std::nullopt;
  auto value = parse(*text);
  if (!value) issues.push_back({name, "expected " + std::string(expected), 0});
  return value;
}

/// What both routes ask for, and the freezes as they stand. `when` names the instant's parameter.
std::expected<Question, http::Response> question_of(engine::Engine& engine,
                                                    const http::Request& request, const char* when,
                                                    JsonIssues issues) {
  Question question;
  const auto required = [&](const char* name, std::string& to) {
    to = request.query(name).value_or("");
    if (to.empty()) issues.push_back({name, "required", 0});
  };
  required("application", question.application);
  required("environment", question.environment);
  const auto at =
      parsed<Instant>(request, when, &Instant::parse, "an instant, 2026-11-20T06:00:00Z", issues);
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  question.at = at.value_or(engine.ports().clock.now());
  const std::string& workspace = edge::caller_of(request).workspace;
  const auto tables = engine.read();
  if (!Applications::find(*tables, workspace, question.application)) {
    return std::unexpected(edge::respond(Applications::not_found(question.application).error()));
  }
  if (!Environments::find(*tables, workspace, question.environment)) {
    return std::unexpected(edge::respond(Environments::not_found(question.environment).error()));
  }
  question.freezes = freezes_in_force(*tables, workspace);
  return question;
}

http::Response check(engine::Engine& engine, const http::Request& request) {
  const auto question = question_of(engine, request, "at", {});
  if (!question) return question.error();
  FreezeAnswer answer{.application = question->application,
                      .environment = question->environment,
                      .at = question->at};
  answer.freezes = freezes_at(question->freezes, question->scope(), question->at);
  answer.frozen = !answer.freezes.empty();
  if (answer.frozen) {
    answer.free_from = unfrozen_from(question->freezes, question->scope(), question->at);
  }
  answer.changes_at = next_freeze_change(question->freezes, question->scope(), question->at);
  return edge::ok(answer);
}

http::Response next_window(engine::Engine& engine, const http::Request& request) {
  JsonIssues issues;
  const auto length = parsed<Duration>(request, "for", &parse_duration, "a duration, 2h", issues);
  if (!request.query("for")) issues.push_back({"for", "required", 0});
  const auto horizon =
      parsed<Duration>(request, "within", &parse_duration, "a duration, 30d", issues);
  if (length && *length == Duration{}) issues.push_back({"for", "expected more than 0s", 0});
  if (horizon && *horizon > horizon_max) issues.push_back({"within", "at most 366d", 0});
  const auto question = question_of(engine, request, "from", std::move(issues));
  if (!question) return question.error();
  FreeWindowAnswer answer{
      .application = question->application,
      .environment = question->environment,
      .searched = {question->at, question->at + horizon.value_or(horizon_default)}};
  answer.window = next_free(question->freezes, question->scope(), answer.searched, *length);
  answer.found = answer.window.has_value();
  return edge::ok(answer);
}

const std::vector<http::Parameter> kScope{
    {"application", "Name of the application", "string", http::Presence::required},
    {"environment", "Name of the environment", "string", http::Presence::required}};

}  // namespace

std::vector<http::Route> freeze_routes(engine::Engine& engine) {
  http::Route asked{.method = "GET",
                    .path = "/api/v1/{workspace}/freeze-check",
                    .permission = "catalog.read",
                    .summary = "Which freezes hold for an application in an environment?",
                    .operation_id = "check_freezes",
                    .tag = "catalog"};
  asked.query = kScope;
  asked.query.push_back(
      {"at", "The instant, RFC 3339; now when absent", "string", http::Presence::optional});
  asked.response = edge::schema_of<FreezeAnswer>();
  asked.statuses = {200, 404, 422};
  asked.handler = [&engine](http::Request& request) { return check(engine, request); };
  http::Route window{.method = "GET",
                     .path = "/api/v1/{workspace}/free-window",
                     .permission = "catalog.read",
                     .summary = "When is the next stretch of time without a freeze?",
                     .operation_id = "next_free_window",
                     .tag = "catalog"};
  window.query = kScope;
  window.query.push_back({"for", "How long it has to be, 2h", "string", http::Presence::required});
  window.query.push_back(
      {"from", "Where to begin, RFC 3339; now when absent", "string", http::Presence::optional});
  window.query.push_back(
      {"within", "How far to look, 90d when absent", "string", http::Presence::optional});
  window.response = edge::schema_of<FreeWindowAnswer>();
  window.statuses = {200, 404, 422};
  window.handler = [&engine](http::Request& request) { return next_window(engine, request); };
  return {std::move(asked), std::move(window)};
}

}  // namespace holdpoint::catalog

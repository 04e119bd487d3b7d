// Figures over HTTP, for people and programs, and as lines that Prometheus reads.
#include <algorithm>
#include <map>
#include <set>

#include "catalog/edge/catalog_queries.hpp"
#include "engine/edge/query_values.hpp"
#include "metrics/edge/metric_gatherer.hpp"
#include "metrics/edge/metrics_edge.hpp"
#include "platform/metrics/registry.hpp"

namespace holdpoint::metrics {
namespace {

namespace edge = engine::edge;

constexpr Duration span_default = Duration::days(30);
constexpr Duration span_max = Duration::days(366);
/// Groups of one answer; more, and the question has to say which.
constexpr std::size_t rows_max = 200;
constexpr std::size_t months_max = 13;
constexpr std::size_t kPage = 200;
constexpr std::size_t applications_max = 2'000;

enum class Grouping : std::uint8_t { none, team, application, environment, month };
HP_DESCRIBE_ENUM(Grouping, none, team, application, environment, month)

struct FigureRow {
  std::optional<std::string> team;
  std::optional<std::string> application;
  std::optional<std::string> environment;
  Span span;
  std::vector<Figure> figures;
};
HP_DESCRIBE(FigureRow, team, application, environment, span, figures)

/// `complete`: nothing of the span was left out. Where something was, the figures are of what was
/// looked at, the newest.
struct FiguresView {
  Span span;
  bool complete = false;
  std::int64_t rows_omitted = 0;
  std::vector<FigureRow> rows;
};
HP_DESCRIBE(FiguresView, span, complete, rows_omitted, rows)

using Owned = std::map<std::string, std::set<std::string>>;  // applications by team

struct Asked {
  Span span;
  Grouping by = Grouping::none;
  std::optional<std::string> team;
  std::optional<std::string> application;
  std::optional<std::string> environment;
};

std::expected<Asked, http::Response> asked_of(const http::Request& request, Instant now) {
  Asked asked;
  JsonIssues issues;
  std::optional<Instant> from;
  std::optional<Instant> until;
  edge::read_instant(request, "from", from, issues);
  edge::read_instant(request, "until", until, issues);
  edge::read_word(request, "by", describe::enum_choices<Grouping>(), asked.by, issues);
  asked.span.until = until.value_or(now + Duration{1});
  asked.span.from = from.value_or(asked.span.until - span_default);
  if (asked.span.until <= asked.span.from || asked.span.until - asked.span.from > span_max) {
    issues.push_back({"from", "expected a span of at most 366 days, its begin first", 0});
  }
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  for (const auto& [name, member] :
       {std::pair{"team", &asked.team}, std::pair{"application", &asked.application},
        std::pair{"environment", &asked.environment}}) {
    if (const auto text = request.query(name)) *member = std::string(*text);
  }
  return asked;
}

/// Every application by its owners; cut when there are too many.
Owned owned_applications(engine::Connection& tables, std::string_view workspace, bool& is_cut) {
  Owned owned;
  std::string after;
  std::size_t seen = 0;
  while (true) {
    const auto page = catalog::Applications::list(tables, workspace, after, kPage);
    for (const auto& one : page) {
      after = one.record.name;
      if (++seen > applications_max) {
        is_cut = true;
        return owned;
      }
      for (const std::string& owner : one.record.owners) owned[owner].insert(one.record.name);
    }
    if (page.size() < kPage) return owned;
  }
}

class Figures {
 public:
  Figures(engine::Connection& tables, std::string_view workspace, Asked asked)
      : tables_(tables), workspace_(workspace), asked_(std::move(asked)) {}

  /// A refusal when a team, application or environment is asked for that is not there.
  Decided<FiguresView> run() {
    bool is_cut = false;
    owned_ = owned_applications(tables_, workspace_, is_cut);
    if (const auto refusal = why_unknown()) return refuse(*refusal);
    facts_ = gather_facts(tables_, workspace_, asked_.span);
    out_.span = asked_.span;
    out_.complete = !is_cut && !facts_.is_cut;
    Slice whole{
        .applications = {}, .environment = asked_.environment.value_or(""), .span = asked_.span};
    if (asked_.team) whole.applications = owned_[*asked_.team];
    if (asked_.application) whole.applications = {*asked_.application};
    add_rows(whole);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::optional<Refusal> why_unknown() {
    if (asked_.team && !owned_.contains(*asked_.team)) {
      return Refusal{RefusalKind::not_found, "team_not_found",
                     "No application is owned by " + *asked_.team + "."};
    }
    if (asked_.application &&
        !catalog::Applications::find(tables_, workspace_, *asked_.application)) {
      return catalog::Applications::not_found(*asked_.application).error();
    }
    if (asked_.environment &&
        !catalog::Environments::find(tables_, workspace_, *asked_.environment)) {
      return catalog::Environments::not_found(*asked_.environment).error();
    }
    return std::nullopt;
  }

  void add(FigureRow row, const Slice& slice) {
    if (out_.rows.size() == rows_max) {
      ++out_.rows_omitted;
      return;
    }
    row.span = slice.span;
    if (!row.team) row.team = asked_.team;
    if (!row.application) row.application = asked_.application;
    if (!row.environment) row.environment = asked_.environment;
    row.figures = figures_of(facts_, slice);
    out_.rows.push_back(std::move(row));
  }

  void add_rows(const Slice& whole) {
    switch (asked_.by) {
      case Grouping::none: return add({}, whole);
      case Grouping::team: return add_teams(whole);
      case Grouping::application: return add_applications(whole);
      case Grouping::environment: return add_environments(whole);
      case Grouping::month:
        for (const Span& month : months_of(whole.span, months_max)) {
          Slice slice = whole;
          slice.span = month;
          add({}, slice);
        }
    }
  }

  void add_teams(const Slice& whole) {
    for (const auto& [team, applications] : owned_) {
      Slice slice = whole;
      slice.applications = applications;
      if (asked_.application) {
        if (!applications.contains(*asked_.application)) continue;
        slice.applications = {*asked_.application};
      }
      if (asked_.team && team != *asked_.team) continue;
      FigureRow row;
      row.team = team;
      add(std::move(row), slice);
    }
  }

  void add_applications(const Slice& whole) {
    std::set<std::string> names = whole.applications;
    if (names.empty()) {
      for (const auto& [team, applications] : owned_) {
        names.insert(applications.begin(), applications.end());
      }
    }
    for (const std::string& name : names) {
      Slice slice = whole;
      slice.applications = {name};
      FigureRow row;
      row.application = name;
      add(std::move(row), slice);
    }
  }

  void add_environments(const Slice& whole) {
    for (const auto& one : catalog::Environments::list(tables_, workspace_, "", rows_max)) {
      if (asked_.environment && one.record.name != *asked_.environment) continue;
      Slice slice = whole;
      slice.environment = one.record.name;
      FigureRow row;
      row.environment = one.record.name;
      add(std::move(row), slice);
    }
  }

  engine::Connection& tables_;
  std::string_view workspace_;
  Asked asked_;
  Owned owned_;
  Facts facts_;
  FiguresView out_;
};

Decided<FiguresView> figures(engine::Engine& engine, const http::Request& request, Asked asked) {
  const auto tables = engine.read();
  return Figures(*tables, edge::caller_of(request).workspace, std::move(asked)).run();
}

/// A value for each figure that has one, of the last 30 days by team. Times are in seconds, shares
/// from 0 to 1, frequencies per day, as is the custom there.
http::Response lines(engine::Engine& engine, const http::Request& request) {
  const Instant now = engine.ports().clock.now();
  Asked asked;
  asked.span = {now - span_default, now + Duration{1}};
  asked.by = Grouping::team;
  const auto view = figures(engine, request, std::move(asked));
  if (!view) return edge::respond(view.error());
  Registry registry;
  const std::string& workspace = edge::caller_of(request).workspace;
  registry
      .gauge({"holdpoint_figures_complete",
              "1 when no record was left out",
              {{"workspace", workspace}}})
      .set(view->complete && view->rows_omitted == 0 ? 1 : 0);
  for (const FigureRow& row : view->rows) {
    for (const Figure& one : row.figures) {
      if (!one.value) continue;
      double value = static_cast<double>(*one.value);
      switch (one.unit) {
        case Unit::per_day_milli: value /= 1'000; break;
        case Unit::microseconds: value /= 1'000'000; break;
        case Unit::basis_points: value /= 10'000; break;
      }
      registry
          .gauge({"holdpoint_figure_" + std::string(describe::enum_text(one.name)),
                  "Of the last 30 days: medians in seconds, shares, and counts per day",
                  {{"workspace", workspace}, {"team", row.team.value_or("")}}})
          .set(value);
    }
  }
  auto response = http::text_response(200, registry.text());
  response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine) {
  constexpr auto optional = http::Presence::optional;
  http::Route all{.method = "GET",
                  .path = "/api/v1/{workspace}/figures",
                  .permission = "figures.read",
                  .summary = "How teams deliver, each figure with the records behind it",
                  .operation_id = "get_figures",
                  .tag = "figures"};
  all.query = {
      {"by", "One row for each team, application, environment or month", "string", optional},
      {"team", "Only of the applications of this owner", "string", optional},
      {"application", "Only of this application", "string", optional},
      {"environment", "Only of this environment; of production", "string", optional},
      {"from", "Begin of the span; 30 days before its end", "string", optional},
      {"until", "End of the span; now", "string", optional}};
  all.response = edge::schema_of<FiguresView>();
  all.statuses = {200, 404, 422};
  all.handler = [&engine](http::Request& request) {
    auto asked = asked_of(request, engine.ports().clock.now());
    if (!asked) return asked.error();
    const auto view = figures(engine, request, std::move(*asked));
    return view ? edge::ok(*view) : edge::respond(view.error());
  };
  http::Route text{.method = "GET",
                   .path = "/api/v1/{workspace}/figures/prometheus",
                   .permission = "figures.read",
                   .summary = "The figures of the last 30 days by team (Prometheus)",
                   .operation_id = "get_figure_lines",
                   .tag = "figures"};
  text.response_media = "text/plain";
  text.handler = [&engine](http::Request& request) { return lines(engine, request); };
  return {std::move(all), std::move(text)};
}

}  // namespace holdpoint::metrics

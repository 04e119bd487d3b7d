// See extent_query.hpp.
#include "compliance/edge/extent_query.hpp"

#include "catalog/edge/catalog_queries.hpp"
#include "compliance/search.hpp"
#include "engine/edge/query_values.hpp"

namespace holdpoint::compliance {

namespace edge = engine::edge;

std::expected<Extent, http::Response> extent_of(const http::Request& request,
                                                engine::Connection& tables, Instant now) {
  const std::string& workspace = edge::caller_of(request).workspace;
  JsonIssues issues;
  std::optional<Instant> from;
  std::optional<Instant> until;
  edge::read_instant(request, "from", from, issues);
  edge::read_instant(request, "until", until, issues);
  Extent extent;
  // What happens at this very instant is in it.
  extent.period.until = until.value_or(now + Duration{1});
  extent.period.from = from.value_or(extent.period.until - period_default);
  if (const auto text = request.query("period")) {
    const auto period = parse_period(*text);
    if (!period || from || until) {
      issues.push_back({"period", "expected 2026-Q3, 2026-09 or 2026, without from and until", 0});
    } else {
      extent.period = *period;
    }
  }
  if (extent.period.until <= extent.period.from ||
      extent.period.until - extent.period.from > period_max) {
    issues.push_back({"from", "expected a period of at most ten years, its begin first", 0});
  }
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  if (const auto name = request.query("release")) {
    extent.release = releases::find_release(tables, workspace, *name);
    if (!extent.release) {
      return std::unexpected(edge::respond(releases::release_not_found(*name)));
    }
    extent.release->contents.reset();
    // Nothing about a release was recorded before it.
    if (!from && !request.query("period")) extent.period.from = extent.release->created_at;
  }
  if (const auto name = request.query("application")) {
    if (!catalog::Applications::find(tables, workspace, *name)) {
      return std::unexpected(edge::respond(catalog::Applications::not_found(*name).error()));
    }
    extent.application = *name;
  }
  return extent;
}

std::vector<http::Parameter> extent_parameters() {
  constexpr auto optional = http::Presence::optional;
  return {{"release", "Only this release, APP@VERSION or its id", "string", optional},
          {"application", "Only this application", "string", optional},
          {"period", "A year, quarter or month in UTC: 2026-Q3", "string", optional},
          {"from", "Begin of the period; 90 days before its end", "string", optional},
          {"until", "End of the period; now", "string", optional}};
}

}  // namespace holdpoint::compliance

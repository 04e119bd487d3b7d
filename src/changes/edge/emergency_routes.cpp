// Emergencies over HTTP: endorsing them, looking back at them, and how often they happen.
#include "changes/edge/changes_edge.hpp"

namespace holdpoint::changes {
namespace {

namespace edge = engine::edge;

constexpr std::int64_t days_default = 365;
constexpr std::int64_t days_max = 3'660;

struct EndorseChange {
  Digest digest;  // of what was shown
  std::string reason;
};
HP_DESCRIBE(EndorseChange, digest, reason)

struct ReviewEmergency {
  std::string findings;
};
HP_DESCRIBE(ReviewEmergency, findings)

/// An emergency that people have to look back at.
struct ReviewItem {
  ChangeId id;
  std::string title;
  std::vector<std::string> applications;
  Instant due;
  bool overdue = false;
};
HP_DESCRIBE(ReviewItem, id, title, applications, due, overdue)

struct EmergencyReport {
  TimeWindow among;
  std::vector<EmergencyCount> counts;
  std::vector<LimitReport> limits;  // of the ways that have one, as they stand now
};
HP_DESCRIBE(EmergencyReport, among, counts, limits)

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "changes"};
}

template <class Body, class Act>
http::Route acts(engine::Engine& engine, http::Route route, std::string command, Act act) {
  route.request = edge::schema_of<Body>();
  route.response = edge::schema_of<ChangeView>();
  route.statuses = {200, 403, 404, 409, 422};
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = 16U << 10;
  route.handler = [&engine, command = std::move(command), act](http::Request& request) {
    auto body = edge::body_of<Body>(request);
    if (!body) return std::move(body).error();
    return edge::run_later(
        engine, request, command,
        [act, id = std::string(request.parameter("id")),
         body = std::move(*body)](engine::Unit& unit) { return act(unit, id, body); });
  };
  return route;
}

http::Response reviews(engine::Engine& engine, const http::Request& request) {
  const auto tables = engine.read();
  const Instant now = engine.ports().clock.now();
  std::vector<ReviewItem> items;
  for (const Change& change : open_reviews(*tables, edge::caller_of(request).workspace)) {
    items.push_back({change.id, change.content.title, change.content.applications,
                     *change.review_due, *change.review_due <= now});
  }
  const std::size_t all = items.size();
  return edge::page(std::move(items), all, [](const ReviewItem& item) { return item.id.text(); });
}

http::Response report(engine::Engine& engine, const http::Request& request) {
  auto span = std::optional(Duration::days(days_default));
  if (const auto text = request.query("within")) span = parse_duration(*text);
  if (!span || *span > Duration::days(days_max)) {
    return edge::respond(JsonIssues{{"within", "expected a duration of at most 3660d", 0}});
  }
  const auto tables = engine.read();
  const Instant now = engine.ports().clock.now();
  EmergencyReport out;
  out.among = {now - *span, now + Duration::seconds(1)};
  out.counts = count_emergencies(*tables, edge::caller_of(request).workspace, out.among);
  out.limits = report_limits(*tables, edge::caller_of(request).workspace, now);
  return edge::ok(out);
}

}  // namespace

std::vector<http::Route> emergency_routes(engine::Engine& engine,
                                          std::shared_ptr<const ChangeDesk> desk) {
  auto endorse = acts<EndorseChange>(
      engine,
      row("POST", "changes/{id}/endorsement", "changes.endorse",
          "Stand for an emergency, by exactly what was shown", "endorse_change"),
      "change.endorse",
      [desk](engine::Unit& unit, const std::string& id, const EndorseChange& body) {
        return desk->endorse(unit, id, body.digest, body.reason);
      });
  auto review = acts<ReviewEmergency>(
      engine,
      row("POST", "changes/{id}/review", "changes.endorse",
          "Look back at an emergency and say what was found", "review_emergency"),
      "emergency.review",
      [desk](engine::Unit& unit, const std::string& id, const ReviewEmergency& body) {
        return desk->review(unit, id, body.findings);
      });
  auto open = row("GET", "emergency-reviews", "changes.read",
                  "Emergencies to look back at, the first due first", "list_emergency_reviews");
  open.response = edge::page_schema_of<ReviewItem>();
  open.handler = [&engine](http::Request& request) { return reviews(engine, request); };
  auto counts = row("GET", "emergency-report", "changes.read",
                    "How often emergencies happen, by application and month", "emergency_report");
  counts.query = {
      {"within", "How far to look back, 365d when absent", "string", http::Presence::optional}};
  counts.response = edge::schema_of<EmergencyReport>();
  counts.statuses = {200, 422};
  counts.handler = [&engine](http::Request& request) { return report(engine, request); };
  return {std::move(endorse), std::move(review), std::move(open), std::move(counts)};
}

}  // namespace holdpoint::changes

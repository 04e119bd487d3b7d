// Routes about access reviews: start one, see its lines, confirm or remove them, close it (J3).
#include "identity/directory.hpp"
#include "identity/edge/access_review_queries.hpp"
#include "identity/edge/access_reviews.hpp"
#include "identity/edge/route_rows.hpp"

namespace holdpoint::identity {

/// A right with its answer; names are looked up when an answer is given and never kept.
struct ReviewLine {
  std::int64_t line = 0;
  RightKind kind{};
  std::string person;
  std::string person_name;
  std::vector<std::string> roles;
  std::string source;
  std::optional<std::string> lent_by;
  std::optional<std::string> lent_by_name;
  std::optional<LineAnswer> answer;
  std::optional<std::string> answered_by;
  std::optional<Instant> answered_at;
  std::optional<std::string> kept_because;
  std::optional<std::string> next;
};
HP_DESCRIBE(ReviewLine, line, kind, person, person_name, roles, source, lent_by, lent_by_name,
            answer, answered_by, answered_at, kept_because, next)

struct ReviewView {
  AccessReview review;
  std::int64_t answered = 0;
  std::vector<ReviewLine> lines;
};
HP_DESCRIBE(ReviewView, review, answered, lines)

namespace {

namespace api = engine::edge;

http::Response list(IdentityEdge& edge, http::Request& request) {
  return listed(
      edge, request,
      [&](engine::Connection& tables, const Stretch& stretch) {
        return list_access_reviews(tables, api::caller_of(request).workspace, stretch.after,
                                   stretch.limit);
      },
      [](engine::Connection&, const AccessReview& review) { return review; });
}

http::Response get(IdentityEdge& edge, http::Request& request) {
  const std::string& workspace = api::caller_of(request).workspace;
  const auto tables = edge.engine.read();
  const auto id = request.parameter("id");
  const auto review = find_access_review(*tables, workspace, id);
  if (!review) return api::respond(access_review_not_found(id));
  auto snapshot = snapshot_of(edge.engine.ports().objects, *review);
  if (!snapshot) return api::respond(snapshot.error());
  const Answers answers = answers_of(*tables, workspace, id);
  const auto name_of = [&](const std::string& person) {
    return display_name(edge.engine, *tables, workspace, "person", person);
  };
  ReviewView view{*review, static_cast<std::int64_t>(answers.size()), {}};
  for (RightLine& line : snapshot->lines) {
    ReviewLine shown{.line = line.line,
                     .kind = line.kind,
                     .person = line.person,
                     .person_name = name_of(line.person),
                     .roles = std::move(line.roles),
                     .source = std::move(line.source),
                     .lent_by = line.lent_by,
                     .lent_by_name = std::nullopt,
                     .answer = std::nullopt,
                     .answered_by = std::nullopt,
                     .answered_at = std::nullopt,
                     .kept_because = std::nullopt,
                     .next = std::nullopt};
    if (line.lent_by) shown.lent_by_name = name_of(*line.lent_by);
    if (const auto answer = answers.find(line.line); answer != answers.end()) {
      shown.answer = answer->second.answer;
      if (!answer->second.answered_by.empty()) {
        shown.answered_by = answer->second.answered_by;
      }
      shown.answered_at = answer->second.at;
      if (auto kept = why_kept(answer->second.answer, review->unanswered)) {
        shown.kept_because = std::move(kept->because);
        shown.next = std::move(kept->next);
      }
    }
    view.lines.push_back(std::move(shown));
  }
  return api::ok(view);
}

http::Response start(IdentityEdge& edge, http::Request& request) {
  const auto command = api::body_of<StartAccessReview>(request);
  if (!command) return command.error();
  return api::run(edge.engine, request, "identity.start_access_review",
                  [&](engine::Unit& unit) { return start_review(unit, *command); });
}

http::Response answer(IdentityEdge& edge, http::Request& request, LineAnswer answer) {
  const auto command = api::body_of<AnswerLines>(request);
  if (!command) return command.error();
  const std::string id(request.parameter("id"));
  return api::run(edge.engine, request, "identity.answer_access_review",
                  [&](engine::Unit& unit) { return answer_lines(unit, id, *command, answer); });
}

http::Response close(IdentityEdge& edge, http::Request& request) {
  const std::string id(request.parameter("id"));
  return api::run(edge.engine, request, "identity.close_access_review",
                  [&](engine::Unit& unit) { return close_review(unit, id); });
}

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/access-reviews" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "identity"};
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.response = api::schema_of<AccessReview>();
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = identity_body_bytes_max;
}

http::Route answering(IdentityEdge& edge, const char* path, LineAnswer how, const char* summary,
                      const char* operation) {
  auto route = row("POST", path, "access_reviews.answer", summary, operation);
  takes(route, api::schema_of<AnswerLines>(), {200, 403, 404, 409, 422});
  route.handler = [&edge, how](http::Request& request) { return answer(edge, request, how); };
  return route;
}

}  // namespace

std::vector<http::Route> access_review_routes(IdentityEdge& edge) {
  auto all = row("GET", "", "access.read", "List access reviews, in the order they were started",
                 "list_access_reviews");
  all.query = api::kPageParameters;
  all.response = api::page_schema_of<AccessReview>();
  all.statuses = {200, 422};
  all.handler = [&edge](http::Request& request) { return list(edge, request); };
  auto one = row("GET", "/{id}", "access.read", "An access review with its lines and answers",
                 "get_access_review");
  one.response = api::schema_of<ReviewView>();
  one.statuses = {200, 404};
  one.handler = [&edge](http::Request& request) { return get(edge, request); };
  auto begin =
      row("POST", "", "access_reviews.manage",
          "Write down who can approve what, to be confirmed or removed", "start_access_review");
  takes(begin, api::schema_of<StartAccessReview>(), {201, 409, 422, 429});
  begin.handler = [&edge](http::Request& request) { return start(edge, request); };
  auto end = row("POST", "/{id}/closing", "access_reviews.manage",
                 "Close an access review of which every line is answered", "close_access_review");
  end.response = api::schema_of<AccessReview>();
  end.statuses = {200, 404, 409};
  end.mode = http::BodyMode::buffered;
  end.body_bytes_max = identity_body_bytes_max;
  end.handler = [&edge](http::Request& request) { return close(edge, request); };
  return {std::move(all),
          std::move(one),
          std::move(begin),
          answering(edge, "/{id}/confirmations", LineAnswer::confirmed, "Confirm rights of others",
                    "confirm_access"),
          answering(edge, "/{id}/removals", LineAnswer::removed, "Remove rights of others, at once",
                    "remove_access"),
          std::move(end)};
}

}  // namespace holdpoint::identity

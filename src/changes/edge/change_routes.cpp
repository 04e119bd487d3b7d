// Changes over HTTP: writing them, submitting them, and how they stand.
#include "changes/edge/changes_edge.hpp"
#include "changes/refusals.hpp"
#include "engine/edge/record_routes.hpp"

namespace holdpoint::changes {
namespace {

namespace edge = engine::edge;

using Desk = std::shared_ptr<const ChangeDesk>;

constexpr Duration horizon_default = Duration::days(90);
constexpr Duration horizon_max = Duration::days(366);

struct Because {
  std::optional<std::string> reason;
};
HP_DESCRIBE(Because, reason)

struct CloseChange {
  Ending ending{};
  std::optional<std::string> note;
};
HP_DESCRIBE(CloseChange, ending, note)

/// The next time that is long enough, without a freeze and without another change.
struct FreeTime {
  Place place;
  TimeWindow searched;
  bool found = false;
  std::optional<TimeWindow> window;
};
HP_DESCRIBE(FreeTime, place, searched, found, window)

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "changes"};
}

void takes(http::Route& route, http::Schema body, std::vector<int> statuses) {
  route.request = std::move(body);
  route.response = edge::schema_of<ChangeView>();
  route.statuses = std::move(statuses);
  route.mode = http::BodyMode::buffered;
  route.body_bytes_max = 64U << 10;
}

/// A route that does something to the change of its path with the body that it is given.
template <class Body, class Act>
http::Route acts(engine::Engine& engine, http::Route route, std::string command, Act act) {
  takes(route, edge::schema_of<Body>(), {200, 403, 404, 409, 422});
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

http::Route create_route(engine::Engine& engine, Desk desk) {
  auto create = row("POST", "changes", "changes.request",
                    "Write a change request; the answer tells what it will need", "create_change");
  takes(create, edge::schema_of<StatedChange>(), {201, 403, 409, 422});
  create.handler = [&engine, desk](http::Request& request) {
    auto stated = edge::body_of<StatedChange>(request);
    if (!stated) return std::move(stated).error();
    return edge::run_later(engine, request, "change.create",
                           [desk, stated = std::move(*stated)](engine::Unit& unit) {
                             return desk->create(unit, stated);
                           });
  };
  return create;
}

http::Route list_route(engine::Engine& engine) {
  auto list =
      row("GET", "changes", "changes.read", "List changes, the newest first", "list_changes");
  list.query = edge::kPageParameters;
  list.query.push_back({"state", "Only those in this state", "string", http::Presence::optional});
  list.query.push_back({"type", "Only those of this type", "string", http::Presence::optional});
  list.query.push_back(
      {"application", "Only those of this application", "string", http::Presence::optional});
  list.response = edge::page_schema_of<Change>();
  list.statuses = {200, 422};
  list.handler = [&engine](http::Request& request) {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    ChangeFilter filter;
    filter.before = wanted->from_newest();
    filter.limit = wanted->rows();
    JsonIssues issues;
    if (const auto text = request.query("state")) {
      filter.state = describe::enum_parse<State>(*text);
      if (!filter.state) {
        issues.push_back({"state", "expected one of: " + describe::enum_choices<State>(), 0});
      }
    }
    if (const auto text = request.query("type")) {
      filter.type = describe::enum_parse<ChangeType>(*text);
      if (!filter.type) {
        issues.push_back({"type", "expected one of: " + describe::enum_choices<ChangeType>(), 0});
      }
    }
    if (!issues.empty()) return edge::respond(issues);
    if (const auto name = request.query("application")) filter.application = *name;
    const auto tables = engine.read();
    return edge::sequence_page(list_changes(*tables, edge::caller_of(request).workspace, filter),
                               wanted->limit, [](Change& item) { return std::move(item); });
  };
  return list;
}

/// Opened for the answer and never kept; what cannot be opened any more is left out.
void open_texts(engine::Engine& engine, engine::Connection& tables, std::string_view workspace,
                ChangeView& view) {
  const Change& change = view.change;
  for (const TextField field : change.content.texts) {
    const std::string name(describe::enum_text(field));
    auto text = engine.personal(tables, workspace, static_cast<std::uint64_t>(change.texts_entry),
                                change.texts_by, "/" + name);
    if (text) view.texts[name] = std::move(*text);
  }
  if (!change.review_entry) return;
  auto findings =
      engine.personal(tables, workspace, static_cast<std::uint64_t>(*change.review_entry),
                      *change.reviewed_by, "/findings");
  if (findings) view.texts["findings"] = std::move(*findings);
}

http::Route get_route(engine::Engine& engine, Desk desk) {
  auto get = row("GET", "changes/{id}", "changes.read",
                 "One change, what it waits for and what is in its way", "get_change");
  get.response = edge::schema_of<ChangeView>();
  get.statuses = {200, 404};
  get.handler = [&engine, desk](http::Request& request) {
    const std::string& workspace = edge::caller_of(request).workspace;
    const auto id = request.parameter("id");
    const auto tables = engine.read();
    const auto found = find_change(*tables, workspace, id);
    if (!found) return edge::respond(change_not_found(id));
    ChangeView view = desk->view(
        Snapshot{*tables, engine.ports().objects, workspace, engine.ports().clock.now()}, *found);
    open_texts(engine, *tables, workspace, view);
    return edge::ok(view);
  };
  return get;
}

struct TimeQuestion {
  FreeTime answer;
  Duration length;
};

std::expected<TimeQuestion, http::Response> time_question(engine::Engine& engine,
                                                          const http::Request& request) {
  TimeQuestion out;
  JsonIssues issues;
  const auto required = [&](const char* name) {
    const std::string text(request.query(name).value_or(""));
    if (text.empty()) issues.push_back({name, "required", 0});
    return text;
  };
  out.answer.place = {required("application"), required("environment")};
  const auto length = parse_duration(required("for"));
  if (!length || *length == Duration{}) issues.push_back({"for", "expected a duration, 2h", 0});
  auto from = std::optional(engine.ports().clock.now());
  if (const auto text = request.query("from")) from = Instant::parse(*text);
  if (!from) issues.push_back({"from", "expected an instant, 2026-11-20T06:00:00Z", 0});
  auto within = std::optional(horizon_default);
  if (const auto text = request.query("within")) within = parse_duration(*text);
  if (!within || *within > horizon_max) {
    issues.push_back({"within", "expected a duration of at most 366d", 0});
  }
  if (!issues.empty()) return std::unexpected(edge::respond(issues));
  out.length = *length;
  out.answer.searched = {*from, *from + *within};
  return out;
}

http::Response free_time(engine::Engine& engine, const http::Request& request) {
  auto question = time_question(engine, request);
  if (!question) return std::move(question).error();
  FreeTime& answer = question->answer;
  const std::string& workspace = edge::caller_of(request).workspace;
  const auto tables = engine.read();
  if (!catalog::Applications::find(*tables, workspace, answer.place.application)) {
    return edge::respond(catalog::Applications::not_found(answer.place.application).error());
  }
  if (!catalog::Environments::find(*tables, workspace, answer.place.environment)) {
    return edge::respond(catalog::Environments::not_found(answer.place.environment).error());
  }
  const auto taken = taken_windows(answer.place, open_changes(*tables, workspace, answer.searched));
  answer.window = catalog::next_free(catalog::freezes_in_force(*tables, workspace),
                                     {answer.place.application, answer.place.environment}, taken,
                                     answer.searched, question->length);
  answer.found = answer.window.has_value();
  return edge::ok(answer);
}

http::Route free_time_route(engine::Engine& engine) {
  auto route = row("GET", "change-window", "changes.read",
                   "When is the next time without a freeze and without another change?",
                   "next_change_window");
  route.query = {
      {"application", "Name of the application", "string", http::Presence::required},
      {"environment", "Name of the environment", "string", http::Presence::required},
      {"for", "How long it has to be, 2h", "string", http::Presence::required},
      {"from", "Where to begin, RFC 3339; now when absent", "string", http::Presence::optional},
      {"within", "How far to look, 90d when absent", "string", http::Presence::optional}};
  route.response = edge::schema_of<FreeTime>();
  route.statuses = {200, 404, 422};
  route.handler = [&engine](http::Request& request) { return free_time(engine, request); };
  return route;
}

/// Documents: their list, one by name, and its retirement.
template <class T>
void add_documents(engine::Engine& engine, const std::string& plural,
                   std::vector<http::Route>& rows) {
  for (auto& one : edge::record_routes<T>(engine, {plural, "changes.read", "changes", {"state"}})) {
    rows.push_back(std::move(one));
  }
  rows.push_back(edge::retirement_route<T>(engine, plural, "changes.govern", "changes"));
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, Desk desk) {
  using engine::Unit;
  const auto post = [](const char* what, const char* summary, const char* operation,
                       const char* permission = "changes.request") {
    return row("POST", std::string("changes/{id}/") + what, permission, summary, operation);
  };
  std::vector<http::Route> rows;
  rows.push_back(create_route(engine, desk));
  rows.push_back(list_route(engine));
  rows.push_back(get_route(engine, desk));
  rows.push_back(acts<StatedChange>(
      engine, post("content", "Write a draft anew", "edit_change"), "change.edit",
      [desk](Unit& unit, const std::string& id, const StatedChange& body) {
        return desk->edit(unit, id, body);
      }));
  rows.push_back(acts<Because>(
      engine, post("submission", "Submit a draft and ask for its approval", "submit_change"),
      "change.submit", [desk](Unit& unit, const std::string& id, const Because& body) {
        return desk->submit(unit, id, body.reason.value_or(""));
      }));
  rows.push_back(acts<Because>(
      engine,
      post("reopening", "Make it a draft again; what was approved of it is void", "reopen_change"),
      "change.reopen", [desk](Unit& unit, const std::string& id, const Because& body) {
        return desk->reopen(unit, id, body.reason.value_or(""));
      }));
  rows.push_back(acts<Because>(
      engine, post("cancellation", "Cancel what has not begun", "cancel_change"), "change.cancel",
      [desk](Unit& unit, const std::string& id, const Because& body) {
        return desk->cancel(unit, id, body.reason.value_or(""));
      }));
  rows.push_back(acts<Place>(
      engine, post("start", "Begin in one place what no deployment carries out", "start_change"),
      "change.start", [desk](Unit& unit, const std::string& id, const Place& body) {
        return desk->start(unit, id, body);
      }));
  rows.push_back(acts<CloseChange>(
      engine, post("closing", "Say how a change ended", "close_change"), "change.close",
      [desk](Unit& unit, const std::string& id, const CloseChange& body) {
        return desk->close(unit, id, body.ending, body.note.value_or(""));
      }));
  rows.push_back(free_time_route(engine));
  add_documents<ChangeTemplate>(engine, "change-templates", rows);
  add_documents<EmergencyPath>(engine, "emergency-paths", rows);
  add_documents<RiskTable>(engine, "risk-tables", rows);
  return rows;
}

}  // namespace holdpoint::changes

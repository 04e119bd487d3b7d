// Overrides of freezes over HTTP: asking for one, and how they stand.
#include "changes/edge/changes_edge.hpp"

namespace holdpoint::changes {
namespace {

namespace edge = engine::edge;

http::Route row(const char* method, std::string path, const char* permission, const char* summary,
                const char* operation) {
  return {.method = method,
          .path = "/api/v1/{workspace}/freeze-overrides" + std::move(path),
          .permission = permission,
          .summary = summary,
          .operation_id = operation,
          .tag = "changes"};
}

Snapshot snapshot_of(engine::Engine& engine, engine::Connection& tables,
                     const http::Request& request) {
  return {tables, engine.ports().objects, edge::caller_of(request).workspace,
          engine.ports().clock.now()};
}

http::Route ask_route(engine::Engine& engine, std::shared_ptr<const ChangeDesk> desk) {
  auto ask = row("POST", "", "changes.request", "Ask to let one thing through the freezes, once",
                 "ask_freeze_override");
  ask.request = edge::schema_of<StatedOverride>();
  ask.response = edge::schema_of<OverrideView>();
  ask.statuses = {201, 409, 422};
  ask.mode = http::BodyMode::buffered;
  ask.body_bytes_max = 16U << 10;
  ask.handler = [&engine, desk](http::Request& request) {
    auto stated = edge::body_of<StatedOverride>(request);
    if (!stated) return std::move(stated).error();
    return edge::run_later(engine, request, "freeze_override.ask",
                           [desk, stated = std::move(*stated)](engine::Unit& unit) {
                             return desk->ask_override(unit, stated);
                           });
  };
  return ask;
}

}  // namespace

std::vector<http::Route> override_routes(engine::Engine& engine,
                                         std::shared_ptr<const ChangeDesk> desk) {
  auto list = row("GET", "", "changes.read", "List overrides of freezes, the newest first",
                  "list_freeze_overrides");
  list.query = edge::kPageParameters;
  list.response = edge::page_schema_of<OverrideView>();
  list.statuses = {200, 422};
  list.handler = [&engine, desk](http::Request& request) {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto tables = engine.read();
    const Snapshot at = snapshot_of(engine, *tables, request);
    return edge::sequence_page(
        list_overrides(*tables, at.workspace, wanted->from_newest(), wanted->rows()), wanted->limit,
        [&](const FreezeOverride& one) { return desk->view(at, one); });
  };
  auto get =
      row("GET", "/{id}", "changes.read", "One override and how it stands", "get_freeze_override");
  get.response = edge::schema_of<OverrideView>();
  get.statuses = {200, 404};
  get.handler = [&engine, desk](http::Request& request) {
    const auto tables = engine.read();
    const Snapshot at = snapshot_of(engine, *tables, request);
    const auto id = request.parameter("id");
    const auto found = find_override(*tables, at.workspace, id);
    return found ? edge::ok(desk->view(at, *found)) : edge::respond(override_not_found(id));
  };
  return {ask_route(engine, desk), std::move(list), std::move(get)};
}

}  // namespace holdpoint::changes

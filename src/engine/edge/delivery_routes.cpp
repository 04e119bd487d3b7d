// See delivery_routes.hpp.
#include "engine/edge/delivery_routes.hpp"

#include "engine/outbox.hpp"

namespace holdpoint::engine::edge {
namespace {

http::Response list(Engine& engine, const http::Request& request) {
  const auto wanted = page_of(request);
  if (!wanted) return wanted.error();
  std::optional<DeliveryState> state;
  if (const auto text = request.query("state")) {
    state = describe::enum_parse<DeliveryState>(*text);
    if (!state) {
      return respond(
          JsonIssues{{"state", "expected one of " + describe::enum_choices<DeliveryState>()}});
    }
  }
  const auto tables = engine.read();
  return page(list_deliveries(*tables, caller_of(request).workspace, state, wanted->after,
                              wanted->limit + 1),
              wanted->limit, [](const DeliveryItem& item) { return item.id; });
}

http::Response replay(Engine& engine, const http::Request& request) {
  return run_later(engine, request, "outbox.replay",
                   [id = std::string(request.parameter("id"))](Unit& unit) -> Outcome {
                     const auto replayed = replay_delivery(unit, id);
                     if (!replayed) return refuse(replayed.error());
                     return answer(*replayed);
                   });
}

}  // namespace

std::vector<http::Route> delivery_routes(Engine& engine) {
  http::Route all{.method = "GET",
                  .path = "/api/v1/{workspace}/deliveries",
                  .permission = "deliveries.read",
                  .summary = "What is sent to the outside, the newest first",
                  .operation_id = "list_deliveries",
                  .tag = "deliveries"};
  all.query = kPageParameters;
  all.query.push_back({"state", "Only those in this state", "string", http::Presence::optional});
  all.response = page_schema_of<DeliveryItem>();
  all.statuses = {200, 422};
  all.handler = [&engine](http::Request& request) { return list(engine, request); };
  http::Route again{.method = "POST",
                    .path = "/api/v1/{workspace}/deliveries/{id}/replay",
                    .permission = "deliveries.manage",
                    .summary = "Send a delivery again, now and under its old id",
                    .operation_id = "replay_delivery",
                    .tag = "deliveries"};
  again.response = schema_of<DeliveryItem>();
  again.statuses = {200, 404};
  again.mode = http::BodyMode::buffered;
  again.body_bytes_max = 1'024;
  again.handler = [&engine](http::Request& request) { return replay(engine, request); };
  return {std::move(all), std::move(again)};
}

}  // namespace holdpoint::engine::edge

// The routes of a record capability: list with filters, one by name, and its retirement. Otherwise
// records change by `apply`.
#pragma once

#include <string>
#include <vector>

#include "engine/edge/api.hpp"
#include "engine/records.hpp"

namespace holdpoint::engine::edge {

struct RecordRoutes {
  std::string plural;      // of the path: "applications"
  std::string permission;  // to read: "catalog.read"
  std::string tag;
  std::vector<std::string> filters{};  // members that may be asked for by equality
};

/// "approval-roles" with '_' is part of an operation's id, with ' ' of a sentence.
inline std::string joined_with(char joint, std::string words) {
  for (char& c : words) {
    if (c == '-' || c == '_') c = joint;
  }
  return words;
}

template <Record T>
std::vector<http::Route> record_routes(Engine& engine, const RecordRoutes& spec) {
  using All = Records<T>;
  http::Route list{.method = "GET",
                   .path = "/api/v1/{workspace}/" + spec.plural,
                   .permission = spec.permission,
                   .summary = "List " + joined_with(' ', spec.plural) + " by name",
                   .operation_id = "list_" + joined_with('_', spec.plural),
                   .tag = spec.tag};
  list.query = kPageParameters;
  for (const std::string& filter : spec.filters) {
    list.query.push_back(
        {filter, "Only those with this " + filter, "string", http::Presence::optional});
  }
  list.response = page_schema_of<T>();
  list.handler = [&engine, filters = spec.filters](http::Request& request) {
    const auto wanted = page_of(request);
    if (!wanted) return wanted.error();
    std::vector<ColumnEquals> equals;
    for (const std::string& filter : filters) {
      if (const auto value = request.query(filter)) equals.push_back({filter, std::string(*value)});
    }
    std::vector<T> items;
    const auto tables = engine.read();
    for (auto& stored : All::list(*tables, caller_of(request).workspace, wanted->after,
                                  wanted->limit + 1, equals)) {
      items.push_back(std::move(stored.record));
    }
    return page(std::move(items), wanted->limit, [](const T& item) { return item.name; });
  };
  http::Route one{.method = "GET",
                  .path = "/api/v1/{workspace}/" + spec.plural + "/{name}",
                  .permission = spec.permission,
                  .summary = "One " + joined_with(' ', std::string(T::kind)) + " by name",
                  .operation_id = "get_" + std::string(T::kind),
                  .tag = spec.tag};
  one.response = schema_of<T>();
  one.statuses = {200, 404};
  one.handler = [&engine](http::Request& request) {
    const auto tables = engine.read();
    const auto name = request.parameter("name");
    const auto stored = All::find(*tables, caller_of(request).workspace, name);
    if (!stored) return respond(All::not_found(name).error());
    auto response = ok(stored->record);
    response.set("ETag", "\"" + std::to_string(stored->revision) + "\"");
    return response;
  };
  return {std::move(list), std::move(one)};
}

/// POST …/{name}/retirement: no more use of it from now on. Retired once more changes nothing; a
/// document that states `state: active` brings it back.
template <Record T>
http::Route retirement_route(Engine& engine, const std::string& plural, std::string permission,
                             std::string tag) {
  using All = Records<T>;
  http::Route row{
      .method = "POST",
      .path = "/api/v1/{workspace}/" + plural + "/{name}/retirement",
      .permission = std::move(permission),
      .summary = "Retire the " + joined_with(' ', std::string(T::kind)) + " of that name",
      .operation_id = "retire_" + std::string(T::kind),
      .tag = std::move(tag)};
  row.response = schema_of<T>();
  row.statuses = {200, 404};
  row.mode = http::BodyMode::buffered;
  row.body_bytes_max = 1'024;
  row.handler = [&engine](http::Request& request) {
    return run_later(engine, request, std::string(T::kind) + ".retire",
                     [name = std::string(request.parameter("name"))](Unit& unit) -> Outcome {
                       const auto present = All::find(unit.tables(), unit.workspace(), name);
                       if (!present) return All::not_found(name);
                       const auto closed =
                           All::close(unit, present->record.id, RecordState::retired);
                       if (!closed) return refuse(closed.error());
                       return answer(closed->record);
                     });
  };
  return row;
}

}  // namespace holdpoint::engine::edge

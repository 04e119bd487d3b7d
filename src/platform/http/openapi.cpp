// Route rows to an OpenAPI 3.1 document. Names are sorted where the format has maps, so that two
// builds of the same rows give the same bytes.
#include "platform/http/openapi.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace holdpoint::http {

namespace {

constexpr std::string_view problem_reference = "#/components/schemas/Problem";

json::object text_schema() { return {{"type", "string"}}; }

/// A closed object with these members, the first `required` of which are always there.
json::object object_schema(std::initializer_list<std::pair<std::string_view, json::object>> members,
                           std::initializer_list<std::string_view> required) {
  json::object properties;
  for (const auto& [name, schema] : members) properties[name] = schema;
  json::array always;
  for (const std::string_view name : required) always.emplace_back(name);
  return {{"type", "object"}, {"properties", properties}, {"required", always}};
}

json::object list_of(json::object item) { return {{"type", "array"}, {"items", std::move(item)}}; }

json::object problem_schema() {
  const json::object issue =
      object_schema({{"path", text_schema()}, {"message", text_schema()}}, {"path", "message"});
  const json::object action = object_schema(
      {{"actor", text_schema()}, {"action", text_schema()}, {"command", text_schema()}},
      {"actor", "action"});
  return object_schema({{"type", {{"type", "string"}, {"format", "uri"}}},
                        {"status", {{"type", "integer"}}},
                        {"code", text_schema()},
                        {"title", text_schema()},
                        {"detail", text_schema()},
                        {"errors", list_of(issue)},
                        {"parameters", {{"type", "object"}}},
                        {"next", list_of(action)}},
                       {"type", "status", "code", "title"});
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

/// OpenAPI has no parameter that spans segments; "{rest...}" is written as "{rest}".
std::string documented_path(std::string_view path) {
  std::string out(path);
  if (const auto dots = out.rfind("...}"); dots != std::string::npos) out.erase(dots, 3);
  return out;
}

json::array parameters_of(const Route& route) {
  json::array list;
  for (const std::string& name : path_parameter_names(route.path)) {
    list.push_back(json::object{
        {"name", name}, {"in", "path"}, {"required", true}, {"schema", text_schema()}});
  }
  for (const Parameter& parameter : route.query) {
    list.push_back(json::object{{"name", parameter.name},
                                {"in", "query"},
                                {"required", parameter.presence == Presence::required},
                                {"description", parameter.description},
                                {"schema", json::object{{"type", parameter.type}}}});
  }
  return list;
}

json::object content(std::string_view media, const Schema& schema, json::object& schemas) {
  json::object entry;
  if (schema) entry["schema"] = schema(schemas);
  return {{media, std::move(entry)}};
}

json::object request_body(const Route& route, json::object& schemas) {
  return {{"required", true}, {"content", content(route.request_media, route.request, schemas)}};
}

/// The statuses the row names, and those that any such row can meet before its handler.
std::vector<int> statuses_of(const Route& route) {
  std::vector<int> statuses = route.statuses;
  statuses.push_back(400);
  if (!route.permission.empty()) statuses.insert(statuses.end(), {401, 403});
  if (!path_parameter_names(route.path).empty()) statuses.push_back(404);
  if (route.mode != BodyMode::none) statuses.push_back(413);
  statuses.insert(statuses.end(), {500, 503});
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

json::object responses_of(const Route& route, json::object& schemas) {
  json::object responses;
  for (const int status : statuses_of(route)) {
    json::object entry{{"description", reason_phrase(status)}};
    if (status >= 400) {
      const json::object reference{{"schema", json::object{{"$ref", problem_reference}}}};
      entry["content"] = json::object{{"application/problem+json", reference}};
    } else if (status < 300 && status != 204 && route.response) {
      entry["content"] = content(route.response_media, route.response, schemas);
    }
    responses[std::to_string(status)] = std::move(entry);
  }
  return responses;
}

json::object operation(const Route& route, json::object& schemas) {
  json::object out;
  out["operationId"] = route.operation_id;
  out["summary"] = route.summary;
  if (!route.tag.empty()) out["tags"] = json::array{route.tag};
  out["x-permission"] = route.permission;
  if (route.permission.empty()) {
    out["security"] = json::array();
  } else {
    out["security"] = json::array{json::object{{"bearer", json::array()}},
                                  json::object{{"session", json::array()}}};
  }
  if (json::array parameters = parameters_of(route); !parameters.empty()) {
    out["parameters"] = std::move(parameters);
  }
  if (route.mode != BodyMode::none) {
    out["requestBody"] = request_body(route, schemas);
    out["x-body-bytes-max"] = route.body_bytes_max;
  }
  out["responses"] = responses_of(route, schemas);
  return out;
}

json::object sorted(const json::object& unsorted) {
  std::map<std::string, const json::value*> by_name;
  for (const auto& member : unsorted) by_name.emplace(member.key(), &member.value());
  json::object out;
  for (const auto& [name, value] : by_name) out[name] = *value;
  return out;
}

json::object security_schemes() {
  return {{"bearer", json::object{{"type", "http"}, {"scheme", "bearer"}}},
          {"session",
           json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", session_cookie_name}}}};
}

}  // namespace

json::value openapi_document(std::span<const Route> routes, std::string_view title,
                             std::string_view version) {
  std::map<std::string, std::map<std::string, const Route*>> by_path;
  std::map<std::string, int> tags;
  for (const Route& route : routes) {
    by_path[documented_path(route.path)][lower(route.method)] = &route;
    if (!route.tag.empty()) tags.emplace(route.tag, 0);
  }
  json::object schemas;
  json::object paths;
  for (const auto& [path, methods] : by_path) {
    json::object item;
    for (const auto& [method, route] : methods) item[method] = operation(*route, schemas);
    paths[path] = std::move(item);
  }
  schemas["Problem"] = problem_schema();
  json::array tag_list;
  for (const auto& entry : tags) tag_list.push_back(json::object{{"name", entry.first}});
  return json::object{{"openapi", "3.1.0"},
                      {"info", json::object{{"title", title}, {"version", version}}},
                      {"tags", std::move(tag_list)},
                      {"paths", std::move(paths)},
                      {"components", json::object{{"schemas", sorted(schemas)},
                                                  {"securitySchemes", security_schemes()}}}};
}

}  // namespace holdpoint::http

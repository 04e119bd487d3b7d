// Routes as rows: the same table finds the handler, names the permission and generates OpenAPI, so
// that none of the three can drift from the others.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "platform/http/message.hpp"

namespace holdpoint::http {

enum class BodyMode : std::uint8_t { none, buffered, streamed };
enum class Presence : std::uint8_t { optional, required };

/// A query parameter of a route. Path parameters follow from the path.
struct Parameter {
  std::string name;
  std::string description;
  std::string type = "string";  // of JSON Schema: string, integer, boolean
  Presence presence = Presence::optional;
};

/// The JSON Schema of a body: the value itself or {"$ref": "#/components/schemas/…"} for a schema
/// that the function puts into `components`. MUST give the same answer each time.
using Schema = std::function<json::value(json::object& components)>;
using Handler = std::function<Response(Request&)>;

struct Route {
  std::string method;
  std::string path;        // "/api/v1/{workspace}/releases/{id}"; a last "{name...}" takes the rest
  std::string permission;  // "" only for public routes
  std::string summary;
  std::string operation_id;
  std::string tag;
  std::vector<Parameter> query{};
  Schema request{};                // null: no schema
  Schema response{};               // of the 2xx answer; null: no schema
  std::vector<int> statuses{200};  // that the handler itself may answer; the first is the 2xx one
  std::uint64_t body_bytes_max = 0;
  BodyMode mode = BodyMode::none;
  Handler handler{};
  std::string request_media = "application/json";
  std::string response_media = "application/json";
};

class Router {
 public:
  /// Two rows for one method and path (parameter names apart) are a bug and stop the program, as
  /// are malformed paths and rows without a handler.
  explicit Router(std::vector<Route> routes);
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  struct Match {
    const Route* route;
    std::map<std::string, std::string> path_parameters;
  };
  struct NotFound {};
  struct MethodNotAllowed {
    std::string allow;  // the Allow header: "GET, HEAD, POST"
  };
  using Found = std::variant<Match, NotFound, MethodNotAllowed>;

  /// Literal segments win over parameters, and parameters over "{rest...}". HEAD finds GET.
  [[nodiscard]] Found match(std::string_view method, std::span<const std::string> segments) const;
  /// The same for a decoded path that starts with '/'.
  [[nodiscard]] Found match(std::string_view method, std::string_view path) const;

  [[nodiscard]] std::span<const Route> routes() const { return routes_; }

 private:
  struct Node;
  std::vector<Route> routes_;
  std::unique_ptr<Node> root_;
};

/// The names in braces of a route's path, in order, without "...".
std::vector<std::string> path_parameter_names(std::string_view path);

}  // namespace holdpoint::http

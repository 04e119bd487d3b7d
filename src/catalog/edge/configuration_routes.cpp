// Configuration snapshots over HTTP.
#include "catalog/edge/catalog_queries.hpp"
#include "catalog/edge/configuration_edge.hpp"

namespace holdpoint::catalog {
namespace {

namespace edge = engine::edge;

/// Room for a document that is not written in the shortest form.
constexpr std::size_t kBodyBytesMax = 2 * configuration_bytes_max;

/// A snapshot without its document.
struct ConfigurationView {
  std::string application;
  std::string environment;
  Digest digest;
  std::optional<std::string> source;
  std::string recorded_by;
  Instant recorded_at;
  bool present = false;  // whether it is the one in force
};
HP_DESCRIBE(ConfigurationView, application, environment, digest, source, recorded_by, recorded_at,
            present)

struct DifferenceView {
  Digest from;
  Digest to;
  ConfigurationDifference difference;
};
HP_DESCRIBE(DifferenceView, from, to, difference)

class ConfigurationRoutes {
 public:
  explicit ConfigurationRoutes(engine::Engine& engine) : engine_(engine) {}

  http::Response record(const http::Request& request) const {
    const auto command = edge::body_of<RecordConfiguration>(request);
    if (!command) return command.error();
    const auto text = canonical_configuration(*command);
    if (!text) return edge::respond(text.error());
    const std::string environment(request.parameter("name"));
    return edge::run(engine_, request, "configuration.record", [&](engine::Unit& unit) {
      return record_in(unit, environment, *command, *text);
    });
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto name = request.parameter("name");
    if (!Environments::find(*tables, workspace, name)) {
      return edge::respond(Environments::not_found(name).error());
    }
    ConfigurationFilter filter{std::string(name), std::nullopt, wanted->from_newest(),
                               wanted->rows()};
    if (const auto application = request.query("application")) filter.application = *application;
    return edge::sequence_page(list_configurations(*tables, workspace, filter), wanted->limit,
                               [&](const ConfigurationSnapshot& snapshot) {
                                 return view_of(*tables, workspace, snapshot);
                               });
  }

  http::Response difference(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto other = request.query("to");
    if (!other) return edge::respond(JsonIssues{{"to", "required", 0}});
    const auto tables = engine_.read();
    const auto from =
        find(*tables, workspace, request.parameter("name"), request.parameter("digest"));
    if (!from) return edge::respond(configuration_not_found(request.parameter("digest")));
    const auto to = find(*tables, workspace, "", *other);
    if (!to) return edge::respond(configuration_not_found(*other));
    const auto before = document_of(engine_.ports().objects, *from);
    if (!before) return edge::respond(before.error());
    const auto after = document_of(engine_.ports().objects, *to);
    if (!after) return edge::respond(after.error());
    return edge::ok(DifferenceView{from->digest, to->digest, catalog::difference(*before, *after)});
  }

 private:
  static engine::Outcome record_in(engine::Unit& unit, const std::string& environment_name,
                                   const RecordConfiguration& command, std::string_view text) {
    auto& tables = unit.tables();
    const auto environment = Environments::find(tables, unit.workspace(), environment_name);
    if (!environment) return Environments::not_found(environment_name);
    if (!Applications::find(tables, unit.workspace(), command.application)) {
      return refuse(invalid_configuration({{"/application", "there is no such application", 0}}));
    }
    const Digest digest = sha256(text);
    const bool present = current_configuration(tables, unit.workspace(), command.application,
                                               environment_name) == digest;
    if (!present) {
      const auto stored = unit.objects().put(text);
      if (!stored) throw engine::StoreFailed(engine::StoreFailure::outside, stored.error());
      unit.record({"environment", environment->record.id.text()},
                  ConfigurationRecorded{command.application, environment_name, digest,
                                        ObjectRef{stored->digest}, command.source});
    }
    const auto snapshot = list_configurations(tables, unit.workspace(),
                                              {environment_name, command.application, INT64_MAX, 1})
                              .front()
                              .item;
    return edge::answer(view_of(tables, unit.workspace(), snapshot), present ? 200 : 201);
  }

  static std::optional<ConfigurationSnapshot> find(engine::Connection& tables,
                                                   std::string_view workspace,
                                                   std::string_view environment,
                                                   std::string_view text) {
    const auto digest = Digest::parse(text);
    if (!digest) return std::nullopt;
    return find_configuration(tables, workspace, environment, *digest);
  }

  static ConfigurationView view_of(engine::Connection& tables, std::string_view workspace,
                                   const ConfigurationSnapshot& snapshot) {
    return {.application = snapshot.application,
            .environment = snapshot.environment,
            .digest = snapshot.digest,
            .source = snapshot.source,
            .recorded_by = snapshot.recorded_by,
            .recorded_at = snapshot.recorded_at,
            .present = current_configuration(tables, workspace, snapshot.application,
                                             snapshot.environment) == snapshot.digest};
  }

  engine::Engine& engine_;
};

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  http::Route route{
      .method = std::move(method),
      .path = "/api/v1/{workspace}/environments/{name}/configurations" + std::move(path),
      .permission = std::move(permission),
      .summary = std::move(summary),
      .operation_id = std::move(operation),
      .tag = "catalog"};
  route.statuses = {200, 404, 422};
  return route;
}

}  // namespace

std::vector<http::Route> configuration_routes(engine::Engine& engine) {
  const auto all = std::make_shared<ConfigurationRoutes>(engine);
  auto record =
      row("POST", "", "configurations.record",
          "Record how the environment is configured for an application", "record_configuration");
  record.request = edge::schema_of<RecordConfiguration>();
  record.response = edge::schema_of<ConfigurationView>();
  record.statuses = {201, 200, 404, 422};
  record.body_bytes_max = kBodyBytesMax;
  record.mode = http::BodyMode::buffered;
  record.handler = [all](http::Request& request) { return all->record(request); };
  auto list = row("GET", "", "catalog.read", "Configurations of an environment, newest first",
                  "list_configurations");
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"application", "Only of this application", "string", http::Presence::optional});
  list.response = edge::page_schema_of<ConfigurationView>();
  list.handler = [all](http::Request& request) { return all->list(request); };
  auto difference = row("GET", "/{digest}/diff", "catalog.read",
                        "What differs between two configurations", "compare_configurations");
  difference.query = {
      {"to", "Digest of the other one, of any environment", "string", http::Presence::required}};
  difference.response = edge::schema_of<DifferenceView>();
  difference.handler = [all](http::Request& request) { return all->difference(request); };
  return {std::move(record), std::move(list), std::move(difference)};
}

}  // namespace holdpoint::catalog

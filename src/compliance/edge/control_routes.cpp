// Frameworks, their controls, and how these stand, over HTTP.
#include "compliance/edge/route_rows.hpp"

#include <algorithm>

#include "compliance/edge/extent_query.hpp"
#include "compliance/edge/framework_queries.hpp"
#include "compliance/status.hpp"
#include "engine/edge/query_values.hpp"
#include "engine/edge/record_routes.hpp"

namespace holdpoint::compliance {
namespace {

namespace edge = engine::edge;

struct FrameworkView {
  std::string name;
  std::string title;
  Source source{};
  std::optional<std::string> edition;
  bool in_force = false;
  bool in_catalogue = false;
  Applies applies;
  std::int64_t controls = 0;
};
HP_DESCRIBE(FrameworkView, name, title, source, edition, in_force, in_catalogue, applies, controls)

/// A control in a list: how it stands, and the sentence that decides.
struct ControlView {
  std::string framework;
  std::string id;
  std::string title;
  std::vector<std::string> also;
  Status status = Status::no_evidence;
  std::string sentence;
  std::vector<Proof> proofs;
  std::int64_t applications = 0;
};
HP_DESCRIBE(ControlView, framework, id, title, also, status, sentence, proofs, applications)

/// One control with what it asks for.
struct ControlAnswer {
  ControlStatus standing;
  std::vector<std::string> also;
  std::vector<Need> needs;
  bool in_force = false;
};
HP_DESCRIBE(ControlAnswer, standing, also, needs, in_force)

Refusal no_framework(std::string_view name) {
  return {
      RefusalKind::not_found, "framework_not_found",
      "There is no framework " + std::string(name) + " here: holdpoint control list shows them."};
}

Refusal no_control(std::string_view framework, std::string_view id) {
  return {RefusalKind::not_found, "control_not_found",
          std::string(framework) + " has no control " + std::string(id) + "."};
}

bool asks_for_criteria(const Framework& framework) {
  return std::ranges::any_of(framework.controls, [](const Control& control) {
    return std::ranges::any_of(control.needs,
                               [](const Need& need) { return need.proof == Proof::criteria; });
  });
}

ControlView view_of(const Framework& framework, const Control& control,
                    const ControlStatus& status) {
  ControlView view{.framework = framework.name,
                   .id = control.id,
                   .title = control.title,
                   .also = control.also,
                   .status = status.status,
                   .sentence = status.findings.empty() ? "It is about no application here."
                                                       : status.findings.front().sentence,
                   .proofs = {},
                   .applications = static_cast<std::int64_t>(status.applications.size())};
  for (const Need& need : control.needs) view.proofs.push_back(need.proof);
  return view;
}

class ControlRoutes {
 public:
  explicit ControlRoutes(engine::Engine& engine) : engine_(engine) {}

  http::Response frameworks(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    std::vector<FrameworkView> views;
    for (const Framework& one : frameworks_here(*tables, edge::caller_of(request).workspace)) {
      if (one.name <= wanted->after || views.size() > wanted->limit) continue;
      views.push_back({one.name, one.title, one.source, one.edition, is_in_force(one),
                       find_in_catalogue(one.name) != nullptr, one.applies,
                       static_cast<std::int64_t>(one.controls.size())});
    }
    return edge::page(std::move(views), wanted->limit,
                      [](const FrameworkView& view) { return view.name; });
  }

  http::Response framework(const http::Request& request) const {
    const auto tables = engine_.read();
    const auto all = frameworks_here(*tables, edge::caller_of(request).workspace);
    const auto name = request.parameter("name");
    const auto found = std::ranges::find(all, name, &Framework::name);
    if (found == all.end()) return edge::respond(no_framework(name));
    return edge::ok(*found);
  }

  /// Those of the frameworks in force, or of the one that is named.
  http::Response list(const http::Request& request) const {
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    JsonIssues issues;
    std::vector<Status> statuses;
    read_words(request, "status", statuses, issues);
    if (!issues.empty()) return edge::respond(issues);
    const auto tables = engine_.read();
    const Instant now = engine_.ports().clock.now();
    const std::string& workspace = edge::caller_of(request).workspace;
    const auto all = frameworks_here(*tables, workspace);
    const auto name = request.query("framework");
    if (name && std::ranges::find(all, *name, &Framework::name) == all.end()) {
      return edge::respond(no_framework(*name));
    }
    auto extent = extent_of(request, *tables, now);
    if (!extent) return extent.error();
    extent->needs_criteria = std::ranges::any_of(all, asks_for_criteria);
    const WorkspaceFacts facts =
        gather_facts(*tables, engine_.ports().objects, workspace, *extent, now);
    std::vector<ControlView> views;
    for (const Framework& framework : all) {
      if (name ? framework.name != *name : !is_in_force(framework)) continue;
      add(framework, all, facts, statuses, *wanted, views);
    }
    return edge::page(std::move(views), wanted->limit,
                      [](const ControlView& view) { return view.framework + "/" + view.id; });
  }

  http::Response get(const http::Request& request) const {
    const auto tables = engine_.read();
    const Instant now = engine_.ports().clock.now();
    const std::string& workspace = edge::caller_of(request).workspace;
    const auto all = frameworks_here(*tables, workspace);
    const auto name = request.parameter("framework");
    const auto framework = std::ranges::find(all, name, &Framework::name);
    if (framework == all.end()) return edge::respond(no_framework(name));
    const auto id = request.parameter("id");
    const Control* control = find_control(*framework, id);
    if (control == nullptr) return edge::respond(no_control(name, id));
    auto extent = extent_of(request, *tables, now);
    if (!extent) return extent.error();
    extent->needs_criteria = asks_for_criteria(*framework);
    const WorkspaceFacts facts =
        gather_facts(*tables, engine_.ports().objects, workspace, *extent, now);
    return edge::ok(ControlAnswer{control_status(*framework, *control, all, facts), control->also,
                                  control->needs, is_in_force(*framework)});
  }

 private:
  /// Controls are in the order of their framework; a page goes on behind the one it ended with.
  static void add(const Framework& framework, const std::vector<Framework>& all,
                  const WorkspaceFacts& facts, const std::vector<Status>& statuses,
                  const edge::PageRequest& wanted, std::vector<ControlView>& views) {
    const std::string prefix = framework.name + "/";
    const bool goes_on = wanted.after.starts_with(prefix);
    // A framework of an earlier name was shown on an earlier page.
    const std::string_view last = std::string_view(wanted.after).substr(0, wanted.after.find('/'));
    if (!wanted.after.empty() && !goes_on && framework.name < last) return;
    bool is_behind = !goes_on;
    for (const Control& control : framework.controls) {
      if (views.size() > wanted.limit) return;
      if (!is_behind) {
        is_behind = prefix + control.id == wanted.after;
        continue;
      }
      const ControlStatus status = control_status(framework, control, all, facts);
      const bool is_asked =
          statuses.empty() || std::ranges::find(statuses, status.status) != statuses.end();
      if (is_asked) views.push_back(view_of(framework, control, status));
    }
  }

  engine::Engine& engine_;
};

}  // namespace

std::vector<http::Route> control_routes(engine::Engine& engine) {
  const auto all = std::make_shared<const ControlRoutes>(engine);
  auto frameworks = read_row("frameworks", "Frameworks and contracts, by name", "list_frameworks");
  frameworks.query = edge::kPageParameters;
  frameworks.response = edge::page_schema_of<FrameworkView>();
  frameworks.statuses = {200, 422};
  frameworks.handler = [all](http::Request& request) { return all->frameworks(request); };
  auto framework =
      read_row("frameworks/{name}", "One framework with its controls", "get_framework");
  framework.response = edge::schema_of<Framework>();
  framework.statuses = {200, 404};
  framework.handler = [all](http::Request& request) { return all->framework(request); };
  auto list = read_row("controls", "How controls stand, by recorded facts", "list_controls");
  list.query = edge::kPageParameters;
  list.query.push_back({"framework", "Of this framework; of all that are in force", "string",
                        http::Presence::optional});
  list.query.push_back({"status", "Only those that stand so", "string", http::Presence::optional});
  for (auto& parameter : extent_parameters()) list.query.push_back(std::move(parameter));
  list.response = edge::page_schema_of<ControlView>();
  list.statuses = {200, 404, 422};
  list.handler = [all](http::Request& request) { return all->list(request); };
  auto get = read_row("controls/{framework}/{id}",
                      "How one control stands, with the records behind it", "get_control");
  get.query = extent_parameters();
  get.response = edge::schema_of<ControlAnswer>();
  get.statuses = {200, 404, 422};
  get.handler = [all](http::Request& request) { return all->get(request); };
  auto retire =
      edge::retirement_route<Framework>(engine, "frameworks", "compliance.write", "compliance");
  return {std::move(frameworks), std::move(framework), std::move(list), std::move(get),
          std::move(retire)};
}

}  // namespace holdpoint::compliance

// Work items over HTTP.
#include <algorithm>
#include <utility>

#include "engine/edge/query_values.hpp"
#include "engine/edge/record_routes.hpp"
#include "engine/link_walk.hpp"
#include "workitems/edge/workitems_edge.hpp"

namespace holdpoint::workitems {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 131'072;
constexpr std::size_t kNotesShownMax = 50;
constexpr std::size_t kLinksShownMax = 500;
constexpr std::int64_t kDepthDefault = 3;

struct NoteView {
  std::string author;
  std::string author_name;
  Instant at;
  std::optional<std::string> text;  // absent when the author's key was destroyed
};
HP_DESCRIBE(NoteView, author, author_name, at, text)

/// One link as seen from the item: `out` says that it starts there.
struct LinkView {
  bool out = true;
  std::string relation;
  std::string kind;
  std::string id;
  std::string name;
};
HP_DESCRIBE(LinkView, out, relation, kind, id, name)

/// A work item as the API shows it. Names and texts are opened when an answer is given and never
/// kept; the answer of a command has none of them.
struct WorkItemView {
  WorkItem item;
  std::int64_t revision = 0;
  Instant created_at;
  Instant changed_at;
  std::vector<State> next_states;
  std::optional<std::string> requested_by_name;
  std::optional<std::string> owner_name;
  std::optional<std::string> description;
  std::vector<NoteView> notes;  // the newest first
  std::vector<LinkView> links;
  std::int64_t links_cut = 0;  // how many more there are
};
HP_DESCRIBE(WorkItemView, item, revision, created_at, changed_at, next_states, requested_by_name,
            owner_name, description, notes, links, links_cut)

struct LinkedThing {
  std::string kind;
  std::string id;
  std::string name;
  std::int64_t distance = 0;
};
HP_DESCRIBE(LinkedThing, kind, id, name, distance)

struct LinkedView {
  std::vector<LinkedThing> things;
  std::vector<engine::Link> links;
  std::int64_t things_cut = 0;
  std::int64_t not_followed = 0;
};
HP_DESCRIBE(LinkedView, things, links, things_cut, not_followed)

/// The id's prefix tells the kind of actor.
ledger::Actor actor_of(std::string_view id) {
  const bool person = id.starts_with("per_");
  return {person ? "person" : "service_account", std::string(id), std::nullopt, std::nullopt};
}

engine::LinkEnd end_of(const WorkItem& item) { return {"work_item", item.id.text()}; }

ledger::Subject subject_of(const WorkItem& item) { return {"work_item", item.id.text()}; }

WorkItemView view_of(const engine::Stored<WorkItem>& stored) {
  WorkItemView view;
  view.item = stored.record;
  view.revision = stored.revision;
  view.created_at = stored.created_at;
  view.changed_at = stored.changed_at;
  view.next_states = next_states(stored.record.type, stored.record.state);
  return view;
}

class WorkItemRoutes {
 public:
  WorkItemRoutes(engine::Engine& engine, WorkItemNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response create(const http::Request& request) const {
    const auto command = edge::body_of<CreateWorkItem>(request);
    if (!command) return command.error();
    return edge::run(engine_, request, "work_item.create",
                     [&](engine::Unit& unit) { return create_in(unit, *command); });
  }

  http::Response change(const http::Request& request) const {
    const auto command = edge::body_of<ChangeWorkItem>(request);
    if (!command) return command.error();
    return run_on(request, "work_item.change",
                  [&](engine::Unit& unit, const engine::Stored<WorkItem>& stored) {
                    return change_in(unit, stored, *command);
                  });
  }

  http::Response close(const http::Request& request) const {
    const auto command = edge::body_of<CloseWorkItem>(request);
    if (!command) return command.error();
    return run_on(
        request, "work_item.close",
        [&](engine::Unit& unit, const engine::Stored<WorkItem>& stored) -> engine::Outcome {
          const auto closed = workitems::close(stored.record, *command);
          if (!closed) return refuse(closed.error());
          const auto kept = WorkItems::change(unit, *closed, stored.revision);
          if (!kept) return refuse(kept.error());
          seal(unit, *closed, Purpose::note, command->reason);
          return edge::answer(view_of(*kept));
        });
  }

  http::Response link(const http::Request& request) const {
    return run_link(
        request, "work_item.link",
        [](engine::Unit& unit, const WorkItem& item, const engine::Link& link) -> Decided<void> {
          const auto present = engine::links_of(unit.tables(), unit.workspace(), link.from);
          const auto own = std::ranges::count(present, link.from, &engine::Link::from);
          if (std::cmp_greater_equal(own, links_max)) return refuse(too_many_links(item));
          engine::make_link(unit, link);
          return {};
        });
  }

  http::Response unlink(const http::Request& request) const {
    return run_link(request, "work_item.unlink",
                    [](engine::Unit& unit, const WorkItem&, const engine::Link& link) {
                      return engine::remove_link(unit, link);
                    });
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    std::vector<engine::ColumnEquals> equals;
    JsonIssues issues;
    add_word<Type>(request, "type", equals, issues);
    add_word<State>(request, "state", equals, issues);
    add_word<Priority>(request, "priority", equals, issues);
    if (!issues.empty()) return edge::respond(issues);
    for (const char* column : {"owner", "requested_by", "external_system", "external_key"}) {
      if (const auto value = request.query(column)) equals.push_back({column, std::string(*value)});
    }
    std::vector<WorkItem> items;
    const auto tables = engine_.read();
    for (auto& stored : WorkItems::list(*tables, edge::caller_of(request).workspace, wanted->after,
                                        wanted->limit + 1, equals)) {
      items.push_back(std::move(stored.record));
    }
    return edge::page(std::move(items), wanted->limit,
                      [](const WorkItem& item) { return item.name; });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto stored = find_work_item(*tables, workspace, request.parameter("item"));
    if (!stored) return edge::respond(work_item_not_found(request.parameter("item")));
    auto response = edge::ok(story_of(*tables, workspace, *stored));
    response.set("ETag", "\"" + std::to_string(stored->revision) + "\"");
    return response;
  }

  http::Response linked(const http::Request& request) const {
    std::int64_t depth = kDepthDefault;
    JsonIssues issues;
    edge::read_count(request, "depth", engine::walk_depth_max, depth, issues);
    if (!issues.empty()) return edge::respond(issues);
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto stored = find_work_item(*tables, workspace, request.parameter("item"));
    if (!stored) return edge::respond(work_item_not_found(request.parameter("item")));
    auto walk = engine::walk_links(*tables, workspace, end_of(stored->record), depth);
    LinkedView view;
    for (const engine::WalkedThing& met : walk.things) {
      view.things.push_back(
          {met.thing.kind, met.thing.id, name_of(*tables, workspace, met.thing), met.distance});
    }
    view.links = std::move(walk.links);
    view.things_cut = walk.things_cut;
    view.not_followed = walk.not_followed;
    return edge::ok(view);
  }

 private:
  template <class E>
  static void add_word(const http::Request& request, const char* column,
                       std::vector<engine::ColumnEquals>& equals, JsonIssues& issues) {
    const auto text = request.query(column);
    if (!text) return;
    if (!describe::enum_parse<E>(*text)) {
      issues.push_back({column, "expected one of: " + describe::enum_choices<E>(), 0});
      return;
    }
    equals.push_back({column, std::string(*text)});
  }

  template <class Then>
  http::Response run_on(const http::Request& request, std::string name, Then&& then) const {
    const std::string reference(request.parameter("item"));
    return edge::run(engine_, request, std::move(name), [&](engine::Unit& unit) -> engine::Outcome {
      const auto stored = find_work_item(unit.tables(), unit.workspace(), reference);
      if (!stored) return refuse(work_item_not_found(reference));
      return then(unit, *stored);
    });
  }

  template <class Act>
  http::Response run_link(const http::Request& request, std::string name, Act&& act) const {
    const auto command = edge::body_of<LinkWorkItem>(request);
    if (!command) return command.error();
    return run_on(
        request, std::move(name),
        [&](engine::Unit& unit, const engine::Stored<WorkItem>& stored) -> engine::Outcome {
          const auto link = link_of(unit, stored.record, *command);
          if (!link) return refuse(link.error());
          const auto done = act(unit, stored.record, *link);
          if (!done) return refuse(done.error());
          WorkItemView view = view_of(stored);
          add_links(unit.tables(), unit.workspace(), stored.record, view);
          return edge::answer(view);
        });
  }

  Decided<engine::Link> link_of(engine::Unit& unit, const WorkItem& item,
                                const LinkWorkItem& command) const {
    if (!is_relation(command.relation)) {
      std::string expected;
      for (const auto word : relations())
        expected += (expected.empty() ? "" : ", ") + std::string(word);
      return refuse(invalid_work_item({{"/relation", "expected one of: " + expected, 0}}));
    }
    const auto reference = read_reference(command.to);
    if (!reference) return std::unexpected(reference.error());
    const auto end = find_end(unit.tables(), unit.workspace(), *reference, needs_);
    if (!end) return refuse(no_such_end(*reference));
    if (*end == end_of(item)) {
      return refuse(invalid_work_item({{"/to", "a work item is not linked to itself", 0}}));
    }
    return engine::Link{end_of(item), command.relation, *end};
  }

  engine::Outcome create_in(engine::Unit& unit, CreateWorkItem command) const {
    const KnownNames known = known_of(unit, command.applications, command.owner);
    auto key = command.key ? command.key : next_key(unit.tables(), unit.workspace(), command.type);
    if (!key) return refuse(invalid_work_item({{"/key", "name it: no number is free nearby", 0}}));
    auto item = workitems::create(command, std::move(*key), unit.actor().id, known);
    if (!item) return refuse(item.error());
    const auto created = WorkItems::create(unit, std::move(*item));
    if (!created) return refuse(created.error());
    if (command.description) {
      seal(unit, created->record, Purpose::description, *command.description);
    }
    return edge::answer(view_of(*created), 201);
  }

  engine::Outcome change_in(engine::Unit& unit, const engine::Stored<WorkItem>& stored,
                            ChangeWorkItem command) const {
    const KnownNames known = known_of(unit, command.applications, command.owner);
    auto item = workitems::change(stored.record, command, known);
    if (!item) return refuse(item.error());
    const auto changed = WorkItems::change(unit, *item, stored.revision);
    if (!changed) return refuse(changed.error());
    if (command.description) {
      seal(unit, changed->record, Purpose::description, *command.description);
    }
    if (command.note) seal(unit, changed->record, Purpose::note, *command.note);
    return edge::answer(view_of(*changed));
  }

  static void seal(engine::Unit& unit, const WorkItem& item, Purpose purpose,
                   const std::string& text) {
    unit.record(subject_of(item), TextAdded{item.id, purpose},
                {{std::string(text_path), unit.actor().id, text}});
  }

  /// Looks up what a command names, and puts the id of the owner in the place of their name. A list
  /// over its bound is refused unread.
  KnownNames known_of(engine::Unit& unit,
                      const std::optional<std::vector<std::string>>& applications,
                      std::optional<std::string>& owner) const {
    KnownNames known;
    if (applications && applications->size() <= applications_max) {
      for (const std::string& name : *applications) {
        if (needs_.is_application(unit.tables(), unit.workspace(), name)) {
          known.applications.insert(name);
        }
      }
    }
    if (owner) {
      if (auto person = needs_.person(unit, *owner)) {
        owner = std::move(person);
        known.people.insert(*owner);
      }
    }
    return known;
  }

  std::string name_of(engine::Connection& tables, std::string_view workspace,
                      const engine::LinkEnd& end) const {
    if (end.kind != "work_item") return needs_.name_of_end(tables, workspace, end);
    const auto item = find_work_item(tables, workspace, end.id);
    return item ? item->record.name : end.id;
  }

  void add_links(engine::Connection& tables, std::string_view workspace, const WorkItem& item,
                 WorkItemView& view) const {
    for (const engine::Link& link : engine::links_of(tables, workspace, end_of(item))) {
      if (view.links.size() >= kLinksShownMax) {
        ++view.links_cut;
        continue;
      }
      const bool out = link.from == end_of(item);
      const engine::LinkEnd& other = out ? link.to : link.from;
      view.links.push_back(
          {out, link.relation, other.kind, other.id, name_of(tables, workspace, other)});
    }
  }

  std::optional<std::string> opened(engine::Connection& tables, std::string_view workspace,
                                    const TextEntry& entry) const {
    return engine_.personal(tables, workspace, static_cast<std::uint64_t>(entry.seq), entry.author,
                            text_path);
  }

  WorkItemView story_of(engine::Connection& tables, const std::string& workspace,
                        const engine::Stored<WorkItem>& stored) const {
    WorkItemView view = view_of(stored);
    const auto name = [&](std::string_view id) {
      return needs_.display_name(tables, workspace, actor_of(id));
    };
    view.requested_by_name = name(stored.record.requested_by);
    if (stored.record.owner) view.owner_name = name(*stored.record.owner);
    if (const auto entry = last_description(tables, workspace, stored.record.id)) {
      view.description = opened(tables, workspace, *entry);
    }
    for (const TextEntry& entry : last_notes(tables, workspace, stored.record.id, kNotesShownMax)) {
      view.notes.push_back(
          {entry.author, name(entry.author), entry.at, opened(tables, workspace, entry)});
    }
    add_links(tables, workspace, stored.record, view);
    return view;
  }

  engine::Engine& engine_;
  WorkItemNeeds needs_;
};

using All = std::shared_ptr<WorkItemRoutes>;

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  http::Route route{.method = std::move(method),
                    .path = "/api/v1/{workspace}/" + std::move(path),
                    .permission = std::move(permission),
                    .summary = std::move(summary),
                    .operation_id = std::move(operation),
                    .tag = "work items"};
  route.response = edge::schema_of<WorkItemView>();
  return route;
}

template <class Command>
http::Route act(std::string path, std::string summary, std::string operation,
                std::vector<int> statuses) {
  auto route =
      row("POST", std::move(path), "workitems.write", std::move(summary), std::move(operation));
  route.request = edge::schema_of<Command>();
  route.statuses = std::move(statuses);
  route.body_bytes_max = kBodyBytesMax;
  route.mode = http::BodyMode::buffered;
  return route;
}

http::Route list_route(const All& all) {
  auto list =
      row("GET", "work-items", "workitems.read", "List work items by key", "list_work_items");
  list.query = edge::kPageParameters;
  for (const char* name :
       {"type", "state", "priority", "owner", "requested_by", "external_system", "external_key"}) {
    list.query.push_back({name, "Only those with this " + edge::joined_with(' ', name), "string",
                          http::Presence::optional});
  }
  list.response = edge::page_schema_of<WorkItem>();
  list.statuses = {200, 422};
  list.handler = [all](http::Request& request) { return all->list(request); };
  return list;
}

http::Route linked_route(const All& all) {
  auto linked =
      row("GET", "work-items/{item}/linked", "workitems.read",
          "What hangs together with a work item, by links in both directions", "walk_work_item");
  linked.query = {
      {"depth", "How many links far, 1 to 20 (3)", "integer", http::Presence::optional}};
  linked.response = edge::schema_of<LinkedView>();
  linked.statuses = {200, 404, 422};
  linked.handler = [all](http::Request& request) { return all->linked(request); };
  return linked;
}

}  // namespace

std::optional<engine::LinkEnd> find_end(engine::Connection& tables, std::string_view workspace,
                                        const Reference& reference, const WorkItemNeeds& needs) {
  if (reference.kind == "commit") return engine::LinkEnd{reference.kind, reference.name};
  if (reference.kind != "work_item") return needs.find_end(tables, workspace, reference);
  const auto item = find_work_item(tables, workspace, reference.name);
  if (!item) return std::nullopt;
  return end_of(item->record);
}

std::vector<http::Route> routes(engine::Engine& engine, WorkItemNeeds needs) {
  const All all = std::make_shared<WorkItemRoutes>(engine, std::move(needs));
  auto create =
      act<CreateWorkItem>("work-items", "Create a work item", "create_work_item", {201, 409, 422});
  create.handler = [all](http::Request& request) { return all->create(request); };
  auto get = row("GET", "work-items/{item}", "workitems.read",
                 "One work item by key or id, with its links and texts", "get_work_item");
  get.statuses = {200, 404};
  get.handler = [all](http::Request& request) { return all->get(request); };
  auto change = act<ChangeWorkItem>("work-items/{item}/changes", "Change a work item",
                                    "change_work_item", {200, 404, 409, 422});
  change.handler = [all](http::Request& request) { return all->change(request); };
  auto close = act<CloseWorkItem>("work-items/{item}/closure",
                                  "Close a work item as done or rejected, with the reason",
                                  "close_work_item", {200, 404, 409, 422});
  close.handler = [all](http::Request& request) { return all->close(request); };
  auto link = act<LinkWorkItem>("work-items/{item}/links", "Link a work item to another thing",
                                "link_work_item", {200, 404, 422, 429});
  link.handler = [all](http::Request& request) { return all->link(request); };
  auto unlink = act<LinkWorkItem>("work-items/{item}/links/removal", "Take a link away",
                                  "unlink_work_item", {200, 404, 422});
  unlink.handler = [all](http::Request& request) { return all->unlink(request); };
  return {std::move(create), list_route(all),  std::move(get),  linked_route(all),
          std::move(change), std::move(close), std::move(link), std::move(unlink)};
}

}  // namespace holdpoint::workitems

// See releases_edge.hpp.
#include "releases/edge/releases_edge.hpp"

#include <algorithm>

#include "catalog/edge/catalog_queries.hpp"
#include "engine/columns.hpp"

namespace holdpoint::releases {
namespace {

namespace edge = engine::edge;

/// A release as the API shows it.
struct ReleaseView {
  ReleaseId id;
  std::string ref;
  std::string application;
  std::string version;
  Instant created_at;
  std::string created_by;
  std::optional<std::string> created_by_name;  // added when an answer is given, never kept
  std::vector<Commit> commits;
  std::vector<Artifact> artifacts;
  std::optional<Source> source;
  std::map<std::string, std::string> ci;
};
HP_DESCRIBE(ReleaseView, id, ref, application, version, created_at, created_by, created_by_name,
            commits, artifacts, source, ci)

struct ActorView {
  std::string kind;
  std::string id;
  std::string name;
};
HP_DESCRIBE(ActorView, kind, id, name)

struct TimelineItem {
  std::uint64_t seq = 0;
  Instant at;
  std::string type;
  ActorView actor;
  std::string sentence;
};
HP_DESCRIBE(TimelineItem, seq, at, type, actor, sentence)

/// The id's prefix tells the kind of actor.
ledger::Actor actor_of(std::string_view id) {
  const bool person = id.starts_with("per_");
  return {person ? "person" : "service_account", std::string(id), std::nullopt, std::nullopt};
}

class ReleaseRoutes {
 public:
  ReleaseRoutes(engine::Engine& engine, ReleaseNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response create(const http::Request& request) const {
    auto command = edge::body_of<CreateRelease>(request);
    if (!command) return std::move(command).error();
    auto checked = check(std::move(*command));
    if (!checked) return edge::respond(checked.error());
    // The answer is kept for an Idempotency-Key, so it holds no name of a person.
    return edge::run_later(engine_, request, "release.create",
                           [this, command = std::move(*checked)](engine::Unit& unit) {
                             return create_in(unit, command);
                           });
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    ReleaseFilter filter{std::nullopt, wanted->after, wanted->limit + 1};
    if (const auto application = request.query("application")) filter.application = *application;
    std::vector<json::value> items;
    std::vector<Release> found = list_releases(*tables, workspace, filter);
    std::string last;
    for (const Release& release : found) {
      if (items.size() < wanted->limit) last = release.id.text();
      items.push_back(named_document_of(*tables, workspace, release));
    }
    return edge::page(std::move(items), wanted->limit, [&](const json::value&) { return last; });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto release = find_release(*tables, workspace, request.parameter("ref"));
    if (!release) return edge::respond(release_not_found(request.parameter("ref")));
    return http::json_response(200, named_document_of(*tables, workspace, *release));
  }

  http::Response timeline(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto wanted = edge::page_of(request);
    if (!wanted) return wanted.error();
    const auto tables = engine_.read();
    const auto release = find_release(*tables, workspace, request.parameter("ref"));
    if (!release) return edge::respond(release_not_found(request.parameter("ref")));
    const std::int64_t after = wanted->after.empty() ? -1 : std::atoll(wanted->after.c_str());
    std::vector<TimelineItem> items;
    tables->query(
        "SELECT seq, entry FROM ledger_entry WHERE workspace = $1 AND subject_id = $2"
        " AND seq > $3 AND type <> 'rekor.dsse' ORDER BY seq LIMIT $4",
        [&](const engine::Row& row) {
          items.push_back(timeline_item(*tables, engine::recorded_of(workspace, row.blob(1))));
        },
        workspace, release->id.text(), after, wanted->limit + 1);
    return edge::page(std::move(items), wanted->limit,
                      [](const TimelineItem& item) { return std::to_string(item.seq); });
  }

 private:
  engine::Outcome create_in(engine::Unit& unit, const CreateRelease& command) const {
    const auto application =
        catalog::Applications::find(unit.tables(), unit.workspace(), command.application);
    if (!application) return refuse(application_not_found(command.application));
    Contents contents{resolve(unit, command.commits), command.artifacts, command.source,
                      command.ci};
    std::string text = to_json_text(contents);
    const Digest digest = sha256(text);
    const std::string name = command.application + "@" + command.version;
    if (const auto present = find_release(unit.tables(), unit.workspace(), name)) {
      if (present->contents_digest != digest) {
        return refuse(release_exists(command.application, command.version));
      }
      return answer_with(unit, *present, 200);
    }
    ReleaseCreated created{.id = unit.new_id<ReleaseId>(),
                           .application_id = application->record.id.text(),
                           .application = command.application,
                           .version = command.version,
                           .contents_digest = digest,
                           .contents = std::nullopt,
                           .contents_object = std::nullopt};
    if (text.size() <= inline_contents_bytes_max) {
      created.contents = std::move(contents);
    } else {
      const auto stored = unit.objects().put(text);
      if (!stored) throw engine::StoreFailed(engine::StoreFailure::outside, stored.error());
      created.contents_object = ObjectRef{stored->digest};
    }
    unit.record({"release", created.id.text()}, created);
    return answer_with(unit, *find_release(unit.tables(), unit.workspace(), name), 201);
  }

  std::vector<Commit> resolve(engine::Unit& unit, const std::vector<StatedCommit>& stated) const {
    std::vector<Commit> commits;
    for (const StatedCommit& one : stated) {
      Commit commit{one.sha, needs_.resolve_contributor(unit, one.author), std::nullopt, {}};
      if (one.committer) commit.committer = needs_.resolve_contributor(unit, *one.committer);
      for (const Contributor& co_author : one.co_authors) {
        commit.co_authors.push_back(needs_.resolve_contributor(unit, co_author));
      }
      commits.push_back(std::move(commit));
    }
    return commits;
  }

  engine::Outcome answer_with(engine::Unit& unit, const Release& release, int status) const {
    return engine::Answer{status, json::serialize(document_of(unit.tables(), unit.objects(),
                                                              unit.workspace(), release))};
  }

  json::value document_of(engine::Connection& tables, engine::ObjectStore& objects,
                          std::string_view workspace, const Release& release) const {
    auto contents = contents_of(objects, release);
    if (!contents) throw engine::StoreFailed(engine::StoreFailure::outside, contents.error());
    const ReleaseView shown{.id = release.id,
                            .ref = release.name(),
                            .application = release.application,
                            .version = release.version,
                            .created_at = release.created_at,
                            .created_by = release.created_by,
                            .created_by_name = std::nullopt,
                            .commits = std::move(contents->commits),
                            .artifacts = std::move(contents->artifacts),
                            .source = std::move(contents->source),
                            .ci = std::move(contents->ci)};
    auto document = to_json(shown);
    needs_.add_standing(tables, workspace, release, document.as_object());
    return document;
  }

  void name_creator(engine::Connection& tables, std::string_view workspace,
                    json::object& document) const {
    const auto creator = actor_of(view(document.at("created_by").as_string()));
    document["created_by_name"] = needs_.display_name(tables, workspace, creator);
  }

  json::value named_document_of(engine::Connection& tables, std::string_view workspace,
                                const Release& release) const {
    auto document = document_of(tables, engine_.ports().objects, workspace, release);
    name_creator(tables, workspace, document.as_object());
    return document;
  }

  TimelineItem timeline_item(engine::Connection& tables, const engine::Recorded& recorded) const {
    std::string sentence = recorded.type;
    std::ranges::replace(sentence, '.', ' ');
    std::ranges::replace(sentence, '_', ' ');
    const json::value body = json::parse(recorded.body);
    for (const char* telling : {"name", "reason"}) {
      const auto* value = body.as_object().if_contains(telling);
      if (value == nullptr || !value->is_string()) continue;
      sentence += ": " + std::string(view(value->get_string()));
      break;
    }
    return {recorded.seq, recorded.at, recorded.type,
            ActorView{recorded.actor.kind, recorded.actor.id,
                      needs_.display_name(tables, recorded.workspace, recorded.actor)},
            std::move(sentence)};
  }

  engine::Engine& engine_;
  ReleaseNeeds needs_;
};

}  // namespace

engine::Module module() {
  engine::Module module{.name = "releases"};
  module.tables.push_back({"release_record", engine::TableClass::projection,
                           "CREATE TABLE IF NOT EXISTS release_record (workspace TEXT NOT NULL, " +
                               engine::columns::definitions<Release>() +
                               ", PRIMARY KEY (workspace, id));"
                               "CREATE UNIQUE INDEX IF NOT EXISTS release_name ON release_record"
                               " (workspace, application, version);",
                           "workspace, id"});
  module.events.push_back(
      engine::event<ReleaseCreated>([](engine::Connection& tables, const engine::Recorded& recorded,
                                       const ReleaseCreated& created) {
        static const std::string sql =
            "INSERT INTO release_record (workspace, " + engine::columns::names<Release>() +
            ") VALUES (" + engine::columns::placeholders(1 + engine::columns::count<Release>) + ")";
        Release release{.id = created.id,
                        .application_id = created.application_id,
                        .application = created.application,
                        .version = created.version,
                        .created_by = recorded.actor.id,
                        .created_at = recorded.at,
                        .contents_digest = created.contents_digest,
                        .contents = std::nullopt,
                        .contents_object = created.contents_object};
        if (created.contents) release.contents = to_json_text(*created.contents);
        engine::columns::Bound bound;
        bound.add(recorded.workspace);
        bound.add_all(release);
        tables.run(sql, bound.args(), {});
      }));
  return module;
}

std::vector<http::Route> routes(engine::Engine& engine, ReleaseNeeds needs) {
  auto releases = std::make_shared<ReleaseRoutes>(engine, std::move(needs));
  http::Route create{.method = "POST",
                     .path = "/api/v1/{workspace}/releases",
                     .permission = "releases.write",
                     .summary = "Propose a release: one version of an application",
                     .operation_id = "create_release",
                     .tag = "releases"};
  create.request = edge::schema_of<CreateRelease>();
  create.response = edge::schema_of<ReleaseView>();
  create.statuses = {201, 200, 409, 422};
  create.body_bytes_max = 8U << 20;
  create.mode = http::BodyMode::buffered;
  create.handler = [releases](http::Request& request) { return releases->create(request); };

  http::Route list{.method = "GET",
                   .path = "/api/v1/{workspace}/releases",
                   .permission = "releases.read",
                   .summary = "List releases, newest first",
                   .operation_id = "list_releases",
                   .tag = "releases"};
  list.query = edge::kPageParameters;
  list.query.push_back(
      {"application", "Only of this application", "string", http::Presence::optional});
  list.response = edge::page_schema_of<ReleaseView>();
  list.handler = [releases](http::Request& request) { return releases->list(request); };

  http::Route get{.method = "GET",
                  .path = "/api/v1/{workspace}/releases/{ref}",
                  .permission = "releases.read",
                  .summary = "One release by id or APP@VERSION",
                  .operation_id = "get_release",
                  .tag = "releases"};
  get.response = edge::schema_of<ReleaseView>();
  get.statuses = {200, 404};
  get.handler = [releases](http::Request& request) { return releases->get(request); };

  http::Route timeline{.method = "GET",
                       .path = "/api/v1/{workspace}/releases/{ref}/timeline",
                       .permission = "releases.read",
                       .summary = "What happened to a release, in order",
                       .operation_id = "get_release_timeline",
                       .tag = "releases"};
  timeline.query = edge::kPageParameters;
  timeline.response = edge::page_schema_of<TimelineItem>();
  timeline.statuses = {200, 404};
  timeline.handler = [releases](http::Request& request) { return releases->timeline(request); };
  return {std::move(create), std::move(list), std::move(get), std::move(timeline)};
}

}  // namespace holdpoint::releases

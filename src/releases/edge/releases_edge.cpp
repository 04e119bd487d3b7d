// See releases_edge.hpp.
#include "releases/edge/releases_edge.hpp"

#include <algorithm>

#include "catalog/edge/catalog_queries.hpp"

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

/// A release in a list.
struct ReleaseItem {
  ReleaseId id;
  std::string ref;
  std::string application;
  std::string version;
  Instant created_at;
  std::string created_by;
  std::string created_by_name;
  std::int64_t commit_count = 0;
  std::int64_t artifact_count = 0;
};
HP_DESCRIBE(ReleaseItem, id, ref, application, version, created_at, created_by, created_by_name,
            commit_count, artifact_count)

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
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    ReleaseFilter filter{std::nullopt, wanted->from_newest(), wanted->rows()};
    if (const auto application = request.query("application")) filter.application = *application;
    return edge::sequence_page(
        list_releases(*tables, workspace, filter), wanted->limit,
        [&](const Release& release) { return item_of(*tables, workspace, release); });
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
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto tables = engine_.read();
    const auto release = find_release(*tables, workspace, request.parameter("ref"));
    if (!release) return edge::respond(release_not_found(request.parameter("ref")));
    std::vector<TimelineItem> items;
    tables->query(
        "SELECT seq, entry FROM ledger_entry WHERE workspace = $1 AND subject_id = $2"
        " AND seq > $3 AND type <> 'rekor.dsse' ORDER BY seq LIMIT $4",
        [&](const engine::Row& row) {
          items.push_back(timeline_item(*tables, engine::recorded_of(workspace, row.blob(1))));
        },
        workspace, release->id.text(), wanted->from_oldest(), wanted->rows());
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
    if (application->record.state == RecordState::retired) {
      return refuse(application_retired(command.application));
    }
    ReleaseCreated created{.id = unit.new_id<ReleaseId>(),
                           .application_id = application->record.id.text(),
                           .application = command.application,
                           .version = command.version,
                           .contents_digest = digest,
                           .contents = std::nullopt,
                           .contents_object = std::nullopt,
                           .commit_count = static_cast<std::int64_t>(contents.commits.size()),
                           .artifact_count = static_cast<std::int64_t>(contents.artifacts.size())};
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

  json::value named_document_of(engine::Connection& tables, std::string_view workspace,
                                const Release& release) const {
    auto document = document_of(tables, engine_.ports().objects, workspace, release);
    document.as_object()["created_by_name"] = creator_of(tables, workspace, release);
    return document;
  }

  std::string creator_of(engine::Connection& tables, std::string_view workspace,
                         const Release& release) const {
    return needs_.display_name(tables, workspace, actor_of(release.created_by));
  }

  json::value item_of(engine::Connection& tables, std::string_view workspace,
                      const Release& release) const {
    ReleaseItem item{.id = release.id,
                     .ref = release.name(),
                     .application = release.application,
                     .version = release.version,
                     .created_at = release.created_at,
                     .created_by = release.created_by,
                     .created_by_name = creator_of(tables, workspace, release),
                     .commit_count = release.commit_count.value_or(0),
                     .artifact_count = release.artifact_count.value_or(0)};
    if (!release.commit_count || !release.artifact_count) {
      const auto contents = contents_of(engine_.ports().objects, release);
      if (!contents) throw engine::StoreFailed(engine::StoreFailure::outside, contents.error());
      item.commit_count = static_cast<std::int64_t>(contents->commits.size());
      item.artifact_count = static_cast<std::int64_t>(contents->artifacts.size());
    }
    auto document = to_json(item);
    needs_.add_standing(tables, workspace, release, document.as_object());
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
  list.response = edge::page_schema_of<ReleaseItem>();
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

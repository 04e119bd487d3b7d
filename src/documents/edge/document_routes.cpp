// Controlled documents over HTTP.
#include "documents/edge/documents_edge.hpp"
#include "engine/edge/object_sink.hpp"
#include "engine/edge/query_values.hpp"
#include "engine/edge/record_routes.hpp"

namespace holdpoint::documents {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 16'384;
constexpr std::size_t kVersionsShownMax = 20;
constexpr std::int64_t kOverdueShownMax = 200;

struct VersionView {
  Version version;
  std::string added_by_name;
  std::string approval;  // not_needed, untold, missing, pending, granted
  std::optional<std::string> request;
};
HP_DESCRIBE(VersionView, version, added_by_name, approval, request)

struct ReviewView {
  std::int64_t version = 0;
  std::string by;
  std::string by_name;
  Instant at;
  std::optional<std::string> reason;  // absent when the key of who reviewed was destroyed
};
HP_DESCRIBE(ReviewView, version, by, by_name, at, reason)

/// Names, texts and standings are looked up when an answer is given; the answer of a command has
/// none of them.
struct DocumentView {
  Document document;
  std::int64_t revision = 0;
  std::optional<std::string> owner_name;
  std::optional<std::int64_t> latest;    // its newest version
  std::optional<std::int64_t> in_force;  // the newest version whose approval holds or is not needed
  std::optional<Instant> review_due;
  bool overdue = false;
  std::optional<ReviewView> review;
  std::vector<VersionView> versions;  // the newest first
};
HP_DESCRIBE(DocumentView, document, revision, owner_name, latest, in_force, review_due, overdue,
            review, versions)

struct OverdueDocuments {
  std::vector<OverdueDocument> items;
};
HP_DESCRIBE(OverdueDocuments, items)

/// The id's prefix tells the kind of actor.
ledger::Actor actor_of(std::string_view id) {
  const bool person = id.starts_with("per_");
  return {person ? "person" : "service_account", std::string(id), std::nullopt, std::nullopt};
}

ledger::Subject subject_of(const DocumentId& id) { return {"document", id.text()}; }

DocumentView view_of(engine::Connection& tables, std::string_view workspace,
                     const engine::Stored<Document>& stored, Instant now) {
  DocumentView view;
  view.document = stored.record;
  view.revision = stored.revision;
  if (const auto latest = latest_version(tables, workspace, stored.record.id)) {
    view.latest = latest->version;
  }
  const auto looked = looked_at(tables, workspace, stored.record.id);
  if (looked) view.review_due = review_due(stored.record, *looked);
  const bool is_due = !view.review_due || *view.review_due <= now;
  view.overdue = stored.record.state == RecordState::active && is_due;
  return view;
}

class DocumentRoutes {
 public:
  DocumentRoutes(engine::Engine& engine, DocumentNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response create(const http::Request& request) const {
    const auto command = edge::body_of<CreateDocument>(request);
    if (!command) return command.error();
    return edge::run(engine_, request, "document.create",
                     [&](engine::Unit& unit) -> engine::Outcome {
                       CreateDocument wanted = *command;
                       const Owner owner = find_owner(unit, wanted.owner);
                       auto document = documents::create(wanted, owner);
                       if (!document) return refuse(document.error());
                       const auto created = Documents::create(unit, std::move(*document));
                       if (!created) return refuse(created.error());
                       return shown(unit, *created, 201);
                     });
  }

  http::Response change(const http::Request& request) const {
    const auto command = edge::body_of<ChangeDocument>(request);
    if (!command) return command.error();
    return run_on(
        request, "document.change",
        [&](engine::Unit& unit, const engine::Stored<Document>& stored) -> engine::Outcome {
          ChangeDocument wanted = *command;
          const Owner owner = find_owner(unit, wanted.owner);
          const auto document = documents::change(stored.record, wanted, owner);
          if (!document) return refuse(document.error());
          const auto changed = Documents::change(unit, *document, stored.revision);
          if (!changed) return refuse(changed.error());
          return shown(unit, *changed, 200);
        });
  }

  http::Response add(const http::Request& request) const {
    const std::string reference(request.parameter("name"));
    {
      const auto tables = engine_.read();
      if (!find_document(*tables, edge::caller_of(request).workspace, reference)) {
        return edge::respond(document_not_found(reference));
      }
    }
    const auto stored = edge::object_sink_of(request).finish();
    if (!stored) return edge::respond(stored.error());
    const auto media = request.query("media_type");
    const Bytes bytes{stored->digest, stored->size,
                      media ? std::string(*media) : std::string("application/octet-stream")};
    return edge::run_later(
        engine_, request, "document.add_version",
        [reference, bytes](engine::Unit& unit) -> engine::Outcome {
          const auto document = find_document(unit.tables(), unit.workspace(), reference);
          if (!document) return refuse(document_not_found(reference));
          const auto latest = latest_version(unit.tables(), unit.workspace(), document->record.id);
          const auto added = add_version(document->record, latest, bytes);
          if (!added) return refuse(added.error());
          if (*added) unit.record(subject_of(document->record.id), **added);
          return shown(unit, *document, *added ? 201 : 200);
        },
        bytes.digest);
  }

  http::Response review(const http::Request& request) const {
    const auto command = edge::body_of<ReviewDocument>(request);
    if (!command) return command.error();
    return run_on(
        request, "document.review",
        [&](engine::Unit& unit, const engine::Stored<Document>& stored) -> engine::Outcome {
          const auto latest = latest_version(unit.tables(), unit.workspace(), stored.record.id);
          const auto reviewed = documents::review(stored.record, latest, *command);
          if (!reviewed) return refuse(reviewed.error());
          unit.record(subject_of(stored.record.id), *reviewed,
                      {{std::string(engine::reason_path), unit.actor().id, command->reason}});
          return shown(unit, stored, 200);
        });
  }

  http::Response get(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto stored = find_document(*tables, workspace, request.parameter("name"));
    if (!stored) return edge::respond(document_not_found(request.parameter("name")));
    return edge::ok(story_of(*tables, workspace, *stored));
  }

  http::Response content(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto reference = request.parameter("name");
    const auto number = request.parameter("version");
    const auto tables = engine_.read();
    const auto stored = find_document(*tables, workspace, reference);
    if (!stored) return edge::respond(document_not_found(reference));
    const auto name = parse_version_id(stored->record.id.text() + "/" + std::string(number));
    const auto version =
        name ? find_version(*tables, workspace, name->document, name->version) : std::nullopt;
    if (!version) return edge::respond(version_not_found(reference, number));
    return edge::object_response(engine_.ports().objects, version->digest,
                                 "application/octet-stream", stored->record.name);
  }

  http::Response overdue(const http::Request& request) const {
    std::int64_t limit = 50;
    JsonIssues issues;
    edge::read_count(request, "limit", kOverdueShownMax, limit, issues);
    if (!issues.empty()) return edge::respond(issues);
    const auto tables = engine_.read();
    return edge::ok(OverdueDocuments{overdue_documents(*tables, edge::caller_of(request).workspace,
                                                       engine_.ports().clock.now(),
                                                       static_cast<std::size_t>(limit))});
  }

 private:
  template <class Then>
  http::Response run_on(const http::Request& request, std::string name, Then&& then) const {
    const std::string reference(request.parameter("name"));
    return edge::run(engine_, request, std::move(name), [&](engine::Unit& unit) -> engine::Outcome {
      const auto stored = find_document(unit.tables(), unit.workspace(), reference);
      if (!stored) return refuse(document_not_found(reference));
      return then(unit, *stored);
    });
  }

  /// Puts the id of the owner in the place of their name.
  Owner find_owner(engine::Unit& unit, std::optional<std::string>& named) const {
    if (!named) return Owner::none_or_known;
    auto person = needs_.person(unit, *named);
    if (!person) return Owner::unknown;
    named = std::move(person);
    return Owner::none_or_known;
  }

  static engine::Outcome shown(engine::Unit& unit, const engine::Stored<Document>& stored,
                               int status) {
    return edge::answer(view_of(unit.tables(), unit.workspace(), stored, unit.now()), status);
  }

  DocumentView story_of(engine::Connection& tables, const std::string& workspace,
                        const engine::Stored<Document>& stored) const {
    const Instant now = engine_.ports().clock.now();
    const DocumentId& id = stored.record.id;
    DocumentView view = view_of(tables, workspace, stored, now);
    const auto name = [&](const std::string& actor) {
      return needs_.display_name(tables, workspace, actor_of(actor));
    };
    if (stored.record.owner) view.owner_name = name(*stored.record.owner);
    for (Version& version : versions_of(tables, workspace, id, kVersionsShownMax)) {
      const auto standing = needs_.standing(tables, engine_.ports().objects, workspace,
                                            version_id(id.text(), version.version), now);
      const bool holds = standing.state == "granted" || standing.state == "not_needed";
      if (holds && !view.in_force) view.in_force = version.version;
      std::string added_by = name(version.added_by);
      view.versions.push_back(
          {std::move(version), std::move(added_by), standing.state, standing.request});
    }
    if (const auto review = last_review(tables, workspace, id)) {
      view.review =
          ReviewView{review->version, review->by, name(review->by), review->at,
                     engine_.personal(tables, workspace, static_cast<std::uint64_t>(review->seq),
                                      review->by, engine::reason_path)};
    }
    return view;
  }

  engine::Engine& engine_;
  DocumentNeeds needs_;
};

using All = std::shared_ptr<DocumentRoutes>;

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  http::Route route{.method = std::move(method),
                    .path = "/api/v1/{workspace}/" + std::move(path),
                    .permission = std::move(permission),
                    .summary = std::move(summary),
                    .operation_id = std::move(operation),
                    .tag = "documents"};
  route.response = edge::schema_of<DocumentView>();
  route.statuses = {200, 404};
  return route;
}

template <class Command>
http::Route act(std::string path, std::string summary, std::string operation,
                std::vector<int> statuses) {
  auto route =
      row("POST", std::move(path), "documents.write", std::move(summary), std::move(operation));
  route.request = edge::schema_of<Command>();
  route.statuses = std::move(statuses);
  route.body_bytes_max = kBodyBytesMax;
  route.mode = http::BodyMode::buffered;
  return route;
}

http::Route add_route(const All& all) {
  auto add =
      row("POST", "documents/{name}/versions", "documents.write",
          "Add a version of a document; the body is the document itself", "add_document_version");
  add.query = {{"media_type", "What the bytes are", "string", http::Presence::optional}};
  add.statuses = {201, 200, 404, 409, 413, 422, 429};
  add.body_bytes_max = content_bytes_max;
  add.mode = http::BodyMode::streamed;
  add.request_media = "application/octet-stream";
  add.handler = [all](http::Request& request) { return all->add(request); };
  return add;
}

http::Route overdue_route(const All& all) {
  auto overdue = row("GET", "overdue-documents", "documents.read",
                     "Documents in use that have no version, or whose review is due",
                     "list_overdue_documents");
  overdue.query = {
      {"limit", "Items in the answer, 1 to 200 (50)", "integer", http::Presence::optional}};
  overdue.response = edge::schema_of<OverdueDocuments>();
  overdue.statuses = {200, 422};
  overdue.handler = [all](http::Request& request) { return all->overdue(request); };
  return overdue;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, DocumentNeeds needs) {
  const All all = std::make_shared<DocumentRoutes>(engine, std::move(needs));
  auto create =
      act<CreateDocument>("documents", "Create a document", "create_document", {201, 409, 422});
  create.handler = [all](http::Request& request) { return all->create(request); };
  auto records = edge::record_routes<Document>(
      engine, {"documents", "documents.read", "documents", {"state", "document_kind", "owner"}});
  auto get = row("GET", "documents/{name}", "documents.read",
                 "One document by name or id, with its versions", "get_document");
  get.handler = [all](http::Request& request) { return all->get(request); };
  auto change = act<ChangeDocument>("documents/{name}/changes", "Change what is said of a document",
                                    "change_document", {200, 404, 409, 422});
  change.handler = [all](http::Request& request) { return all->change(request); };
  auto review = act<ReviewDocument>("documents/{name}/reviews",
                                    "Say that the latest version was looked at and stands",
                                    "review_document", {200, 404, 409, 422});
  review.handler = [all](http::Request& request) { return all->review(request); };
  auto content = row("GET", "documents/{name}/versions/{version}/content", "documents.read",
                     "The bytes of a version", "get_document_content");
  content.response = {};
  content.response_media = "application/octet-stream";
  content.handler = [all](http::Request& request) { return all->content(request); };
  return {std::move(create), std::move(records.front()), std::move(get),     std::move(change),
          add_route(all),    std::move(review),          std::move(content), overdue_route(all)};
}

}  // namespace holdpoint::documents

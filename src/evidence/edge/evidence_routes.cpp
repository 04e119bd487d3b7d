// Evidence over HTTP: a report streams into the object store, is parsed outside the writer, and
// becomes one event.
#include <semaphore>

#include "engine/edge/object_sink.hpp"
#include "evidence/edge/evidence_edge.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::evidence {
namespace {

namespace edge = engine::edge;

/// Reports parsed at one time: with report_bytes_max this bounds the memory that intake takes.
constexpr std::ptrdiff_t kParsedAtOnceMax = 2;

using ParsingTurns = std::counting_semaphore<>;

/// One of the few who parse; given back also when memory runs out on the way.
class ParsingTurn {
 public:
  explicit ParsingTurn(ParsingTurns& turns) : turns_(turns) { turns_.acquire(); }
  ~ParsingTurn() { turns_.release(); }
  ParsingTurn(const ParsingTurn&) = delete;
  ParsingTurn& operator=(const ParsingTurn&) = delete;

 private:
  ParsingTurns& turns_;
};

struct Intake {
  engine::StoredObject report;
  Summary summary;
  engine::StoredObject summary_object;
};

std::optional<Refusal> read_query(const http::Request& request, Declared& declared) {
  for (const auto& [name, value] : request.parameters) {
    if (name == "name") {
      declared.name = value;
    } else if (name == "kind") {
      declared.kind = describe::enum_parse<Kind>(value);
      if (!declared.kind) {
        Refusal refusal{RefusalKind::invalid, "invalid_evidence", "The kind is not known."};
        refusal.issues.push_back({"kind", "expected one of: " + describe::enum_choices<Kind>(), 0});
        return refusal;
      }
    } else {
      declared.metadata[name] = value;
    }
  }
  return std::nullopt;
}

class EvidenceRoutes {
 public:
  explicit EvidenceRoutes(engine::Engine& engine) : engine_(engine) {}

  http::Response add(const http::Request& request) {
    const auto& workspace = edge::caller_of(request).workspace;
    Declared declared;
    if (const auto refusal = read_query(request, declared)) return edge::respond(*refusal);
    auto checked = check(std::move(declared));
    if (!checked) return edge::respond(checked.error());
    std::optional<releases::Release> release;
    {
      const auto tables = engine_.read();
      release = releases::find_release(*tables, workspace, request.parameter("ref"));
    }
    if (!release) return edge::respond(releases::release_not_found(request.parameter("ref")));
    auto intake = take_in(request);
    if (!intake) return edge::respond(intake.error());
    const Digest digest = intake->report.digest;
    return edge::run_later(
        engine_, request, "evidence.add",
        [release = std::move(*release), declared = std::move(*checked),
         intake = std::move(*intake)](engine::Unit& unit) {
          return record(unit, release, declared, intake);
        },
        digest);
  }

  http::Response list(const http::Request& request) const {
    const auto wanted = edge::sequence_page_of(request);
    if (!wanted) return wanted.error();
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto release = releases::find_release(*tables, workspace, request.parameter("ref"));
    if (!release) return edge::respond(releases::release_not_found(request.parameter("ref")));
    auto rows = list_evidence(*tables, workspace, release->id.text(), wanted->from_oldest(),
                              wanted->rows());
    return edge::sequence_page(std::move(rows), wanted->limit,
                               [](Evidence& item) { return std::move(item); });
  }

  http::Response get(const http::Request& request) const {
    return with(request, [](const Evidence& evidence) { return edge::ok(evidence); });
  }

  http::Response summary(const http::Request& request) const {
    return with(request, [this](const Evidence& evidence) {
      return edge::object_response(engine_.ports().objects, evidence.summary_digest,
                                   "application/json", evidence.id.text() + ".json");
    });
  }

  http::Response raw(const http::Request& request) const {
    return with(request, [this](const Evidence& evidence) {
      return edge::object_response(engine_.ports().objects, evidence.digest,
                                   "application/octet-stream", evidence.name);
    });
  }

 private:
  template <class Then>
  http::Response with(const http::Request& request, Then&& then) const {
    const auto tables = engine_.read();
    const auto id = request.parameter("id");
    const auto evidence = get_evidence(*tables, edge::caller_of(request).workspace, id);
    return evidence ? then(*evidence) : edge::respond(evidence_not_found(id));
  }

  Result<Intake> take_in(const http::Request& request) {
    Intake intake;
    HP_TRY(intake.report, edge::object_sink_of(request).finish());
    if (intake.report.size > report_bytes_max) {
      intake.summary = summary_of_unread();
    } else {
      const ParsingTurn turn(parsing_);
      HP_TRY(auto bytes, engine_.ports().objects.read_all(intake.report.digest, report_bytes_max));
      intake.summary = summarise_owned(std::move(bytes));
    }
    HP_TRY(intake.summary_object, engine_.ports().objects.put(to_json_text(intake.summary)));
    return intake;
  }

  static Summary summary_of_unread() {
    Summary summary;
    summary.format = "unknown";
    summary.parser = {"intake", 1};
    summary.status = ReportStatus::unparsed;
    summary.reason = "stored, not parsed: larger than 256 MB";
    return summary;
  }

  static engine::Outcome record(engine::Unit& unit, const releases::Release& release,
                                const Declared& declared, const Intake& intake) {
    const std::string name =
        declared.name.empty() ? intake.report.digest.hex().substr(0, 16) : declared.name;
    const auto current = current_evidence(unit.tables(), unit.workspace(), release.id.text());
    const auto earlier = std::ranges::find(current, name, &Evidence::name);
    const bool supersedes = earlier != current.end();
    const auto kind_before = supersedes ? std::optional(earlier->kind) : std::nullopt;
    const Kind kind = effective_kind(intake.summary, declared.kind, kind_before);
    if (supersedes && earlier->digest == intake.report.digest &&
        earlier->summary_digest == intake.summary_object.digest && earlier->kind == kind &&
        earlier->metadata == declared.metadata) {
      return edge::answer(*earlier, 200);
    }
    if (!supersedes && current.size() >= evidence_per_release_max) {
      return refuse(RefusalKind::exhausted, "too_much_evidence",
                    "A release holds at most 2000 current pieces of evidence.");
    }
    EvidenceReceived received{.id = unit.new_id<EvidenceId>(),
                              .release = release.id.text(),
                              .name = name,
                              .kind = kind,
                              .format = intake.summary.format,
                              .status = intake.summary.status,
                              .reason = intake.summary.reason,
                              .report = {intake.report.digest},
                              .size = intake.report.size,
                              .summary = {intake.summary_object.digest},
                              .parser = intake.summary.parser,
                              .flags = intake.summary.flags,
                              .counts = counts_of(intake.summary),
                              .metadata = declared.metadata,
                              .supersedes = std::nullopt};
    if (supersedes) received.supersedes = earlier->id;
    unit.record({"release", release.id.text()}, received);
    return edge::answer(*get_evidence(unit.tables(), unit.workspace(), received.id.text()), 201);
  }

  engine::Engine& engine_;
  ParsingTurns parsing_{kParsedAtOnceMax};
};

http::Route read_route(std::string path, std::string summary, std::string operation,
                       http::Handler handler) {
  return http::Route{.method = "GET",
                     .path = "/api/v1/{workspace}/" + std::move(path),
                     .permission = "evidence.read",
                     .summary = std::move(summary),
                     .operation_id = std::move(operation),
                     .tag = "evidence",
                     .statuses = {200, 404},
                     .handler = std::move(handler)};
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine) {
  auto evidence = std::make_shared<EvidenceRoutes>(engine);
  http::Route add{.method = "POST",
                  .path = "/api/v1/{workspace}/releases/{ref}/evidence",
                  .permission = "evidence.add",
                  .summary = "Add a report as evidence; the body is the report itself",
                  .operation_id = "add_evidence",
                  .tag = "evidence"};
  add.query = {
      {"name", "Evidence of the same name is superseded", "string", http::Presence::optional},
      {"kind", "What a scanner looked for, when the format does not tell", "string",
       http::Presence::optional},
      {"tool", "The tool that made the report", "string", http::Presence::optional},
      {"tool_version", "Its version", "string", http::Presence::optional},
      {"commit", "The commit it looked at", "string", http::Presence::optional},
      {"configuration", "Its configuration", "string", http::Presence::optional},
      {"pipeline_run", "The pipeline run that made it", "string", http::Presence::optional}};
  add.response = edge::schema_of<Evidence>();
  add.statuses = {201, 200, 404, 413, 422};
  add.body_bytes_max = upload_bytes_max;
  add.mode = http::BodyMode::streamed;
  add.handler = [evidence](http::Request& request) { return evidence->add(request); };
  add.request_media = "application/octet-stream";

  auto list =
      read_route("releases/{ref}/evidence", "Evidence of a release, oldest first", "list_evidence",
                 [evidence](http::Request& request) { return evidence->list(request); });
  list.query = edge::kPageParameters;
  list.response = edge::page_schema_of<Evidence>();
  auto get = read_route("evidence/{id}", "One piece of evidence", "get_evidence",
                        [evidence](http::Request& request) { return evidence->get(request); });
  get.response = edge::schema_of<Evidence>();
  auto summary =
      read_route("evidence/{id}/summary", "What was read from the report", "get_evidence_summary",
                 [evidence](http::Request& request) { return evidence->summary(request); });
  summary.response = edge::schema_of<Summary>();
  auto raw = read_route("evidence/{id}/raw", "The report as received", "get_evidence_raw",
                        [evidence](http::Request& request) { return evidence->raw(request); });
  raw.response_media = "application/octet-stream";
  return {std::move(add), std::move(list), std::move(get), std::move(summary), std::move(raw)};
}

}  // namespace holdpoint::evidence

// Looking for records, searches that are kept, and signed exports, over HTTP.
#include "compliance/edge/extent_query.hpp"
#include "compliance/edge/finder.hpp"
#include "compliance/edge/framework_queries.hpp"
#include "compliance/edge/route_rows.hpp"
#include "engine/edge/query_values.hpp"
#include "engine/edge/record_routes.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::compliance {
namespace {

namespace edge = engine::edge;

constexpr std::size_t kBodyBytesMax = 16'384;
constexpr std::size_t kExportPage = 500;
/// Pages that one export reads; more, and the search has to say more precisely what it is after.
constexpr std::size_t kExportPagesMax = 50;

struct MakeExport {
  ExportFormat format{};
  std::optional<std::string> saved;  // the name of a saved search, or
  std::optional<SearchFilter> search;
};
HP_DESCRIBE(MakeExport, format, saved, search)

/// `envelope` is the DSSE envelope over the statement that names `content` by its digest.
struct ExportView {
  std::string name;
  std::string media;
  std::int64_t rows = 0;
  Digest digest;
  std::string content;
  std::string envelope;
};
HP_DESCRIBE(ExportView, name, media, rows, digest, content, envelope)

Refusal export_too_large() {
  return {RefusalKind::exhausted, "export_too_large",
          "An export holds at most 5000 records and 2 MiB: ask for a shorter period, or for one "
          "application."};
}

void take_text(const http::Request& request, std::string_view name,
               std::optional<std::string>& value) {
  if (const auto text = request.query(name)) value = std::string(*text);
}

SearchFilter filter_of(const http::Request& request, JsonIssues& issues) {
  SearchFilter filter;
  read_words(request, "kind", filter.kinds, issues);
  read_words(request, "evidence", filter.evidence, issues);
  bool security = false;
  edge::read_flag(request, "security", security, issues);
  if (security) filter.security = true;
  take_text(request, "release", filter.release);
  take_text(request, "application", filter.application);
  take_text(request, "environment", filter.environment);
  take_text(request, "person", filter.person);
  take_text(request, "tool", filter.tool);
  take_text(request, "thing", filter.thing);
  take_text(request, "control", filter.control);
  take_text(request, "period", filter.period);
  edge::read_instant(request, "from", filter.from, issues);
  edge::read_instant(request, "until", filter.until, issues);
  check_filter(filter, "", issues);
  return filter;
}

class SearchRoutes {
 public:
  SearchRoutes(engine::Engine& engine, ComplianceNeeds needs)
      : engine_(engine), needs_(std::move(needs)) {}

  http::Response search(const http::Request& request) const {
    JsonIssues issues;
    SearchFilter filter = filter_of(request, issues);
    if (!issues.empty()) return edge::respond(issues);
    const auto tables = engine_.read();
    const std::string& workspace = edge::caller_of(request).workspace;
    if (const auto name = request.query("saved")) {
      const auto saved = SavedSearches::find(*tables, workspace, *name);
      if (!saved) return edge::respond(SavedSearches::not_found(*name).error());
      filter = saved->record.search;
    }
    return page_of_records(request, *tables, filter);
  }

  http::Response make_export(const http::Request& request) const {
    const auto command = edge::body_of<MakeExport>(request);
    if (!command) return command.error();
    const engine::Caller& caller = edge::caller_of(request);
    const auto tables = engine_.read();
    const auto filter = search_of(*tables, caller.workspace, *command);
    if (!filter) return edge::respond(filter.error());
    Finder finder(*tables, caller.workspace, needs_);
    const auto wanted = finder.resolve(*filter);
    if (!wanted) return edge::respond(wanted.error());
    const auto records = all_of(finder, *wanted);
    if (!records) return edge::respond(records.error());
    const bool is_csv = command->format == ExportFormat::csv;
    ExportView view;
    view.name = is_csv ? "records.csv" : "records.json";
    view.media = is_csv ? "text/csv" : "application/json";
    view.rows = static_cast<std::int64_t>(records->size());
    view.content = is_csv ? to_csv(*records) : to_json_lines(*records);
    if (view.content.size() > export_bytes_max) return edge::respond(export_too_large());
    view.digest = sha256(view.content);
    const ExportAbout about{
        .name = view.name,
        .log = engine_.origin(caller.workspace),
        .entries =
            tables->integer("SELECT size FROM ledger_head WHERE workspace = $1", caller.workspace)
                .value_or(0),
        .made_at = engine_.ports().clock.now(),
        .made_by = caller.actor.id,
        .rows = view.rows,
        .search = *filter};
    view.envelope =
        ledger::encode_dsse(ledger::sign_dsse(std::string(ledger::in_toto_payload_type),
                                              export_statement(about, view.digest), *needs_.key));
    return edge::ok(view);
  }

 private:
  http::Response page_of_records(const http::Request& request, engine::Connection& tables,
                                 const SearchFilter& filter) const {
    const auto wanted_page = edge::page_of(request);
    if (!wanted_page) return wanted_page.error();
    IndexPlace after;
    if (!wanted_page->after.empty()) {
      const auto place = IndexPlace::parse(wanted_page->after);
      if (!place) return edge::respond(JsonIssues{{"cursor", "expected a cursor of a page", 0}});
      after = *place;
    }
    Finder finder(tables, edge::caller_of(request).workspace, needs_);
    const auto wanted = finder.resolve(filter);
    if (!wanted) return edge::respond(wanted.error());
    const FoundPage found = finder.find(*wanted, after, wanted_page->limit);
    const auto next = found.next ? std::optional(found.next->text()) : std::nullopt;
    return edge::page_of_items(found.records, next);
  }

  static Decided<SearchFilter> search_of(engine::Connection& tables, std::string_view workspace,
                                         const MakeExport& command) {
    if (command.saved.has_value() == command.search.has_value()) {
      Refusal refusal{RefusalKind::invalid, "invalid_export",
                      "An export is of a saved search, or of a search that is stated."};
      refusal.issues.push_back({"/search", "expected this or saved", 0});
      return refuse(std::move(refusal));
    }
    if (command.saved) {
      const auto saved = SavedSearches::find(tables, workspace, *command.saved);
      if (!saved) return SavedSearches::not_found(*command.saved);
      return saved->record.search;
    }
    JsonIssues issues;
    check_filter(*command.search, "/search/", issues);
    if (issues.empty()) return *command.search;
    Refusal refusal{RefusalKind::invalid, "invalid_export", "The search is not as expected."};
    refusal.issues = std::move(issues);
    return refuse(std::move(refusal));
  }

  /// Everything that is found, or a refusal: an export never leaves anything out in silence.
  static Decided<std::vector<FoundRecord>> all_of(Finder& finder, const Wanted& wanted) {
    std::vector<FoundRecord> all;
    IndexPlace after;
    for (std::size_t page = 0; page < kExportPagesMax; ++page) {
      FoundPage found = finder.find(wanted, after, kExportPage);
      for (FoundRecord& one : found.records) {
        if (all.size() == export_rows_max) return refuse(export_too_large());
        all.push_back(std::move(one));
      }
      if (!found.next) return all;
      after = *found.next;
    }
    return refuse(export_too_large());
  }

  engine::Engine& engine_;
  ComplianceNeeds needs_;
};

std::vector<http::Parameter> search_parameters() {
  constexpr auto optional = http::Presence::optional;
  std::vector<http::Parameter> all = edge::kPageParameters;
  for (http::Parameter parameter : std::vector<http::Parameter>{
           {"saved", "A saved search, instead of what follows", "string", optional},
           {"kind", "Kinds of records, separated by commas", "string", optional},
           {"evidence", "Kinds of evidence, separated by commas", "string", optional},
           {"security", "Evidence of every kind of scan", "boolean", optional},
           {"release", "Of this release, APP@VERSION or its id", "string", optional},
           {"application", "Of this application", "string", optional},
           {"environment", "In this environment", "string", optional},
           {"person", "Recorded by whoever has this id", "string", optional},
           {"tool", "Made by this tool", "string", optional},
           {"thing", "About the thing with this id", "string", optional},
           {"control", "That may prove this control, FRAMEWORK/ID", "string", optional},
           {"period", "A year, quarter or month in UTC: 2026-Q3", "string", optional},
           {"from", "Recorded then or later", "string", optional},
           {"until", "Recorded before then", "string", optional}}) {
    all.push_back(std::move(parameter));
  }
  return all;
}

}  // namespace

std::vector<http::Route> search_routes(engine::Engine& engine, const ComplianceNeeds& needs) {
  const auto all = std::make_shared<const SearchRoutes>(engine, needs);
  auto search =
      read_row("records", "Look for records of every kind, the newest first", "search_records");
  search.query = search_parameters();
  search.response = edge::page_schema_of<FoundRecord>();
  search.statuses = {200, 404, 422};
  search.handler = [all](http::Request& request) { return all->search(request); };
  auto make = read_row("exports", "What a search finds, as a signed file", "make_export");
  make.method = "POST";
  make.request = edge::schema_of<MakeExport>();
  make.response = edge::schema_of<ExportView>();
  make.statuses = {200, 404, 422, 429};
  make.mode = http::BodyMode::buffered;
  make.body_bytes_max = kBodyBytesMax;
  make.handler = [all](http::Request& request) { return all->make_export(request); };
  std::vector<http::Route> rows{std::move(search), std::move(make)};
  for (auto& row : edge::record_routes<SavedSearch>(
           engine, {"saved-searches", "compliance.read", "compliance"})) {
    rows.push_back(std::move(row));
  }
  rows.push_back(edge::retirement_route<SavedSearch>(engine, "saved-searches", "compliance.write",
                                                     "compliance"));
  return rows;
}

}  // namespace holdpoint::compliance

// See release_queries.hpp.
#include "releases/edge/release_queries.hpp"

namespace holdpoint::releases {
namespace {

constexpr std::uint64_t kContentsBytesMax = 64U << 20;

const std::string& select() {
  static const std::string sql =
      "SELECT " + engine::columns::names<Release>() + " FROM release_record WHERE workspace = $1";
  return sql;
}

/// The columns of a row in a list, where the contents stay in theirs.
std::string listed_columns() {
  std::string names = engine::columns::names<Release>();
  constexpr std::string_view left_out = ", contents,";
  return names.replace(names.find(left_out), left_out.size(), ", NULL,");
}

}  // namespace

std::optional<Release> find_release(engine::Connection& tables, std::string_view workspace,
                                    std::string_view reference) {
  std::optional<Release> found;
  const auto take = [&](const engine::Row& row) { found = engine::columns::read<Release>(row); };
  if (ReleaseId::parse(reference)) {
    tables.query(select() + " AND id = $2", take, workspace, reference);
  } else if (const auto name = parse_release_name(reference)) {
    tables.query(select() + " AND application = $2 AND version = $3", take, workspace,
                 name->application, name->version);
  }
  return found;
}

std::optional<std::int64_t> release_entry(engine::Connection& tables, std::string_view workspace,
                                          std::string_view id) {
  return tables.integer("SELECT seq FROM release_record WHERE workspace = $1 AND id = $2",
                        workspace, id);
}

std::optional<Instant> proposed_at(engine::Connection& tables, std::string_view workspace,
                                   std::string_view id) {
  const auto at = tables.integer(
      "SELECT created_at FROM release_record WHERE workspace = $1 AND id = $2", workspace, id);
  return at ? std::optional(Instant{*at}) : std::nullopt;
}

Result<Contents> contents_of(engine::ObjectStore& objects, const Release& release) {
  std::string text = release.contents.value_or("");
  if (release.contents_object) {
    HP_TRY(text, objects.read_all(release.contents_object->digest, kContentsBytesMax));
  }
  auto contents = from_json_text<Contents>(text, {.depth_max = 32, .bytes_max = kContentsBytesMax});
  if (!contents) {
    return fault(FaultKind::corrupt, "contents of " + release.id.text(),
                 contents.error().front().text());
  }
  return std::move(*contents);
}

std::vector<engine::columns::Sequenced<Release>> list_releases(engine::Connection& tables,
                                                               std::string_view workspace,
                                                               const ReleaseFilter& filter) {
  std::vector<engine::columns::Sequenced<Release>> releases;
  std::string sql =
      "SELECT " + listed_columns() + ", seq FROM release_record WHERE workspace = $1 AND seq < $2";
  if (filter.application) sql += " AND application = $4";
  sql += " ORDER BY seq DESC LIMIT $3";
  std::vector<engine::Arg> args{engine::arg(workspace), engine::arg(filter.before),
                                engine::arg(static_cast<std::int64_t>(filter.limit))};
  if (filter.application) args.push_back(engine::arg(*filter.application));
  tables.run(sql, args, [&](const engine::Row& row) {
    releases.push_back(engine::columns::read_sequenced<Release>(row));
  });
  return releases;
}

}  // namespace holdpoint::releases

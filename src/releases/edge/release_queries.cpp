// See release_queries.hpp.
#include "releases/edge/release_queries.hpp"

#include "engine/columns.hpp"

namespace holdpoint::releases {
namespace {

constexpr std::uint64_t kContentsBytesMax = 64U << 20;

const std::string& select() {
  static const std::string sql =
      "SELECT " + engine::columns::names<Release>() + " FROM release_record WHERE workspace = $1";
  return sql;
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

std::vector<Release> list_releases(engine::Connection& tables, std::string_view workspace,
                                   const ReleaseFilter& filter) {
  std::vector<Release> releases;
  const std::string newest = filter.before_id.empty() ? "s" : filter.before_id;
  std::string sql = select() + " AND id < $2";
  if (filter.application) sql += " AND application = $4";
  sql += " ORDER BY id DESC LIMIT $3";
  std::vector<engine::Arg> args{engine::arg(workspace), engine::arg(newest),
                                engine::arg(static_cast<std::int64_t>(filter.limit))};
  if (filter.application) args.push_back(engine::arg(*filter.application));
  tables.run(sql, args, [&](const engine::Row& row) {
    releases.push_back(engine::columns::read<Release>(row));
  });
  return releases;
}

}  // namespace holdpoint::releases

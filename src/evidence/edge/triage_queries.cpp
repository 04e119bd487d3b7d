// See triage_queries.hpp.
#include "evidence/edge/triage_queries.hpp"

#include "engine/columns.hpp"
#include "identity/edge/person_queries.hpp"

namespace holdpoint::evidence {

std::vector<Triage> triage_of(engine::Connection& tables, std::string_view workspace,
                              std::string_view application) {
  static const std::string sql =
      "SELECT " + engine::columns::names<Triage>() +
      " FROM finding_triage WHERE workspace = $1 AND application = $2 ORDER BY fingerprint";
  std::vector<Triage> found;
  tables.query(
      sql, [&](const engine::Row& row) { found.push_back(engine::columns::read<Triage>(row)); },
      workspace, application);
  return found;
}

Contributors contributors_of(engine::Connection& tables, const releases::Contents& contents) {
  Contributors out;
  for (const releases::Commit& commit : contents.commits) {
    out.people.insert(commit.author);
    if (commit.committer) out.people.insert(*commit.committer);
    out.people.insert(commit.co_authors.begin(), commit.co_authors.end());
  }
  for (const std::string& person : out.people) {
    out.has_unknown = out.has_unknown || !identity::is_known_person(tables, person);
  }
  return out;
}

}  // namespace holdpoint::evidence

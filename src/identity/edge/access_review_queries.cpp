// See access_review_queries.hpp.
#include "identity/edge/access_review_queries.hpp"

#include <algorithm>
#include <set>

#include "identity/edge/delegation_queries.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/queries.hpp"
#include "identity/edge/role_queries.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

/// None is left out: a review of more rights than it may have is refused, not cut.
constexpr std::size_t kRowsMax = 1'000'000;
constexpr std::uint64_t kSnapshotBytesMax = 8U << 20;

const std::string& select() {
  static const std::string sql = "SELECT " + engine::columns::names<AccessReview>() +
                                 ", seq FROM access_review WHERE workspace = $1";
  return sql;
}

bool may_approve(std::string_view role) {
  const auto found = std::ranges::find(roles(), role, &Role::name);
  if (found == roles().end()) return false;
  const auto holds = [&](std::string_view permission) {
    return std::ranges::find(found->permissions, permission) != found->permissions.end();
  };
  return holds("approvals.sign") || holds("policy.approve");
}

/// What one person gets of one role in one way, gathered.
class Lines {
 public:
  explicit Lines(engine::Connection& tables) : tables_(tables) {}

  void add(RightKind kind, const std::string& person, std::vector<std::string> roles,
           std::string source, std::optional<std::string> lent_by = std::nullopt) {
    if (!is_active_person(tables_, person)) return;
    RightLine line;
    line.kind = kind;
    line.person = person;
    line.roles = std::move(roles);
    line.source = std::move(source);
    line.lent_by = std::move(lent_by);
    lines_.push_back(std::move(line));
  }
  std::vector<RightLine> take() {
    std::int64_t number = 0;
    for (RightLine& line : lines_) line.line = ++number;
    return std::move(lines_);
  }

 private:
  engine::Connection& tables_;
  std::vector<RightLine> lines_;
};

void add_assignments(engine::Connection& tables, std::string_view workspace, Lines& lines) {
  for (const auto& row : list_assignments(tables, workspace, {.after = -1, .limit = kRowsMax})) {
    const RoleAssignment& one = row.item;
    if (one.actor_kind != ActorKind::person || !may_approve(one.role)) continue;
    lines.add(RightKind::role, one.actor_id, {one.role}, one.id.text());
  }
}

/// Of the active approval roles, and the teams that fill them.
void add_approval_roles(engine::Connection& tables, std::string_view workspace, Lines& lines) {
  std::map<std::string, std::vector<std::string>> roles_of_team;
  for (const auto& stored : ApprovalRoles::list(tables, workspace, "", kRowsMax)) {
    const ApprovalRole& role = stored.record;
    if (role.state == RecordState::retired) continue;
    for (const PersonId& person : role.people) {
      lines.add(RightKind::named, person.text(), {role.name}, role.id.text());
    }
    std::set<std::string> on_call;
    if (role.rota) {
      for (const RotaLayer& layer : role.rota->layers) {
        for (const PersonId& person : layer.people) on_call.insert(person.text());
      }
      for (const RotaOverride& one : role.rota->overrides) on_call.insert(one.person.text());
    }
    for (const std::string& person : on_call) {
      lines.add(RightKind::on_call, person, {role.name}, role.id.text());
    }
    for (const std::string& team : role.teams) roles_of_team[team].push_back(role.name);
  }
  for (auto& [name, roles] : roles_of_team) {
    const auto team = Teams::find(tables, workspace, name);
    if (!team || team->record.state == RecordState::retired) continue;
    for (const PersonId& person : team->record.members) {
      lines.add(RightKind::team_member, person.text(), roles, team->record.id.text());
    }
  }
}

}  // namespace

std::optional<AccessReview> find_access_review(engine::Connection& tables,
                                               std::string_view workspace, std::string_view id) {
  std::optional<AccessReview> found;
  tables.query(
      select() + " AND id = $2",
      [&](const engine::Row& row) { found = engine::columns::read<AccessReview>(row); }, workspace,
      id);
  return found;
}

std::vector<engine::columns::Sequenced<AccessReview>> list_access_reviews(
    engine::Connection& tables, std::string_view workspace, std::int64_t after, std::size_t limit) {
  std::vector<engine::columns::Sequenced<AccessReview>> found;
  tables.query(
      select() + " AND seq > $2 ORDER BY seq LIMIT $3",
      [&](const engine::Row& row) {
        found.push_back(engine::columns::read_sequenced<AccessReview>(row));
      },
      workspace, after, limit);
  return found;
}

std::size_t count_open_reviews(engine::Connection& tables, std::string_view workspace) {
  const auto count = tables.integer(
      "SELECT count(*) FROM access_review WHERE workspace = $1 AND closed_at IS NULL", workspace);
  return static_cast<std::size_t>(count.value_or(0));
}

Answers answers_of(engine::Connection& tables, std::string_view workspace,
                   std::string_view review) {
  static const std::string sql =
      "SELECT " + engine::columns::names<AnsweredLine>() +
      " FROM access_review_line WHERE workspace = $1 AND review = $2 ORDER BY line";
  Answers answers;
  tables.query(
      sql,
      [&](const engine::Row& row) {
        auto one = engine::columns::read<AnsweredLine>(row);
        answers.emplace(one.line, std::move(one));
      },
      workspace, review);
  return answers;
}

Result<RightsSnapshot> snapshot_of(engine::ObjectStore& objects, const AccessReview& review) {
  HP_TRY(const std::string text, objects.read_all(review.snapshot, kSnapshotBytesMax));
  auto snapshot =
      from_json_text<RightsSnapshot>(text, {.depth_max = 16, .bytes_max = kSnapshotBytesMax});
  if (!snapshot) {
    return fault(FaultKind::corrupt, "snapshot of " + review.id.text(),
                 snapshot.error().front().text());
  }
  return std::move(*snapshot);
}

std::vector<RightLine> approval_rights(engine::Connection& tables, std::string_view workspace,
                                       Instant now) {
  Lines lines(tables);
  add_assignments(tables, workspace, lines);
  add_approval_roles(tables, workspace, lines);
  // Those that begin later are rights too.
  for (const Delegation& one : live_delegations(tables, workspace, now)) {
    lines.add(RightKind::delegation, one.delegate.text(), one.roles, one.id.text(),
              one.delegator.text());
  }
  return lines.take();
}

}  // namespace holdpoint::identity

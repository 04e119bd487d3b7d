// See role_queries.hpp.
#include "identity/edge/role_queries.hpp"

#include <algorithm>
#include <map>

#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

using engine::Connection;

/// The seats of one role while they are gathered: a person has one, however often the role names
/// her.
class Seats {
 public:
  Seat& add(const PersonId& person, SeatSource source) {
    Seat& seat = seats_[person];
    seat.person = person;
    if (std::ranges::find(seat.through, source) == seat.through.end()) {
      seat.through.push_back(source);
    }
    return seat;
  }

  /// Without those who are not active people of the server.
  std::vector<Seat> active(Connection& tables) && {
    std::vector<Seat> all;
    for (auto& [person, seat] : seats_) {
      const auto counts = tables.integer(
          "SELECT 1 FROM person WHERE workspace = $1 AND id = $2 AND state = 'active'", kSystem,
          person);
      if (counts) all.push_back(std::move(seat));
    }
    return all;
  }

 private:
  std::map<PersonId, Seat> seats_;
};

void add_assigned(Connection& tables, std::string_view workspace, std::string_view role,
                  Seats& seats) {
  tables.query(
      "SELECT actor_id FROM role_assignment"
      " WHERE workspace = $1 AND role = $2 AND actor_kind = 'person'",
      [&](const engine::Row& row) {
        seats.add(engine::columns::intact(PersonId::parse(row.text(0)), row, 0),
                  SeatSource::assigned);
      },
      workspace, role);
}

void add_members(Connection& tables, std::string_view workspace, const ApprovalRole& role,
                 Instant at, Seats& seats) {
  for (const PersonId& person : role.people) seats.add(person, SeatSource::named);
  for (const std::string& name : role.teams) {
    const auto team = Teams::find(tables, workspace, name);
    if (!team || team->record.state == RecordState::retired) continue;
    for (const PersonId& person : team->record.members) {
      seats.add(person, SeatSource::team).teams.push_back(name);
    }
  }
  if (!role.rota) return;
  if (const auto person = on_call(*role.rota, at)) seats.add(*person, SeatSource::on_call);
}

}  // namespace

std::optional<std::vector<Seat>> seats_of_role(Connection& tables, std::string_view workspace,
                                               std::string_view role, Instant at) {
  Seats seats;
  if (find_role(role) != nullptr) {
    add_assigned(tables, workspace, role, seats);
    return std::move(seats).active(tables);
  }
  const auto stored = ApprovalRoles::find(tables, workspace, role);
  if (!stored) return std::nullopt;
  if (stored->record.state != RecordState::retired) {
    add_members(tables, workspace, stored->record, at, seats);
  }
  return std::move(seats).active(tables);
}

std::vector<PersonId> people_of_role(Connection& tables, std::string_view workspace,
                                     std::string_view role, Instant at) {
  std::vector<PersonId> people;
  if (const auto seats = seats_of_role(tables, workspace, role, at)) {
    for (const Seat& seat : *seats) people.push_back(seat.person);
  }
  return people;
}

bool is_known_role(Connection& tables, std::string_view workspace, std::string_view role) {
  return find_role(role) != nullptr || ApprovalRoles::find(tables, workspace, role).has_value();
}

}  // namespace holdpoint::identity

// See approval_roles.hpp: reading teams and approval roles from the documents people write.
#include "identity/approval_roles.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/record_document.hpp"
#include "base/zones.hpp"
#include "identity/permissions.hpp"
#include "identity/rules.hpp"

namespace holdpoint::identity {
namespace {

struct Metadata {
  std::string name;
};
HP_DESCRIBE(Metadata, name)

struct TeamSpec {
  std::optional<std::string> title;
  std::vector<std::string> members;
  std::optional<RecordState> state;
};
HP_DESCRIBE(TeamSpec, title, members, state)

struct TeamDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  TeamSpec spec;
};
HP_DESCRIBE(TeamDocument, apiVersion, kind, metadata, spec)

struct LayerSpec {
  std::vector<std::string> people;
  std::string shift;
  std::string handover;
  std::string start;
};
HP_DESCRIBE(LayerSpec, people, shift, handover, start)

struct OverrideSpec {
  Instant from;
  Instant until;
  std::string person;
};
HP_DESCRIBE(OverrideSpec, from, until, person)

struct RotaSpec {
  std::string zone;
  std::vector<LayerSpec> layers;
  std::vector<OverrideSpec> overrides;
};
HP_DESCRIBE(RotaSpec, zone, layers, overrides)

struct ApprovalRoleSpec {
  std::optional<std::string> title;
  std::vector<std::string> people;
  std::vector<std::string> teams;
  std::optional<RotaSpec> rota;
  std::optional<RecordState> state;
};
HP_DESCRIBE(ApprovalRoleSpec, title, people, teams, rota, state)

struct ApprovalRoleDocument {
  std::string apiVersion;
  std::string kind;
  Metadata metadata;
  ApprovalRoleSpec spec;
};
HP_DESCRIBE(ApprovalRoleDocument, apiVersion, kind, metadata, spec)

Refusal invalid_document(JsonIssues issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_document", "The document is not as expected."};
  refusal.issues = std::move(issues);
  return refusal;
}

std::string element(std::string_view list, std::size_t index) {
  return std::string(list) + "/" + std::to_string(index);
}

/// "day", "week", "2 weeks", "10 days".
std::optional<std::int64_t> shift_days_of(std::string_view text) {
  std::int64_t count = 1;
  if (const auto space = text.find(' '); space != std::string_view::npos) {
    const auto* end = text.data() + space;
    const auto read = std::from_chars(text.data(), end, count);
    if (read.ec != std::errc{} || read.ptr != end || count < 1 || count > shift_days_max) {
      return std::nullopt;
    }
    text.remove_prefix(space + 1);
  }
  const std::int64_t unit = text == "day" || text == "days"     ? 1
                            : text == "week" || text == "weeks" ? 7
                                                                : 0;
  if (unit == 0 || count * unit > shift_days_max) return std::nullopt;
  return count * unit;
}

/// Reads what stands in a document and gathers what is wrong with it.
class Reader {
 public:
  explicit Reader(const PersonNamed& person_named) : person_named_(person_named) {}

  void note(std::string path, std::string flaw) {
    issues_.push_back({std::move(path), std::move(flaw), 0});
  }

  std::string title(const std::string& name, const std::optional<std::string>& title) {
    if (!is_record_name(name)) {
      note("/metadata/name", "expected 1 to 63 characters a-z, 0-9, and - . _ inside");
    }
    if (title && (title->empty() || title->size() > name_bytes_max)) {
      note("/spec/title", "expected 1 to 200 bytes");
    }
    return title.value_or(name);
  }

  PersonId person(const std::string& reference, std::string path) {
    if (auto known = person_named_(reference)) return *known;
    note(std::move(path), "nobody of this server has this mail address or id");
    return {};
  }

  std::vector<PersonId> people(const std::vector<std::string>& references, const std::string& path,
                               std::size_t count_max) {
    if (references.size() > count_max) {
      note(path, "more than " + std::to_string(count_max) + " people");
      return {};
    }
    std::vector<PersonId> all;
    for (std::size_t i = 0; i < references.size(); ++i) {
      PersonId one = person(references[i], element(path, i));
      if (!one.empty() && std::ranges::find(all, one) != all.end()) {
        note(element(path, i), "the same person stands here twice");
      }
      all.push_back(std::move(one));
    }
    return all;
  }

  std::vector<std::string> teams(std::vector<std::string> names) {
    if (names.size() > members_max) note("/spec/teams", "more than 200 teams");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!seen.insert(names[i]).second) note(element("/spec/teams", i), "stands twice");
    }
    return names;
  }

  Rota rota(const RotaSpec& spec) {
    Rota rota{.zone = spec.zone, .layers = {}, .overrides = {}};
    if (!Zone::find(spec.zone)) {
      note("/spec/rota/zone", "no such time zone; expected a name such as Europe/Berlin");
    }
    if (spec.layers.empty() || spec.layers.size() > rota_layers_max) {
      note("/spec/rota/layers", "expected 1 to 10 layers");
      return rota;
    }
    if (spec.overrides.size() > rota_overrides_max) {
      note("/spec/rota/overrides", "more than 200 overrides; take out those that are over");
      return rota;
    }
    for (std::size_t i = 0; i < spec.layers.size(); ++i) {
      rota.layers.push_back(layer(spec.layers[i], element("/spec/rota/layers", i)));
    }
    for (std::size_t i = 0; i < spec.overrides.size(); ++i) {
      const OverrideSpec& made = spec.overrides[i];
      const std::string path = element("/spec/rota/overrides", i);
      if (made.until <= made.from) note(path + "/until", "expected to be after `from`");
      rota.overrides.push_back({made.from, made.until, person(made.person, path + "/person")});
    }
    return rota;
  }

  /// The record, unless something was wrong with its document.
  template <class Record>
  Decided<Record> verdict(Record record) {
    if (!issues_.empty()) return refuse(invalid_document(std::move(issues_)));
    return record;
  }

 private:
  RotaLayer layer(const LayerSpec& spec, const std::string& path) {
    RotaLayer layer{people(spec.people, path + "/people", rota_people_max),
                    shift_days_of(spec.shift).value_or(0), spec.handover, spec.start};
    if (spec.people.empty()) note(path + "/people", "expected at least one person");
    if (layer.shift_days == 0) {
      note(path + "/shift", "expected day, week, or a number of them up to 92 days");
    }
    if (!minute_of(spec.handover)) note(path + "/handover", "expected a time such as 09:00");
    if (!day_of(spec.start)) note(path + "/start", "expected a date such as 2026-03-02");
    return layer;
  }

  const PersonNamed& person_named_;
  JsonIssues issues_;
};

}  // namespace

Decided<Team> read_team(const json::value& document, const PersonNamed& person_named) {
  auto read = from_json<TeamDocument>(document);
  if (!read) return refuse(invalid_document(std::move(read).error()));
  Reader reader(person_named);
  Team team;
  team.name = read->metadata.name;
  team.title = reader.title(team.name, read->spec.title);
  team.members = reader.people(read->spec.members, "/spec/members", members_max);
  return reader.verdict(std::move(team));
}

Decided<ApprovalRole> read_approval_role(const json::value& document,
                                         const PersonNamed& person_named) {
  auto read = from_json<ApprovalRoleDocument>(document);
  if (!read) return refuse(invalid_document(std::move(read).error()));
  Reader reader(person_named);
  ApprovalRole role;
  role.name = read->metadata.name;
  role.title = reader.title(role.name, read->spec.title);
  if (find_role(role.name) != nullptr) {
    reader.note("/metadata/name", "a built-in role has this name; choose another");
  }
  role.people = reader.people(read->spec.people, "/spec/people", members_max);
  role.teams = reader.teams(std::move(read->spec.teams));
  if (read->spec.rota) role.rota = reader.rota(*read->spec.rota);
  return reader.verdict(std::move(role));
}

}  // namespace holdpoint::identity

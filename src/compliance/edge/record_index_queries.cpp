// See record_index_queries.hpp. Entries are in the order of time, so that a period is a range of
// entries, found by halving.
#include "compliance/edge/record_index_queries.hpp"

#include <charconv>

#include "deployments/promotion.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::compliance {
namespace {

using engine::Arg;
using engine::arg;

constexpr std::size_t chunk_rows_max = 1'000;

const std::string& columns_text() {
  static const std::string text = engine::columns::names<IndexedRecord>();
  return text;
}

void insert(engine::Connection& tables, std::string_view workspace, const IndexedRecord& row) {
  static const std::string sql =
      "INSERT INTO record_index (workspace, " + columns_text() + ") VALUES (" +
      engine::columns::placeholders(1 + engine::columns::count<IndexedRecord>) + ")";
  engine::columns::Bound bound;
  bound.add(workspace);
  bound.add_all(row);
  tables.run(sql, bound.args(), {});
}

/// The parts of the first record about the thing.
std::vector<IndexedRecord> first_about(engine::Connection& tables, std::string_view workspace,
                                       std::string_view thing) {
  static const std::string sql =
      "SELECT " + columns_text() +
      " FROM record_index WHERE workspace = $1 AND thing = $2 AND seq ="
      " (SELECT min(seq) FROM record_index WHERE workspace = $1 AND thing = $2) ORDER BY part";
  std::vector<IndexedRecord> parts;
  tables.query(
      sql,
      [&](const engine::Row& row) { parts.push_back(engine::columns::read<IndexedRecord>(row)); },
      workspace, thing);
  return parts;
}

/// A request for a promotion names its release in words.
void add_promoted(engine::Connection& tables, std::string_view workspace, const json::object& body,
                  IndexedRecord& record) {
  const auto* subject = body.if_contains("subject");
  const auto* about = subject == nullptr ? nullptr : subject->if_object();
  if (about == nullptr) return;
  const auto* kind = about->if_contains("kind");
  const auto* id = about->if_contains("id");
  if (kind == nullptr || id == nullptr || !kind->is_string() || !id->is_string()) return;
  if (view(kind->get_string()) != deployments::promotion_kind) return;
  const auto name = deployments::parse_promotion_id(view(id->get_string()));
  if (!name) return;
  record.environment = name->environment;
  const auto release = releases::find_release(tables, workspace, name->release);
  if (!release) return;
  record.release = release->id.text();
  record.version = release->version;
}

void fill_from(const IndexedRecord& first, IndexedRecord& record) {
  const auto fill = [](std::string& to, const std::string& from) {
    if (to.empty()) to = from;
  };
  fill(record.application, first.application);
  fill(record.version, first.version);
  fill(record.environment, first.environment);
  if (record.kind != RecordKind::release) fill(record.release, first.release);
}

/// The first entry of the index at that instant or later; past the last one when there is none.
std::int64_t entry_at(engine::Connection& tables, std::string_view workspace, Instant at) {
  const auto last = tables.integer(
      "SELECT seq FROM record_index WHERE workspace = $1 ORDER BY seq DESC LIMIT 1", workspace);
  if (!last) return 0;
  std::int64_t low = 0;
  std::int64_t high = *last + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    std::int64_t found = high;
    bool is_before = false;
    tables.query(
        "SELECT seq, at FROM record_index WHERE workspace = $1 AND seq >= $2"
        " ORDER BY seq, part LIMIT 1",
        [&](const engine::Row& row) {
          found = row.integer(0);
          is_before = row.integer(1) < at.us;
        },
        workspace, middle);
    if (is_before) {
      low = found + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// The condition that an index of the table serves best, with its value.
struct Driver {
  std::string condition;
  std::string value;
};

Driver driver_of(const Wanted& wanted) {
  if (!wanted.thing.empty()) return {" AND thing = $6", wanted.thing};
  if (!wanted.release.empty()) return {" AND release = $6", wanted.release};
  if (!wanted.person.empty()) return {" AND actor = $6", wanted.person};
  if (!wanted.tool.empty()) return {" AND tool <> '' AND tool = $6", wanted.tool};
  if (wanted.evidence.size() == 1 && wanted.kinds.size() == 1 &&
      wanted.kinds.front() == RecordKind::evidence) {
    return {" AND evidence <> '' AND evidence = $6",
            std::string(describe::enum_text(wanted.evidence.front()))};
  }
  if (!wanted.application.empty()) return {" AND application = $6", wanted.application};
  if (wanted.kinds.size() == 1) {
    return {" AND kind = $6", std::string(describe::enum_text(wanted.kinds.front()))};
  }
  return {};
}

}  // namespace

engine::Table record_index_table() {
  return {"record_index", engine::TableClass::projection,
          "CREATE TABLE IF NOT EXISTS record_index (workspace TEXT NOT NULL, " +
              engine::columns::definitions<IndexedRecord>() +
              ", PRIMARY KEY (workspace, seq, part));"
              "CREATE INDEX IF NOT EXISTS record_index_thing ON record_index"
              " (workspace, thing, seq, part);"
              "CREATE INDEX IF NOT EXISTS record_index_release ON record_index"
              " (workspace, release, seq, part);"
              "CREATE INDEX IF NOT EXISTS record_index_application ON record_index"
              " (workspace, application, seq, part);"
              "CREATE INDEX IF NOT EXISTS record_index_actor ON record_index"
              " (workspace, actor, seq, part);"
              "CREATE INDEX IF NOT EXISTS record_index_kind ON record_index"
              " (workspace, kind, seq, part);"
              "CREATE INDEX IF NOT EXISTS record_index_tool ON record_index"
              " (workspace, tool, seq, part) WHERE tool <> '';"
              "CREATE INDEX IF NOT EXISTS record_index_evidence ON record_index"
              " (workspace, evidence, seq, part) WHERE evidence <> '';"
              "CREATE INDEX IF NOT EXISTS record_index_signature ON record_index"
              " (workspace, release, actor) WHERE type = 'approval.signed';",
          "workspace, seq, part"};
}

void fold_index(engine::Connection& tables, const engine::Recorded& recorded) {
  if (!kind_of_event(recorded.type)) return;
  const auto body = parse_json(recorded.body);
  if (!body || !body->is_object()) return;  // the fold of its type has refused it
  Described described = describe_event(recorded.type, recorded.subject.id, body->get_object());
  IndexedRecord& record = described.record;
  record.seq = static_cast<std::int64_t>(recorded.seq);
  record.at = recorded.at;
  record.actor_kind = recorded.actor.kind;
  record.actor = recorded.actor.id;
  if (record.kind == RecordKind::approval) {
    add_promoted(tables, recorded.workspace, body->get_object(), record);
  }
  std::vector<IndexedRecord> like;
  if (!described.like.empty()) like = first_about(tables, recorded.workspace, described.like);
  if (described.applications.empty() && like.size() <= 1) {
    if (!like.empty()) fill_from(like.front(), record);
    return insert(tables, recorded.workspace, record);
  }
  for (const std::string& application : described.applications) {
    record.application = application;
    insert(tables, recorded.workspace, record);
    ++record.part;
  }
  for (const IndexedRecord& first : like) {
    IndexedRecord part = record;
    part.part = first.part;
    fill_from(first, part);
    insert(tables, recorded.workspace, part);
  }
}

std::string IndexPlace::text() const { return std::to_string(seq) + "." + std::to_string(part); }

std::optional<IndexPlace> IndexPlace::parse(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  IndexPlace place;
  const auto number = [](std::string_view digits, std::int64_t& value) {
    const auto* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    return read.ec == std::errc{} && read.ptr == end && value >= 0;
  };
  const bool is_place =
      number(text.substr(0, dot), place.seq) && number(text.substr(dot + 1), place.part);
  return is_place ? std::optional(place) : std::nullopt;
}

IndexPage search_index(engine::Connection& tables, std::string_view workspace, const Wanted& wanted,
                       IndexPlace after, std::size_t limit, std::size_t looked_at_max) {
  const bool is_open = wanted.period.until.us == INT64_MAX;
  const std::int64_t first =
      wanted.period.from.us <= 0 ? 0 : entry_at(tables, workspace, wanted.period.from);
  if (!is_open) {
    const IndexPlace end{entry_at(tables, workspace, wanted.period.until), 0};
    if (end.seq < after.seq) after = end;
  }
  const Driver driver = driver_of(wanted);
  const std::string sql = "SELECT " + columns_text() +
                          " FROM record_index WHERE workspace = $1 AND (seq, part) < ($2, $3)"
                          " AND seq >= $4" +
                          driver.condition + " ORDER BY seq DESC, part DESC LIMIT $5";
  IndexPage page;
  std::size_t looked_at = 0;
  IndexPlace place = after;
  while (true) {
    const std::size_t rows = std::min(chunk_rows_max, looked_at_max - looked_at);
    std::vector<Arg> args{arg(workspace), arg(place.seq), arg(place.part), arg(first),
                          arg(static_cast<std::int64_t>(rows))};
    if (!driver.condition.empty()) args.push_back(arg(driver.value));
    std::size_t read = 0;
    bool is_full = false;
    tables.run(sql, args, [&](const engine::Row& row) {
      ++read;
      if (is_full) return;
      auto record = engine::columns::read<IndexedRecord>(row);
      const bool is_same = !page.records.empty() && page.records.back().seq == record.seq;
      if (!is_same && page.records.size() == limit && is_wanted(wanted, record)) {
        is_full = true;
        return;
      }
      place = {record.seq, record.part};
      if (!is_same && is_wanted(wanted, record)) page.records.push_back(std::move(record));
    });
    looked_at += read;
    if (read < rows && !is_full) return page;
    if (is_full || looked_at >= looked_at_max) break;
  }
  page.next = place;
  return page;
}

std::vector<std::string> reviewers_of(engine::Connection& tables, std::string_view workspace,
                                      std::string_view release) {
  std::vector<std::string> people;
  if (release.empty()) return people;
  tables.query(
      "SELECT DISTINCT actor FROM record_index WHERE workspace = $1 AND release = $2"
      " AND type = 'approval.signed' ORDER BY actor LIMIT $3",
      [&](const engine::Row& row) { people.emplace_back(row.text(0)); }, workspace, release,
      static_cast<std::int64_t>(reviewers_max));
  return people;
}

}  // namespace holdpoint::compliance

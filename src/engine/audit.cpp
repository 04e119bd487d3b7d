// See audit.hpp.
#include "engine/audit.hpp"

#include <map>
#include <optional>
#include <set>

#include "engine/log_tree.hpp"
#include "engine/refold.hpp"
#include "engine/sealed_values.hpp"
#include "engine/tables.hpp"

namespace holdpoint::engine {
namespace {

constexpr std::uint64_t kProgressEvery = 10'000;
constexpr std::size_t kObjectChunkBytes = 1U << 20;

/// The entry that is being read; an envelope only when it is one that can be read.
struct Entry {
  std::int64_t seq = 0;
  std::string where;
  std::optional<ledger::Envelope> envelope;
  std::string last_person;
  std::set<std::string> opened;
  bool is_erased = false;
};

class Auditor {
 public:
  Auditor(Engine& engine, Store& scratch, const AuditProgress& progress)
      : engine_(engine), tables_(engine.read()), scratch_(scratch.writer()), progress_(progress) {}

  Result<AuditReport> run() {
    create_tables(scratch_, all_tables(engine_.modules()));
    Refold refold(engine_.modules(), scratch_);
    for (const std::string& workspace : workspaces()) read_log(workspace, refold);
    const Refolded refolded = refold.finish();
    for (const std::string& sentence : refolded.findings) finding(sentence);
    cut_ += refolded.findings_cut;
    compare_projections();
    read_objects(refolded.objects);
    if (cut_ > 0) report_.findings.push_back("and " + std::to_string(cut_) + " findings more");
    return std::move(report_);
  }

 private:
  void finding(std::string sentence) {
    if (report_.findings.size() + 1 < kFindingsMax) {
      report_.findings.push_back(std::move(sentence));
    } else {
      ++cut_;
    }
  }

  std::vector<std::string> workspaces() {
    std::set<std::string> names;
    const auto collect = [&](const Row& row) { names.emplace(row.text(0)); };
    tables_->query("SELECT workspace FROM ledger_head", collect);
    tables_->query("SELECT DISTINCT workspace FROM ledger_entry", collect);
    report_.workspaces = names.size();
    return {names.begin(), names.end()};
  }

  /// One row for each entry, or for each person whose values are sealed beside it.
  void read_log(const std::string& workspace, Refold& refold) {
    ledger::CompactRange range;
    subtrees_ = 0;
    boxes_ = 0;
    tables_->query(
        "SELECT e.seq, e.id, e.type, e.at, e.subject_kind, e.subject_id, e.entry, e.leaf_hash,"
        " s.person, s.sealed FROM ledger_entry e LEFT JOIN ledger_sealed s"
        " ON s.workspace = e.workspace AND s.seq = e.seq"
        " WHERE e.workspace = $1 ORDER BY e.seq, s.person",
        [&](const Row& row) {
          const bool has_box = !row.null(8);
          const bool goes_on = has_box && current_ && current_->seq == row.integer(0) &&
                               current_->last_person < row.text(8);
          if (!goes_on) {
            settle(workspace, refold);
            take_entry(workspace, row, range);
            if (++report_.entries % kProgressEvery == 0) progress_("folding", report_.entries);
          }
          if (has_box) open_sealed(row);
        },
        workspace);
    settle(workspace, refold);
    progress_("folding", report_.entries);
    compare_counts(workspace);
    try {
      const auto head = load_head(*tables_, workspace);
      if (!head || head->range != range) {
        finding("log " + workspace + ": the stored head is not the root over its " +
                std::to_string(range.size()) + " entries");
      }
    } catch (const StoreFailed& failure) {
      finding(failure.fault().text());
    }
  }

  void take_entry(const std::string& workspace, const Row& row, ledger::CompactRange& range) {
    const auto seq = static_cast<std::uint64_t>(row.integer(0));
    current_.emplace();
    current_->seq = row.integer(0);
    current_->where = "log " + workspace + " entry " + std::to_string(seq);
    const std::string& where = current_->where;
    if (seq != range.size()) finding(where + ": expected entry " + std::to_string(range.size()));
    const std::string_view entry = row.blob(6);
    const Digest leaf = ledger::leaf_hash(entry);
    if (row.blob(7) != leaf.view()) finding(where + ": its bytes are not those of its leaf hash");
    range.append(leaf, [&](unsigned level, std::uint64_t index, const Digest& hash) {
      if (level > 0 && level % kSubtreeLevelStep == 0) {
        compare_subtree(workspace, level, index, hash);
      }
    });
    const auto kind = ledger::kind_of(entry);
    if (kind == ledger::EntryKind::rekor_dsse) {
      if (!ledger::parse_rekor_entry(entry)) finding(where + ": not a Rekor entry");
      return;
    }
    auto envelope = ledger::decode(entry);
    if (!envelope) return finding(where + ": " + envelope.error().text());
    if (envelope->seq != seq || envelope->id != row.text(1) || envelope->type != row.text(2) ||
        envelope->at.us != row.integer(3) || envelope->subject.kind != row.text(4) ||
        envelope->subject.id != row.text(5)) {
      finding(where + ": the columns beside the entry do not say what it says");
    }
    current_->envelope = std::move(*envelope);
  }

  /// What is sealed beside the entry that is being read.
  void open_sealed(const Row& row) {
    current_->last_person = row.text(8);
    if (!current_->envelope || current_->envelope->sealed.empty()) return;
    ++boxes_;
    const auto values =
        open_box(engine_.ports().vault, *current_->envelope, row.text(8), row.blob(9));
    if (values) {
      for (const OpenedValue& value : *values) current_->opened.insert(value.path);
    } else if (values.error().kind == FaultKind::not_found) {
      current_->is_erased = true;
      ++report_.sealed_values_erased;
    } else {
      finding(current_->where + ": " + values.error().text());
    }
  }

  /// The entry that was read, with all that is sealed beside it, goes on to be folded.
  void settle(const std::string& workspace, Refold& refold) {
    if (current_ && current_->envelope) {
      const std::size_t sealed = current_->envelope->sealed.size();
      report_.sealed_values += current_->opened.size();
      if (!current_->is_erased && current_->opened.size() != sealed) {
        finding(current_->where + ": " + std::to_string(sealed - current_->opened.size()) +
                " sealed values are missing");
      }
      refold.add(recorded_of(workspace, std::move(*current_->envelope)));
    }
    current_.reset();
  }

  /// Rows beside the log that belong to none of its entries.
  void compare_counts(const std::string& workspace) {
    const auto subtrees =
        tables_->integer("SELECT count(*) FROM ledger_subtree WHERE workspace = $1", workspace);
    if (subtrees != static_cast<std::int64_t>(subtrees_)) {
      finding("log " + workspace + ": subtree hashes are missing, or belong to no entries");
    }
    const auto boxes =
        tables_->integer("SELECT count(*) FROM ledger_sealed WHERE workspace = $1", workspace);
    if (boxes != static_cast<std::int64_t>(boxes_)) {
      finding("log " + workspace + ": sealed values are there that belong to no entry");
    }
  }

  void compare_subtree(const std::string& workspace, unsigned level, std::uint64_t index,
                       const Digest& hash) {
    ++subtrees_;
    bool same = false;
    tables_->query(
        "SELECT hash FROM ledger_subtree WHERE workspace = $1 AND level = $2 AND position = $3",
        [&](const Row& row) { same = row.blob(0) == hash.view(); }, workspace, level, index);
    if (!same) {
      finding("log " + workspace + ": the stored hash of subtree " + std::to_string(level) + "/" +
              std::to_string(index) + " is not that of its entries");
    }
  }

  void compare_projections() {
    for (const Table& table : all_tables(engine_.modules())) {
      if (table.table_class != TableClass::projection) continue;
      progress_("comparing " + table.name, report_.projection_rows);
      compare_table(table);
    }
  }

  using Cells = std::vector<std::string>;

  static Cells cells_of(const Row& row) {
    Cells cells;
    for (int i = 0; i < row.columns(); ++i) {
      std::string cell(row.column_name(i));
      if (row.null(i)) {
        cell += " is null";
      } else {
        cell += " = ";
        cell += row.text(i);
      }
      cells.push_back(std::move(cell));
    }
    return cells;
  }

  Digest content_of(Connection& tables, const std::string& sql, std::uint64_t& rows) {
    Sha256 hasher;
    std::string bytes;
    tables.query(sql, [&](const Row& row) {
      ++rows;
      bytes.clear();
      for (int i = 0; i < row.columns(); ++i) {
        const std::string_view cell = row.null(i) ? std::string_view() : row.text(i);
        bytes += row.null(i) ? 'n' : 'v';
        bytes += std::to_string(cell.size());
        bytes += ':';
        bytes += cell;
      }
      hasher.update(bytes);
    });
    return hasher.finish();
  }

  /// Equal content in key order is the common case and costs one pass. Otherwise rows are compared
  /// as multisets of their cells, so that neither order nor a missing key can hide a difference.
  void compare_table(const Table& table) {
    const std::string sql = "SELECT * FROM " + table.name + " ORDER BY " + table.key;
    std::uint64_t live_rows = 0;
    std::uint64_t refolded_rows = 0;
    const Digest live = content_of(*tables_, sql, live_rows);
    const Digest refolded = content_of(scratch_, sql, refolded_rows);
    report_.projection_rows += live_rows;
    if (live != refolded) describe_difference(table, sql);
  }

  void describe_difference(const Table& table, const std::string& sql) {
    std::map<Cells, std::int64_t> balance;
    tables_->query(sql, [&](const Row& row) { ++balance[cells_of(row)]; });
    scratch_.query(sql, [&](const Row& row) {
      const auto cells = cells_of(row);
      if (--balance[cells] == 0) balance.erase(cells);
    });
    for (const auto& [cells, count] : balance) {
      if (count == 0) continue;
      std::string row;
      for (const std::string& cell : cells) row += (row.empty() ? "" : ", ") + cell;
      finding("table " + table.name + ": " +
              (count > 0 ? "the ledger does not explain the row (" : "lacks the row (") +
              row.substr(0, 400) + ")");
    }
  }

  void read_objects(const std::map<Digest, std::string>& objects) {
    for (const auto& [digest, where] : objects) {
      const auto bytes = read_object(digest);
      ++report_.objects;
      if (!bytes) {
        finding(where + ": " + bytes.error().text());
      } else {
        report_.object_bytes += *bytes;
      }
      if (report_.objects % 100 == 0) progress_("reading objects", report_.objects);
    }
    progress_("reading objects", report_.objects);
  }

  Result<std::uint64_t> read_object(const Digest& digest) {
    HP_TRY(const auto reader, engine_.ports().objects.open(digest));
    std::uint64_t size = 0;
    Sha256 hasher;
    for (;;) {
      HP_TRY(const std::string chunk, reader->read(kObjectChunkBytes));
      if (chunk.empty()) break;
      size += chunk.size();
      hasher.update(chunk);
    }
    if (hasher.finish() != digest) {
      return fault(FaultKind::corrupt, "object " + digest.text(), "its bytes are not its digest's");
    }
    return size;
  }

  Engine& engine_;
  std::shared_ptr<Connection> tables_;
  Connection& scratch_;
  const AuditProgress& progress_;
  AuditReport report_;
  std::optional<Entry> current_;
  std::uint64_t subtrees_ = 0;  // of the log being read
  std::uint64_t boxes_ = 0;     // of the log being read
  std::uint64_t cut_ = 0;
};

}  // namespace

Result<AuditReport> audit(Engine& engine, Store& scratch, const AuditProgress& progress) {
  try {
    return Auditor(engine, scratch, progress).run();
  } catch (const StoreFailed& failure) {
    return std::unexpected(failure.fault());
  }
}

}  // namespace holdpoint::engine

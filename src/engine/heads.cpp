// See heads.hpp.
#include "engine/heads.hpp"

#include "engine/log_tree.hpp"

namespace holdpoint::engine {
namespace {

std::vector<std::string> logs_in(Connection& tables) {
  std::vector<std::string> names;
  tables.query("SELECT workspace FROM ledger_head ORDER BY workspace",
               [&](const Row& row) { names.emplace_back(row.text(0)); });
  return names;
}

struct Rollback {
  std::string log;
  ledger::Checkpoint kept;
  std::uint64_t found = 0;
};

}  // namespace

Heads::Heads(Ports ports, Ed25519Key key, std::string server_name)
    : ports_(ports), key_(std::move(key)), server_name_(std::move(server_name)) {}

std::string Heads::origin(std::string_view workspace) const {
  return server_name_ + "/" + std::string(workspace);
}

ledger::VerifierKey Heads::verifier_key(std::string_view workspace) const {
  return ledger::VerifierKey::of(origin(workspace), key_.public_key());
}

Result<std::string> Heads::sign(std::string_view workspace) {
  const std::lock_guard lock(mutex_);
  try {
    const auto tables = ports_.store.reader();
    return sign_locked(*tables, std::string(workspace));
  } catch (const StoreFailed& failure) {
    return std::unexpected(failure.fault());
  }
}

Result<std::string> Heads::sign_locked(Connection& tables, const std::string& workspace) {
  const auto head = load_head(tables, workspace);
  if (!head) {
    return fault(FaultKind::not_found, "checkpoint " + workspace, "the log has no entry");
  }
  if (!signed_.contains(workspace)) {
    // Logs that were there at the start were compared then: a kept head of another one was signed
    // over entries that this database has lost.
    HP_TRY(const auto kept, ports_.heads.load(workspace));
    if (kept) {
      return fault(FaultKind::corrupt, "checkpoint " + workspace,
                   "a head was signed before over entries that the database did not hold at the"
                   " start; restart to see which");
    }
  }
  Signed& last = signed_[workspace];
  if (head->range.size() < last.size) {
    return fault(FaultKind::corrupt, "checkpoint " + workspace,
                 "the log is shorter than the head signed before");
  }
  if (head->range.size() == last.size) return last.note;
  std::string note =
      ledger::sign_checkpoint({origin(workspace), head->range.size(), head->range.root()}, key_);
  HP_TRY_VOID(ports_.heads.save(workspace, note));
  last = {head->range.size(), note};
  return note;
}

void Heads::sign_all() {
  const std::lock_guard lock(mutex_);
  const auto tables = ports_.store.reader();
  for (const std::string& workspace : logs_in(*tables)) {
    const auto note = sign_locked(*tables, workspace);
    if (!note)
      ports_.log.write(LogLevel::error, "a head was not signed", {{"cause", note.error().text()}});
  }
}

Result<InclusionReceipt> Heads::receipt(std::string_view workspace, std::uint64_t index) {
  HP_TRY(const std::string note, sign(workspace));
  const std::vector<ledger::VerifierKey> keys{verifier_key(workspace)};
  const auto opened = ledger::open_checkpoint(note, keys);
  HP_ASSERT(opened.has_value(), "EN-8: our own checkpoint opens with our own key");
  const std::string where = "ledger " + std::string(workspace) + " entry " + std::to_string(index);
  try {
    const auto tables = ports_.store.reader();
    InclusionReceipt receipt{.entry = {}, .index = index, .proof = {}, .checkpoint = note};
    bool found = false;
    tables->query(
        "SELECT entry FROM ledger_entry WHERE workspace = $1 AND seq = $2",
        [&](const Row& row) {
          receipt.entry = row.blob(0);
          found = true;
        },
        workspace, index);
    if (!found) return fault(FaultKind::not_found, where, "there is no such entry");
    auto proof = ledger::inclusion_proof(index, opened->checkpoint.size,
                                         subtree_source(*tables, std::string(workspace)));
    if (!proof) {
      return fault(FaultKind::not_found, where, std::string(ledger::sentence(proof.error())));
    }
    receipt.proof = std::move(*proof);
    return receipt;
  } catch (const StoreFailed& failure) {
    return std::unexpected(failure.fault());
  }
}

Result<std::vector<Digest>> Heads::consistency(std::string_view workspace, std::uint64_t old_size,
                                               std::uint64_t new_size) {
  const std::string where = "ledger " + std::string(workspace) + " consistency";
  try {
    const auto tables = ports_.store.reader();
    const auto head = load_head(*tables, workspace);
    if (!head || new_size > head->range.size()) {
      return fault(FaultKind::not_found, where, "the log is not that long");
    }
    auto proof = ledger::consistency_proof(old_size, new_size,
                                           subtree_source(*tables, std::string(workspace)));
    if (!proof) {
      return fault(FaultKind::not_found, where, std::string(ledger::sentence(proof.error())));
    }
    return std::move(*proof);
  } catch (const StoreFailed& failure) {
    return std::unexpected(failure.fault());
  }
}

Result<void> Heads::check_kept(const std::optional<std::string>& accept_because, Engine& engine) {
  const auto tables = ports_.store.reader();
  auto names = logs_in(*tables);
  if (std::ranges::find(names, kSystemWorkspace) == names.end()) {
    names.emplace_back(kSystemWorkspace);
  }
  std::vector<Rollback> rollbacks;
  for (const std::string& workspace : names) {
    HP_TRY(const auto note, ports_.heads.load(workspace));
    if (!note) continue;
    const std::vector<ledger::VerifierKey> keys{verifier_key(workspace)};
    const auto kept = ledger::open_checkpoint(*note, keys);
    if (!kept) {
      return fault(FaultKind::corrupt, "kept head of " + workspace,
                   std::string(ledger::sentence(kept.error())) +
                       "; is the signing key or the server name another one?");
    }
    const auto head = load_head(*tables, workspace);
    const std::uint64_t size = head ? head->range.size() : 0;
    const bool ahead = kept->checkpoint.size > size;
    if (!ahead && root_at(kept->checkpoint.size, subtree_source(*tables, workspace)) ==
                      kept->checkpoint.root) {
      signed_[workspace] = {kept->checkpoint.size, *note};
      continue;
    }
    rollbacks.push_back({workspace, kept->checkpoint, size});
  }
  if (rollbacks.empty()) return {};
  if (!accept_because) {
    return fault(FaultKind::corrupt, "log " + rollbacks.front().log,
                 "the database holds " + std::to_string(rollbacks.front().found) +
                     " entries but a head over " + std::to_string(rollbacks.front().kept.size) +
                     " was signed: it was rolled back or changed. Restore the newer database, or "
                     "start once with --accept-rollback REASON to go on, on the record.");
  }
  for (const Rollback& rollback : rollbacks) {
    signed_[rollback.log] = {};
    Command command{.workspace = std::string(kSystemWorkspace),
                    .actor = {"system", "holdpoint", std::nullopt, std::nullopt},
                    .name = "ledger.accept_rollback",
                    .run = [rollback, because = *accept_because](Unit& unit) -> Outcome {
                      unit.record({"log", rollback.log},
                                  RollbackAccepted{rollback.log, rollback.kept.size,
                                                   rollback.kept.root, rollback.found, because});
                      return Answer{};
                    }};
    engine.submit(std::move(command), {});
  }
  return {};
}

Module ledger_module() {
  Module module{.name = "ledger"};
  module.events.push_back(
      event<RollbackAccepted>([](Connection&, const Recorded&, const RollbackAccepted&) {}));
  return module;
}

}  // namespace holdpoint::engine

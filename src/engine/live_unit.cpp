// See live_unit.hpp.
#include "engine/live_unit.hpp"

#include <algorithm>

#include "engine/sealed_values.hpp"

namespace holdpoint::engine {
namespace {

constexpr std::string_view kRekorType = "rekor.dsse";
constexpr std::size_t kDeviceBytesMax = 256;

}  // namespace

Recorded recorded_of(std::string_view workspace, std::string_view entry) {
  auto envelope = ledger::decode(entry);
  if (!envelope) {
    throw StoreFailed(
        StoreFailure::corrupt,
        Fault{FaultKind::corrupt, "ledger " + std::string(workspace), envelope.error().text()});
  }
  return recorded_of(workspace, std::move(*envelope));
}

Recorded recorded_of(std::string_view workspace, ledger::Envelope envelope) {
  return Recorded{.workspace = std::string(workspace),
                  .seq = envelope.seq,
                  .id = std::move(envelope.id),
                  .at = envelope.at,
                  .type = std::move(envelope.type),
                  .version = envelope.v,
                  .subject = std::move(envelope.subject),
                  .actor = std::move(envelope.actor),
                  .cause = std::move(envelope.cause),
                  .root = std::move(envelope.root),
                  .depth = envelope.depth,
                  .body = std::move(envelope.body)};
}

LiveUnit::LiveUnit(Sequencer& sequencer, const std::string& workspace, const ledger::Actor& actor,
                   const RequestOrigin& origin, Chain chain)
    : sequencer_(sequencer),
      workspace_(workspace),
      actor_(actor),
      origin_(origin),
      log_(sequencer.log_of(workspace)),
      now_(std::max(sequencer.ports_.clock.now(), log_.last_at)),
      chain_(std::move(chain)) {}

std::array<std::uint8_t, 10> LiveUnit::entropy() {
  std::array<std::uint8_t, 10> bytes{};
  sequencer_.ports_.random.fill(bytes);
  return bytes;
}

const Recorded& LiveUnit::record_text(std::string type, int version, ledger::Subject subject,
                                      std::string body, std::vector<Personal> personal) {
  const EventType* event_type = sequencer_.types_.find(type, version);
  HP_ASSERT(event_type != nullptr, "EN-5: a module declares every event it records");
  ledger::Envelope envelope;
  envelope.v = version;
  envelope.id = "evt_" + ulid_text(now_, entropy());
  envelope.seq = log_.next_seq();
  envelope.at = now_;
  envelope.type = std::move(type);
  envelope.subject = std::move(subject);
  envelope.actor = actor_;
  envelope.cause = chain_.cause;
  if (chain_.root.empty()) chain_.root = envelope.id;
  envelope.root = chain_.root;
  envelope.depth = chain_.depth;
  envelope.body = std::move(body);
  if (!origin_.address.empty() && actor_.kind != "system" && actor_.kind != "anonymous") {
    personal.push_back({"/origin/address", actor_.id, origin_.address});
    if (!origin_.device.empty()) {
      personal.push_back({"/origin/device", actor_.id, origin_.device.substr(0, kDeviceBytesMax)});
    }
  }
  std::vector<SealedBox> boxes;
  if (!personal.empty()) {
    auto sealed = seal_values(sequencer_.ports_.vault, sequencer_.ports_.random, envelope.id,
                              std::move(personal));
    if (!sealed) throw StoreFailed(StoreFailure::outside, std::move(sealed).error());
    envelope.sealed = std::move(sealed->fields);
    boxes = std::move(sealed->boxes);
  }
  const auto entry = ledger::encode(envelope);
  if (!entry && entry.error().flaw == ledger::EnvelopeFlaw::too_long) throw EventTooLarge();
  if (!entry) {
    throw StoreFailed(StoreFailure::other,
                      Fault{FaultKind::invalid, "event " + envelope.type, entry.error().text()});
  }
  const Recorded& recorded = recorded_.emplace_back(Recorded{
      workspace_, envelope.seq, std::move(envelope.id), envelope.at, std::move(envelope.type),
      envelope.v, std::move(envelope.subject), std::move(envelope.actor), std::move(envelope.cause),
      std::move(envelope.root), envelope.depth, std::move(envelope.body)});
  append(*entry, recorded);
  for (const SealedBox& box : boxes) {
    sequencer_.writer_.exec(
        "INSERT INTO ledger_sealed (workspace, seq, person, sealed) VALUES ($1, $2, $3, $4)",
        workspace_, recorded.seq, box.person, Blob{box.bytes});
  }
  sequencer_.types_.fold(sequencer_.writer_, *event_type, recorded);
  sequencer_.batch_events_.push_back(recorded);
  return recorded;
}

void LiveUnit::append(std::string_view entry, const Recorded& recorded) {
  const Digest leaf = ledger::leaf_hash(entry);
  sequencer_.writer_.exec(
      "INSERT INTO ledger_entry"
      " (workspace, seq, id, type, at, subject_kind, subject_id, entry, leaf_hash)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      workspace_, recorded.seq, recorded.id, recorded.type, recorded.at, recorded.subject.kind,
      recorded.subject.id, Blob{entry}, leaf);
  log_.pending.push_back(leaf);
  log_.last_at = now_;
}

void LiveUnit::record_rekor(const ledger::RekorDsseEntry& entry) {
  HP_ASSERT(!recorded_.empty(), "EN-6: a Rekor entry directly follows its certification");
  const Recorded& event = recorded_.back();
  HP_ASSERT(event.seq + 1 == log_.next_seq(), "EN-6: a Rekor entry directly follows its event");
  Recorded row;
  row.seq = log_.next_seq();
  row.type = kRekorType;
  row.at = now_;
  row.subject = event.subject;
  append(ledger::encode_rekor_entry(entry), row);
}

std::vector<Recorded> LiveUnit::stream(const ledger::Subject& subject) {
  std::vector<Recorded> events;
  sequencer_.writer_.query(
      "SELECT entry FROM ledger_entry WHERE workspace = $1 AND subject_id = $2"
      " AND subject_kind = $3 AND type <> $4 ORDER BY seq",
      [&](const Row& row) { events.push_back(recorded_of(workspace_, row.blob(0))); }, workspace_,
      subject.id, subject.kind, kRekorType);
  return events;
}

std::optional<std::string> LiveUnit::personal(std::uint64_t seq, std::string_view person,
                                              std::string_view path) {
  return open_value(sequencer_.writer_, sequencer_.ports_.vault, workspace_, seq, person, path);
}

void LiveUnit::set_timer(std::string_view kind, std::string_view key, Instant due) {
  sequencer_.writer_.exec(
      "INSERT INTO timer (workspace, kind, key, due) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (workspace, kind, key) DO UPDATE SET due = excluded.due",
      workspace_, kind, key, due);
}

void LiveUnit::cancel_timer(std::string_view kind, std::string_view key) {
  sequencer_.writer_.exec("DELETE FROM timer WHERE workspace = $1 AND kind = $2 AND key = $3",
                          workspace_, kind, key);
}

std::string LiveUnit::deliver(const Outgoing& outgoing) {
  std::string id = "out_" + ulid_text(now_, entropy());
  sequencer_.writer_.exec(
      "INSERT INTO delivery (workspace, id, channel, recipient, topic, about, payload, state,"
      " attempts, held, queued_at, due, last_error)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, 0, $8, $8, '')",
      workspace_, id, outgoing.channel, outgoing.recipient, outgoing.topic, outgoing.about,
      outgoing.payload, now_);
  return id;
}

void LiveUnit::withdraw(std::string_view about) {
  sequencer_.writer_.exec(
      "UPDATE delivery SET state = 'withdrawn', settled_at = $1"
      " WHERE workspace = $2 AND about = $3 AND state = 'waiting'",
      now_, workspace_, about);
}

}  // namespace holdpoint::engine

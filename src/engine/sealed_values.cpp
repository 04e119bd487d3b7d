// See sealed_values.hpp. A stored box is the JSON list of its paths, a NUL, and the encryption of
// {"<path>":{"salt":"<base64>","value":"…"}}. The bound context is the concatenation of the
// contexts of those fields in path order, so that a box can be moved neither to another event nor
// to another commitment.
#include "engine/sealed_values.hpp"

#include <algorithm>
#include <map>

#include "base/encoding.hpp"

namespace holdpoint::engine {
namespace {

struct Sealing {
  std::string salt;
  std::string value;
};
HP_DESCRIBE(Sealing, salt, value)

using Sealings = std::map<std::string, Sealing>;

const ledger::SealedField* find_field(const std::vector<ledger::SealedField>& fields,
                                      std::string_view path) {
  const auto found = std::ranges::lower_bound(fields, path, {}, &ledger::SealedField::path);
  return found != fields.end() && found->path == path ? &*found : nullptr;
}

}  // namespace

Result<SealedEvent> seal_values(PersonVault& vault, Random& random, std::string_view event_id,
                                std::vector<Personal> values) {
  std::ranges::sort(values, {}, &Personal::path);
  SealedEvent sealed;
  std::map<std::string, Sealings> boxes;
  std::map<std::string, std::string> contexts;
  for (const Personal& personal : values) {
    ledger::CommitmentSalt salt{};
    random.fill(salt);
    const Digest commitment = ledger::commit_field(salt, personal.path, personal.value);
    HP_ASSERT(sealed.fields.empty() || sealed.fields.back().path != personal.path,
              "EN-4: sealed paths of one event are unique");
    sealed.fields.push_back({personal.path, commitment});
    boxes[personal.person][personal.path] = {
        to_base64({reinterpret_cast<const char*>(salt.data()), salt.size()}), personal.value};
    contexts[personal.person] += ledger::sealed_field_context(event_id, personal.path, commitment);
  }
  for (const auto& [person, sealings] : boxes) {
    std::vector<std::string> paths;
    for (const auto& entry : sealings) paths.push_back(entry.first);
    HP_TRY(const std::string secret, vault.seal(person, to_json_text(sealings), contexts[person]));
    sealed.boxes.push_back({person, to_json_text(paths) + '\0' + secret});
  }
  return sealed;
}

Result<std::vector<OpenedValue>> open_box(PersonVault& vault, const ledger::Envelope& envelope,
                                          std::string_view person, std::string_view box) {
  const auto corrupt = [&](std::string what) {
    return fault(FaultKind::corrupt, "sealed values of " + envelope.id, std::move(what));
  };
  const auto separator = box.find('\0');
  if (separator == std::string_view::npos) return corrupt("the box has no list of paths");
  const auto paths = from_json_text<std::vector<std::string>>(box.substr(0, separator));
  if (!paths) return corrupt("the box's list of paths cannot be read");
  std::string context;
  for (const std::string& path : *paths) {
    const auto* field = find_field(envelope.sealed, path);
    if (field == nullptr) return corrupt("a sealed value has no commitment in the event");
    context += ledger::sealed_field_context(envelope.id, path, field->commitment);
  }
  HP_TRY(const std::string plain, vault.open(person, box.substr(separator + 1), context));
  const auto sealings = from_json_text<Sealings>(plain);
  if (!sealings) return corrupt("the box does not hold sealed values");
  std::vector<OpenedValue> values;
  for (const auto& [path, sealing] : *sealings) {
    const auto* field = find_field(envelope.sealed, path);
    const auto raw = from_base64(sealing.salt);
    ledger::CommitmentSalt salt{};
    if (field == nullptr || !raw || raw->size() != salt.size()) {
      return corrupt("a sealed value has no commitment in the event");
    }
    std::ranges::copy(*raw, salt.begin());
    if (ledger::commit_field(salt, path, sealing.value) != field->commitment) {
      return corrupt("a sealed value differs from its commitment");
    }
    values.push_back({path, sealing.value});
  }
  return values;
}

std::optional<std::string> open_value(Connection& tables, PersonVault& vault,
                                      std::string_view workspace, std::uint64_t seq,
                                      std::string_view person, std::string_view path) {
  std::optional<std::string> entry;
  std::optional<std::string> box;
  tables.query(
      "SELECT e.entry, s.sealed FROM ledger_entry e JOIN ledger_sealed s"
      " ON s.workspace = e.workspace AND s.seq = e.seq"
      " WHERE e.workspace = $1 AND e.seq = $2 AND s.person = $3",
      [&](const Row& row) {
        entry = row.blob(0);
        box = row.blob(1);
      },
      workspace, seq, person);
  if (!entry || !box) return std::nullopt;
  const auto envelope = ledger::decode(*entry);
  if (!envelope) {
    throw StoreFailed(StoreFailure::corrupt,
                      Fault{FaultKind::corrupt, "ledger entry", envelope.error().text()});
  }
  const auto values = open_box(vault, *envelope, person, *box);
  if (!values) {
    if (values.error().kind == FaultKind::not_found) return std::nullopt;
    throw StoreFailed(StoreFailure::outside, values.error());
  }
  for (const OpenedValue& opened : *values) {
    if (opened.path == path) return opened.value;
  }
  return std::nullopt;
}

}  // namespace holdpoint::engine

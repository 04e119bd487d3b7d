// Personal values beside the ledger: how they are sealed with an event, and opened again.
// All values of one person in one event share one authenticated box under that person's key.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/unit.hpp"

namespace holdpoint::engine {

struct SealedBox {
  std::string person;
  std::string bytes;
};

struct SealedEvent {
  std::vector<ledger::SealedField> fields;  // for the envelope, sorted by path
  std::vector<SealedBox> boxes;             // for the rows beside it
};

/// Seals the values for the event of that id. Paths MUST be unique.
Result<SealedEvent> seal_values(PersonVault& vault, Random& random, std::string_view event_id,
                                std::vector<Personal> values);

struct OpenedValue {
  std::string path;
  std::string value;
};

/// Opens one person's box and checks each value against the envelope's commitment. Fault not_found
/// when the key was destroyed, corrupt when anything disagrees.
Result<std::vector<OpenedValue>> open_box(PersonVault& vault, const ledger::Envelope& envelope,
                                          std::string_view person, std::string_view box);

/// One sealed value of a stored event; nullopt when it was not sealed, or was erased. Throws
/// StoreFailed (corrupt) when the stored bytes disagree with the ledger.
std::optional<std::string> open_value(Connection& tables, PersonVault& vault,
                                      std::string_view workspace, std::uint64_t seq,
                                      std::string_view person, std::string_view path);

}  // namespace holdpoint::engine

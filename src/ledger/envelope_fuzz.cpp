// Any bytes: decoding ends, and what decodes encodes to the same bytes and is canonical JSON.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/json.hpp"
#include "ledger/envelope.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace ledger = holdpoint::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto envelope = ledger::decode(text);
  if (!envelope) return 0;
  HP_ASSERT(ledger::encode(*envelope) == text, "LE-7: what decodes encodes to the same bytes");
  HP_ASSERT(ledger::kind_of(text) == ledger::EntryKind::envelope, "LE-8: an envelope looks so");
  const auto value = holdpoint::parse_json(text, {.depth_max = 64});
  HP_ASSERT(value && holdpoint::canonical_json(*value) == text, "LE-9: entries are canonical JSON");
  return 0;
}

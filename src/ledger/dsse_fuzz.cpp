// Any bytes as a DSSE envelope, a statement and a Rekor entry: reading ends, and what is read is
// read again from what is written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "ledger/dsse.hpp"
#include "ledger/rekor_entry.hpp"
#include "ledger/statement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace ledger = holdpoint::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto envelope = ledger::parse_dsse(text);
  HP_ASSERT(!envelope || ledger::parse_dsse(ledger::encode_dsse(*envelope)) == envelope,
            "LE-13: an envelope written is the envelope read");
  const auto summary = ledger::parse_statement(text);
  HP_ASSERT(!summary || ledger::encode_statement(*summary) == text,
            "LE-14: a statement has one text");
  const auto entry = ledger::parse_rekor_entry(text);
  HP_ASSERT(!entry || ledger::encode_rekor_entry(*entry) == text,
            "LE-15: a Rekor entry has one text");
  return 0;
}

// Any bytes as a receipt: reading and verifying end, and what is read is written back as it was.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "ledger/tlog_proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace ledger = holdpoint::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto proof = ledger::parse_tlog_proof(text);
  if (!proof) return 0;
  HP_ASSERT(ledger::encode_tlog_proof(*proof) == text, "LE-16: a receipt has one text");
  HP_ASSERT(!ledger::verify_tlog_proof(*proof, "entry", {}), "LE-17: no key, no proof");
  return 0;
}

// Any bytes as a checkpoint's body: reading ends, and what is read is written back as it was.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "ledger/checkpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace ledger = holdpoint::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto checkpoint = ledger::parse_checkpoint_body(text);
  HP_ASSERT(!checkpoint || ledger::checkpoint_body(*checkpoint) == text,
            "LE-12: a checkpoint has one text");
  return 0;
}

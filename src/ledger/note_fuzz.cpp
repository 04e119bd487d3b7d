// Any bytes as a note and as a verifier key: opening ends, nothing opens under a key that signed
// nothing, and a key that parses is written back as it was.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "ledger/note.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace ledger = holdpoint::ledger;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  static const auto signer = holdpoint::Ed25519Key::from_seed(std::string(32, 'f'));
  static const std::array keys = {
      ledger::VerifierKey::of("fuzz", signer->public_key()),
      ledger::VerifierKey::of("fuzz", signer->public_key(),
                              ledger::NoteAlgorithm::ed25519_cosignature)};
  HP_ASSERT(!ledger::open_note(text, keys), "LE-10: no note opens under a key that signed none");
  const auto key = ledger::VerifierKey::parse(text);
  HP_ASSERT(!key || key->text() == text, "LE-11: a verifier key has one text");
  return 0;
}

// HP_ASSERT: an invariant that input can never break. Always on, also in release builds: a process
// that has lost an invariant must stop before it seals a wrong fact into the ledger.
#pragma once

namespace holdpoint {

/// Prints the place and the invariant to standard error and aborts. Never returns.
[[noreturn]] void assertion_failed(const char* expression, const char* invariant, const char* file,
                                   int line) noexcept;

}  // namespace holdpoint

#define HP_ASSERT(condition, invariant) \
  (static_cast<bool>(condition)         \
       ? static_cast<void>(0)           \
       : ::holdpoint::assertion_failed(#condition, invariant, __FILE__, __LINE__))

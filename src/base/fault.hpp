// A fault: the world failed (disk, network, vendor). It is a value at every port; retried or
// surfaced by the engine, never inside a capability.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace holdpoint {

enum class FaultKind : std::uint8_t {
  io,           // a read, write, fsync or rename failed
  corrupt,      // stored bytes are not what was stored
  unavailable,  // a peer or resource cannot be reached now
  timeout,      // the peer did not answer in time
  invalid,      // a vendor library refused what it was given
  exhausted,    // a bound of the system was reached (disk full, too many files)
  not_found,    // the thing named does not exist
};

/// `where` names the operation and its object (`objects.put sha256:…`), `what` the cause in words.
/// Neither may hold a secret or personal data: faults are logged.
struct Fault {
  FaultKind kind{};
  std::string where;
  std::string what;

  [[nodiscard]] std::string text() const { return where + ": " + what; }
};

/// Whether something that was recorded is gone or is not what it was.
inline bool harms_integrity(FaultKind kind) {
  return kind == FaultKind::corrupt || kind == FaultKind::not_found;
}

template <class T>
using Result = std::expected<T, Fault>;

inline std::unexpected<Fault> fault(FaultKind kind, std::string where, std::string what) {
  return std::unexpected(Fault{kind, std::move(where), std::move(what)});
}

}  // namespace holdpoint

#define HP_TRY_NAME_2(a, b) a##b
#define HP_TRY_NAME(a, b) HP_TRY_NAME_2(a, b)
#define HP_TRY_IMPL(result, declaration, expression)              \
  auto result = (expression);                                     \
  if (!result) return std::unexpected(std::move(result).error()); \
  declaration = std::move(*result)

/// HP_TRY(auto value, expression): the value of a std::expected, or return its error.
#define HP_TRY(declaration, expression) \
  HP_TRY_IMPL(HP_TRY_NAME(hp_try_, __LINE__), declaration, expression)

/// HP_TRY_VOID(expression): the same for std::expected<void, E>.
#define HP_TRY_VOID(expression)                                                            \
  if (auto HP_TRY_NAME(hp_try_, __LINE__) = (expression); !HP_TRY_NAME(hp_try_, __LINE__)) \
  return std::unexpected(std::move(HP_TRY_NAME(hp_try_, __LINE__)).error())

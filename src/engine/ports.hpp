// Everything the core needs of the world, as ports. The simulator is the second user of each one:
// with a seed, a run is replayed bit by bit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/instant.hpp"
#include "engine/sql.hpp"

namespace holdpoint::engine {

/// Wall-clock time. Successive calls never go backwards (the clock clamps).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

/// Unpredictable bytes; the simulator's are seeded.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

struct StoredObject {
  Digest digest;
  std::uint64_t size = 0;
};

/// An object being received. Nothing is visible until finish(); destroying it forgets the bytes.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Makes the bytes durable (file and directory) under their digest; storing the same bytes twice
  /// is one object. MUST be called at most once.
  virtual Result<StoredObject> finish() = 0;
};

/// A stored object read in order; the last read fails as corrupt when the bytes are not its
/// digest's.
class ObjectReader {
 public:
  virtual ~ObjectReader() = default;
  /// At most `bytes_max` bytes; empty at the end.
  virtual Result<std::string> read(std::size_t bytes_max) = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
};

/// Immutable bytes named by their SHA-256. Safe for use from several threads.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  virtual Result<std::unique_ptr<ObjectWriter>> create() = 0;
  virtual Result<std::unique_ptr<ObjectReader>> open(const Digest& digest) = 0;
  [[nodiscard]] virtual Result<bool> exists(const Digest& digest) = 0;
  /// Every stored digest in ascending order, for audits.
  virtual Result<void> each(const std::function<void(const StoredObject&)>& visit) = 0;

  /// The whole object, verified; Fault exhausted when larger than bytes_max. The text has the
  /// capacity for report_json_padding bytes more, so that a large report is parsed where it stands.
  Result<std::string> read_all(const Digest& digest, std::uint64_t bytes_max);
  /// Stores one buffer.
  Result<StoredObject> put(std::string_view bytes);
  /// Stores several small buffers; all of them are durable when it returns.
  virtual Result<void> put_all(std::span<const std::string> buffers);
};

/// Keys per person, kept apart from the ledger: destroying one erases what was sealed under it.
class PersonVault {
 public:
  virtual ~PersonVault() = default;
  /// Authenticated encryption under the person's key, made on first use. `context` is bound, not
  /// stored: opening MUST present the same.
  virtual Result<std::string> seal(std::string_view person, std::string_view plaintext,
                                   std::string_view context) = 0;
  /// Fault not_found when the person's key was destroyed, corrupt when the bytes do not open.
  virtual Result<std::string> open(std::string_view person, std::string_view sealed,
                                   std::string_view context) = 0;
  /// A tag equal for equal values, for looking a person up by mail address without storing it.
  virtual Digest blind_index(std::string_view purpose, std::string_view value) = 0;
};

/// argon2id password hashes (libsodium's encoded form).
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  virtual Result<std::string> hash(std::string_view password) = 0;
  /// Takes as long for a wrong password as for the right one.
  virtual bool verify(std::string_view hash, std::string_view password) = 0;
};

/// The last signed head of every log, kept outside the database, so that a restored backup is seen.
class HeadKeeper {
 public:
  virtual ~HeadKeeper() = default;
  virtual Result<std::optional<std::string>> load(std::string_view workspace) = 0;
  /// Durable when it returns.
  virtual Result<void> save(std::string_view workspace, std::string_view note) = 0;
};

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// Structured operational log. MUST NOT be given secrets or personal data.
class Log {
 public:
  struct Field {
    std::string_view name;
    std::string value;
  };
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view message, std::span<const Field> fields) = 0;
  void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {}) {
    write(level, message, std::span<const Field>(fields.begin(), fields.size()));
  }
};

}  // namespace holdpoint::engine

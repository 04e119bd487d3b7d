// A disk in memory that keeps apart what was written and what was synced, so that a power loss can
// be rehearsed. crash() decides with a seed, per file, which of the unsynced writes reached the
// platter (none, all, a prefix, any 512-byte sectors) and, per name, whether an unsynced creation,
// renaming or removal did. Only what was synced is certain, as with a real disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/files/files.hpp"
#include "support/seeded_random.hpp"

namespace holdpoint::test {

inline constexpr std::size_t kSectorBytes = 512;

class CrashDisk final : public files::Files {
 public:
  explicit CrashDisk(std::uint64_t seed) : random_(seed) {}

  Result<std::unique_ptr<files::File>> create(const std::string& path) override;
  Result<std::unique_ptr<files::File>> open(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> make_directory(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<std::unique_ptr<files::FileSystem>> file_system_of(const std::string& directory) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  /// What FileSystem::sync() does here.
  Result<void> sync_everything();

  /// After so many further changing operations the power is off: the next one happens in part, and
  /// everything fails until crash().
  void power_off_after(std::uint64_t operations);
  [[nodiscard]] bool power_is_off() const;
  /// Loses what the seed says, closes every open file, and turns the power on.
  void crash();

  enum class Trouble : std::uint8_t { none, full, syncs_fail, reads_fail };
  void set_trouble(Trouble trouble);
  /// Changes one stored byte, as decay would. The file MUST exist and be longer than `offset`.
  void damage(const std::string& path, std::size_t offset);

  // What the SQLite VFS needs beyond Files: open files with random access.
  struct Node;
  struct Handle {
    std::shared_ptr<Node> node;
    std::uint64_t generation = 0;
  };
  enum class Outcome : std::uint8_t { done, failed, full };
  /// The file at `path`, made when `may_create`; nullopt when there is none or the power is off.
  std::optional<Handle> handle(const std::string& path, bool may_create);
  /// A file without a name, gone with its handle.
  Handle nameless();
  /// The number of bytes read, or nullopt on failure.
  std::optional<std::size_t> read_at(const Handle& handle, std::uint64_t offset,
                                     std::span<char> into);
  Outcome write_at(const Handle& handle, std::uint64_t offset, std::string_view bytes);
  Outcome truncate(const Handle& handle, std::uint64_t size);
  Outcome sync(const Handle& handle);
  std::optional<std::uint64_t> size(const Handle& handle);
  /// Bytes from the disk's own seed.
  void fill(std::span<std::uint8_t> bytes) { random_.fill(bytes); }

 private:
  using Names = std::map<std::string, std::shared_ptr<Node>>;

  bool change_fails();
  Result<void> changed(const std::string& operation, const std::string& path);
  void settle(Node& node);
  std::uint64_t below(std::uint64_t bound);

  mutable std::mutex mutex_;
  SeededRandom random_;
  Names names_;
  Names durable_names_;
  std::uint64_t generation_ = 1;
  std::optional<std::uint64_t> operations_left_;
  bool off_ = false;
  Trouble trouble_ = Trouble::none;
};

}  // namespace holdpoint::test

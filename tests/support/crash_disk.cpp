// See crash_disk.hpp.
#include "support/crash_disk.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"

namespace holdpoint::test {

using files::File;

namespace {

struct Change {
  std::uint64_t offset = 0;  // of a write; the new size of a truncation
  std::string bytes;
  bool truncation = false;
};

void apply_change(std::string& content, const Change& change) {
  if (change.truncation) {
    content.resize(static_cast<std::size_t>(change.offset), '\0');
    return;
  }
  const std::size_t end = static_cast<std::size_t>(change.offset) + change.bytes.size();
  if (content.size() < end) content.resize(end, '\0');
  content.replace(static_cast<std::size_t>(change.offset), change.bytes.size(), change.bytes);
}

std::unexpected<Fault> not_found(const std::string& operation, const std::string& path) {
  return fault(FaultKind::not_found, operation + " " + path, "No such file or directory");
}

std::unexpected<Fault> lost_power(const std::string& operation, const std::string& path) {
  return fault(FaultKind::io, operation + " " + path, "Input/output error");
}

}  // namespace

struct CrashDisk::Node {
  bool directory = false;
  std::string content;  // as every program sees it
  std::string durable;  // as of the last sync
  std::vector<Change> unsynced;
};

namespace {

class CrashFile final : public File {
 public:
  CrashFile(CrashDisk& disk, CrashDisk::Handle handle, std::string path)
      : disk_(disk), handle_(std::move(handle)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    const auto outcome = disk_.write_at(handle_, position_, bytes);
    position_ += bytes.size();
    return result(outcome, "append");
  }
  Result<std::string> read(std::size_t bytes_max) override {
    std::string bytes(bytes_max, '\0');
    const auto count = disk_.read_at(handle_, position_, bytes);
    if (!count) return lost_power("read", path_);
    bytes.resize(*count);
    position_ += *count;
    return bytes;
  }
  [[nodiscard]] Result<std::uint64_t> size() const override {
    const auto size = disk_.size(handle_);
    if (!size) return lost_power("size", path_);
    return *size;
  }
  Result<void> sync() override { return result(disk_.sync(handle_), "sync"); }

 private:
  [[nodiscard]] Result<void> result(CrashDisk::Outcome outcome, const std::string& what) const {
    if (outcome == CrashDisk::Outcome::done) return {};
    if (outcome == CrashDisk::Outcome::failed) return lost_power(what, path_);
    return fault(FaultKind::exhausted, what + " " + path_, "No space left on device");
  }
  CrashDisk& disk_;
  CrashDisk::Handle handle_;
  std::string path_;
  std::uint64_t position_ = 0;
};

class WholeDisk final : public files::FileSystem {
 public:
  explicit WholeDisk(CrashDisk& disk) : disk_(disk) {}
  Result<void> sync() override { return disk_.sync_everything(); }

 private:
  CrashDisk& disk_;
};

}  // namespace

bool CrashDisk::change_fails() {
  if (off_) return true;
  if (!operations_left_) return false;
  if (*operations_left_ == 0) {
    off_ = true;
    return true;
  }
  --*operations_left_;
  return false;
}

Result<void> CrashDisk::changed(const std::string& operation, const std::string& path) {
  if (change_fails()) return lost_power(operation, path);
  return {};
}

Result<std::unique_ptr<File>> CrashDisk::create(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  HP_TRY_VOID(changed("create", path));
  if (names_.contains(path)) return fault(FaultKind::invalid, "create " + path, "File exists");
  const std::string directory = files::directory_of(path);
  if (directory != "/" && !names_.contains(directory)) return not_found("create", path);
  if (trouble_ == Trouble::full) {
    return fault(FaultKind::exhausted, "create " + path, "No space left on device");
  }
  auto node = std::make_shared<Node>();
  names_[path] = node;
  return std::make_unique<CrashFile>(*this, Handle{node, generation_}, path);
}

Result<std::unique_ptr<File>> CrashDisk::open(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (off_) return lost_power("open", path);
  const auto found = names_.find(path);
  if (found == names_.end()) return not_found("open", path);
  return std::make_unique<CrashFile>(*this, Handle{found->second, generation_}, path);
}

Result<bool> CrashDisk::exists(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (off_) return lost_power("exists", path);
  return names_.contains(path);
}

Result<void> CrashDisk::rename(const std::string& from, const std::string& to) {
  const std::scoped_lock lock(mutex_);
  HP_TRY_VOID(changed("rename", to));
  const auto found = names_.find(from);
  if (found == names_.end()) return not_found("rename", from);
  names_[to] = found->second;
  names_.erase(from);
  return {};
}

Result<void> CrashDisk::remove(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  HP_TRY_VOID(changed("remove", path));
  if (names_.erase(path) == 0) return not_found("remove", path);
  return {};
}

Result<void> CrashDisk::make_directory(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  HP_TRY_VOID(changed("make_directory", path));
  const auto [entry, made] = names_.try_emplace(path, std::make_shared<Node>());
  if (made) entry->second->directory = true;
  return {};
}

Result<void> CrashDisk::sync_directory(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  HP_TRY_VOID(changed("sync_directory", path));
  if (trouble_ == Trouble::syncs_fail) return lost_power("sync_directory", path);
  std::erase_if(durable_names_,
                [&](const auto& entry) { return files::directory_of(entry.first) == path; });
  for (const auto& entry : names_) {
    if (files::directory_of(entry.first) == path) durable_names_.insert(entry);
  }
  return {};
}

Result<std::unique_ptr<files::FileSystem>> CrashDisk::file_system_of(const std::string& directory) {
  const std::scoped_lock lock(mutex_);
  if (off_) return lost_power("file_system_of", directory);
  return std::make_unique<WholeDisk>(*this);
}

/// A sync that fails leaves open what became durable; here nothing did.
Result<void> CrashDisk::sync_everything() {
  const std::scoped_lock lock(mutex_);
  HP_TRY_VOID(changed("sync", "/"));
  if (trouble_ == Trouble::syncs_fail) return lost_power("sync", "/");
  for (const auto& [path, node] : names_) {
    for (const Change& change : node->unsynced) apply_change(node->durable, change);
    node->unsynced.clear();
  }
  durable_names_ = names_;
  return {};
}

Result<std::vector<std::string>> CrashDisk::list(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (off_) return lost_power("list", path);
  if (path != "/" && !names_.contains(path)) return not_found("list", path);
  std::vector<std::string> names;
  for (const auto& entry : names_) {
    if (files::directory_of(entry.first) == path) {
      names.push_back(entry.first.substr(entry.first.rfind('/') + 1));
    }
  }
  return names;
}

void CrashDisk::power_off_after(std::uint64_t operations) {
  const std::scoped_lock lock(mutex_);
  operations_left_ = operations;
}

bool CrashDisk::power_is_off() const {
  const std::scoped_lock lock(mutex_);
  return off_;
}

void CrashDisk::set_trouble(Trouble trouble) {
  const std::scoped_lock lock(mutex_);
  trouble_ = trouble;
}

void CrashDisk::damage(const std::string& path, std::size_t offset) {
  const std::scoped_lock lock(mutex_);
  Node& node = *names_.at(path);
  node.content.at(offset) = static_cast<char>(node.content.at(offset) ^ 1);
  node.durable = node.content;
  node.unsynced.clear();
}

std::uint64_t CrashDisk::below(std::uint64_t bound) { return random_.below(bound); }

void CrashDisk::crash() {
  const std::scoped_lock lock(mutex_);
  Names survivors = durable_names_;
  for (const auto& [path, node] : names_) {
    const auto durable = durable_names_.find(path);
    const bool synced = durable != durable_names_.end() && durable->second == node;
    if (!synced && below(2) == 0) survivors[path] = node;
  }
  for (const auto& [path, node] : durable_names_) {
    if (!names_.contains(path) && below(2) == 0) survivors.erase(path);
  }
  // Paths sort before what is below them, so one pass drops the children of lost directories.
  std::map<const Node*, std::shared_ptr<Node>> copies;
  names_.clear();
  for (const auto& [path, node] : survivors) {
    const std::string directory = files::directory_of(path);
    if (directory != "/" && !names_.contains(directory)) continue;
    auto& copy = copies[node.get()];
    if (!copy) {
      copy = std::make_shared<Node>(*node);
      settle(*copy);
    }
    names_[path] = copy;
  }
  durable_names_ = names_;
  ++generation_;
  operations_left_.reset();
  off_ = false;
  trouble_ = Trouble::none;
}

void CrashDisk::settle(Node& node) {
  enum : std::uint64_t { nothing, everything, prefix, sectors, ways };
  const std::uint64_t way = below(ways);
  std::size_t kept = node.unsynced.size();
  if (way == nothing) kept = 0;
  if (way == prefix && kept > 0) kept = static_cast<std::size_t>(below(kept + 1));
  for (std::size_t i = 0; i < kept; ++i) {
    const Change& change = node.unsynced[i];
    const bool torn = way == sectors || (way == prefix && i + 1 == kept);
    if (!torn) {
      apply_change(node.durable, change);
      continue;
    }
    if (change.truncation) {
      if (below(2) == 0) apply_change(node.durable, change);
      continue;
    }
    for (std::size_t at = 0; at < change.bytes.size();) {
      const std::size_t in_sector = (change.offset + at) % kSectorBytes;
      const std::size_t length = std::min(kSectorBytes - in_sector, change.bytes.size() - at);
      if (below(2) == 0) {
        apply_change(node.durable, {change.offset + at, change.bytes.substr(at, length), false});
      }
      at += length;
    }
  }
  node.unsynced.clear();
  node.content = node.durable;
}

std::optional<CrashDisk::Handle> CrashDisk::handle(const std::string& path, bool may_create) {
  const std::scoped_lock lock(mutex_);
  if (off_) return std::nullopt;
  const auto found = names_.find(path);
  if (found != names_.end()) return Handle{found->second, generation_};
  if (!may_create || change_fails()) return std::nullopt;
  return Handle{names_[path] = std::make_shared<Node>(), generation_};
}

CrashDisk::Handle CrashDisk::nameless() {
  const std::scoped_lock lock(mutex_);
  return {std::make_shared<Node>(), generation_};
}

std::optional<std::size_t> CrashDisk::read_at(const Handle& handle, std::uint64_t offset,
                                              std::span<char> into) {
  const std::scoped_lock lock(mutex_);
  if (off_ || handle.generation != generation_ || trouble_ == Trouble::reads_fail) {
    return std::nullopt;
  }
  const std::string& content = handle.node->content;
  if (offset >= content.size()) return 0;
  return content.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
}

CrashDisk::Outcome CrashDisk::write_at(const Handle& handle, std::uint64_t offset,
                                       std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  if (off_ || handle.generation != generation_) return Outcome::failed;
  if (trouble_ == Trouble::full && offset + bytes.size() > handle.node->content.size()) {
    return Outcome::full;
  }
  const bool fails = change_fails();
  Change change{offset, std::string(bytes), false};
  apply_change(handle.node->content, change);
  handle.node->unsynced.push_back(std::move(change));
  return fails ? Outcome::failed : Outcome::done;
}

CrashDisk::Outcome CrashDisk::truncate(const Handle& handle, std::uint64_t size) {
  const std::scoped_lock lock(mutex_);
  if (handle.generation != generation_ || change_fails()) return Outcome::failed;
  Change change{size, {}, true};
  apply_change(handle.node->content, change);
  handle.node->unsynced.push_back(std::move(change));
  return Outcome::done;
}

CrashDisk::Outcome CrashDisk::sync(const Handle& handle) {
  const std::scoped_lock lock(mutex_);
  if (handle.generation != generation_ || change_fails()) return Outcome::failed;
  if (trouble_ == Trouble::syncs_fail) return Outcome::failed;
  for (const Change& change : handle.node->unsynced) apply_change(handle.node->durable, change);
  handle.node->unsynced.clear();
  return Outcome::done;
}

std::optional<std::uint64_t> CrashDisk::size(const Handle& handle) {
  const std::scoped_lock lock(mutex_);
  if (off_ || handle.generation != generation_) return std::nullopt;
  return handle.node->content.size();
}

}  // namespace holdpoint::test

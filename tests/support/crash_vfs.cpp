// See crash_vfs.hpp. Locks follow SQLite's five levels and the eight slots of its shared memory; a
// crash leaves both behind with the handles that died.
#include "support/crash_vfs.hpp"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <map>
#include <new>
#include <set>
#include <thread>

#include "base/assert.hpp"

namespace holdpoint::test {
namespace {

constexpr int kPathBytes_max = 512;

class OpenFile;

/// What the connections to one file share.
struct Sharing {
  std::mutex mutex;
  std::map<const OpenFile*, int> levels;
  std::array<std::set<const OpenFile*>, SQLITE_SHM_NLOCK> shared;
  std::array<const OpenFile*, SQLITE_SHM_NLOCK> exclusive{};
  std::vector<std::unique_ptr<char[]>> regions;
  std::set<const OpenFile*> mapped;
};

class OpenFile {
 public:
  OpenFile(CrashDisk& its_disk, CrashDisk::Handle its_handle, std::shared_ptr<Sharing> with)
      : disk(its_disk), handle(std::move(its_handle)), sharing(std::move(with)) {}
  ~OpenFile() {
    release_memory(false);
    const std::scoped_lock lock(sharing->mutex);
    sharing->levels.erase(this);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int lock(int wanted) {
    const std::scoped_lock guard(sharing->mutex);
    int& level = sharing->levels[this];
    if (level >= wanted) return SQLITE_OK;
    const int others = highest_of_others();
    if (wanted == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
    if (wanted >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
    if (wanted == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
      level = SQLITE_LOCK_PENDING;
      return SQLITE_BUSY;
    }
    level = wanted;
    return SQLITE_OK;
  }
  int unlock(int wanted) {
    const std::scoped_lock guard(sharing->mutex);
    sharing->levels[this] = std::min(sharing->levels[this], wanted);
    return SQLITE_OK;
  }
  bool reserved() {
    const std::scoped_lock guard(sharing->mutex);
    return std::max(highest_of_others(), sharing->levels[this]) >= SQLITE_LOCK_RESERVED;
  }

  char* region(int index, int bytes, bool extend) {
    const std::scoped_lock guard(sharing->mutex);
    sharing->mapped.insert(this);
    const auto wanted = static_cast<std::size_t>(index) + 1;
    if (sharing->regions.size() < wanted && !extend) return nullptr;
    while (sharing->regions.size() < wanted) {
      sharing->regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
    }
    return sharing->regions[wanted - 1].get();
  }
  int lock_memory(std::size_t first, std::size_t count, int flags) {
    const std::scoped_lock guard(sharing->mutex);
    for (std::size_t i = first; i < first + count; ++i) {
      if ((flags & SQLITE_SHM_UNLOCK) == 0 && taken_by_another(i, flags)) return SQLITE_BUSY;
    }
    for (std::size_t i = first; i < first + count; ++i) {
      if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        release_slot(i);
      } else if ((flags & SQLITE_SHM_SHARED) != 0) {
        sharing->shared[i].insert(this);
      } else {
        sharing->exclusive[i] = this;
      }
    }
    return SQLITE_OK;
  }
  void release_memory(bool forget) {
    const std::scoped_lock guard(sharing->mutex);
    for (std::size_t i = 0; i < sharing->shared.size(); ++i) release_slot(i);
    sharing->mapped.erase(this);
    if (forget && sharing->mapped.empty()) sharing->regions.clear();
  }

  CrashDisk& disk;
  CrashDisk::Handle handle;
  std::string sync_directory_next;  // after the first sync of a new journal, as SQLite does on Unix
  std::string delete_on_close;

 private:
  int highest_of_others() const {
    int highest = SQLITE_LOCK_NONE;
    for (const auto& [file, level] : sharing->levels) {
      if (file != this) highest = std::max(highest, level);
    }
    return highest;
  }
  bool taken_by_another(std::size_t slot, int flags) const {
    const OpenFile* const exclusive = sharing->exclusive[slot];
    if (exclusive != nullptr && exclusive != this) return true;
    if ((flags & SQLITE_SHM_SHARED) != 0) return false;
    const auto& shared = sharing->shared[slot];
    return shared.size() > (shared.contains(this) ? 1U : 0U);
  }
  void release_slot(std::size_t slot) {
    sharing->shared[slot].erase(this);
    if (sharing->exclusive[slot] == this) sharing->exclusive[slot] = nullptr;
  }

  std::shared_ptr<Sharing> sharing;
};

struct SqliteFile {
  sqlite3_file base;  // first, as SQLite wants
  OpenFile* open;
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<SqliteFile*>(file)->open; }

int code_of(CrashDisk::Outcome outcome, int failed) {
  switch (outcome) {
    case CrashDisk::Outcome::done: return SQLITE_OK;
    case CrashDisk::Outcome::full: return SQLITE_FULL;
    case CrashDisk::Outcome::failed: return failed;
  }
  return failed;
}

int close_file(sqlite3_file* file) {
  OpenFile* const open = &opened(file);
  if (!open->delete_on_close.empty()) {
    static_cast<void>(open->disk.remove(open->delete_on_close));
  }
  delete open;
  reinterpret_cast<SqliteFile*>(file)->open = nullptr;
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
  const std::span<char> space(static_cast<char*>(into), static_cast<std::size_t>(amount));
  const auto count =
      opened(file).disk.read_at(opened(file).handle, static_cast<std::uint64_t>(offset), space);
  if (!count) return SQLITE_IOERR_READ;
  if (*count == space.size()) return SQLITE_OK;
  std::memset(space.data() + *count, 0, space.size() - *count);
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(amount));
  return code_of(
      opened(file).disk.write_at(opened(file).handle, static_cast<std::uint64_t>(offset), bytes),
      SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return code_of(opened(file).disk.truncate(opened(file).handle, static_cast<std::uint64_t>(size)),
                 SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
  OpenFile& open = opened(file);
  const int code = code_of(open.disk.sync(open.handle), SQLITE_IOERR_FSYNC);
  if (code != SQLITE_OK || open.sync_directory_next.empty()) return code;
  const std::string directory = std::exchange(open.sync_directory_next, "");
  return open.disk.sync_directory(directory) ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  const auto bytes = opened(file).disk.size(opened(file).handle);
  if (!bytes) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(*bytes);
  return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) { return opened(file).lock(level); }
int unlock_file(sqlite3_file* file, int level) { return opened(file).unlock(level); }
int check_reserved(sqlite3_file* file, int* result) {
  *result = opened(file).reserved() ? 1 : 0;
  return SQLITE_OK;
}
int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_bytes(sqlite3_file*) { return static_cast<int>(kSectorBytes); }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_memory(sqlite3_file* file, int index, int bytes, int extend, void volatile** region) {
  *region = opened(file).region(index, bytes, extend != 0);
  return SQLITE_OK;
}
int lock_memory(sqlite3_file* file, int offset, int count, int flags) {
  return opened(file).lock_memory(static_cast<std::size_t>(offset), static_cast<std::size_t>(count),
                                  flags);
}
void memory_barrier(sqlite3_file* file) { static_cast<void>(opened(file).reserved()); }
int unmap_memory(sqlite3_file* file, int forget) {
  opened(file).release_memory(forget != 0);
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {2,
                                     close_file,
                                     read_file,
                                     write_file,
                                     truncate_file,
                                     sync_file,
                                     file_size,
                                     lock_file,
                                     unlock_file,
                                     check_reserved,
                                     control_file,
                                     sector_bytes,
                                     characteristics,
                                     map_memory,
                                     lock_memory,
                                     memory_barrier,
                                     unmap_memory,
                                     nullptr,
                                     nullptr};

}  // namespace

struct CrashVfs::State {
  explicit State(CrashDisk& the_disk) : disk(the_disk) {}

  std::shared_ptr<Sharing> sharing_of(const CrashDisk::Handle& handle) {
    const std::scoped_lock lock(mutex);
    auto& known = sharings[handle.node.get()];
    auto sharing = known.lock();
    if (!sharing) known = sharing = std::make_shared<Sharing>();
    return sharing;
  }

  static State& of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                  int* flags_out) {
    file->pMethods = nullptr;
    State& state = of(vfs);
    const bool may_create = (flags & SQLITE_OPEN_CREATE) != 0;
    const auto handle = name != nullptr ? state.disk.handle(name, may_create)
                                        : std::optional(state.disk.nameless());
    if (!handle) return SQLITE_CANTOPEN;
    auto* open = new OpenFile(state.disk, *handle, state.sharing_of(*handle));
    const int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    if (name != nullptr && may_create && (flags & journals) != 0) {
      open->sync_directory_next = files::directory_of(name);
    }
    if (name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) open->delete_on_close = name;
    reinterpret_cast<SqliteFile*>(file)->open = open;
    file->pMethods = &kMethods;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    State& state = of(vfs);
    const auto removed = state.disk.remove(name);
    if (!removed && removed.error().kind == FaultKind::not_found) return SQLITE_IOERR_DELETE_NOENT;
    if (!removed) return SQLITE_IOERR_DELETE;
    if (sync_directory == 0) return SQLITE_OK;
    return state.disk.sync_directory(files::directory_of(name)) ? SQLITE_OK
                                                                : SQLITE_IOERR_DIR_FSYNC;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* result) {
    const auto exists = of(vfs).disk.exists(name);
    if (!exists) return SQLITE_IOERR_ACCESS;
    *result = *exists ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* name, int bytes, char* out) {
    if (static_cast<int>(std::strlen(name)) >= bytes) return SQLITE_CANTOPEN;
    std::strcpy(out, name);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int bytes, char* out) {
    of(vfs).disk.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(bytes)});
    return bytes;
  }

  static int sleep(sqlite3_vfs*, int us) {
    std::this_thread::sleep_for(std::chrono::microseconds(us));
    return us;
  }

  static int time(sqlite3_vfs*, sqlite3_int64* julian_ms) {
    *julian_ms = 212'000'000'000'000;  // one fixed day in 2005: nothing of ours asks SQLite
    return SQLITE_OK;
  }

  CrashDisk& disk;
  std::string name;
  sqlite3_vfs vfs{};
  std::mutex mutex;
  std::map<const void*, std::weak_ptr<Sharing>> sharings;
};

CrashVfs::CrashVfs(CrashDisk& disk) : state_(std::make_unique<State>(disk)) {
  static std::atomic<std::uint64_t> count = 0;
  state_->name = "crash-" + std::to_string(count.fetch_add(1));
  sqlite3_vfs& vfs = state_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(SqliteFile);
  vfs.mxPathname = kPathBytes_max;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = State::open;
  vfs.xDelete = State::remove;
  vfs.xAccess = State::access;
  vfs.xFullPathname = State::full_path;
  vfs.xRandomness = State::randomness;
  vfs.xSleep = State::sleep;
  vfs.xCurrentTimeInt64 = State::time;
  HP_ASSERT(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK, "TS-3: a VFS of a new name is accepted");
}

CrashVfs::~CrashVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& CrashVfs::name() const { return state_->name; }

}  // namespace holdpoint::test

// Reading, hashing and privately writing local files over POSIX calls.
#include "cli/local_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <system_error>
#include <vector>

namespace holdpoint::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 1U << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool good() const { return number_ >= 0; }

 private:
  int number_;
};

std::unexpected<Failure> broken(const std::string& verb, const fs::path& path) {
  const std::string reason = std::system_category().message(errno);
  return wrong_use("Cannot " + verb + " the file: " + reason + ".", path.string(),
                   "Check the path and its permissions.");
}

using Sink = std::function<bool(std::string_view)>;

Tried<std::uint64_t> each_piece(const fs::path& path, const Sink& sink) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good()) return broken("read", path);
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return broken("read", path);
  if (S_ISDIR(status.st_mode)) {
    return wrong_use("This is a directory, not a file.", path.string(), "Name a file.");
  }
  std::vector<char> piece(piece_bytes);
  std::uint64_t total = 0;
  for (;;) {
    const auto got = ::read(file.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken("read", path);
    if (got == 0) return total;
    total += static_cast<std::uint64_t>(got);
    if (!sink({piece.data(), static_cast<std::size_t>(got)})) return total;
  }
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

void sync_directory(const fs::path& path) {
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.good()) ::fsync(opened.number());
}

/// `produce` writes the content to the descriptor it is given.
Tried<void> replace_file(const fs::path& path, const std::function<Tried<void>(int)>& produce) {
  fs::path draft = path;
  draft += ".draft-" + std::to_string(::getpid());
  {
    const Descriptor file(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.good()) return broken("write", draft);
    auto produced = produce(file.number());
    if (!produced || ::fsync(file.number()) != 0) {
      const auto failure = produced ? broken("write", draft) : std::unexpected(produced.error());
      ::unlink(draft.c_str());
      return failure;
    }
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) {
    const auto failure = broken("write", path);
    ::unlink(draft.c_str());
    return failure;
  }
  sync_directory(path);
  return {};
}

}  // namespace

Tried<std::string> read_file(const fs::path& path, std::uint64_t bytes_max) {
  std::string content;
  HP_TRY(const std::uint64_t total, each_piece(path, [&](std::string_view piece) {
           content += piece;
           return content.size() <= bytes_max;
         }));
  if (total > bytes_max) {
    return wrong_use("The file is larger than " + std::to_string(bytes_max) + " bytes.",
                     path.string(), "Name a smaller file.");
  }
  return content;
}

Tried<HashedFile> hash_file(const fs::path& path) {
  Sha256 hash;
  HP_TRY(const std::uint64_t total, each_piece(path, [&](std::string_view piece) {
           hash.update(piece);
           return true;
         }));
  return HashedFile{hash.finish(), total};
}

Tried<void> make_private_directory(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {};
  if (path.has_parent_path() && path.parent_path() != path) {
    HP_TRY_VOID(make_private_directory(path.parent_path()));
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return broken("make", path);
  return {};
}

Tried<void> write_private_file(const fs::path& path, std::string_view bytes) {
  return replace_file(path, [&](int file) -> Tried<void> {
    if (!write_all(file, bytes)) return broken("write", path);
    return {};
  });
}

Tried<HashedFile> copy_private_file(const fs::path& from, const fs::path& to) {
  Sha256 hash;
  std::uint64_t total = 0;
  HP_TRY_VOID(replace_file(to, [&](int file) -> Tried<void> {
    bool written = true;
    HP_TRY(total, each_piece(from, [&](std::string_view piece) {
             hash.update(piece);
             written = write_all(file, piece);
             return written;
           }));
    if (!written) return broken("write", to);
    return {};
  }));
  return HashedFile{hash.finish(), total};
}

}  // namespace holdpoint::cli

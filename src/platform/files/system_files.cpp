// See system_files.hpp. Every system call is checked; an interrupted one is repeated, except fsync
// and close, which are never tried twice: after a failed fsync the page cache may call lost pages
// clean. syncfs tells of lost pages since Linux 5.8.
#include "platform/files/system_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace holdpoint::files {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::unexpected<Fault> system_fault(const std::string& operation, const std::string& path) {
  const int code = errno;
  FaultKind kind = FaultKind::io;
  switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case EFBIG: kind = FaultKind::exhausted; break;
    case ENOENT: kind = FaultKind::not_found; break;
    case EEXIST:
    case ENAMETOOLONG: kind = FaultKind::invalid; break;
    default: break;
  }
  return fault(kind, operation + " " + path, std::generic_category().message(code));
}

namespace {

template <class Call>
auto repeat_interrupted(Call&& call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

Result<Descriptor> open_descriptor(const std::string& path, int flags) {
  const int number =
      repeat_interrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); });
  if (number < 0) return system_fault("files.open", path);
  return Descriptor(number);
}

class SystemFile final : public File {
 public:
  SystemFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto written = repeat_interrupted(
          [&] { return ::write(descriptor_.number(), bytes.data(), bytes.size()); });
      if (written < 0) return system_fault("files.append", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<std::string> read(std::size_t bytes_max) override {
    std::string bytes(bytes_max, '\0');
    const auto count = repeat_interrupted(
        [&] { return ::read(descriptor_.number(), bytes.data(), bytes.size()); });
    if (count < 0) return system_fault("files.read", path_);
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
  }

  [[nodiscard]] Result<std::uint64_t> size() const override {
    struct stat status{};
    if (::fstat(descriptor_.number(), &status) != 0) return system_fault("files.size", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<void> sync() override {
    if (::fdatasync(descriptor_.number()) != 0) return system_fault("files.sync", path_);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class SystemFileSystem final : public FileSystem {
 public:
  SystemFileSystem(Descriptor directory, std::string path)
      : directory_(std::move(directory)), path_(std::move(path)) {}

  Result<void> sync() override {
    if (::syncfs(directory_.number()) != 0) return system_fault("files.sync_all", path_);
    return {};
  }

 private:
  Descriptor directory_;
  std::string path_;
};

class SystemFiles final : public Files {
 public:
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    HP_TRY(auto descriptor, open_descriptor(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW));
    return std::make_unique<SystemFile>(std::move(descriptor), path);
  }

  Result<std::unique_ptr<File>> open(const std::string& path) override {
    HP_TRY(auto descriptor, open_descriptor(path, O_RDONLY));
    return std::make_unique<SystemFile>(std::move(descriptor), path);
  }

  Result<bool> exists(const std::string& path) override {
    if (::access(path.c_str(), F_OK) == 0) return true;
    if (errno == ENOENT) return false;
    return system_fault("files.exists", path);
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) return system_fault("files.rename", to);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return system_fault("files.remove", path);
    return {};
  }

  Result<void> make_directory(const std::string& path) override {
    if (::mkdir(path.c_str(), 0700) == 0) return {};
    struct stat status{};
    if (errno == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
    return system_fault("files.make_directory", path);
  }

  Result<void> sync_directory(const std::string& path) override {
    HP_TRY(const auto descriptor, open_descriptor(path, O_RDONLY | O_DIRECTORY));
    if (::fsync(descriptor.number()) != 0) return system_fault("files.sync_directory", path);
    return {};
  }

  Result<std::unique_ptr<FileSystem>> file_system_of(const std::string& directory) override {
    HP_TRY(auto descriptor, open_descriptor(directory, O_RDONLY | O_DIRECTORY));
    return std::make_unique<SystemFileSystem>(std::move(descriptor), directory);
  }

  Result<std::vector<std::string>> list(const std::string& path) override {
    struct CloseDirectory {
      void operator()(DIR* directory) const noexcept { ::closedir(directory); }
    };
    const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
    if (!directory) return system_fault("files.list", path);
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(directory.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return system_fault("files.list", path);
    std::ranges::sort(names);
    return names;
  }
};

}  // namespace

Files& system_files() {
  static SystemFiles files;
  return files;
}

Result<void> create_private_file(const std::string& path) {
  HP_TRY(const bool there, system_files().exists(path));
  if (there) return {};
  HP_TRY_VOID(system_files().create(path));
  return system_files().sync_directory(directory_of(path));
}

Result<void> require_private_file(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return system_fault("files.mode", path);
  if ((status.st_mode & 077U) == 0) return {};
  return fault(FaultKind::invalid, "files.mode " + path,
               "others than its owner may use this secret file; run: chmod 600 " + path);
}

}  // namespace holdpoint::files

// See files.hpp.
#include "platform/files/files.hpp"

namespace holdpoint::files {

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> replace_file(Files& files, const std::string& path, std::string_view bytes) {
  const std::string incoming = path + ".incoming";
  HP_TRY(const bool leftover, files.exists(incoming));
  if (leftover) HP_TRY_VOID(files.remove(incoming));
  {
    HP_TRY(const auto file, files.create(incoming));
    HP_TRY_VOID(file->append(bytes));
    HP_TRY_VOID(file->sync());
  }
  HP_TRY_VOID(files.rename(incoming, path));
  return files.sync_directory(directory_of(path));
}

Result<std::string> read_file(Files& files, const std::string& path, std::size_t bytes_max) {
  HP_TRY(const auto file, files.open(path));
  std::string bytes;
  for (;;) {
    HP_TRY(const std::string chunk, file->read(bytes_max + 1 - bytes.size()));
    if (chunk.empty()) return bytes;
    bytes += chunk;
    if (bytes.size() > bytes_max) {
      return fault(FaultKind::corrupt, "files.read " + path,
                   "longer than the " + std::to_string(bytes_max) + " bytes it may have");
    }
  }
}

}  // namespace holdpoint::files

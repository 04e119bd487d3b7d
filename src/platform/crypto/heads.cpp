// See heads.hpp.
#include "platform/crypto/heads.hpp"

#include <algorithm>
#include <mutex>

namespace holdpoint::crypto {
namespace {

bool is_workspace_name(std::string_view name) {
  return !name.empty() && name.size() <= kWorkspaceName_max &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

class FileHeads final : public engine::HeadKeeper {
 public:
  FileHeads(files::Files& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  Result<std::optional<std::string>> load(std::string_view workspace) override {
    HP_TRY(const std::string path, path_of(workspace));
    const std::scoped_lock lock(mutex_);
    HP_TRY(const bool there, files_.exists(path));
    if (!there) return std::nullopt;
    HP_TRY(std::string note, files::read_file(files_, path, kHeadBytes_max));
    return note;
  }

  Result<void> save(std::string_view workspace, std::string_view note) override {
    HP_TRY(const std::string path, path_of(workspace));
    if (note.size() > kHeadBytes_max) {
      return fault(FaultKind::invalid, "heads.save", "longer than a head may be");
    }
    const std::scoped_lock lock(mutex_);
    return files::replace_file(files_, path, note);
  }

 private:
  [[nodiscard]] Result<std::string> path_of(std::string_view workspace) const {
    if (is_workspace_name(workspace)) return directory_ + "/" + std::string(workspace) + ".head";
    return fault(FaultKind::invalid, "heads", "not the name of a workspace");
  }
  files::Files& files_;
  const std::string directory_;
  std::mutex mutex_;
};

}  // namespace

Result<std::unique_ptr<engine::HeadKeeper>> open_heads(files::Files& files,
                                                       const std::string& directory) {
  HP_TRY_VOID(files.make_directory(directory));
  HP_TRY_VOID(files.sync_directory(files::directory_of(directory)));
  return std::make_unique<FileHeads>(files, directory);
}

}  // namespace holdpoint::crypto

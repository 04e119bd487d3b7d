// See declarations.hpp.
#include "cli/declarations.hpp"

#include <algorithm>
#include <filesystem>
#include <istream>
#include <iterator>

#include "cli/local_file.hpp"

namespace holdpoint::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sources_max = 1'000;

bool is_declaration(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

Tried<std::vector<fs::path>> files_below(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::recursive_directory_iterator each(directory, error), end; !error && each != end;
       each.increment(error)) {
    if (is_declaration(each->path()) && each->is_regular_file(error)) {
      found.push_back(each->path());
    }
    if (found.size() > sources_max) break;
  }
  if (error)
    return wrong_use("Cannot read the directory: " + error.message() + ".", directory.string(),
                     "Check its permissions.");
  if (found.empty() || found.size() > sources_max) {
    return wrong_use(found.empty() ? "No .yaml, .yml or .json file is in the directory."
                                   : "There are too many files in the directory.",
                     directory.string(), "Name the files.");
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Tried<std::vector<Declaration>> read_declarations(const std::vector<std::string>& files,
                                                  Session& session) {
  std::vector<Declaration> all;
  for (const std::string& file : files) {
    if (file == "-") {
      all.push_back(
          {"standard input", {std::istreambuf_iterator<char>(session.world().streams.in), {}}});
      continue;
    }
    std::vector<fs::path> paths{file};
    std::error_code error;
    if (fs::is_directory(file, error)) {
      HP_TRY(paths, files_below(file));
    }
    for (const fs::path& path : paths) {
      HP_TRY(std::string text, read_file(path, source_bytes_max));
      all.push_back({path.string(), std::move(text)});
    }
  }
  return all;
}

}  // namespace holdpoint::cli

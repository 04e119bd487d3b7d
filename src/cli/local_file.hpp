// Files of the machine the command runs on: read, hashed, and written so that nobody else reads
// them and no half of them is ever seen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "cli/failure.hpp"

namespace holdpoint::cli {

/// The whole file; wrong use when it cannot be read or is larger than `bytes_max`.
Tried<std::string> read_file(const std::filesystem::path& path, std::uint64_t bytes_max);

struct HashedFile {
  Digest digest;
  std::uint64_t size = 0;
};
/// SHA-256 of the file, read in pieces.
Tried<HashedFile> hash_file(const std::filesystem::path& path);

/// Makes the directory and its parents; those made have mode 0700.
Tried<void> make_private_directory(const std::filesystem::path& path);

/// Writes beside the file, syncs and renames; mode 0600.
Tried<void> write_private_file(const std::filesystem::path& path, std::string_view bytes);
/// The same for a copy of another file; the copy's digest and size.
Tried<HashedFile> copy_private_file(const std::filesystem::path& from,
                                    const std::filesystem::path& to);

}  // namespace holdpoint::cli

// The last signed head of every log, one file per workspace, outside the database: a server whose
// database was restored from an old backup finds itself behind it and says so.
#pragma once

#include <memory>
#include <string>

#include "base/fault.hpp"
#include "engine/ports.hpp"
#include "platform/files/files.hpp"

namespace holdpoint::crypto {

inline constexpr std::size_t kHeadBytes_max = 65536;
inline constexpr std::size_t kWorkspaceName_max = 64;

/// Makes the directory if need be; `files` MUST outlive the keeper. A workspace name is 1 to 64 of
/// a-z, 0-9, '-' and '_', anything else is Fault invalid. Safe for use from several threads.
Result<std::unique_ptr<engine::HeadKeeper>> open_heads(files::Files& files,
                                                       const std::string& directory);

}  // namespace holdpoint::crypto

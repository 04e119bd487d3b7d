// The operational log: one JSON object per line, written with one system call, to standard error or
// appended to a file. A line that cannot be written is lost: the log must never stop the server.
#pragma once

#include <memory>
#include <string>

#include "base/fault.hpp"
#include "engine/ports.hpp"

namespace holdpoint::log {

/// A longer message or value is cut, and ends in "…".
inline constexpr std::size_t kValueBytes_max = 4096;
inline constexpr std::size_t kFields_max = 32;

struct LogOptions {
  engine::LogLevel threshold = engine::LogLevel::info;
  std::string path;  // empty: standard error
};

/// `{"time":…,"level":…,"message":…,<fields in the order given>}`. Field names MUST be none of the
/// first three. Bytes that are no UTF-8, and U+0000, are written as U+FFFD. `clock` MUST outlive
/// the log, which is safe for use from several threads.
Result<std::unique_ptr<engine::Log>> open_log(const LogOptions& options, engine::Clock& clock);

}  // namespace holdpoint::log

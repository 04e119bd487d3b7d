// Objects in a directory: `<root>/sha256/ab/cd/<64 hex>`, received into `<root>/incoming`. An
// object appears under its name by one rename, after its bytes are durable; finish() returns after
// the name is durable too. Fanned out by the first two digest bytes, so that no directory grows
// large.
#pragma once

#include <memory>
#include <string>

#include "base/fault.hpp"
#include "engine/ports.hpp"
#include "platform/files/files.hpp"

namespace holdpoint::objects {

/// Opens or creates the store; what was left half received is removed. MUST be opened by one
/// process at a time, and `files` MUST outlive the store and everything it hands out. finish()
/// gives Fault corrupt when the object is there already with another size: a damaged object is
/// shown, not healed.
Result<std::unique_ptr<engine::ObjectStore>> open_directory(files::Files& files,
                                                            const std::string& root);

}  // namespace holdpoint::objects

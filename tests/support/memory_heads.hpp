// Heads kept in memory.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "engine/ports.hpp"

namespace holdpoint::test {

class MemoryHeads final : public engine::HeadKeeper {
 public:
  Result<std::optional<std::string>> load(std::string_view workspace) override {
    HP_TRY_VOID(check(workspace));
    const std::scoped_lock lock(mutex_);
    const auto found = notes_.find(workspace);
    if (found == notes_.end()) return std::nullopt;
    return found->second;
  }
  Result<void> save(std::string_view workspace, std::string_view note) override {
    HP_TRY_VOID(check(workspace));
    const std::scoped_lock lock(mutex_);
    notes_[std::string(workspace)] = note;
    return {};
  }

 private:
  static Result<void> check(std::string_view workspace) {
    const auto allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    const bool named = !workspace.empty() && workspace.size() <= 64 &&
                       workspace.find_first_not_of(allowed) == std::string_view::npos;
    if (named) return {};
    return fault(FaultKind::invalid, "heads", "not the name of a workspace");
  }
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> notes_;
};

}  // namespace holdpoint::test

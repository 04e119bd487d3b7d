// Gate answers in memory, so that the I/O thread can give them at once. Every answer carries the
// generation it was made in; a commit that touches what gates rest on starts a new generation of
// its workspace before the commit is answered, so no answer outlives its truth. One that a freeze
// will end by the clock alone says until when it holds.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/engine.hpp"

namespace holdpoint::deployments {

inline constexpr std::size_t gate_answers_max = 4'096;

class GateCache {
 public:
  /// Invalidates by the events of each commit. MUST be made before the engine starts.
  explicit GateCache(engine::Engine& engine);

  /// The generation to remember an answer under. MUST be read before the snapshot the answer is
  /// made from.
  std::uint64_t generation(std::string_view workspace);
  /// nullopt also for an answer that holds no longer at that moment.
  std::optional<std::string> find(std::string_view workspace, std::string_view question,
                                  Instant now);
  struct Remembered {
    std::string answer;
    std::optional<Instant> valid_until;  // absent: until something changes
  };
  /// Forgotten at once when the generation has passed.
  void remember(std::string_view workspace, std::string_view question, std::uint64_t generation,
                Remembered remembered);

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  struct Workspace {
    std::uint64_t generation = 1;
    std::unordered_map<std::string, Remembered, TextHash, std::equal_to<>> answers;
  };
  std::mutex mutex_;
  std::map<std::string, Workspace, std::less<>> workspaces_;
};

}  // namespace holdpoint::deployments

// The objects of a batch of commands: small ones are held in memory and stored together just before
// the commit, because syncing each of them would cost the writer more than everything else it does.
// Whoever reads within the batch finds them here.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/ports.hpp"

namespace holdpoint::engine {

inline constexpr std::size_t held_object_bytes_max = 256U << 10;  // larger ones are stored at once
inline constexpr std::size_t held_bytes_max = 16U << 20;          // together

/// For the writer's thread only.
class BatchObjects final : public ObjectStore {
 public:
  explicit BatchObjects(ObjectStore& beneath) : beneath_(beneath) {}

  Result<std::unique_ptr<ObjectWriter>> create() override;
  Result<std::unique_ptr<ObjectReader>> open(const Digest& digest) override;
  Result<bool> exists(const Digest& digest) override;
  /// Those that are stored; what is held is not among them.
  Result<void> each(const std::function<void(const StoredObject&)>& visit) override;

  [[nodiscard]] std::size_t held() const { return held_.size(); }
  /// Forgets what came after the first `count`: their command was undone.
  void forget_after(std::size_t count);
  /// Stores what is held, durably, and forgets it.
  Result<void> store();

 private:
  class Writer;
  StoredObject hold(std::string bytes);

  ObjectStore& beneath_;
  std::vector<std::string> held_;
  std::vector<Digest> digests_;  // of held_
  std::map<Digest, std::size_t> places_;
  std::size_t held_bytes_ = 0;
};

}  // namespace holdpoint::engine

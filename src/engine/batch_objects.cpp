// See batch_objects.hpp.
#include "engine/batch_objects.hpp"

#include "base/assert.hpp"

namespace holdpoint::engine {
namespace {

/// Reads a copy, so that it may outlive the batch.
class HeldReader final : public ObjectReader {
 public:
  explicit HeldReader(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::string> read(std::size_t bytes_max) override {
    std::string piece = bytes_.substr(position_, bytes_max);
    position_ += piece.size();
    return piece;
  }
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }

 private:
  const std::string bytes_;
  std::size_t position_ = 0;
};

}  // namespace

/// Collects the bytes until they are too many to be held.
class BatchObjects::Writer final : public ObjectWriter {
 public:
  explicit Writer(BatchObjects& batch) : batch_(batch) {}

  Result<void> write(std::string_view bytes) override {
    if (beneath_) return beneath_->write(bytes);
    collected_ += bytes;
    if (collected_.size() <= held_object_bytes_max &&
        batch_.held_bytes_ + collected_.size() <= held_bytes_max) {
      return {};
    }
    HP_TRY(beneath_, batch_.beneath_.create());
    return beneath_->write(std::exchange(collected_, {}));
  }

  Result<StoredObject> finish() override {
    if (beneath_) return beneath_->finish();
    return batch_.hold(std::move(collected_));
  }

 private:
  BatchObjects& batch_;
  std::string collected_;
  std::unique_ptr<ObjectWriter> beneath_;
};

StoredObject BatchObjects::hold(std::string bytes) {
  const StoredObject object{sha256(bytes), bytes.size()};
  if (places_.try_emplace(object.digest, held_.size()).second) {
    held_bytes_ += bytes.size();
    held_.push_back(std::move(bytes));
    digests_.push_back(object.digest);
  }
  return object;
}

Result<std::unique_ptr<ObjectWriter>> BatchObjects::create() {
  return std::make_unique<Writer>(*this);
}

Result<std::unique_ptr<ObjectReader>> BatchObjects::open(const Digest& digest) {
  const auto found = places_.find(digest);
  if (found == places_.end()) return beneath_.open(digest);
  return std::make_unique<HeldReader>(held_[found->second]);
}

Result<bool> BatchObjects::exists(const Digest& digest) {
  if (places_.contains(digest)) return true;
  return beneath_.exists(digest);
}

Result<void> BatchObjects::each(const std::function<void(const StoredObject&)>& visit) {
  return beneath_.each(visit);
}

void BatchObjects::forget_after(std::size_t count) {
  while (held_.size() > count) {
    held_bytes_ -= held_.back().size();
    places_.erase(digests_.back());
    held_.pop_back();
    digests_.pop_back();
  }
}

Result<void> BatchObjects::store() {
  if (held_.empty()) return {};
  HP_TRY_VOID(beneath_.put_all(held_));
  forget_after(0);
  return {};
}

}  // namespace holdpoint::engine

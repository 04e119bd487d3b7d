// See memory_objects.hpp.
#include "support/memory_objects.hpp"

#include "base/assert.hpp"

namespace holdpoint::test {

using engine::ObjectReader;
using engine::ObjectWriter;
using engine::StoredObject;

class MemoryObjects::Writer final : public ObjectWriter {
 public:
  explicit Writer(std::shared_ptr<Shelf> shelf) : shelf_(std::move(shelf)) {}
  Result<void> write(std::string_view bytes) override {
    bytes_ += bytes;
    return {};
  }
  Result<StoredObject> finish() override {
    const StoredObject object{sha256(bytes_), bytes_.size()};
    const std::scoped_lock lock(shelf_->mutex);
    if (shelf_->room == Room::none) return fault(FaultKind::exhausted, "objects.finish", "full");
    shelf_->objects.try_emplace(object.digest, std::move(bytes_));
    return object;
  }

 private:
  std::shared_ptr<Shelf> shelf_;
  std::string bytes_;
};

class MemoryObjects::Reader final : public ObjectReader {
 public:
  Reader(const Digest& digest, std::string bytes) : digest_(digest), bytes_(std::move(bytes)) {}
  Result<std::string> read(std::size_t bytes_max) override {
    std::string bytes = bytes_.substr(taken_, bytes_max);
    taken_ += bytes.size();
    if (taken_ == bytes_.size() && sha256(bytes_) != digest_) {
      return fault(FaultKind::corrupt, "objects.read " + digest_.text(), "damaged");
    }
    return bytes;
  }
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }

 private:
  const Digest digest_;
  const std::string bytes_;
  std::size_t taken_ = 0;
};

void MemoryObjects::set_room(Room room) {
  const std::scoped_lock lock(shelf_->mutex);
  shelf_->room = room;
}

Result<std::unique_ptr<ObjectWriter>> MemoryObjects::create() {
  return std::make_unique<Writer>(shelf_);
}

Result<std::unique_ptr<ObjectReader>> MemoryObjects::open(const Digest& digest) {
  const std::scoped_lock lock(shelf_->mutex);
  const auto found = shelf_->objects.find(digest);
  if (found == shelf_->objects.end()) {
    return fault(FaultKind::not_found, "objects.open " + digest.text(), "no such object");
  }
  return std::make_unique<Reader>(digest, found->second);
}

Result<bool> MemoryObjects::exists(const Digest& digest) {
  const std::scoped_lock lock(shelf_->mutex);
  return shelf_->objects.contains(digest);
}

Result<void> MemoryObjects::each(const std::function<void(const StoredObject&)>& visit) {
  std::vector<StoredObject> all;
  {
    const std::scoped_lock lock(shelf_->mutex);
    for (const auto& [digest, bytes] : shelf_->objects) all.push_back({digest, bytes.size()});
  }
  for (const StoredObject& object : all) visit(object);
  return {};
}

void MemoryObjects::damage(const Digest& digest) {
  const std::scoped_lock lock(shelf_->mutex);
  std::string& bytes = shelf_->objects.at(digest);
  HP_ASSERT(!bytes.empty(), "TS-4: there is a byte to damage");
  bytes[0] = static_cast<char>(bytes[0] ^ 1);
}

}  // namespace holdpoint::test

// Objects kept in memory, for tests and simulations that are not about files.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/ports.hpp"

namespace holdpoint::test {

class MemoryObjects final : public engine::ObjectStore {
 public:
  Result<std::unique_ptr<engine::ObjectWriter>> create() override;
  Result<std::unique_ptr<engine::ObjectReader>> open(const Digest& digest) override;
  Result<bool> exists(const Digest& digest) override;
  Result<void> each(const std::function<void(const engine::StoredObject&)>& visit) override;

  /// Changes one byte of a stored object, as decay would. It MUST exist and not be empty.
  void damage(const Digest& digest);
  /// Without room no object is stored.
  enum class Room : std::uint8_t { plenty, none };
  void set_room(Room room);

 private:
  class Writer;
  class Reader;
  struct Shelf {
    std::mutex mutex;
    std::map<Digest, std::string> objects;
    Room room = Room::plenty;
  };
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
};

}  // namespace holdpoint::test

// See ports.hpp: what every object store does the same way.
#include "engine/ports.hpp"

#include "base/report_json.hpp"

namespace holdpoint::engine {
namespace {

constexpr std::size_t kChunkBytes = 1U << 20;

}  // namespace

Result<std::string> ObjectStore::read_all(const Digest& digest, std::uint64_t bytes_max) {
  HP_TRY(const auto reader, open(digest));
  if (reader->size() > bytes_max) {
    return fault(FaultKind::exhausted, "objects.read_all " + digest.text(),
                 "the object is larger than " + std::to_string(bytes_max) + " bytes");
  }
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(reader->size()) + report_json_padding);
  for (;;) {
    HP_TRY(const std::string chunk, reader->read(kChunkBytes));
    if (chunk.empty()) return bytes;
    bytes += chunk;
  }
}

Result<StoredObject> ObjectStore::put(std::string_view bytes) {
  HP_TRY(const auto writer, create());
  HP_TRY_VOID(writer->write(bytes));
  return writer->finish();
}

Result<void> ObjectStore::put_all(std::span<const std::string> buffers) {
  for (const std::string& bytes : buffers) HP_TRY_VOID(put(bytes));
  return {};
}

}  // namespace holdpoint::engine

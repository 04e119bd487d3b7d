// See keys.hpp.
#include "platform/crypto/keys.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "platform/files/system_files.hpp"

namespace holdpoint::crypto {
namespace {

constexpr std::size_t kSeedFileBytes_max = 66;  // 64 digits, and a line end of either kind

Result<Seed> load_seed(const std::string& path) {
  HP_TRY_VOID(files::require_private_file(path));
  HP_TRY(const std::string content,
         files::read_file(files::system_files(), path, kSeedFileBytes_max));
  const auto bytes = from_hex(content.substr(0, content.find_first_of("\r\n")));
  if (!bytes || bytes->size() != Seed{}.size()) {
    return fault(FaultKind::corrupt, "keys.load " + path,
                 "a key file holds 64 hexadecimal digits; restore it from its backup");
  }
  Seed seed{};
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  return seed;
}

}  // namespace

Result<Seed> load_or_create_seed(const std::string& path, engine::Random& random) {
  HP_TRY(const bool there, files::system_files().exists(path));
  if (there) return load_seed(path);
  Seed seed{};
  random.fill(seed);
  const std::string_view bytes(reinterpret_cast<const char*>(seed.data()), seed.size());
  HP_TRY_VOID(files::replace_file(files::system_files(), path, to_hex(bytes) + "\n"));
  return seed;
}

}  // namespace holdpoint::crypto

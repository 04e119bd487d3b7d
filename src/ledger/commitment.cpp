// See commitment.hpp. The two JSON strings end where their quotes close, so no two pairs of path
// and value give the same bytes.
#include "ledger/commitment.hpp"

#include "base/json.hpp"

namespace holdpoint::ledger {

Digest commit_field(const CommitmentSalt& salt, std::string_view field_path,
                    std::string_view value) {
  std::string bytes("holdpoint-commit/v1");
  bytes += '\0';
  bytes.append(reinterpret_cast<const char*>(salt.data()), salt.size());
  append_json_string(bytes, field_path);
  append_json_string(bytes, value);
  return sha256(bytes);
}

std::string sealed_field_context(std::string_view event_id, std::string_view field_path,
                                 const Digest& commitment) {
  std::string bytes(event_id);
  bytes += '\0';
  bytes += field_path;
  bytes += '\0';
  bytes += commitment.view();
  return bytes;
}

}  // namespace holdpoint::ledger

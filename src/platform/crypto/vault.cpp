// See vault.hpp.
#include "platform/crypto/vault.hpp"

#include <sodium.h>

#include <array>
#include <mutex>
#include <unordered_map>

#include "base/encoding.hpp"
#include "platform/crypto/keys.hpp"
#include "platform/files/system_files.hpp"
#include "platform/storage/sqlite.hpp"

namespace holdpoint::crypto {

using engine::Blob;
using engine::Row;
using engine::StoreFailed;

namespace {

constexpr std::size_t kKeysInMemory_max = 10'000;
constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr char kVersion = 1;  // the first byte of everything sealed

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS vault(one INTEGER PRIMARY KEY CHECK(one = 1), proof BLOB NOT NULL)"
    " STRICT;"
    "CREATE TABLE IF NOT EXISTS person_key(person TEXT PRIMARY KEY, sealed BLOB) STRICT;";

/// 32 secret bytes, wiped when they go.
struct Key {
  std::array<unsigned char, kKeyBytes> bytes{};
  Key() = default;
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key() { sodium_memzero(bytes.data(), bytes.size()); }
};
static_assert(kKeyBytes == 32);

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Key derived(std::string_view seed, std::string_view purpose) {
  Key key;
  const Digest digest = hmac_sha256(seed, purpose);
  std::copy(digest.bytes.begin(), digest.bytes.end(), key.bytes.begin());
  return key;
}

/// Version, nonce, ciphertext with tag.
std::string encrypt(const Key& key, std::string_view plaintext, std::string_view bound,
                    engine::Random& random) {
  std::string out(1 + kNonceBytes + plaintext.size() + kTagBytes, '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  bytes[0] = kVersion;
  random.fill({bytes + 1, kNonceBytes});
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + 1 + kNonceBytes, &length, raw(plaintext),
                                             plaintext.size(), raw(bound), bound.size(), nullptr,
                                             bytes + 1, key.bytes.data());
  return out;
}

Result<std::string> decrypt(const Key& key, std::string_view sealed, std::string_view bound) {
  const auto corrupt = fault(FaultKind::corrupt, "vault.open",
                             "the bytes were not sealed by this vault for this place");
  if (sealed.size() < 1 + kNonceBytes + kTagBytes || sealed[0] != kVersion) return corrupt;
  std::string plaintext(sealed.size() - 1 - kNonceBytes - kTagBytes, '\0');
  unsigned long long length = 0;
  const int result = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(plaintext.data()), &length, nullptr,
      raw(sealed) + 1 + kNonceBytes, sealed.size() - 1 - kNonceBytes, raw(bound), bound.size(),
      raw(sealed) + 1, key.bytes.data());
  if (result != 0) return corrupt;
  return plaintext;
}

/// Person and context, unmistakably: the length of the first keeps them apart.
std::string bound_text(std::string_view person, std::string_view context) {
  std::string bound = "holdpoint-seal/v1\n" + std::to_string(person.size()) + "\n";
  return (bound += person) += context;
}

class SqliteVault final : public Vault {
 public:
  SqliteVault(std::unique_ptr<engine::Store> store, std::string_view seed, engine::Random& random)
      : store_(std::move(store)),
        random_(random),
        wrapping_(derived(seed, "holdpoint-vault/wrap/v1")),
        indexing_(derived(seed, "holdpoint-vault/index/v1")) {}

  Result<std::string> seal(std::string_view person, std::string_view plaintext,
                           std::string_view context) override {
    HP_TRY(const Key key, key_of(person, IfAbsent::make));
    return encrypt(key, plaintext, bound_text(person, context), random_);
  }

  Result<std::string> open(std::string_view person, std::string_view sealed,
                           std::string_view context) override {
    HP_TRY(const Key key, key_of(person, IfAbsent::refuse));
    return decrypt(key, sealed, bound_text(person, context));
  }

  Digest blind_index(std::string_view purpose, std::string_view value) override {
    std::string text = std::to_string(purpose.size()) + "\n";
    (text += purpose) += value;
    return hmac_sha256({reinterpret_cast<const char*>(indexing_.bytes.data()), kKeyBytes}, text);
  }

  Result<void> destroy(std::string_view person) override {
    const std::scoped_lock lock(mutex_);
    known_.erase(std::string(person));
    try {
      engine::Connection& writer = store_->writer();
      writer.exec(
          "INSERT INTO person_key(person, sealed) VALUES($1, NULL)"
          " ON CONFLICT(person) DO UPDATE SET sealed = NULL",
          person);
      if (writer.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0) return {};
    } catch (const StoreFailed& failed) {
      return std::unexpected(failed.fault());
    }
    return fault(FaultKind::unavailable, "vault.destroy",
                 "the key is destroyed, but still stands in the write-ahead log of keys.db");
  }

 private:
  enum class IfAbsent : std::uint8_t { make, refuse };

  Result<Key> key_of(std::string_view person, IfAbsent if_absent) {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(std::string(person));
    if (found != known_.end()) return found->second;
    try {
      HP_TRY(const Key key, stored_key(person, if_absent));
      // Dropping all keeps the bound without bookkeeping; a key is fetched again in microseconds.
      if (known_.size() >= kKeysInMemory_max) known_.clear();
      known_.emplace(person, key);
      return key;
    } catch (const StoreFailed& failed) {
      return std::unexpected(failed.fault());
    }
  }

  Result<Key> stored_key(std::string_view person, IfAbsent if_absent) {
    const std::string bound = "holdpoint-vault/key/v1\n" + std::string(person);
    bool there = false;
    std::string sealed;
    store_->writer().query(
        "SELECT sealed FROM person_key WHERE person = $1",
        [&](const Row& row) {
          there = true;
          sealed = row.blob(0);
        },
        person);
    if (there && sealed.empty()) {
      return fault(FaultKind::not_found, "vault.key", "the person's key was destroyed");
    }
    if (!there && if_absent == IfAbsent::refuse) {
      return fault(FaultKind::not_found, "vault.key", "the person has no key");
    }
    Key key;
    if (!there) {
      random_.fill(key.bytes);
      const std::string_view bytes(reinterpret_cast<const char*>(key.bytes.data()), kKeyBytes);
      store_->writer().exec("INSERT INTO person_key(person, sealed) VALUES($1, $2)", person,
                            Blob{encrypt(wrapping_, bytes, bound, random_)});
      return key;
    }
    HP_TRY(std::string bytes, decrypt(wrapping_, sealed, bound));
    if (bytes.size() != kKeyBytes) {
      return fault(FaultKind::corrupt, "vault.key", "a stored key has the wrong length");
    }
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    sodium_memzero(bytes.data(), bytes.size());
    return key;
  }

  std::mutex mutex_;
  std::unique_ptr<engine::Store> store_;
  engine::Random& random_;
  const Key wrapping_;
  const Key indexing_;
  std::unordered_map<std::string, Key> known_;
};

/// The vault's proof of its key file, stored with the first opening.
Result<void> check_proof(engine::Connection& writer, const Digest& proof) {
  std::string stored;
  writer.query("SELECT proof FROM vault", [&](const Row& row) { stored = row.blob(0); });
  if (stored.empty()) {
    writer.exec("INSERT INTO vault(one, proof) VALUES(1, $1)", proof);
    return {};
  }
  if (equal_constant_time(stored, proof.view())) return {};
  return fault(FaultKind::corrupt, "vault.open", "vault.key is not the key of this keys.db");
}

}  // namespace

Result<std::unique_ptr<Vault>> open_vault(const std::string& directory, engine::Random& random) {
  if (sodium_init() < 0) return fault(FaultKind::unavailable, "vault.open", "libsodium failed");
  HP_TRY(auto store, storage::open_sqlite({.path = directory + "/keys.db", .vfs = {}}));
  try {
    engine::Connection& writer = store->writer();
    writer.script(kSchema);
    const std::string path = directory + "/vault.key";
    HP_TRY(const bool there, files::system_files().exists(path));
    if (!there && writer.integer("SELECT count(*) FROM vault") != 0) {
      return fault(FaultKind::not_found, "vault.open " + path,
                   "the key file is missing; restore it from its backup");
    }
    HP_TRY(auto seed, load_or_create_seed(path, random));
    const std::string_view bytes(reinterpret_cast<const char*>(seed.data()), seed.size());
    HP_TRY_VOID(check_proof(writer, hmac_sha256(bytes, "holdpoint-vault/proof/v1")));
    auto vault = std::make_unique<SqliteVault>(std::move(store), bytes, random);
    sodium_memzero(seed.data(), seed.size());
    return vault;
  } catch (const StoreFailed& failed) {
    return std::unexpected(failed.fault());
  }
}

}  // namespace holdpoint::crypto

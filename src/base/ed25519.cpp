// See ed25519.hpp.
#include "base/ed25519.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "base/encoding.hpp"

namespace holdpoint {
namespace {

/// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }, up to the key (RFC 8410 §4).
constexpr std::string_view spki_prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

template <class Fixed>
std::optional<Fixed> fixed_from(std::string_view raw) {
  Fixed fixed;
  if (raw.size() != fixed.bytes.size()) return std::nullopt;
  std::memcpy(fixed.bytes.data(), raw.data(), raw.size());
  return fixed;
}

}  // namespace

std::optional<Ed25519PublicKey> Ed25519PublicKey::from_bytes(std::string_view raw) {
  return fixed_from<Ed25519PublicKey>(raw);
}

std::string Ed25519PublicKey::spki() const {
  std::string der(spki_prefix);
  der += view();
  return der;
}

std::string Ed25519PublicKey::pem() const {
  // 44 bytes are 60 characters of base64: one line.
  return "-----BEGIN PUBLIC KEY-----\n" + to_base64(spki()) + "\n-----END PUBLIC KEY-----\n";
}

std::optional<Ed25519PublicKey> Ed25519PublicKey::from_spki(std::string_view der) {
  if (!der.starts_with(spki_prefix)) return std::nullopt;
  return from_bytes(der.substr(spki_prefix.size()));
}

std::optional<Ed25519Signature> Ed25519Signature::from_bytes(std::string_view raw) {
  return fixed_from<Ed25519Signature>(raw);
}

struct Ed25519Key::State {
  Key key;
};

Ed25519Key::Ed25519Key(std::unique_ptr<State> state) : state_(std::move(state)) {
  std::size_t length = public_key_.bytes.size();
  HP_ASSERT(EVP_PKEY_get_raw_public_key(state_->key.get(), public_key_.bytes.data(), &length) == 1,
            "BA-7: an Ed25519 private key has its public key");
}
Ed25519Key::~Ed25519Key() = default;
Ed25519Key::Ed25519Key(Ed25519Key&&) noexcept = default;
Ed25519Key& Ed25519Key::operator=(Ed25519Key&&) noexcept = default;

std::optional<Ed25519Key> Ed25519Key::from_seed(std::string_view seed) {
  if (seed.size() != 32) return std::nullopt;
  auto state = std::make_unique<State>();
  state->key.reset(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets(seed), seed.size()));
  HP_ASSERT(state->key != nullptr, "BA-8: any 32 bytes are an Ed25519 seed");
  return Ed25519Key(std::move(state));
}

Ed25519Signature Ed25519Key::sign(std::string_view bytes) const {
  const Context context(EVP_MD_CTX_new());
  Ed25519Signature signature;
  std::size_t length = signature.bytes.size();
  HP_ASSERT(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                                                     state_->key.get()) == 1,
            "BA-9: Ed25519 signing starts");
  HP_ASSERT(EVP_DigestSign(context.get(), signature.bytes.data(), &length, octets(bytes),
                           bytes.size()) == 1 &&
                length == signature.bytes.size(),
            "BA-10: Ed25519 signs any bytes");
  return signature;
}

bool ed25519_verify(const Ed25519PublicKey& key, std::string_view bytes,
                    std::string_view signature) {
  if (signature.size() != 64) return false;
  const Key parsed(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  const Context context(EVP_MD_CTX_new());
  if (parsed == nullptr || context == nullptr) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, parsed.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(bytes),
                          bytes.size()) == 1;
}

void cleanse(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace holdpoint

// See digest.hpp. The message digest is fetched once: OpenSSL 3's implicit fetch costs more than
// hashing a small message.
#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>

#include "base/assert.hpp"
#include "base/encoding.hpp"

namespace holdpoint {
namespace {

const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  HP_ASSERT(fetched != nullptr, "BA-1: libcrypto provides SHA-256");
  return fetched;
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { start(); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void start() const {
    HP_ASSERT(EVP_DigestInit_ex2(context, algorithm(), nullptr) == 1, "BA-2: SHA-256 starts");
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
  HP_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1,
            "BA-3: SHA-256 takes bytes");
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  unsigned length = 0;
  HP_ASSERT(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), &length) == 1 && length == 32,
            "BA-4: SHA-256 ends with 32 bytes");
  state_->start();
  return digest;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.update(bytes).finish();
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest;
  unsigned length = 0;
  HP_ASSERT(HMAC(algorithm(), key.data(), static_cast<int>(key.size()),
                 reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                 digest.bytes.data(), &length) != nullptr,
            "BA-5: HMAC-SHA-256 is computed");
  return digest;
}

std::string Digest::hex() const { return to_hex(view()); }
std::string Digest::text() const { return "sha256:" + hex(); }

std::optional<Digest> Digest::from_bytes(std::string_view raw) {
  if (raw.size() != 32) return std::nullopt;
  Digest digest;
  std::memcpy(digest.bytes.data(), raw.data(), 32);
  return digest;
}

std::optional<Digest> Digest::parse(std::string_view text) {
  if (text.starts_with("sha256:")) text.remove_prefix(7);
  if (text.size() != 64) return std::nullopt;
  const auto raw = from_hex(text);
  return raw ? from_bytes(*raw) : std::nullopt;
}

}  // namespace holdpoint

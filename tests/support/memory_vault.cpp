// See memory_vault.hpp.
#include "support/memory_vault.hpp"

#include <array>

namespace holdpoint::test {
namespace {

constexpr std::size_t kNonceBytes = 32;
constexpr std::size_t kTagBytes = 32;

std::string stream(std::string_view key, std::string_view nonce, std::string text) {
  Digest block;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 32 == 0) block = hmac_sha256(key, std::string(nonce) + std::to_string(i));
    text[i] = static_cast<char>(text[i] ^ static_cast<char>(block.bytes[i % 32]));
  }
  return text;
}

std::string tag(std::string_view key, std::string_view context, std::string_view rest) {
  std::string text = std::to_string(context.size()) + "\n";
  (text += context) += rest;
  return std::string(hmac_sha256(key, text).view());
}

}  // namespace

std::string MemoryVault::random_key() {
  std::array<std::uint8_t, 32> bytes{};
  random_.fill(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<std::string> MemoryVault::seal(std::string_view person, std::string_view plaintext,
                                      std::string_view context) {
  const std::scoped_lock lock(mutex_);
  auto found = keys_.find(person);
  if (found == keys_.end()) found = keys_.emplace(person, random_key()).first;
  if (!found->second) return fault(FaultKind::not_found, "vault", "the key was destroyed");
  const std::string nonce = random_key();
  const std::string body = nonce + stream(*found->second, nonce, std::string(plaintext));
  return body + tag(*found->second, context, body);
}

Result<std::string> MemoryVault::open(std::string_view person, std::string_view sealed,
                                      std::string_view context) {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(person);
  if (found == keys_.end() || !found->second) {
    return fault(FaultKind::not_found, "vault", "the person has no key");
  }
  const bool whole = sealed.size() >= kNonceBytes + kTagBytes;
  const std::string_view body = sealed.substr(0, whole ? sealed.size() - kTagBytes : 0);
  if (!whole || sealed.substr(body.size()) != tag(*found->second, context, body)) {
    return fault(FaultKind::corrupt, "vault", "the bytes were not sealed for this place");
  }
  return stream(*found->second, body.substr(0, kNonceBytes), std::string(body.substr(kNonceBytes)));
}

Digest MemoryVault::blind_index(std::string_view purpose, std::string_view value) {
  return hmac_sha256("test index", std::to_string(purpose.size()) + "\n" + std::string(purpose) +
                                       std::string(value));
}

Result<void> MemoryVault::destroy(std::string_view person) {
  const std::scoped_lock lock(mutex_);
  keys_[std::string(person)] = std::nullopt;
  return {};
}

}  // namespace holdpoint::test

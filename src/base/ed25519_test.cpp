// Ed25519 against the vectors of RFC 8032 §7.1, and what a verifier must refuse.
#include "base/ed25519.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"

namespace holdpoint {
namespace {

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

constexpr Vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

Ed25519Key key_of(const Vector& vector) { return *Ed25519Key::from_seed(*from_hex(vector.seed)); }

TEST_CASE("keys and signatures are those of RFC 8032") {
  for (const Vector& vector : vectors) {
    CAPTURE(vector.message);
    const Ed25519Key key = key_of(vector);
    const std::string message = *from_hex(vector.message);
    CHECK(to_hex(key.public_key().view()) == vector.public_key);
    CHECK(to_hex(key.sign(message).view()) == vector.signature);
    CHECK(ed25519_verify(key.public_key(), message, *from_hex(vector.signature)));
  }
}

TEST_CASE("any changed bit of message, signature or key is refused") {
  const Ed25519Key key = key_of(vectors[2]);
  const std::string message = "release 1.2.3";
  const std::string signature(key.sign(message).view());
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    REQUIRE(!ed25519_verify(key.public_key(), message, changed));
  }
  CHECK(!ed25519_verify(key.public_key(), "release 1.2.4", signature));
  CHECK(!ed25519_verify(key_of(vectors[0]).public_key(), message, signature));
}

TEST_CASE("a signature or seed of another length is refused") {
  const Ed25519Key key = key_of(vectors[0]);
  const std::string signature(key.sign("x").view());
  CHECK(!ed25519_verify(key.public_key(), "x", ""));
  CHECK(!ed25519_verify(key.public_key(), "x", signature.substr(1)));
  CHECK(!ed25519_verify(key.public_key(), "x", signature + '\0'));
  CHECK(!Ed25519Signature::from_bytes(signature.substr(1)));
  CHECK(Ed25519Signature::from_bytes(signature)->view() == signature);
  CHECK(!Ed25519Key::from_seed(std::string(31, 'a')));
  CHECK(!Ed25519Key::from_seed(std::string(33, 'a')));
}

TEST_CASE("32 bytes that are no point of the curve verify nothing") {
  Ed25519PublicKey key;
  key.bytes.fill(0xFF);
  CHECK(!ed25519_verify(key, "x", std::string(64, '\0')));
}

TEST_CASE("a public key goes to SPKI and back, and nothing else is taken for one") {
  const Ed25519PublicKey key = key_of(vectors[0]).public_key();
  const std::string der = key.spki();
  CHECK(to_hex(der) == std::string("302a300506032b6570032100") + vectors[0].public_key);
  CHECK(Ed25519PublicKey::from_spki(der) == key);
  CHECK(key.pem() ==
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
        "-----END PUBLIC KEY-----\n");
  CHECK(!Ed25519PublicKey::from_spki(der + 'x'));
  CHECK(!Ed25519PublicKey::from_spki(der.substr(0, 43)));
  std::string x25519 = der;
  x25519[8] = 0x6e;
  CHECK(!Ed25519PublicKey::from_spki(x25519));
  CHECK(!Ed25519PublicKey::from_bytes(der));
}

TEST_CASE("a moved key still signs") {
  Ed25519Key key = key_of(vectors[0]);
  const Ed25519Key moved = std::move(key);
  CHECK(to_hex(moved.sign("").view()) == vectors[0].signature);
}

TEST_CASE("a cleansed secret is gone") {
  std::string secret(32, 's');
  cleanse(secret);
  CHECK(secret.empty());
}

}  // namespace
}  // namespace holdpoint

// Commitments: the frozen bytes, and that path, value and salt all count.
#include "ledger/commitment.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"

namespace holdpoint::ledger {
namespace {

CommitmentSalt counting_salt() {
  CommitmentSalt salt;
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(i);
  return salt;
}

TEST_CASE("the commitment of a field is the frozen one") {
  CHECK(commit_field(counting_salt(), "/comment", "sehr gut, \"J\xC3\xBCrgen\"\n").hex() ==
        "b8b32256222911044156e47a87ff314617f096dc35c62d96656861ae44a9b1b2");
}

TEST_CASE("another salt, path or value makes another commitment") {
  const Digest commitment = commit_field(counting_salt(), "/a", "b");
  CommitmentSalt salt = counting_salt();
  salt[31] ^= 1;
  CHECK(commit_field(salt, "/a", "b") != commitment);
  CHECK(commit_field(counting_salt(), "/ab", "") != commitment);
  CHECK(commit_field(counting_salt(), "/a\"\"b", "") != commitment);
  CHECK(commit_field(counting_salt(), "/a", "b ") != commitment);
}

TEST_CASE("the context of a sealed field names event, path and commitment, in that order") {
  const Digest commitment = sha256("c");
  CHECK(sealed_field_context("evt_1", "/comment", commitment) ==
        std::string("evt_1\0/comment\0", 15) + std::string(commitment.view()));
}

}  // namespace
}  // namespace holdpoint::ledger

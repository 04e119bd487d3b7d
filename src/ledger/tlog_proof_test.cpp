// Receipts: their text, the proof of a real entry, and one made of material that Sigstore's client
// accepted.
#include "ledger/tlog_proof.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "support/tree_fixture.hpp"

namespace holdpoint::ledger {
namespace {

using Keys = std::vector<VerifierKey>;

constexpr std::uint64_t size = 100;
const std::string hash_line = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

Ed25519Key signer() { return *Ed25519Key::from_seed(std::string(32, 'k')); }
Keys keys() { return {VerifierKey::of("a/b", signer().public_key())}; }

TlogProof proof_of(std::uint64_t index) {
  TreeFixture tree = TreeFixture::of_bytes(size);
  const Checkpoint head{"a/b", size, tree.hash(0, size)};
  return {"note", index, *inclusion_proof(index, size, tree.source()),
          sign_checkpoint(head, signer())};
}

TlogProofIssue issue(std::string_view text) {
  const auto read = parse_tlog_proof(text);
  REQUIRE(!read);
  return read.error();
}

std::string sigstore_checked() {
  std::string text = "c2sp.org/tlog-proof@v1\nindex 637\n";
  for (const char* hash : {"1SsbPtpaPhPwrI7V6K9QSuQ5pa6aAy55fjLlvNoWTF0=",
                           "9/Jl/ETH8IwVxHCLhNemxgccNIgtu3tBvSwE4QTCtSw=",
                           "B5mFMS6ENJDyyEx2CUh1+YFtQEkMSMn33PFASZmlMz0=",
                           "15ZeCRhthDJF6rg4IsMzyTVTnj7hleW7BRR7gB4THpE=",
                           "HF5JJft1gi62D4Qvjf8zT6wvxBPEnSBEGt/t+ZfJEmQ=",
                           "2kd5PsJv76vKwFxlVitb5crHJbpQVikRJqxVq5DafvM=",
                           "ZaTARjphg+xVWR7hR1sWCF8N+Td9Sr6S1Jp4ceCGrpk=",
                           "UmUxr6V5riqH/eit5LnB/E0+WNzAKgzDH6CIkOSYrRA=",
                           "WdqxPtErtqxDboJH8XQrf8w9hWm7wb7geC/qYEmIb9Q=",
                           "CWOxhB+wH8oSGDH0cKltbHmMjXVpbSD0efKdKsjWfL4="}) {
    text += std::string(hash) + "\n";
  }
  return text +
         "\nledger.example/rg1\n1000\n8xrOMrA8AWA3gxDcWmMJYiAWfl0YRy3NQ70oGEzWwfA=\n\n"
         "\xE2\x80\x94 ledger.example/rg1 "
         "m7dr9PAk/oBxMkMxO4DV9kiMCyuGAryvFU2+2A6ZHVlxxrFK4lV6GuX88o"
         "/2VsArHsTz4K5DojpG8RkJBys+YRBN2gg=\n";
}

TEST_CASE("the entry, path and checkpoint that Sigstore's client accepted make a receipt") {
  const std::string entry =
      R"({"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":)"
      R"("SHA2_256","digest":"/oIhvXtwgPZEGAF/kuMUYybH0zD+RaDqvrgqUd5Cl40="},"signatures":[{)"
      R"("content":"SJLMIxTqaQcHREAyG+CovXzJw/jT+JRWh7ZVbbYEI0SPRb3F/)"
      R"(p+s7HjJckkyNaH5dq/Z7n6vgA7cs7ew)"
      R"(c/5xDA==","verifier":{"keyDetails":"PKIX_ED25519","publicKey":{"rawBytes":)"
      R"("MCowBQYDK2VwAyEAgvMXJgoRgI3GKWw0HkHoSrR1CIZcbscaQVwt5gB4+lA="}}}]}}})";
  const auto log = Ed25519PublicKey::from_spki(
      *from_base64("MCowBQYDK2VwAyEA3Zgwe5OAfQqu1Vvv/WFGgFVgdiG5BewgLp4tfpUZrW4="));
  const auto proof = parse_tlog_proof(sigstore_checked());
  REQUIRE(proof);
  CHECK(encode_tlog_proof(*proof) == sigstore_checked());
  const Keys trusted{VerifierKey::of("ledger.example/rg1", *log)};
  CHECK(verify_tlog_proof(*proof, entry, trusted)->checkpoint.size == 1000);
  CHECK(verify_tlog_proof(*proof, entry + " ", trusted).error() == TlogProofIssue::wrong_proof);
}

TEST_CASE("the receipt of every entry verifies, and for no other entry") {
  for (std::uint64_t index = 0; index < size; ++index) {
    const TlogProof proof = proof_of(index);
    const auto read = parse_tlog_proof(encode_tlog_proof(proof));
    REQUIRE(read == proof);
    const std::string entry(1, static_cast<char>(index));
    REQUIRE(verify_tlog_proof(*read, entry, keys()).has_value());
    const std::string other(1, static_cast<char>(index + 1));
    REQUIRE(verify_tlog_proof(*read, other, keys()).error() == TlogProofIssue::wrong_proof);
  }
}

TEST_CASE("a receipt under another key, index or size is refused") {
  const std::string entry(1, '\x05');
  TlogProof proof = proof_of(5);
  const Keys strangers{
      VerifierKey::of("a/b", Ed25519Key::from_seed(std::string(32, 's'))->public_key())};
  CHECK(verify_tlog_proof(proof, entry, strangers).error() == TlogProofIssue::wrong_checkpoint);
  proof.index = 6;
  CHECK(verify_tlog_proof(proof, entry, keys()).error() == TlogProofIssue::wrong_proof);
  proof.index = size;
  CHECK(verify_tlog_proof(proof, entry, keys()).error() == TlogProofIssue::wrong_proof);
  proof = proof_of(5);
  proof.checkpoint.replace(proof.checkpoint.find("100"), 3, "101");
  CHECK(verify_tlog_proof(proof, entry, keys()).error() == TlogProofIssue::wrong_checkpoint);
}

TEST_CASE("a log of one entry has a receipt without a path") {
  const TlogProof proof{{}, 0, {}, sign_checkpoint({"a/b", 1, leaf_hash("x")}, signer())};
  const std::string text = encode_tlog_proof(proof);
  CHECK(text.starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\na/b\n1\n"));
  CHECK(parse_tlog_proof(text) == proof);
  CHECK(verify_tlog_proof(proof, "x", keys()).has_value());
}

TEST_CASE("a text that is no receipt is refused for what is wrong with it") {
  const std::string begin = "c2sp.org/tlog-proof@v1\n";
  CHECK(issue("") == TlogProofIssue::wrong_header);
  CHECK(issue("c2sp.org/tlog-proof@v1") == TlogProofIssue::wrong_header);
  CHECK(issue("c2sp.org/tlog-proof@v2\nindex 0\n\nx\n") == TlogProofIssue::wrong_header);
  CHECK(issue(begin) == TlogProofIssue::malformed_index);
  CHECK(issue(begin + "extra *\nindex 0\n\nx\n") == TlogProofIssue::malformed_extra);
  CHECK(issue(begin + "extra " + to_base64(std::string(tlog_proof_extra_bytes_max + 1, 'x')) +
              "\nindex 0\n\nx\n") == TlogProofIssue::malformed_extra);
  CHECK(issue(begin + "extra AA==\nextra AA==\nindex 0\n\nx\n") == TlogProofIssue::malformed_index);
  for (const char* index : {"index -1", "index 01", "index", "index ", "index  1", "index 1 ",
                            "Index 1", "index 18446744073709551616", ""}) {
    CAPTURE(index);
    CHECK(issue(begin + index + "\n\nx\n") == TlogProofIssue::malformed_index);
  }
  CHECK(issue(begin + "index 0\nAAAA\n\nx\n") == TlogProofIssue::malformed_hash);
  CHECK(issue(begin + "index 0\n" + to_base64(std::string(64, 'h')) + "\n\nx\n") ==
        TlogProofIssue::malformed_hash);
  CHECK(issue(begin + "index 0\n" + hash_line) == TlogProofIssue::no_checkpoint);
  CHECK(issue(begin + "index 0\n" + hash_line + "\n") == TlogProofIssue::no_checkpoint);
  std::string many = begin + "index 0\n";
  for (std::size_t i = 0; i <= proof_hashes_max; ++i) many += hash_line;
  CHECK(issue(many + "\nx\n") == TlogProofIssue::too_many_hashes);
  CHECK(issue(std::string(tlog_proof_bytes_max + 1, 'x')) == TlogProofIssue::too_long);
}

}  // namespace
}  // namespace holdpoint::ledger

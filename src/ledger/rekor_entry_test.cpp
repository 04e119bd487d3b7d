// Rekor entries: the bytes that @sigstore/verify accepted for a signature, and nothing near them.
#include "ledger/rekor_entry.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "ledger/envelope.hpp"

namespace holdpoint::ledger {
namespace {

const std::string accepted_by_sigstore =
    R"({"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":)"
    R"("SHA2_256","digest":"/oIhvXtwgPZEGAF/kuMUYybH0zD+RaDqvrgqUd5Cl40="},"signatures":[{)"
    R"("content":"SJLMIxTqaQcHREAyG+CovXzJw/jT+JRWh7ZVbbYEI0SPRb3F/)"
    R"(p+s7HjJckkyNaH5dq/Z7n6vgA7cs7ewc)"
    R"(/5xDA==","verifier":{"keyDetails":"PKIX_ED25519","publicKey":{"rawBytes":)"
    R"("MCowBQYDK2VwAyEAgvMXJgoRgI3GKWw0HkHoSrR1CIZcbscaQVwt5gB4+lA="}}}]}}})";

const std::string payload =
    R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"policy":{"digest":{"sha256":)"
    R"("cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"},)"
    R"("uri":"https://ledger.example/policy/7"},"resourceUri":"pkg:generic/app@1.2.3",)"
    R"("timeVerified":"2026-11-20T04:00:00Z","verificationResult":"PASSED",)"
    R"("verifiedLevels":["RG_CERTIFIED"],"verifier":{"id":"https://ledger.example/rg1"}},)"
    R"("predicateType":"https://slsa.dev/verification_summary/v1","subject":[{"digest":{"sha256":)"
    R"("abababababababababababababababababababababababababababababababab"},)"
    R"("name":"app-1.2.3.tar.gz"}]})";

Ed25519PublicKey key() {
  return *Ed25519PublicKey::from_spki(
      *from_base64("MCowBQYDK2VwAyEAgvMXJgoRgI3GKWw0HkHoSrR1CIZcbscaQVwt5gB4+lA="));
}

DsseEnvelope envelope() {
  return {payload, std::string(in_toto_payload_type), "",
          *from_base64("SJLMIxTqaQcHREAyG+CovXzJw/jT+JRWh7ZVbbYEI0SPRb3F/p+s7HjJckkyNaH5dq/Z7n6vgA7"
                       "cs7ewc/5xDA==")};
}

TEST_CASE("the entry of a signed envelope is the one Sigstore's client accepted") {
  const auto entry = rekor_entry_of(envelope(), key());
  REQUIRE(entry);
  CHECK(encode_rekor_entry(*entry) == accepted_by_sigstore);
  CHECK(parse_rekor_entry(accepted_by_sigstore) == entry);
  CHECK(kind_of(accepted_by_sigstore) == EntryKind::rekor_dsse);
}

TEST_CASE("no entry is made of a signature that does not hold") {
  DsseEnvelope changed = envelope();
  changed.payload += ' ';
  CHECK(rekor_entry_of(changed, key()).error() == RekorIssue::wrong_signature);
  changed = envelope();
  changed.signature.pop_back();
  CHECK(rekor_entry_of(changed, key()).error() == RekorIssue::wrong_signature);
  const auto other = Ed25519Key::from_seed(std::string(32, 'k'))->public_key();
  CHECK(rekor_entry_of(envelope(), other).error() == RekorIssue::wrong_signature);
}

TEST_CASE("no cut or changed byte leaves the same entry") {
  const auto entry = parse_rekor_entry(accepted_by_sigstore);
  for (std::size_t at = 0; at < accepted_by_sigstore.size(); ++at) {
    REQUIRE(!parse_rekor_entry(std::string_view(accepted_by_sigstore).substr(0, at)));
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = accepted_by_sigstore;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      const auto read = parse_rekor_entry(changed);
      REQUIRE((!read || (read != entry && encode_rekor_entry(*read) == changed)));
    }
  }
  CHECK(!parse_rekor_entry(accepted_by_sigstore + "\n"));
}

}  // namespace
}  // namespace holdpoint::ledger

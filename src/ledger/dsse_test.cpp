// DSSE envelopes: the published encoding, one signature, and both base64 alphabets.
#include "ledger/dsse.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace holdpoint::ledger {
namespace {

Ed25519Key signer() { return *Ed25519Key::from_seed(std::string(32, 'k')); }

DsseIssue issue(std::string_view bytes) {
  const auto read = parse_dsse(bytes);
  REQUIRE(!read);
  return read.error();
}

TEST_CASE("what is signed is the published encoding") {
  CHECK(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  CHECK(pre_authentication_encoding("", "") == "DSSEv1 0  0 ");
}

TEST_CASE("an envelope is written canonically and read back") {
  const DsseEnvelope envelope{"\xFB\xFF{}", "text/x", "hint", std::string(2, '\xFF')};
  const std::string bytes = R"({"payload":"+/97fQ==","payloadType":"text/x","signatures":[{)"
                            R"("keyid":"hint","sig":"//8="}]})";
  CHECK(encode_dsse(envelope) == bytes);
  CHECK(parse_dsse(bytes) == envelope);
}

TEST_CASE("both base64 alphabets are read, padded or not, but no mixture") {
  const auto payload = [](std::string_view text) {
    const auto read = parse_dsse(
        "{\"signatures\": [{\"sig\": \"\"}],\n \"payloadType\": \"t\", \"more\": 1, \"payload\": "
        "\"" +
        std::string(text) + "\"}");
    return read ? read->payload : std::string("refused");
  };
  for (const char* text : {"+/97fQ==", "+/97fQ", "-_97fQ==", "-_97fQ"}) {
    CHECK(payload(text) == "\xFB\xFF{}");
  }
  for (const char* text :
       {"+_97fQ", "+/97fQ=", "-_97fQ=", "+/97fR==", "+/ 97fQ==", "*", "=", "-_97fQ=x"}) {
    CAPTURE(text);
    CHECK(payload(text) == "refused");
  }
}

TEST_CASE("anything but one signature over one payload is refused") {
  CHECK(issue("") == DsseIssue::not_json);
  CHECK(issue("[]") == DsseIssue::not_json);
  CHECK(issue("{\"payload\":\"\",\"payload\":\"\"}") == DsseIssue::not_json);
  CHECK(issue("{}") == DsseIssue::wrong_members);
  CHECK(issue(R"({"payload":1,"payloadType":"t","signatures":[]})") == DsseIssue::wrong_members);
  CHECK(issue(R"({"payload":"","payloadType":"t","signatures":{}})") == DsseIssue::wrong_members);
  CHECK(issue(R"({"payload":"","payloadType":"t","signatures":[]})") ==
        DsseIssue::not_one_signature);
  CHECK(issue(R"({"payload":"","payloadType":"t","signatures":[{"sig":""},{"sig":""}]})") ==
        DsseIssue::not_one_signature);
  CHECK(issue(R"({"payload":"","payloadType":"t","signatures":[1]})") == DsseIssue::wrong_members);
  CHECK(issue(R"({"payload":"","payloadType":"t","signatures":[{"keyid":"a"}]})") ==
        DsseIssue::wrong_members);
  CHECK(issue(R"({"payload":"","payloadType":"t","signatures":[{"sig":"","keyid":1}]})") ==
        DsseIssue::wrong_members);
  CHECK(issue(R"({"payload":"!","payloadType":"t","signatures":[{"sig":""}]})") ==
        DsseIssue::wrong_base64);
  CHECK(issue(std::string(dsse_bytes_max + 1, ' ')) == DsseIssue::too_long);
}

TEST_CASE("a signature holds for its payload, its type and its key, and for nothing else") {
  const auto key = signer();
  const DsseEnvelope good = sign_dsse(std::string(in_toto_payload_type), "{}", key);
  CHECK(good.key_id == sha256(key.public_key().spki()).hex());
  CHECK(verify_dsse(good, in_toto_payload_type, key.public_key()));
  CHECK(verify_dsse(*parse_dsse(encode_dsse(good)), in_toto_payload_type, key.public_key()));
  const auto outcome = [&](DsseEnvelope changed, std::string_view type) {
    return verify_dsse(changed, type, key.public_key()).error();
  };
  CHECK(outcome(good, "text/x") == DsseIssue::wrong_type);
  DsseEnvelope changed = good;
  changed.payload_type = "text/x";
  CHECK(outcome(changed, "text/x") == DsseIssue::wrong_signature);
  changed = good;
  changed.payload = "{} ";
  CHECK(outcome(changed, in_toto_payload_type) == DsseIssue::wrong_signature);
  changed = good;
  changed.signature[5] = static_cast<char>(changed.signature[5] ^ 1);
  CHECK(outcome(changed, in_toto_payload_type) == DsseIssue::wrong_signature);
  const auto stranger = *Ed25519Key::from_seed(std::string(32, 's'));
  CHECK(!verify_dsse(good, in_toto_payload_type, stranger.public_key()));
}

TEST_CASE("any payload is read back as it was signed") {
  CHECK(rc::check("parse_dsse(encode_dsse(x)) == x", [] {
    const auto payload = *rc::gen::arbitrary<std::string>();
    const DsseEnvelope envelope = sign_dsse("application/json", payload, signer());
    return parse_dsse(encode_dsse(envelope)) == envelope;
  }));
}

}  // namespace
}  // namespace holdpoint::ledger

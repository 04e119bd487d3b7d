// The bytes of the event bodies of certification, frozen: they stand in ledgers and are never
// written differently. A new form of an event gets a new version and a new line; no line here is
// changed.
#include <doctest/doctest.h>

#include "certification/certification.hpp"
#include "support/golden.hpp"

namespace holdpoint::certification {

namespace {

using test::digest;
using test::frozen;

Record record() {
  Record record;
  record.id = *CertificationId::parse("crt_01J00000000000000000000000");
  record.release = "rel_01J00000000000000000000000";
  record.application = "payments-api";
  record.version = "1.4.0";
  record.evidence_digest = digest(0x11);
  record.criteria_digest = digest(0x22);
  record.criteria = {{"baseline", digest(0x33), ObjectRef{digest(0x44)}}};
  record.facts = {digest(0x55)};
  record.verdict = {digest(0x66)};
  return record;
}

TEST_CASE("certification.issued is frozen") {
  frozen(CertificationIssued{record(), {digest(0x77)}, {digest(0x88)}}, "certification.issued",
         R"({"envelope":)"
         R"("sha256:8888888888888888888888888888888888888888888888888888888888888888",)"
         R"("record":{"application":"payments-api","criteria":[{"digest":)"
         R"("sha256:3333333333333333333333333333333333333333333333333333333333333333",)"
         R"("document":)"
         R"("sha256:4444444444444444444444444444444444444444444444444444444444444444",)"
         R"("name":"baseline"}],"criteria_digest":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("evidence_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("facts":)"
         R"("sha256:5555555555555555555555555555555555555555555555555555555555555555",)"
         R"("id":"crt_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("verdict":)"
         R"("sha256:6666666666666666666666666666666666666666666666666666666666666666",)"
         R"("version":"1.4.0"},"statement":)"
         R"("sha256:7777777777777777777777777777777777777777777777777777777777777777"})");
}

TEST_CASE("certification.refused, version 1, is frozen") {
  Record refused = record();
  refused.criteria.clear();
  refused.supersedes = *CertificationId::parse("crt_01J00000000000000000000001");
  frozen(CertificationRefusedV1{refused}, "certification.refused",
         R"({"record":{"application":"payments-api","criteria":[],"criteria_digest":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("evidence_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("facts":)"
         R"("sha256:5555555555555555555555555555555555555555555555555555555555555555",)"
         R"("id":"crt_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("supersedes":"crt_01J00000000000000000000001","verdict":)"
         R"("sha256:6666666666666666666666666666666666666666666666666666666666666666",)"
         R"("version":"1.4.0"}})");
}

TEST_CASE("certification.refused, version 2, is frozen") {
  Record refused = record();
  refused.criteria.clear();
  refused.supersedes = *CertificationId::parse("crt_01J00000000000000000000001");
  frozen(CertificationRefused{refused, Shortfall::failed}, "certification.refused",
         R"({"record":{"application":"payments-api","criteria":[],"criteria_digest":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("evidence_digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("facts":)"
         R"("sha256:5555555555555555555555555555555555555555555555555555555555555555",)"
         R"("id":"crt_01J00000000000000000000000","release":"rel_01J00000000000000000000000",)"
         R"("supersedes":"crt_01J00000000000000000000001","verdict":)"
         R"("sha256:6666666666666666666666666666666666666666666666666666666666666666",)"
         R"("version":"1.4.0"},"shortfall":"failed"})",
         2);
}

TEST_CASE("certification.revoked is frozen") {
  frozen(CertificationRevoked{*CertificationId::parse("crt_01J00000000000000000000000"),
                              "rel_01J00000000000000000000000", "the build host was taken over"},
         "certification.revoked",
         R"({"id":"crt_01J00000000000000000000000","reason":"the build host was taken over",)"
         R"("release":"rel_01J00000000000000000000000"})");
}

}  // namespace
}  // namespace holdpoint::certification

// The bytes of the event bodies of policy, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "policy/policy.hpp"

namespace holdpoint::policy {

namespace {

template <class T>
void frozen(const T& body, std::string_view type, std::string_view bytes) {
  CHECK(T::event_type == type);
  CHECK(T::event_version == 1);
  CHECK(to_json_text(body) == bytes);
  const auto again = from_json_text<T>(bytes);
  REQUIRE(again);
  CHECK(to_json_text(*again) == bytes);
}

Digest digest(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

TEST_CASE("criteria.applied is frozen") {
  frozen(CriteriaApplied{"baseline", "team:quality", "enforce", 3, digest(0x11),
                         ObjectRef{digest(0x22)}},
         "criteria.applied",
         R"({"digest":)"
         R"("sha256:1111111111111111111111111111111111111111111111111111111111111111",)"
         R"("document":)"
         R"("sha256:2222222222222222222222222222222222222222222222222222222222222222",)"
         R"("mode":"enforce","name":"baseline","owner":"team:quality","revision":3})");
}

}  // namespace
}  // namespace holdpoint::policy

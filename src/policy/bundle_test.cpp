// Bundles: what names them, what leads from one to another, and that the same documents are the
// same bundle whatever the order they came in.
#include "policy/bundle.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::policy {
namespace {

ManifestEntry entry(std::string kind, std::string name, std::string_view text,
                    std::string mode = "enforce") {
  return {std::move(kind), std::move(name),         sha256(text), std::move(mode),
          "team-a",        ObjectRef{sha256(text)}, std::nullopt};
}

const Manifest kBefore{entry("CertificationCriteria", "baseline", "one"),
                       entry("GatePolicy", "window", "two", "shadow")};

TEST_CASE("what leads from one bundle to another leads there, and back again") {
  const Manifest after{entry("CertificationCriteria", "baseline", "three"),
                       entry("PolicyActivation", "eyes", "four")};
  const PolicyChanges there = difference(kBefore, after);
  REQUIRE(there.size() == 3);
  CHECK(there[0].change == Change::changed);
  CHECK(there[1].kind == "GatePolicy");
  CHECK(there[1].change == Change::removed);
  CHECK(there[1].mode_before == "shadow");
  CHECK(there[1].mode_after.empty());
  CHECK(there[2].change == Change::created);
  CHECK(changed(kBefore, there) == after);
  CHECK(changed(after, difference(after, kBefore)) == kBefore);
  CHECK(difference(kBefore, kBefore).empty());
}

TEST_CASE("the order in which documents come does not change their bundle") {
  PolicyChanges changes = difference({}, kBefore);
  const std::string text = manifest_text(changed({}, changes));
  std::ranges::reverse(changes);
  CHECK(manifest_text(changed({}, changes)) == text);
}

TEST_CASE("a document of the same name and another kind is another document") {
  const Manifest both{entry("CertificationCriteria", "one", "x"), entry("GatePolicy", "one", "y")};
  CHECK(changed({}, difference({}, both)) == both);
  CHECK(find_entry(both, "GatePolicy", "one")->digest == sha256("y"));
  CHECK(find_entry(both, "GatePolicy", "two") == nullptr);
}

TEST_CASE("another mode is another version, and says what it was before") {
  const ManifestEntry enforced = entry("GatePolicy", "window", "two, enforced");
  const auto change = change_between(&kBefore[1], enforced);
  REQUIRE(change);
  CHECK(change->mode_before == "shadow");
  CHECK(change->mode_after == "enforce");
  CHECK(!change_between(&kBefore[1], kBefore[1]));
}

}  // namespace
}  // namespace holdpoint::policy

// Denials are gathered per source and permission, and an attacker cannot fill the memory or the
// log.
#include "identity/denials.hpp"

#include <doctest/doctest.h>

namespace holdpoint::identity {
namespace {

const Instant kStart{1'000'000'000};

Denial denial(std::string workspace, std::string source, std::string permission) {
  return {std::move(workspace),
          {"person", std::move(source), "192.0.2.1"},
          std::move(permission),
          "GET /x"};
}

TEST_CASE("a thousand denials of one source and permission are one event") {
  Denials denials;
  for (int i = 0; i < 1000; ++i) {
    denials.count(denial("acme", "per_a", "audit.read"), kStart + Duration::seconds(i % 60));
  }
  denials.count(denial("acme", "per_a", "policy.write"), kStart);
  denials.count(denial("beta", "per_a", "audit.read"), kStart);
  const auto acme = denials.take("acme");
  REQUIRE(acme.size() == 2);
  CHECK(acme[0].count == 1000);
  CHECK(acme[0].first_at == kStart);
  CHECK(acme[0].last_at == kStart + Duration::seconds(59));
  CHECK(access_denied(acme[0]).permission == "audit.read");
  CHECK(denials.take("acme").empty());
  CHECK(denials.workspaces() == std::vector<std::string>{"beta"});
}

TEST_CASE("what does not fit is counted in one bucket of the workspace") {
  Denials denials(3);
  for (int i = 0; i < 100; ++i) {
    denials.count(denial("acme", "per_" + std::to_string(i), "audit.read"), kStart);
  }
  const auto gathered = denials.take("acme");
  REQUIRE(gathered.size() == 4);
  std::int64_t total = 0;
  for (const auto& one : gathered) total += one.count;
  CHECK(total == 100);
  CHECK(gathered[0].denial.source.kind == "others");
  CHECK(gathered[0].count == 97);
}

TEST_CASE("failed sign-ins keep their reason") {
  Denials denials;
  Denial failed{
      "system", {"visitor", "visitor", "192.0.2.1"}, "", "", SignInFailure::unknown_account};
  denials.count(failed, kStart);
  const auto gathered = denials.take("system");
  REQUIRE(gathered.size() == 1);
  CHECK(sign_in_failed(gathered[0]).reason == SignInFailure::unknown_account);
  CHECK(sign_in_failed(gathered[0]).count == 1);
}

}  // namespace
}  // namespace holdpoint::identity

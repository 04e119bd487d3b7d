// How long a guesser waits, and that neither memory nor the clock lets him around it.
#include "identity/attempts.hpp"

#include <doctest/doctest.h>

#include <rapidcheck.h>

namespace holdpoint::identity {
namespace {

const Digest kKey = sha256("ada");
const Instant kStart{1'000'000'000};

TEST_CASE("after the free attempts the wait doubles up to its maximum") {
  AttemptCounts counts(kAccountPolicy);
  Instant now = kStart;
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(counts.wait(kKey, now));
    counts.count(kKey, now);
  }
  Duration expected = Duration::seconds(2);
  for (int i = 0; i < 30; ++i) {
    const auto wait = counts.wait(kKey, now);
    REQUIRE(wait);
    CHECK(*wait == expected);
    now = now + *wait;
    CHECK_FALSE(counts.wait(kKey, now));
    counts.count(kKey, now);
    expected = std::min(Duration{expected.us * 2}, Duration::minutes(15));
  }
}

TEST_CASE("failures are forgotten after a quiet time") {
  AttemptCounts counts(kAccountPolicy);
  for (int i = 0; i < 8; ++i) counts.count(kKey, kStart);
  const Instant later = kStart + Duration::hours(24) + Duration{1};
  CHECK(counts.wait(kKey, kStart));
  CHECK_FALSE(counts.wait(kKey, later));
  CHECK(counts.count(kKey, later).failures == 1);
}

TEST_CASE("a success takes back its own attempt and no failure of others") {
  AttemptCounts counts(kAddressPolicy);
  for (int i = 0; i < 3; ++i) counts.count(kKey, kStart);
  counts.take_back(kKey);
  CHECK(counts.count(kKey, kStart).failures == 3);
  counts.forget(kKey);
  CHECK(counts.count(kKey, kStart).failures == 1);
}

TEST_CASE("keys that do not fit share one count, so that a flood is no way around the wait") {
  AttemptCounts counts(kAccountPolicy, 2);
  counts.count(sha256("a"), kStart);
  counts.count(sha256("b"), kStart);
  for (int i = 0; i < 5; ++i) counts.count(sha256("c" + std::to_string(i)), kStart);
  CHECK(counts.wait(sha256("never seen"), kStart));
  CHECK_FALSE(counts.wait(sha256("a"), kStart));
  CHECK(counts.size() == 3);
}

TEST_CASE("counts survive a restart") {
  AttemptCounts counts(kAccountPolicy);
  counts.restore(kKey, {6, kStart});
  CHECK(counts.wait(kKey, kStart) == Duration::seconds(4));
}

TEST_CASE("no sequence of attempts makes the wait longer than its maximum or negative") {
  CHECK(rc::check("waits are bounded", [](std::uint32_t failures, std::int32_t later) {
    const Attempts attempts{failures, kStart};
    const auto next = next_attempt_at(attempts, kAccountPolicy);
    AttemptCounts counts(kAccountPolicy);
    counts.restore(kKey, attempts);
    const auto wait = counts.wait(kKey, kStart + Duration{std::abs(std::int64_t{later})});
    return next >= kStart && next - kStart <= kAccountPolicy.wait_max &&
           (!wait || (wait->us > 0 && *wait <= kAccountPolicy.wait_max));
  }));
}

TEST_CASE("a source is an IPv4 address or an IPv6 network of 64 bits") {
  CHECK(source_of("192.0.2.7") == "192.0.2.7");
  CHECK(source_of("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(source_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(source_of("2001:0db8:0001:0002::9") == "2001:db8:1:2::/64");
  CHECK(source_of("2001:db8::1") == "2001:db8:0:0::/64");
  CHECK(source_of("::1") == "0:0:0:0::/64");
  CHECK(source_of("") == "");
}

TEST_CASE("any text is a source without harm") {
  CHECK(rc::check("sources are short", [](const std::string& text) {
    return source_of(text).size() <= text.size() + 24;
  }));
}

}  // namespace
}  // namespace holdpoint::identity

// The commands about freezes: what they ask, what they print, and that only a clear answer is a
// yes.
#include <doctest/doctest.h>

#include "support/cli_rehearsal.hpp"

namespace holdpoint {
namespace {

using test::Rehearsal;

const std::vector<std::string> kCheck{"freeze", "check", "shop", "--env", "production"};

TEST_CASE("a freeze that holds is exit 1, with its reason and its end") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"frozen":true,"free_from":"2027-01-04T07:00:00Z","freezes":[)"
                       R"({"name":"year-end","reason":"The books are closed.",)"
                       R"("until":"2027-01-04T07:00:00Z"}]})");
  const auto outcome = rehearsal.run(kCheck);
  CHECK(outcome.exit == 1);
  CHECK(rehearsal.transport.calls[0].url.ends_with(
      "/api/v1/main/freeze-check?application=shop&environment=production"));
  CHECK(outcome.out.find("year-end") != std::string::npos);
  CHECK(outcome.out.find("The books are closed.") != std::string::npos);
  CHECK(outcome.out.find("2027-01-04") != std::string::npos);
}

TEST_CASE("no freeze is exit 0, and says when the next one begins") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"frozen":false,"freezes":[],"changes_at":"2026-12-18T17:00:00Z"})");
  const auto outcome = rehearsal.run(kCheck);
  CHECK(outcome.exit == 0);
  CHECK(outcome.out.find("not frozen") != std::string::npos);
  CHECK(outcome.out.find("2026-12-18") != std::string::npos);
}

TEST_CASE("an answer that is not clear about the freeze is never exit 0") {
  for (const std::string body :
       {R"({})", R"({"frozen":false})", R"({"frozen":"no","freezes":[]})",
        R"({"frozen":true,"freezes":[]})", R"({"frozen":false,"freezes":[{"name":"a"}]})"}) {
    Rehearsal rehearsal;
    rehearsal.reply(200, body);
    INFO(body);
    CHECK(rehearsal.run(kCheck).exit == 3);
  }
  CHECK(Rehearsal().run(kCheck).exit == 3);
}

TEST_CASE("the next window is printed, and none is exit 1") {
  const std::vector<std::string> ask{"freeze",     "next-window", "shop", "--env",
                                     "production", "--for",       "2h"};
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"found":true,"window":{"from":"2026-11-21T05:00:00Z",)"
                       R"("until":"2026-11-21T21:00:00Z"}})");
  const auto outcome = rehearsal.run(ask);
  CHECK(outcome.exit == 0);
  CHECK(rehearsal.transport.calls[0].url.ends_with(
      "/free-window?application=shop&environment=production&for=2h"));
  CHECK(outcome.out.find("2026-11-21") != std::string::npos);
  rehearsal.reply(200, R"({"found":false})");
  CHECK(rehearsal.run(ask).exit == 1);
  rehearsal.reply(200, R"({"found":true})");
  CHECK(rehearsal.run(ask).exit == 3);
}

TEST_CASE("freezes are listed and shown with when they are and what they hold for") {
  Rehearsal rehearsal;
  const std::string weekly =
      R"({"name":"week-ends","title":"Week-ends","state":"active","owner":"team-a",)"
      R"("reason":"Nobody is there.","applications":["shop"],"environments":[],)"
      R"("zone":"America/New_York","recurring":{"repeats":"weekly","weekdays":["fri"],)"
      R"("from":"18:00","until":"06:00","days_later":3}})";
  rehearsal.reply(200, R"({"items":[)" + weekly + "]}");
  const auto listed = rehearsal.run({"freeze", "list"});
  CHECK(listed.exit == 0);
  CHECK(rehearsal.transport.calls[0].url.ends_with("/freezes?state=active"));
  CHECK(listed.out.find("shop in every environment") != std::string::npos);
  rehearsal.reply(200, weekly);
  const auto shown = rehearsal.run({"freeze", "show", "week-ends"});
  CHECK(shown.exit == 0);
  CHECK(shown.out.find("weekly fri 18:00 until 06:00, 3 days later, America/New_York") !=
        std::string::npos);
  CHECK(shown.out.find("Nobody is there.") != std::string::npos);
}

TEST_CASE("a freeze is retired by its name") {
  Rehearsal rehearsal;
  rehearsal.reply(200, R"({"name":"week-ends","state":"retired"})");
  CHECK(rehearsal.run({"freeze", "retire", "week-ends"}).exit == 0);
  CHECK(rehearsal.transport.calls[0].url.ends_with("/freezes/week-ends/retirement"));
}

}  // namespace
}  // namespace holdpoint

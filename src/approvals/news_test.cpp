// How people are told of requests: what they may do, until when, and nothing personal.
#include "approvals/news.hpp"

#include <doctest/doctest.h>

#include "approvals/testing.hpp"

namespace holdpoint::approvals {
namespace {

using testing::kNow;

TEST_CASE("who may sign is told of what, for which stages, and until when") {
  const Request request = testing::request();
  const News news = news_of_stages(request, {"technical", "board"}, {"ben"});
  CHECK(news.topic == "approval.asked");
  CHECK(news.people == std::vector<std::string>{"ben"});
  CHECK(news.subject.find(request.title) != std::string::npos);
  CHECK(news.sentence.find("technical, board") != std::string::npos);
  CHECK(news.due == request.terms.pending_until);
  CHECK(news.command == "holdpoint approvals show " + request.id.text());
  CHECK(news.about == about_asking(request.id));
}

TEST_CASE("each level of escalation says what its reader may do, and that it is late") {
  const Request request = testing::request();
  for (const EscalationKind kind : {EscalationKind::reminder, EscalationKind::backup,
                                    EscalationKind::manager, EscalationKind::owner}) {
    CAPTURE(describe::enum_text(kind));
    ApprovalEscalated event{request.id, "changes", "one", kind, kNow, false, {"zoe"}};
    const News news = news_of_escalation(request, event);
    CHECK(news_topics().contains(news.topic));
    CHECK(news.people == std::vector<std::string>{"zoe"});
    CHECK(news.about == about_asking(request.id));
    CHECK(news.sentence.find("late") == std::string::npos);
    event.late = true;
    CHECK(news_of_escalation(request, event).sentence.find("This is late") != std::string::npos);
  }
}

TEST_CASE("too few who may sign are told with the stages and what to do, until when") {
  Request request = testing::request();
  request.stranded = {"technical", "board"};
  const News news = news_of_stranding(request, {"ann", "oli"});
  CHECK(news_topics().contains(news.topic));
  CHECK(news.people == std::vector<std::string>{"ann", "oli"});
  CHECK(news.subject.find(request.title) != std::string::npos);
  CHECK(news.sentence.find("technical, board") != std::string::npos);
  CHECK(news.due == request.terms.pending_until);
  CHECK(news.about != about_asking(request.id));
}

TEST_CASE("who asked is told how it ended, and nothing takes that back") {
  Request request = testing::request();
  request.state = State::granted;
  request.valid_until = kNow;
  News news = news_of_outcome(request, {"ann"});
  CHECK(news.subject.starts_with("Approved: "));
  CHECK(news.due == kNow);
  CHECK(news.about == about_outcome(request.id));
  request.state = State::expired;
  request.ended_because = "nobody decided in time";
  news = news_of_outcome(request, {"ann"});
  CHECK(news.subject.starts_with("Not approved, expired: "));
  CHECK(news.sentence.find("nobody decided in time") != std::string::npos);
}

}  // namespace
}  // namespace holdpoint::approvals

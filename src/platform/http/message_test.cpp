// Requests, answers and problems as values.
#include "platform/http/message.hpp"

#include <doctest/doctest.h>

#include "platform/http/event_stream.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/response_writer.hpp"

namespace holdpoint::http {
namespace {

TEST_CASE("header names are compared without regard to case") {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  headers.add("X-A", "1");
  headers.add("x-a", "2");
  CHECK(headers.find("content-TYPE") == "text/plain");
  CHECK(headers.find("X-a") == "1");
  CHECK(headers.count("x-A") == 2);
  CHECK_FALSE(headers.find("x"));
  const Headers copy = headers;
  headers.clear();
  CHECK(copy.find("x-a") == "1");
  CHECK_FALSE(headers.find("x-a"));
}

TEST_CASE("a cookie is found by its exact name") {
  Request request;
  request.headers.add("Cookie", "a=1; holdpoint_session=s3cr3t=; b=2");
  CHECK(request.cookie("holdpoint_session") == "s3cr3t=");
  CHECK(request.cookie("b") == "2");
  CHECK_FALSE(request.cookie("session"));
  CHECK_FALSE(request.cookie("A"));
}

TEST_CASE("setting a field replaces it and cleans its value") {
  Response response = text_response(200, "x");
  response.set("content-type", "text/html").set("X-Note", "a\r\nb");
  CHECK(response.headers.size() == 2);
  CHECK(response.header("Content-Type") == "text/html");
  CHECK(response.header("x-note") == "a  b");
}

TEST_CASE("a problem is a document with what is known and nothing else") {
  Problem problem;
  problem.status = 409;
  problem.code = "gate_closed";
  problem.detail = "Two approvals are missing.";
  problem.parameters["missing"] = 2;
  problem.errors = {{"/name", "is empty"}};
  problem.next = {{"release manager", "Sign the request.", "holdpoint approval sign apr_1"},
                  {"you", "Wait.", ""}};
  const Response response = problem_response(problem);
  CHECK(response.status == 409);
  CHECK(response.header("content-type") == "application/problem+json");
  CHECK(response.body ==
        R"({"type":"https://holdpoint.dev/problems/gate_closed","status":409,"code":"gate_closed",)"
        R"("title":"Conflict","detail":"Two approvals are missing.",)"
        R"("errors":[{"path":"/name","message":"is empty"}],"parameters":{"missing":2},)"
        R"("next":[{"actor":"release manager","action":"Sign the request.",)"
        R"("command":"holdpoint approval sign apr_1"},{"actor":"you","action":"Wait."}]})");
}

TEST_CASE("fields set by a handler win over the security defaults") {
  Response page = text_response(200, "x");
  page.set("Content-Type", "text/html").set("Cache-Control", "max-age=60");
  page.set("Content-Security-Policy", "default-src 'self'");
  std::string out;
  append_head(out, page, {Framing::Body::sized, 1, Framing::Persistence::keep_alive, "D"});
  CHECK(out ==
        "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/html\r\nCache-Control: max-age=60\r\n"
        "Content-Security-Policy: default-src 'self'\r\nX-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\nContent-Length: 1\r\n\r\n");
}

TEST_CASE("dates have the form of RFC 9110") {
  CHECK(imf_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("events become lines that cannot forge fields") {
  EventStream stream;
  CHECK(stream.publish("1\n2", "a\r\ndata: x", "one\r\ntwo\rthree\nfour"));
  CHECK(stream.take().bytes ==
        "id: 1 2\nevent: a  data: x\ndata: one\ndata: two\ndata: three\ndata: four\n\n");
  CHECK(stream.take().bytes.empty());
}

TEST_CASE("a stream is bounded in events and bytes, and forgets its queue when it overflows") {
  EventStream events(EventLimits{2, 1'000});
  CHECK(events.publish("", "", "a"));
  CHECK(events.publish("", "", "b"));
  CHECK_FALSE(events.publish("", "", "c"));
  CHECK(events.take().state == EventStream::State::overflowed);
  CHECK(events.take().bytes.empty());
  EventStream bytes(EventLimits{100, 50});
  CHECK_FALSE(bytes.publish("", "", std::string(51, 'x')));
  CHECK_FALSE(bytes.open());
}

}  // namespace
}  // namespace holdpoint::http

// Signed webhooks: the example of the specification, several secrets, and what is no address.
#include "platform/client/webhook.hpp"

#include <doctest/doctest.h>

#include "support/loopback_server.hpp"
#include "support/webhook_receiver.hpp"

#include "base/encoding.hpp"

namespace holdpoint::client {
namespace {

/// The test vector of the libraries that the specification's authors publish.
Webhook example() {
  return {.url = "https://hooks.example/in",
          .id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
          .at = Instant{1'614'265'330'000'000},
          .body = R"({"test": 2432232314})",
          .secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
}

TEST_CASE("the example of the specification is signed as its libraries sign it") {
  CHECK(webhook_signature(example()) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("while secrets change, a message is signed with each of them") {
  Webhook webhook = example();
  webhook.secrets.insert(webhook.secrets.begin(), webhook_secret(std::string(32, 'k')));
  const auto both = webhook_signature(webhook);
  REQUIRE(both.has_value());
  CHECK(both->starts_with("v1,"));
  CHECK(both->ends_with(" v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

TEST_CASE("another id, time or body has another signature") {
  const auto signature = *webhook_signature(example());
  Webhook other = example();
  other.id += "x";
  CHECK(webhook_signature(other) != signature);
  other = example();
  other.at = other.at + Duration::seconds(1);
  CHECK(webhook_signature(other) != signature);
  other = example();
  other.body += " ";
  CHECK(webhook_signature(other) != signature);
}

TEST_CASE("without a secret, or with a text that is none, nothing is signed") {
  for (const auto& secrets :
       {std::vector<std::string>{}, {"whsec_"}, {"secret"}, {"whsec_not base64"}}) {
    Webhook webhook = example();
    webhook.secrets = secrets;
    CHECK_FALSE(webhook_signature(webhook).has_value());
  }
}

TEST_CASE("a webhook goes to an https address without credentials, fragment or white space") {
  CHECK(is_webhook_url("https://hooks.example/in?team=a", Scheme::https_only));
  CHECK(is_webhook_url("https://[2606:4700::1]:8443", Scheme::https_only));
  CHECK(is_webhook_url("http://10.0.0.7:8080/in", Scheme::http_too));
  for (const char* url :
       {"http://hooks.example/in", "https://", "https:///in", "ftp://hooks.example",
        "https://user:word@hooks.example", "https://hooks.example/#part", "https://hooks.example/ ",
        "https://hooks.example/\r\nX: y", "hooks.example", "file:///etc/passwd", ""}) {
    CAPTURE(url);
    CHECK_FALSE(is_webhook_url(url, Scheme::https_only));
  }
}

TEST_CASE("an endpoint that answers at length has answered all the same") {
  test::LoopbackServer talkative([](test::Peer& peer) {
    for (auto line = peer.line(); line && !line->empty(); line = peer.line()) {
    }
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + std::string(1'000'000, 'x'));
  });
  Webhook webhook = example();
  webhook.url = "http://127.0.0.1:" + std::to_string(talkative.port()) + "/in";
  Client client({.answer_bytes_max = 1'000, .ca_file = {}, .excess = Excess::cut});
  const auto status = post_webhook(client, webhook);
  REQUIRE_MESSAGE(status.has_value(), (status ? "" : status.error().text()));
  CHECK(*status == 200);
}

TEST_CASE("a redirect is an answer and is not followed") {
  test::WebhookReceiver elsewhere;
  test::LoopbackServer redirecting([&](test::Peer& peer) {
    for (auto line = peer.line(); line && !line->empty(); line = peer.line()) {
    }
    peer.write("HTTP/1.1 307 Elsewhere\r\nLocation: " + elsewhere.url() +
               "\r\nContent-Length: 0\r\n\r\n");
  });
  Webhook webhook = example();
  webhook.url = "http://127.0.0.1:" + std::to_string(redirecting.port()) + "/in";
  Client client;
  CHECK(post_webhook(client, webhook) == 307);
  CHECK(elsewhere.received().empty());
}

TEST_CASE("a client for public addresses connects to nothing on this machine") {
  Client client({.connect_ms_max = 2'000, .call_ms_max = 4'000, .reach = Reach::public_only});
  for (const char* url : {"http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/",
                          "http://0.0.0.0:9/", "http://2130706433:9/"}) {
    CAPTURE(url);
    const auto answer = client.call({.method = "POST", .url = url, .headers = {}, .body = "x"});
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == FaultKind::unavailable);
    CHECK(answer.error().what == "its address is not on the public internet");
  }
}

}  // namespace
}  // namespace holdpoint::client

// Mail and webhooks of the real server, to a real mail server and a real receiver: delivered once
// when acknowledged, again after a failure, a dead letter in the end, replayed, and not lost by a
// restart.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "support/http_peer.hpp"
#include "support/server_process.hpp"
#include "support/smtp_sink.hpp"
#include "support/webhook_receiver.hpp"

namespace holdpoint::test {
namespace {

constexpr int kLooksMax = 400;
constexpr std::chrono::milliseconds kBetweenLooks{50};

std::string endpoint_document(const std::string& url) {
  return "apiVersion: holdpoint/v1\nkind: WebhookEndpoint\nmetadata:\n  name: pager\nspec:\n"
         "  url: " +
         url + "\n";
}

const std::string kRule =
    "apiVersion: holdpoint/v1\nkind: NotificationRule\nmetadata:\n  name: releases\nspec:\n"
    "  topics: [release.created]\n  roles: [administrator]\n";

/// A server that reaches a sink and a receiver, and a rule that tells both of new releases.
struct Office {
  SmtpSink sink;
  WebhookReceiver receiver;
  ServerProcess server;
  std::string secret;
  int releases = 0;

  [[nodiscard]] std::vector<std::string> arguments() const {
    return {"--smtp-url",
            sink.url(),
            "--smtp-from",
            "Holdpoint <holdpoint@example.org>",
            "--smtp-encryption",
            "none",
            "--public-url",
            "https://holdpoint.example.org",
            "--webhooks-inside",
            "--delivery-attempts",
            "2"};
  }
  Office() : server(arguments()) {
    REQUIRE(apply_shop(server));
    apply(endpoint_document(receiver.url()) + "---\n" + kRule + "  webhooks: [pager]\n");
    const auto made = server.run({"webhook", "secret", "pager"});
    REQUIRE_MESSAGE(made.code == 0, made.all());
    secret = made.out.substr(0, made.out.find('\n'));
    REQUIRE(secret.starts_with("whsec_"));
  }
  void apply(const std::string& documents) {
    const Reply reply = server.ask({.method = "POST",
                                    .target = "/api/v1/main/apply",
                                    .body = documents,
                                    .media = "application/yaml"});
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
  }
  void open_release() {
    const Reply reply =
        server.post("/api/v1/main/releases", R"({"application":"shop","version":"1.)" +
                                                 std::to_string(++releases) + R"("})");
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
  }
  /// Waits until the newest delivery of the channel is in that state; what is listed of it.
  json::object await(const std::string& channel, const std::string& state) {
    json::object found;
    for (int look = 0; look < kLooksMax; ++look) {
      const auto list = server.get("/api/v1/main/deliveries").document();
      for (const auto& item : list.at("items").as_array()) {
        if (view(item.at("channel").as_string()) != channel) continue;
        found = item.as_object();
        break;
      }
      if (!found.empty() && view(found.at("state").as_string()) == state) return found;
      std::this_thread::sleep_for(kBetweenLooks);
    }
    FAIL("no delivery by " << channel << " became " << state << ": " << json::serialize(found));
    return found;
  }
  int metric(const std::string& name) {
    const std::string text = server.get("/metrics").body;
    const auto at = text.find("\n" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::atoi(text.c_str() + at + name.size() + 2);
  }
};

Office& office() {
  static Office one;
  return one;
}

/// Whether somebody else's code finds the signature good.
bool is_verified(const ServerProcess& server, const ReceivedWebhook& webhook,
                 const std::string& secret) {
  json::object headers;
  for (const auto& [name, value] : webhook.headers) headers[name] = value;
  write_file(server.path("webhook.json"),
             json::serialize(json::object{
                 {"secret", secret}, {"headers", std::move(headers)}, {"body", webhook.body}}));
  const std::string command =
      std::string(HP_WEBHOOK_VERIFIER) + " " + server.path("webhook.json") + " 2>/dev/null";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string text_of(const json::object& item, std::string_view name) {
  return std::string(view(item.at(name).as_string()));
}

}  // namespace

TEST_CASE("a new release is told by mail and by a signed webhook, once each") {
  auto& [sink, receiver, server, secret, releases] = office();
  office().open_release();
  REQUIRE(sink.await(1));
  REQUIRE(receiver.await(1));
  const json::object mailed = office().await("mail", "delivered");
  const json::object posted = office().await("webhook", "delivered");
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  REQUIRE(sink.mails().size() == 1);
  REQUIRE(receiver.received().size() == 1);
  const TakenMail mail = sink.mails()[0];
  CHECK(mail.to == admin_email);
  CHECK(mail.header("Subject") == "New release shop 1.1");
  CHECK(mail.header("Message-ID") == "<" + text_of(mailed, "id") + "@example.org>");
  CHECK(mail.body().find("holdpoint release status shop@1.1") != std::string::npos);
  CHECK(mail.body().find("https://holdpoint.example.org/releases/shop@1.1") != std::string::npos);
  CHECK(mail.body().find(std::string(admin_name)) != std::string::npos);
  const ReceivedWebhook webhook = receiver.received()[0];
  CHECK(webhook.request_line == "POST /in HTTP/1.1");
  CHECK(webhook.header("webhook-id") == text_of(posted, "id"));
  CHECK(is_verified(server, webhook, secret));
  ReceivedWebhook changed = webhook;
  changed.body += " ";
  CHECK_FALSE(is_verified(server, changed, secret));
  const auto body = parse_json(webhook.body);
  REQUIRE(body.has_value());
  CHECK(view(body->at("type").as_string()) == "release.created");
  CHECK(webhook.body.find(std::string(admin_name)) == std::string::npos);
}

TEST_CASE("what is refused first arrives later under the same id") {
  auto& [sink, receiver, server, secret, releases] = office();
  const auto mails = sink.mails().size();
  const auto calls = receiver.received().size();
  sink.answer_recipients({"451 4.3.0 later"});
  receiver.answer({500});
  office().open_release();
  REQUIRE(sink.await(mails + 1));
  REQUIRE(receiver.await(calls + 2));
  const json::object posted = office().await("webhook", "delivered");
  CHECK(posted.at("attempts").as_int64() == 2);
  CHECK(office().await("mail", "delivered").at("attempts").as_int64() == 2);
  const auto received = receiver.received();
  CHECK(received[calls].answered == 500);
  CHECK(received[calls].header("webhook-id") == received[calls + 1].header("webhook-id"));
  CHECK(received[calls].body == received[calls + 1].body);
  CHECK(is_verified(server, received[calls + 1], secret));
}

TEST_CASE("after the last attempt there is a dead letter, which is seen, counted and replayed") {
  auto& [sink, receiver, server, secret, releases] = office();
  const auto mails = sink.mails().size();
  receiver.answer({500, 503});
  office().open_release();
  const json::object dead = office().await("webhook", "failed");
  CHECK(text_of(dead, "last_error") == "The endpoint answered 503.");
  CHECK(office().metric("holdpoint_deliveries_failed") == 1);
  CHECK(office().metric("holdpoint_deliveries_waiting") == 0);
  const auto listed = server.run({"delivery", "list", "--state", "failed"});
  CHECK(listed.code == 0);
  CHECK(listed.out.find(text_of(dead, "id")) != std::string::npos);
  CHECK(listed.out.find("503") != std::string::npos);
  const auto before = receiver.received();
  const auto replayed = server.run({"delivery", "replay", text_of(dead, "id")});
  CHECK_MESSAGE(replayed.code == 0, replayed.all());
  REQUIRE(receiver.await(before.size() + 1));
  CHECK(text_of(office().await("webhook", "delivered"), "id") == text_of(dead, "id"));
  const auto after = receiver.received();
  CHECK(after.back().header("webhook-id") == before.back().header("webhook-id"));
  CHECK(office().metric("holdpoint_deliveries_failed") == 0);
  const auto log = server.run({"audit", "log", "--type", "delivery.replayed"});
  CHECK(log.out.find(text_of(dead, "id")) != std::string::npos);
  CHECK(server.run({"delivery", "replay", "out_01J00000000000000000000000"}).code == 2);
  CHECK(sink.mails().size() == mails + 1);
}

TEST_CASE("a restart between two attempts loses nothing and sends once") {
  auto& [sink, receiver, server, secret, releases] = office();
  const auto calls = receiver.received().size();
  receiver.answer({503});
  office().open_release();
  REQUIRE(receiver.await(calls + 1));
  REQUIRE(server.stop() == 0);
  server.start(office().arguments());
  REQUIRE(receiver.await(calls + 2));
  office().await("webhook", "delivered");
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  const auto received = receiver.received();
  CHECK(received.size() == calls + 2);
  CHECK(received[calls].header("webhook-id") == received[calls + 1].header("webhook-id"));
  CHECK(received[calls].body == received[calls + 1].body);
}

TEST_CASE("a new secret signs beside the old one until that ends") {
  auto& [sink, receiver, server, secret, releases] = office();
  const auto calls = receiver.received().size();
  const auto made = server.run({"webhook", "secret", "pager"});
  REQUIRE(made.code == 0);
  const std::string newer = made.out.substr(0, made.out.find('\n'));
  office().open_release();
  REQUIRE(receiver.await(calls + 1));
  CHECK(is_verified(server, receiver.received().back(), secret));
  CHECK(is_verified(server, receiver.received().back(), newer));
  CHECK_FALSE(is_verified(server, receiver.received().back(), "whsec_bm9ib2R5IGtub3dz"));
}

TEST_CASE("secrets and addresses stand in no file of the server and in no line of its log") {
  auto& [sink, receiver, server, secret, releases] = office();
  office().await("webhook", "delivered");
  for (const auto& file : std::filesystem::recursive_directory_iterator(server.directory())) {
    if (!file.is_regular_file()) continue;
    const std::string bytes = read_file(file.path().string());
    CAPTURE(file.path().string());
    CHECK(bytes.find(secret) == std::string::npos);
    CHECK(bytes.find(secret.substr(6)) == std::string::npos);
    CHECK(bytes.find(admin_email) == std::string::npos);
  }
  CHECK(server.log().find(secret) == std::string::npos);
  CHECK(server.log().find(admin_email) == std::string::npos);
}

TEST_CASE("without a mail server mail waits and says why, and leaves once there is one") {
  auto& [sink, receiver, server, secret, releases] = office();
  const auto mails = sink.mails().size();
  REQUIRE(server.stop() == 0);
  server.start({"--webhooks-inside"});
  office().open_release();
  json::object waiting;
  for (int look = 0; look < kLooksMax; ++look) {
    waiting = office().await("mail", "waiting");
    if (!text_of(waiting, "last_error").empty()) break;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  CHECK(text_of(waiting, "last_error").find("--smtp-url") != std::string::npos);
  CHECK(waiting.at("attempts").as_int64() == 0);
  CHECK(office().metric("holdpoint_deliveries_waiting") >= 1);
  REQUIRE(server.stop() == 0);
  server.start(office().arguments());
  CHECK(sink.await(mails + 1));
  office().await("mail", "delivered");
}

TEST_CASE("a webhook reaches nothing on the server's own machine unless the operator lets it") {
  WebhookReceiver inside;
  ServerProcess server({"--delivery-attempts", "1"});
  REQUIRE(apply_shop(server));
  const auto apply = [&](const std::string& documents) {
    return server.ask({.method = "POST",
                       .target = "/api/v1/main/apply",
                       .body = documents,
                       .media = "application/yaml"});
  };
  const Reply plain = apply(endpoint_document(inside.url()));
  CHECK(plain.status == 422);
  CHECK(plain.body.find("/spec/url") != std::string::npos);
  std::string disguised = inside.url();
  disguised.replace(0, 4, "https");
  REQUIRE(apply(endpoint_document(disguised) + "---\n" + kRule + "  webhooks: [pager]\n").status ==
          200);
  REQUIRE(server.run({"webhook", "secret", "pager"}).code == 0);
  REQUIRE(server.post("/api/v1/main/releases", R"({"application":"shop","version":"1"})").status ==
          201);
  std::string body;
  for (int look = 0; look < kLooksMax && body.find("public internet") == std::string::npos;
       ++look) {
    body = server.get("/api/v1/main/deliveries?state=failed").body;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  CHECK(body.find("its address is not on the public internet") != std::string::npos);
  CHECK(inside.received().empty());
}

TEST_CASE("options for mail that do not go together stop the start, and tell no secret") {
  auto& [sink, receiver, server, secret, releases] = office();
  write_file(server.path("credentials"), "one line without a password\n");
  const auto start = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"serve", "--data", server.path("unused")};
    all.insert(all.end(), more.begin(), more.end());
    return server.run(all);
  };
  const std::vector<std::string> mail{"--smtp-url", "smtp://mail.example.org", "--smtp-from",
                                      "holdpoint@example.org"};
  CHECK(start({"--smtp-url", "smtp://mail.example.org"}).code == 2);
  CHECK(start({"--smtp-url", "http://mail.example.org", "--smtp-from", "a@b.example"}).code != 0);
  CHECK(start({mail[0], mail[1], mail[2], "nobody"}).code == 2);
  const auto file = start(
      {mail[0], mail[1], mail[2], mail[3], "--smtp-credentials-file", server.path("credentials")});
  CHECK(file.code == 2);
  CHECK(file.all().find("without a password") == std::string::npos);
  CHECK(start({"--delivery-attempts", "0"}).code == 2);
}

}  // namespace holdpoint::test

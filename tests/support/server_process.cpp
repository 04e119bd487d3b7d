// See server_process.hpp.
#include "support/server_process.hpp"

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/assert.hpp"

namespace holdpoint::test {
namespace {

constexpr int start_ms_max = 60'000;
constexpr std::string_view listening = "Holdpoint listens on ";

std::string json_text(std::string_view text) { return json::serialize(json::value(text)); }

}  // namespace

ServerProcess::ServerProcess(std::vector<std::string> arguments, Variables variables) {
  write_file(path("password"), std::string(admin_password) + "\n");
  const auto made =
      run_program({.arguments = {"init", "--data", directory(), "--admin-email",
                                 std::string(admin_email), "--admin-name", std::string(admin_name),
                                 "--admin-password-file", path("password"), "--workspace", "main"},
                   .variables = {},
                   .input = {},
                   .directory = scratch_.root()});
  HP_ASSERT(made.code == 0, "TS-2: a new data directory is set up");
  start(arguments, variables);
  if (address_.starts_with("http://")) sign_in();
}

ServerProcess::~ServerProcess() { kill(); }

void ServerProcess::start(const std::vector<std::string>& arguments, const Variables& variables) {
  std::vector<std::string> all{"serve", "--data", directory(), "--listen", "127.0.0.1:0"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  write_file(path("serve.log"), "");  // or the address of an earlier start would be found
  process_ = start_program({all, variables, {}, scratch_.root()}, path("serve.log"));
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(start_ms_max);
  for (;;) {
    const std::string text = log();
    const auto at = text.find(listening);
    const auto end = at == std::string::npos ? at : text.find('\n', at);
    if (end != std::string::npos) {
      address_ = text.substr(at + listening.size(), end - at - listening.size());
      break;
    }
    HP_ASSERT(std::chrono::steady_clock::now() < until, "TS-3: the server starts");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  port_ = static_cast<std::uint16_t>(std::atoi(address_.c_str() + address_.rfind(':') + 1));
}

void ServerProcess::sign_in() {
  const auto reply = ask_as("", {.method = "POST",
                                 .target = "/api/v1/sessions",
                                 .body = R"({"email":)" + json_text(admin_email) +
                                         R"(,"password":)" + json_text(admin_password) + "}"});
  HP_ASSERT(reply.status == 201, "TS-4: the administrator signs in");
  session_ = reply.text("token");
}

int ServerProcess::stop() {
  if (process_ < 0) return -1;
  ::kill(process_, SIGTERM);
  return finish(std::exchange(process_, -1));
}

void ServerProcess::kill() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  finish(std::exchange(process_, -1));
}

std::string ServerProcess::head_of(std::string_view token, const Ask& request,
                                   std::string_view framing) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!token.empty()) head += "Authorization: Bearer " + std::string(token) + "\r\n";
  const bool has_body = request.method != "GET" && request.method != "HEAD";
  if (has_body && !request.media.empty()) head += "Content-Type: " + request.media + "\r\n";
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  head += framing;
  return head + "Connection: close\r\n\r\n";
}

Reply ServerProcess::ask_as(std::string_view token, const Ask& request) const {
  Wire wire(port_);
  const bool has_body = request.method != "GET" && request.method != "HEAD";
  const std::string length =
      has_body ? "Content-Length: " + std::to_string(request.body.size()) + "\r\n" : "";
  // A refusal may come before the body is taken: then the answer counts, not what could be sent.
  static_cast<void>(wire.send(head_of(token, request, length) + request.body));
  return wire.answer();
}

Finished ServerProcess::run(std::vector<std::string> arguments, std::string input) const {
  return run_program({std::move(arguments),
                      {{"HOLDPOINT_SERVER", address_}, {"HOLDPOINT_TOKEN", session_}},
                      std::move(input),
                      scratch_.root()});
}

Finished ServerProcess::run_as(std::string_view token, std::vector<std::string> arguments) const {
  Variables variables{{"HOLDPOINT_SERVER", address_}};
  if (!token.empty()) variables.emplace_back("HOLDPOINT_TOKEN", token);
  return run_program({std::move(arguments), std::move(variables), {}, scratch_.root()});
}

Someone ServerProcess::someone(const std::string& name, std::string_view email,
                               const std::string& role) const {
  const json::object person{{"name", name}, {"email", email}, {"password", person_password}};
  const Reply added = post("/api/v1/people", json::serialize(person));
  HP_ASSERT(added.status == 201, "TS-9: a person is added");
  Someone out{added.text("id"), "", std::string(email)};
  const json::object assignment{{"actor_kind", "person"}, {"actor_id", out.id}, {"role", role}};
  const Reply assigned = post("/api/v1/main/role-assignments", json::serialize(assignment));
  HP_ASSERT(assigned.status == 201, "TS-10: a role is assigned");
  out.token = sign_in_as(email);
  return out;
}

std::string ServerProcess::sign_in_as(std::string_view email) const {
  const json::object who{{"email", email}, {"password", person_password}};
  const Reply in =
      ask_as("", {.method = "POST", .target = "/api/v1/sessions", .body = json::serialize(who)});
  HP_ASSERT(in.status == 201, "TS-11: a person signs in");
  return in.text("token");
}

std::string ServerProcess::token_of(const std::string& workspace, const std::string& role,
                                    const std::vector<std::string>& scopes,
                                    const std::string& life) {
  const std::string base = "/api/v1/" + workspace;
  const auto account = post(base + "/service-accounts",
                            R"({"name":"account-)" + std::to_string(++accounts_) + R"("})");
  HP_ASSERT(account.status == 201, "TS-5: a service account is created");
  const std::string id = account.text("id");
  const auto assigned =
      post(base + "/role-assignments", R"({"actor_kind":"service_account","actor_id":")" + id +
                                           R"(","role":")" + role + R"("})");
  HP_ASSERT(assigned.status == 201, "TS-6: a role is assigned");
  json::array wanted;
  for (const std::string& scope : scopes) wanted.emplace_back(scope);
  const json::object body{{"service_account_id", id},
                          {"name", "e2e"},
                          {"scopes", std::move(wanted)},
                          {"expires_in", life}};
  const auto token = post(base + "/tokens", json::serialize(body));
  HP_ASSERT(token.status == 201, "TS-7: a token is issued");
  return token.text("token");
}

Variables clock_ahead(std::int64_t seconds) {
  // The address sanitizer otherwise insists on being the first library.
  return {{"LD_PRELOAD", HP_SHIFTED_CLOCK},
          {"ASAN_OPTIONS", "verify_asan_link_order=0"},
          {"HOLDPOINT_TEST_CLOCK_AHEAD_S", std::to_string(seconds)}};
}

std::string example(const std::string& name) { return read_file(HP_EXAMPLES "/" + name); }

}  // namespace holdpoint::test

// Prometheus and Alertmanager as Debian has them, against the real server: a rule of Prometheus
// fires, Alertmanager posts it with a token, and a rollback is decided. Where the two could not be
// fetched the test says that it was skipped.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* kPrometheus = HP_PEERS "/usr/bin/prometheus";
constexpr const char* kAlertmanager = HP_PEERS "/usr/bin/prometheus-alertmanager";
constexpr int kLooksMax = 600;
constexpr std::chrono::milliseconds kBetweenLooks{100};

/// A port that nobody listens on now.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(socket >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), length) == 0);
  REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

/// A program of the system that runs until the end of the test.
class Daemon {
 public:
  Daemon(std::vector<std::string> arguments, const std::string& output) {
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ != 0) return;
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, 1);
    ::dup2(file, 2);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Daemon() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

 private:
  pid_t process_ = -1;
};

constexpr std::string_view kPlaces = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: high}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false}
---
apiVersion: holdpoint/v1
kind: RollbackPolicy
metadata: {name: severe, owner: "team:sre"}
spec:
  match: environment.kind == "production"
  triggers:
    - name: alert
      when: >-
        health.alerts.exists(a, a.name == "ErrorRateHigh" &&
        a.labels["severity"] == "critical")
  target: previous_deployment
  execution: automatic
  due: 15m
)";

constexpr std::string_view kRules = R"(groups:
  - name: shop
    rules:
      - alert: ErrorRateHigh
        expr: vector(1)
        labels: {application: shop, severity: critical}
        annotations: {summary: post release check}
)";

void deployed(const ServerProcess& server, const std::string& version) {
  const json::object release{{"application", "shop"}, {"version", version}};
  REQUIRE(server.post("/api/v1/main/releases", json::serialize(release)).status == 201);
  const Finished started = server.run(
      {"deployment", "start", "shop@" + version, "--env", "production", "--format", "json"});
  INFO(started.all());
  REQUIRE(started.code == 0);
  const std::string id(view(json::parse(started.out).at("id").as_string()));
  REQUIRE(server.run({"deployment", "finish", id, "--outcome", "succeeded"}).code == 0);
}

bool is_there() {
  return std::filesystem::exists(kPrometheus) && std::filesystem::exists(kAlertmanager) &&
         std::system("unshare --map-root-user --mount true 2>/dev/null") == 0;
}

/// Debian's Alertmanager reads its templates under /usr/share alone: it gets one of its own, which
/// nobody else sees.
std::vector<std::string> in_own_share(const std::vector<std::string>& arguments) {
  std::vector<std::string> all{
      "/usr/bin/unshare",
      "--map-root-user",
      "--mount",
      "sh",
      "-c",
      "mount -t tmpfs none /usr/share && cp -r \"$0\" /usr/share/ && exec \"$@\"",
      HP_PEERS "/usr/share/prometheus"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

}  // namespace

TEST_CASE("a rule of a real Prometheus has a deployment taken back, by a real Alertmanager") {
  if (!is_there()) {
    MESSAGE("skipped: Prometheus and Alertmanager are not there");
    return;
  }
  ServerProcess server;
  write_file(server.path("places.yaml"), kPlaces);
  REQUIRE(server.run({"apply", "-f", server.path("places.yaml")}).code == 0);
  deployed(server, "1.0.0");
  deployed(server, "2.0.0");
  const std::string token = server.token_of("main", "pipeline", {"health.report"});
  const std::string alertmanager = "127.0.0.1:" + std::to_string(free_port());
  const std::string prometheus = "127.0.0.1:" + std::to_string(free_port());
  write_file(server.path("token"), token);
  write_file(server.path("rules.yml"), kRules);
  write_file(server.path("alertmanager.yml"),
             "route: {receiver: holdpoint, group_wait: 1s, group_interval: 1s}\n"
             "receivers:\n  - name: holdpoint\n    webhook_configs:\n"
             "      - url: " +
                 server.address() +
                 "/hooks/alertmanager/main?environment=production\n"
                 "        http_config: {authorization: {credentials_file: " +
                 server.path("token") + "}}\n");
  write_file(server.path("prometheus.yml"),
             "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
             "rule_files: [" +
                 server.path("rules.yml") +
                 "]\n"
                 "alerting: {alertmanagers: [{static_configs: [{targets: [\"" +
                 alertmanager + "\"]}]}]}\n");
  const Daemon manager(
      in_own_share({kAlertmanager, "--config.file=" + server.path("alertmanager.yml"),
                    "--storage.path=" + server.path("alertmanager"),
                    "--web.listen-address=" + alertmanager, "--cluster.listen-address="}),
      server.path("alertmanager.log"));
  const Daemon monitor({kPrometheus, "--config.file=" + server.path("prometheus.yml"),
                        "--storage.tsdb.path=" + server.path("prometheus"),
                        "--web.listen-address=" + prometheus, "--rules.alert.resend-delay=2s"},
                       server.path("prometheus.log"));
  json::array rollbacks;
  for (int look = 0; look < kLooksMax && rollbacks.empty(); ++look) {
    std::this_thread::sleep_for(kBetweenLooks);
    const json::value listed = server.get("/api/v1/main/rollbacks").document();
    rollbacks = listed.at("items").as_array();
  }
  INFO(read_file(server.path("alertmanager.log")), read_file(server.path("prometheus.log")));
  REQUIRE(rollbacks.size() == 1);
  const json::value& rollback = rollbacks[0].at("rollback");
  CHECK(rollback.at("decider") == "rule");
  CHECK(rollback.at("version") == "2.0.0");
  CHECK(rollback.at("target").at("version") == "1.0.0");
  CHECK(rollback.at("state") == "confirmed");
  const json::value alerts = server.get("/api/v1/main/alerts").document();
  REQUIRE(alerts.at("items").as_array().size() == 1);
  CHECK(alerts.at("items").at(0).at("name") == "ErrorRateHigh");
  // Alertmanager repeats what was not acknowledged; what was is one alert and one rollback.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  CHECK(server.get("/api/v1/main/rollbacks").document().at("items").as_array().size() == 1);
}

}  // namespace holdpoint::test

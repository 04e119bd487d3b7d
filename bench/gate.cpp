// The gate's answer over HTTP, cached on the I/O thread and asked anew on a worker, beside nginx
// serving a static body of the same size to the same clients in the same run. Needs nginx; without
// it the product's figures stand alone and the table says so.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <thread>

#include "support/measure.hpp"
#include "support/server_process.hpp"

namespace holdpoint::bench {
namespace {

constexpr int kClients = 64;

/// nginx with two workers and one file, in a directory of its own.
class Nginx {
 public:
  static std::unique_ptr<Nginx> start(const std::string& body) {
    if (std::system("PATH=$PATH:/usr/sbin command -v nginx >/dev/null") != 0) return nullptr;
    return std::unique_ptr<Nginx>(new Nginx(body));
  }
  ~Nginx() { end_program(process_); }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  explicit Nginx(const std::string& body) : port_(free_port()) {
    const std::string& root = scratch_.path();
    std::ofstream(root + "/gate.json") << body;
    std::ofstream(root + "/nginx.conf") << fmt::format(
        "daemon off; worker_processes 2; pid {0}/pid; error_log {0}/error; "
        "events {{ worker_connections 1024; }} "
        "http {{ access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on;"
        " default_type application/json; open_file_cache max=10;"
        " client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;"
        " uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;"
        " server {{ listen 127.0.0.1:{1}; root {0}; }} }}",
        root, port_);
    // Its workers are not root, and the directory is.
    if (::system(("chmod 755 " + root).c_str()) != 0) broken("cannot open the directory to nginx");
    process_ =
        start_program({"/usr/sbin/nginx", "-p", root, "-c", root + "/nginx.conf"}, root + "/log");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto answer = ask(port_, request_text("GET", "/gate.json", "", ""));
    if (answer.status != 200) broken("nginx does not serve the file");
  }

  Scratch scratch_;
  std::uint16_t port_;
  pid_t process_ = -1;
};

void prepare(const ServerProcess& server) {
  server.ask("POST", "/api/v1/main/apply",
             R"({"apiVersion":"holdpoint/v1","kind":"Application","metadata":{"name":"payments"},)"
             R"("spec":{"owners":["team:bench"],"criticality":"low"}})",
             "application/yaml");
  server.ask("POST", "/api/v1/main/apply",
             R"({"apiVersion":"holdpoint/v1","kind":"Environment","metadata":{"name":"live"},)"
             R"("spec":{"order":1,"kind":"production","requires_certification":true}})",
             "application/yaml");
  server.ask("POST", "/api/v1/main/releases",
             R"({"application":"payments","version":"1.0","commits":[],"artifacts":[]})");
}

const std::string kQuestion = "/api/v1/main/gate?application=payments&version=1.0&environment=live";

struct Series {
  std::vector<double> per_second, p50_ms, p99_ms;
  void add(const LoadResult& result) {
    per_second.push_back(result.per_second());
    p50_ms.push_back(quantile(result.latencies_ms, 0.5));
    p99_ms.push_back(quantile(result.latencies_ms, 0.99));
  }
};

LoadResult load(std::uint16_t port, std::function<std::string(std::uint64_t)> request) {
  return run_load({.port = port,
                   .connections = kClients,
                   .seconds = option("HP_BENCH_SECONDS", 3) * 1.0,
                   .request = std::move(request),
                   .status_expected = 200});
}

int measure() {
  const ServerProcess server;
  prepare(server);
  const auto answer = server.ask("GET", kQuestion, "");
  const auto nginx = Nginx::start(answer.body);
  const std::string cached = request_text("GET", kQuestion, server.fields(), "");
  const std::string file = request_text("GET", "/gate.json", server.fields(), "");
  // A question that was not asked before differs in a parameter that the gate does not read.
  std::uint64_t asked = 0;
  std::map<std::string, Series> all;
  for (int round = 0; round < option("HP_BENCH_ROUNDS", 3); ++round) {
    all["gate, cached"].add(load(server.port(), [&](std::uint64_t) { return cached; }));
    if (nginx) all["nginx"].add(load(nginx->port(), [&](std::uint64_t) { return file; }));
    all["gate, asked anew"].add(load(server.port(), [&](std::uint64_t) {
      return request_text("GET", kQuestion + "&n=" + std::to_string(++asked), server.fields(), "");
    }));
  }
  Table table(fmt::format("Gate: {} clients, body of {} bytes{}", kClients, answer.body.size(),
                          nginx ? "" : " (nginx is not installed)"),
              {"", "answers/s", "p50 ms", "p99 ms", "of nginx", "p99 of nginx"});
  for (const auto& [name, series] : all) {
    const Series& peer = nginx ? all.at("nginx") : series;
    table.add({name, number(median(series.per_second)), number(median(series.p50_ms)),
               number(median(series.p99_ms)),
               fmt::format("{:.0f} %", 100 * median(series.per_second) / median(peer.per_second)),
               fmt::format("{:.1f} x", median(series.p99_ms) / median(peer.p99_ms))});
  }
  table.print();
  return 0;
}

}  // namespace
}  // namespace holdpoint::bench

int main() { return holdpoint::bench::measure(); }

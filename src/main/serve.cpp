// See serve.hpp.
#include "main/serve.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "main/gatekeeper.hpp"
#include "platform/http/server.hpp"

namespace holdpoint::main {
namespace {

constexpr int kDone = 0;
constexpr int kWrongUse = 2;
constexpr int kCouldNot = 3;
constexpr unsigned kWorkersDefault = 64;
/// What the server writes is for its own account only.
constexpr mode_t others_nothing = 077;

int say(int code, const std::string& sentence) {
  std::fprintf(stderr, "holdpoint: %s\n", sentence.c_str());
  return code;
}

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<Address> parse_listen(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  Address address{text.substr(0, colon), 0};
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc{} || at != end) return std::nullopt;
  return address;
}

engine::LogLevel log_level(const std::string& text) {
  if (text == "debug") return engine::LogLevel::debug;
  if (text == "warning") return engine::LogLevel::warning;
  if (text == "error") return engine::LogLevel::error;
  return engine::LogLevel::info;
}

std::string server_metrics(const http::ServerCounters& counters) {
  metrics::Registry registry;
  const auto count = [&](const char* name, const char* help, std::uint64_t value) {
    registry.counter({name, help, {}}).add(static_cast<double>(value));
  };
  count("holdpoint_http_requests_total", "Requests received", counters.requests_total);
  count("holdpoint_http_answered_at_once_total", "Answered from memory by an I/O thread",
        counters.answered_at_once);
  count("holdpoint_http_responses_4xx_total", "Answers that say the request was wrong",
        counters.responses_4xx);
  count("holdpoint_http_responses_5xx_total", "Answers that say the server failed",
        counters.responses_5xx);
  count("holdpoint_http_timed_out_total", "Connections cut by a time limit", counters.timed_out);
  registry.gauge({"holdpoint_http_connections", "Open connections", {}})
      .set(static_cast<double>(counters.connections_open));
  registry.gauge({"holdpoint_http_event_streams", "Open event streams", {}})
      .set(static_cast<double>(counters.event_streams_open));
  return registry.text();
}

/// Writes the generated password where only the owner can read it. Refuses to overwrite.
Result<void> write_secret(const std::string& path, const std::string& secret) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fault(FaultKind::io, path, "cannot be created");
  const std::string line = secret + "\n";
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  if (!written) return fault(FaultKind::io, path, "cannot be written");
  return {};
}

std::optional<std::string> read_secret(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!in || !std::getline(in, line)) return std::nullopt;
  return line;
}

}  // namespace

int serve(const cli::ServeOptions& options) {
  ::umask(others_nothing);
  const auto address = parse_listen(options.listen);
  if (!address) return say(kWrongUse, "--listen needs ADDRESS:PORT, not " + options.listen);
  auto post = post_options(options);
  if (!post) {
    return say(post.error().kind == FaultKind::invalid ? kWrongUse : kCouldNot,
               post.error().text());
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  auto housing = Housing::open({.data_directory = options.data_directory,
                                .server_name = options.server_name,
                                .log_level = log_level(options.log_level),
                                .accept_rollback_because = options.accept_rollback_reason,
                                .post = std::move(*post)});
  if (!housing) return say(kCouldNot, housing.error().text());
  http::Server* running = nullptr;
  Gatekeeper gatekeeper(**housing, [&running] {
    return running == nullptr ? std::string() : server_metrics(running->counters());
  });
  http::ServerOptions server_options;
  server_options.address = address->host;
  server_options.port = address->port;
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  server_options.io_threads =
      options.io_threads > 0 ? static_cast<unsigned>(options.io_threads) : cores;
  server_options.worker_threads =
      options.workers > 0 ? static_cast<unsigned>(options.workers) : kWorkersDefault;
  server_options.tls_certificate_path = options.tls_certificate;
  server_options.tls_key_path = options.tls_key;
  server_options.on_exception = [&](const http::Request& request, std::string_view what) {
    (*housing)->log().write(engine::LogLevel::error, "a handler failed",
                            {{"method", request.method}, {"cause", std::string(what)}});
  };
  (*housing)->start();
  auto server = http::Server::start(std::move(server_options), gatekeeper);
  if (!server) return say(kCouldNot, server.error().text());
  running = server->get();
  std::printf("Holdpoint listens on %s\n", (*server)->address().c_str());
  std::fflush(stdout);
  (*housing)->log().write(engine::LogLevel::info, "listening", {{"address", (*server)->address()}});
  int received = 0;
  sigwait(&signals, &received);
  (*housing)->log().write(engine::LogLevel::info, "stopping");
  gatekeeper.drain();
  (*housing)->feed().close_all();
  (*server)->stop();
  (*housing)->stop();
  return kDone;
}

int init(const cli::InitOptions& options) {
  ::umask(others_nothing);
  auto housing = Housing::open({.data_directory = options.data_directory,
                                .server_name = {},
                                .log_level = engine::LogLevel::warning,
                                .accept_rollback_because = std::nullopt});
  if (!housing) return say(kCouldNot, housing.error().text());
  (*housing)->start();
  identity::BootstrapOptions bootstrap{.admin_email = options.admin_email,
                                       .admin_name = options.admin_name,
                                       .admin_password = std::nullopt,
                                       .workspace = options.workspace};
  const bool has_file = !options.admin_password_file.empty();
  if (has_file) bootstrap.admin_password = read_secret(options.admin_password_file);
  const bool stated = bootstrap.admin_password.has_value();
  const auto done = identity::initialise((*housing)->engine(), (*housing)->passwords(), bootstrap);
  if (!done) {
    return say(done.error().kind == FaultKind::invalid ? kWrongUse : kCouldNot,
               done.error().text());
  }
  if (done->outcome == identity::Bootstrap::Outcome::already_there) {
    std::printf("There is an administrator already; nothing was changed.\n");
    return kDone;
  }
  std::printf("Workspace %s and the administrator %s are there.\n", options.workspace.c_str(),
              options.admin_email.c_str());
  if (done->outcome == identity::Bootstrap::Outcome::finished) {
    std::printf("An earlier init was cut off and is finished now.\n");
  }
  if (stated || !done->generated_password) return kDone;
  if (!has_file) {
    std::printf("Password, shown this once: %s\n", done->generated_password->c_str());
    return kDone;
  }
  if (const auto written = write_secret(options.admin_password_file, *done->generated_password);
      !written) {
    return say(kCouldNot, written.error().text());
  }
  std::printf("Its password is in %s\n", options.admin_password_file.c_str());
  return kDone;
}

int print_schemas() {
  std::string path = (std::filesystem::temp_directory_path() / "holdpoint-schema-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) return say(kCouldNot, "no temporary directory");
  int code = kDone;
  {
    auto housing = Housing::open({.data_directory = path,
                                  .server_name = {},
                                  .log_level = engine::LogLevel::error,
                                  .accept_rollback_because = std::nullopt});
    if (!housing) {
      code = say(kCouldNot, housing.error().text());
    } else {
      const Gatekeeper gatekeeper(**housing, [] { return std::string(); });
      const auto text = json::serialize(published_schemas(**housing, gatekeeper.router()));
      std::printf("%s\n", text.c_str());
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
  return code;
}

}  // namespace holdpoint::main

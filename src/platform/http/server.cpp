// Sockets, TLS, accept loops and threads: the only file that names Asio's I/O. One io_context per
// I/O thread, each with its own listening socket (SO_REUSEPORT), so that threads share nothing.
#include "platform/http/server.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <ctime>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "platform/http/connection.hpp"
#include "platform/http/lane.hpp"
#include "platform/http/response_writer.hpp"

namespace holdpoint::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Endpoint = asio::ip::tcp::endpoint;

constexpr int backlog_max = 1024;
constexpr std::size_t discard_bytes = 16U << 10;  // at a time
constexpr std::size_t discard_bytes_max = 64U << 20;
constexpr std::chrono::milliseconds accept_pause(100);  // when out of descriptors
constexpr std::chrono::milliseconds drain_poll(2);
constexpr std::uint32_t sweep_ms_max = 1'000;

std::uint64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Socket& socket_of(Socket& stream) { return stream; }
Socket& socket_of(TlsStream& stream) { return stream.next_layer(); }

/// The transport over a plain or a TLS stream; the two differ only in how they begin and end.
template <class Stream>
class StreamTransport final : public Transport {
 public:
  template <class... Arguments>
  explicit StreamTransport(Socket socket, Arguments&... tls) : stream_(std::move(socket), tls...) {}

  void open(Client client) override {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_handshake(
          asio::ssl::stream_base::server,
          [client = std::move(client)](error_code error) { client->on_ready(!error); });
    } else {
      post([client = std::move(client)] { client->on_ready(true); });
    }
  }

  void read(char* into, std::size_t bytes_max, Client client) override {
    stream_.async_read_some(asio::buffer(into, bytes_max),
                            [client = std::move(client)](error_code error, std::size_t bytes) {
                              client->on_read(error ? 0 : bytes);
                            });
  }

  void write(std::string_view first, std::string_view second, Client client) override {
    const std::array<asio::const_buffer, 2> both = {asio::buffer(first.data(), first.size()),
                                                    asio::buffer(second.data(), second.size())};
    stream_.async_write_some(both,
                             [client = std::move(client)](error_code error, std::size_t bytes) {
                               client->on_written(error ? 0 : bytes);
                             });
  }

  void finish(Client client) override {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_shutdown([this, client = std::move(client)](error_code) mutable {
        discard_rest(std::move(client));
      });
    } else {
      discard_rest(std::move(client));
    }
  }

  void close() override {
    error_code ignored;
    socket_of(stream_).close(ignored);
  }

  void post(std::move_only_function<void()> step) override {
    const Executor executor = socket_of(stream_).get_executor();
    asio::post(executor, std::move(step));
  }

 private:
  void discard_rest(Client client) {
    error_code ignored;
    socket_of(stream_).shutdown(asio::socket_base::shutdown_send, ignored);
    scratch_.resize(discard_bytes);
    discard(std::move(client));
  }

  void discard(Client client) {
    socket_of(stream_).async_read_some(
        asio::buffer(scratch_),
        [this, client = std::move(client)](error_code error, std::size_t bytes) mutable {
          discarded_ += bytes;
          if (error || discarded_ > discard_bytes_max) return client->on_finished();
          discard(std::move(client));
        });
  }

  Stream stream_;
  std::vector<char> scratch_;
  std::size_t discarded_ = 0;
};

using TlsContext = std::optional<asio::ssl::context>;

Result<TlsContext> make_tls(const ServerOptions& options) {
  if (options.tls_certificate_path.empty()) return TlsContext();
  try {
    TlsContext context(std::in_place, asio::ssl::context::tls_server);
    SSL_CTX* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(
        native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    context->use_certificate_chain_file(options.tls_certificate_path);
    context->use_private_key_file(options.tls_key_path, asio::ssl::context::pem);
    return context;
  } catch (const std::exception& error) {
    return fault(FaultKind::invalid, "http.tls " + options.tls_certificate_path, error.what());
  }
}

std::uint32_t sweep_ms(const ServerOptions& options) {
  const std::uint32_t least =
      std::min({options.header_ms_max, options.body_idle_ms_max, options.write_idle_ms_max,
                options.keep_alive_ms_max, options.heartbeat_ms});
  return std::clamp(least / 4, 10U, sweep_ms_max);
}

enum class Sharing : std::uint8_t { alone, with_siblings };

Result<void> open_listener(Acceptor& acceptor, const Endpoint& endpoint, Sharing sharing) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && sharing == Sharing::with_siblings) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
      error.assign(errno, boost::system::system_category());
    }
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(backlog_max, error);
  if (!error) return {};
  const std::string port = std::to_string(endpoint.port());
  return fault(FaultKind::unavailable, "http.listen " + endpoint.address().to_string() + ":" + port,
               error.message());
}

/// One I/O thread: its event loop, listening socket, connections and sweep.
class IoThread {
 public:
  IoThread(const ServerOptions& options, Application& application, WorkerPool& pool,
           Outstanding& outstanding, TlsContext& tls)
      : lane_{options, application, pool, outstanding}, tls_(tls), sweep_every_(sweep_ms(options)) {
    tick();
  }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  Result<void> listen(const Endpoint& endpoint, Sharing sharing) {
    return open_listener(acceptor_, endpoint, sharing);
  }
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] const LaneCounters& counters() const { return lane_.counters; }

  /// `full` says whether the whole server has as many connections as it may.
  void start(std::function<bool()> full) {
    full_ = std::move(full);
    accept_next();
    sweep_later();
    thread_ = std::thread([this] { run(); });
  }

  void post(std::move_only_function<void()> step) {
    asio::post(context_.get_executor(), std::move(step));
  }

  void wind_down() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    lane_.mode = Lane::Mode::draining;
    for (Connection* connection : present()) connection->wind_down();
  }

  void cut_all() {
    for (Connection* connection : present()) connection->cut();
  }

  void join() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  /// A copy, because what is done to a connection may end others.
  [[nodiscard]] std::vector<Connection*> present() const {
    return {lane_.connections.begin(), lane_.connections.end()};
  }

  void run() {
    for (;;) {
      try {
        context_.run();
        return;
      } catch (const std::exception& error) {
        // Out of memory at worst: the step is lost, its connection times out, the thread goes on.
        if (lane_.options.on_exception) lane_.options.on_exception({}, error.what());
      }
    }
  }

  void tick() {
    lane_.now_ms = steady_ms();
    lane_.date = imf_date(static_cast<std::int64_t>(std::time(nullptr)));
  }

  void sweep_later() {
    sweep_.expires_after(sweep_every_);
    sweep_.async_wait([this](error_code error) {
      if (error) return;
      tick();
      for (Connection* connection : present()) connection->sweep();
      sweep_later();
    });
  }

  void accept_next() {
    acceptor_.async_accept(context_.get_executor(), [this](error_code error, Socket socket) {
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (!error) {
        welcome(std::move(socket));
      } else if (error != asio::error::connection_aborted) {
        return pause_accepting();
      }
      accept_next();
    });
  }

  void pause_accepting() {
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](error_code error) {
      if (!error && acceptor_.is_open()) accept_next();
    });
  }

  void welcome(Socket socket) {
    if (full_()) return turn_away(std::move(socket));
    error_code error;
    const Endpoint peer = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    std::unique_ptr<Transport> transport;
    if (tls_) {
      transport = std::make_unique<StreamTransport<TlsStream>>(std::move(socket), *tls_);
    } else {
      transport = std::make_unique<StreamTransport<Socket>>(std::move(socket));
    }
    std::make_shared<Connection>(lane_, std::move(transport), peer.address().to_string(),
                                 tls_ ? Scheme::https : Scheme::http)
        ->start();
  }

  void turn_away(Socket socket) {
    constexpr std::string_view busy =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    lane_.counters.connections_refused.add();
    if (tls_) return;
    // Best effort: who does not read it now sees the connection close.
    [[maybe_unused]] const auto sent =
        ::send(socket.native_handle(), busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  Lane lane_;  // outlives the connections that context_ still holds when it is destroyed
  TlsContext& tls_;
  const std::chrono::milliseconds sweep_every_;
  std::function<bool()> full_;
  asio::io_context context_{1};
  Acceptor acceptor_{context_.get_executor()};
  Timer sweep_{context_.get_executor()};
  Timer pause_{context_.get_executor()};
  std::thread thread_;
};

}  // namespace

struct Server::State {
  State(ServerOptions given, Application& application, TlsContext context)
      : options(std::move(given)),
        tls(std::move(context)),
        pool(std::max(1U, options.worker_threads), options.queue_max) {
    for (unsigned i = 0; i < std::max(1U, options.io_threads); ++i) {
      threads.push_back(std::make_unique<IoThread>(options, application, pool, outstanding, tls));
    }
  }

  Result<void> listen();
  [[nodiscard]] std::size_t connections() const;
  void on_all(void (IoThread::*step)());

  const ServerOptions options;
  TlsContext tls;
  WorkerPool pool;
  Outstanding outstanding;
  std::vector<std::unique_ptr<IoThread>> threads;
  Endpoint endpoint;
  std::mutex stopping;
  bool stopped = false;
};

Result<void> Server::State::listen() {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fault(FaultKind::invalid, "http.listen " + options.address, error.message());
  endpoint = Endpoint(address, options.port);
  if (options.port != 0) {
    // Siblings may share the port, another server may not: a listener that does not share finds it.
    asio::io_context probe_context(1);
    Acceptor probe(probe_context.get_executor());
    HP_TRY_VOID(open_listener(probe, endpoint, Sharing::alone));
  }
  for (auto& thread : threads) {
    HP_TRY_VOID(thread->listen(endpoint, Sharing::with_siblings));
    endpoint.port(thread->port());
  }
  return {};
}

std::size_t Server::State::connections() const {
  std::size_t open = 0;
  for (const auto& thread : threads) open += thread->counters().connections_open.get();
  return open;
}

/// Runs the step on every I/O thread and waits until all have done it.
void Server::State::on_all(void (IoThread::*step)()) {
  std::latch done(static_cast<std::ptrdiff_t>(threads.size()));
  for (auto& thread : threads) {
    thread->post([&done, step, &target = *thread] {
      (target.*step)();
      done.count_down();
    });
  }
  done.wait();
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Application& application) {
  HP_TRY(TlsContext tls, make_tls(options));
  try {
    auto state = std::make_unique<State>(std::move(options), application, std::move(tls));
    HP_TRY_VOID(state->listen());
    for (auto& thread : state->threads) {
      thread->start([&all = *state] { return all.connections() >= all.options.connections_max; });
    }
    return std::unique_ptr<Server>(new Server(std::move(state)));
  } catch (const std::exception& error) {
    return fault(FaultKind::exhausted, "http.start", error.what());
  }
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return state_->endpoint.port(); }

std::string Server::address() const {
  const auto& ip = state_->endpoint.address();
  const std::string host = ip.is_v6() ? "[" + ip.to_string() + "]" : ip.to_string();
  return (state_->tls ? "https://" : "http://") + host + ":" + std::to_string(port());
}

void Server::stop() {
  const std::scoped_lock lock(state_->stopping);
  if (state_->stopped) return;
  state_->stopped = true;
  state_->on_all(&IoThread::wind_down);
  const std::uint64_t until_ms = steady_ms() + state_->options.drain_ms_max;
  while (state_->connections() > 0 && steady_ms() < until_ms) {
    std::this_thread::sleep_for(drain_poll);
  }
  state_->on_all(&IoThread::cut_all);
  const auto never_run = state_->pool.stop();
  state_->outstanding.wait_for_none();
  for (auto& thread : state_->threads) thread->join();
}

ServerCounters Server::counters() const {
  ServerCounters sum;
  for (const auto& thread : state_->threads) {
    const LaneCounters& lane = thread->counters();
    sum.connections_open += lane.connections_open.get();
    sum.connections_total += lane.connections_total.get();
    sum.connections_refused += lane.connections_refused.get();
    sum.requests_total += lane.requests_total.get();
    sum.answered_at_once += lane.answered_at_once.get();
    sum.responses_2xx += lane.responses[1].get();
    sum.responses_3xx += lane.responses[2].get();
    sum.responses_4xx += lane.responses[3].get();
    sum.responses_5xx += lane.responses[4].get();
    sum.bytes_received += lane.bytes_received.get();
    sum.bytes_sent += lane.bytes_sent.get();
    sum.refused_busy += lane.refused_busy.get();
    sum.timed_out += lane.timed_out.get();
    sum.event_streams_open += lane.event_streams_open.get();
    sum.event_streams_cut += lane.event_streams_cut.get();
  }
  sum.queue_length = state_->pool.waiting();
  return sum;
}

}  // namespace holdpoint::http

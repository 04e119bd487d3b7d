// The same server over TLS: handshake, requests, large bodies, old versions refused.
#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "platform/http/server.hpp"
#include "platform/http/test_application.hpp"
#include "platform/http/test_client.hpp"
#include "support/certificate.hpp"

namespace holdpoint::http {
namespace {

using test::Certificate;
using testing::TestClient;
using testing::TestServer;

ServerOptions tls_options(const Certificate& certificate) {
  ServerOptions options;
  options.tls_certificate_path = certificate.certificate_path();
  options.tls_key_path = certificate.key_path();
  return options;
}

/// A blocking TLS client on a connected socket.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int newest_version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, newest_version);
    SSL_CTX_set_cipher_list(context_, "DEFAULT:@SECLEVEL=0");
    const std::string address = "127.0.0.1:" + std::to_string(port);
    BIO* socket = BIO_new_connect(address.c_str());
    ssl_ = SSL_new(context_);
    if (BIO_do_connect(socket) != 1) {
      BIO_free_all(socket);
      return;
    }
    SSL_set_bio(ssl_, socket, socket);
    shaken_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ERR_clear_error();
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  [[nodiscard]] bool shaken() const { return shaken_; }
  void send(std::string_view bytes) {
    if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) <= 0) sent_all_ = false;
  }
  [[nodiscard]] bool sent_all() const { return sent_all_; }
  /// Reads until the server says goodbye; the flag tells whether it did.
  std::string rest() {
    std::string out;
    char buffer[16'384];
    for (;;) {
      const int got = SSL_read(ssl_, buffer, sizeof buffer);
      if (got <= 0) {
        clean_end_ = SSL_get_error(ssl_, got) == SSL_ERROR_ZERO_RETURN;
        return out;
      }
      out.append(buffer, static_cast<std::size_t>(got));
    }
  }
  [[nodiscard]] bool clean_end() const { return clean_end_; }

 private:
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool shaken_ = false;
  bool sent_all_ = true;
  bool clean_end_ = false;
};

TEST_CASE("requests over TLS are answered and the connection ends cleanly") {
  const Certificate certificate;
  TestServer t(tls_options(certificate));
  REQUIRE(t.server);
  CHECK(t.server->address().starts_with("https://"));
  TlsClient client(t.port());
  REQUIRE(client.shaken());
  client.send("GET /now HTTP/1.1\r\nHost: t\r\n\r\n");
  client.send("POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n");
  client.send(std::string(3'000'000, 'u'));
  client.send("GET /download?bytes=3000000 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  const std::string all = client.rest();
  CHECK(client.sent_all());
  CHECK(all.find("now") != std::string::npos);
  CHECK(all.find("3000000 " + sha256(std::string(3'000'000, 'u')).hex()) != std::string::npos);
  CHECK(all.size() > 3'000'000);
  CHECK(all.ends_with("0\r\n\r\n"));
  CHECK(client.clean_end());
}

TEST_CASE("TLS 1.2 is spoken and TLS 1.1 is not") {
  const Certificate certificate;
  TestServer t(tls_options(certificate));
  CHECK(TlsClient(t.port(), TLS1_2_VERSION).shaken());
  CHECK_FALSE(TlsClient(t.port(), TLS1_1_VERSION).shaken());
}

TEST_CASE("a client that speaks plain HTTP to TLS is cut off and harms nobody") {
  const Certificate certificate;
  ServerOptions options = tls_options(certificate);
  options.header_ms_max = 200;
  TestServer t(options);
  TestClient plain(t.port());
  plain.send("GET /now HTTP/1.1\r\nHost: t\r\n\r\n");
  TestClient silent(t.port());
  CHECK(TlsClient(t.port()).shaken());
  plain.rest();
  silent.rest();
  CHECK(plain.closed());
  CHECK(silent.closed());
}

TEST_CASE("a missing or mismatched certificate is a fault at the start") {
  const Certificate certificate;
  ServerOptions options = tls_options(certificate);
  options.tls_key_path = "/nonexistent.key";
  testing::TestApplication application;
  const auto started = Server::start(options, application);
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == FaultKind::invalid);
}

}  // namespace
}  // namespace holdpoint::http

// The reader over Beast's parser, the only file that names Beast. Beast finds the fields and the
// chunks; the rules that it leaves open (one Host, one length, "chunked" alone, known methods) are
// added here.
#include "platform/http/request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/target.hpp"

namespace holdpoint::http {

namespace {

namespace beast = boost::beast;
using BeastError = beast::http::error;

constexpr std::string_view methods_known[] = {"GET",   "HEAD",   "POST",   "PUT",
                                              "PATCH", "DELETE", "OPTIONS"};
/// Chunk headers may cost this much, and this much per body byte.
constexpr std::uint64_t chunk_overhead_bytes_max = 16U << 10;
constexpr std::uint64_t chunk_overhead_ratio_max = 16;

std::string_view plain(beast::string_view text) { return {text.data(), text.size()}; }

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool valid_host(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_~:[]%").find(c) != std::string_view::npos;
  });
}

/// Whether the request line is well-formed but for a version that is not ours. Beast calls both
/// "bad version".
bool names_other_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
  const auto space = line.rfind(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view version = line.substr(space + 1);
  return version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
         all_digits(version.substr(5, 1)) && all_digits(version.substr(7, 1));
}

}  // namespace

struct RequestReader::State {
  explicit State(ReaderLimits bounds) : limits(bounds) {}

  /// Sets the refusal and gives the error that makes Beast stop.
  beast::error_code refuse(int status, std::string_view code, std::string detail) {
    refusal = {status, code, std::move(detail)};
    return BeastError::bad_field;
  }

  beast::error_code take_start(std::string_view method, std::string_view target);
  beast::error_code take_field(std::string_view name, std::string_view value);
  beast::error_code check_head(std::optional<std::uint64_t> length);
  beast::error_code check_framing();
  beast::error_code take_body(std::string_view bytes);
  void fail(beast::error_code error);

  struct Parser final : beast::http::basic_parser<true> {
    explicit Parser(State& reader) : to(reader) {
      header_limit(static_cast<std::uint32_t>(to.limits.header_bytes_max));
      body_limit(boost::none);
    }
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view raw,
                         int version, beast::error_code& error) override {
      to.http_version = version;
      error = to.take_start(plain(method), plain(raw));
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       beast::error_code& error) override {
      error = to.take_field(plain(name), plain(value));
    }
    void on_header_impl(beast::error_code& error) override {
      const auto length = content_length();
      error = to.check_head(length ? std::optional<std::uint64_t>(*length) : std::nullopt);
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view bytes, beast::error_code& error) override {
      error = to.take_body(plain(bytes));
      return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes,
                                   beast::error_code& error) override {
      error = to.take_body(plain(bytes));
      return bytes.size();
    }
    void on_finish_impl(beast::error_code&) override {}

    State& to;
  };

  const ReaderLimits limits;
  std::optional<Parser> parser;
  Request* request = nullptr;
  Target target;
  Phase phase = Phase::head;
  ReadRefusal refusal;
  std::size_t head_bytes = 0;
  std::uint64_t body_raw_bytes = 0;
  std::uint64_t body_bytes = 0;
  std::uint64_t body_bytes_max = 0;
  std::string* body = nullptr;
  int http_version = 11;  // 10 or 11
  bool head_done = false;
  bool expects_continue = false;
};

beast::error_code RequestReader::State::take_start(std::string_view method,
                                                   std::string_view raw_target) {
  request->method = method;
  request->target = raw_target;
  if (raw_target.size() > limits.target_bytes_max) {
    return refuse(414, "target_too_long", "the request target is too long");
  }
  if (std::find(std::begin(methods_known), std::end(methods_known), method) ==
      std::end(methods_known)) {
    return refuse(501, "method_unknown", "this server does not know the request method");
  }
  const auto parsed = parse_target(raw_target, target);
  std::swap(request->path, target.path);
  std::swap(request->segments, target.segments);
  std::swap(request->parameters, target.parameters);
  return parsed ? beast::error_code() : refuse(400, "bad_target", std::string(parsed.error()));
}

beast::error_code RequestReader::State::take_field(std::string_view name, std::string_view value) {
  if (head_done) return {};  // a trailer field: framing is checked by Beast, the rest is dropped
  if (request->headers.size() == limits.headers_max) {
    return refuse(431, "too_many_headers", "the request has too many header fields");
  }
  request->headers.add(name, value);
  return {};
}

beast::error_code RequestReader::State::check_framing() {
  const Headers& headers = request->headers;
  if (headers.count("content-length") > 1) {
    return refuse(400, "bad_length", "the request has more than one Content-Length");
  }
  const auto length = headers.find("content-length");
  if (length && !all_digits(*length)) {
    return refuse(400, "bad_length", "the Content-Length is not a number");
  }
  const auto coding = headers.find("transfer-encoding");
  if (!coding) return {};
  if (length || headers.count("transfer-encoding") > 1 || http_version < 11) {
    return refuse(400, "bad_transfer_encoding", "the request's length is ambiguous");
  }
  if (!same_name(*coding, "chunked")) {
    return refuse(501, "transfer_encoding_unknown", "the only transfer encoding is chunked");
  }
  return {};
}

beast::error_code RequestReader::State::check_head(std::optional<std::uint64_t> length) {
  head_done = true;
  if (const auto error = check_framing()) return error;
  const Headers& headers = request->headers;
  const auto hosts = headers.count("host");
  if (hosts > 1 || (hosts == 0 && http_version >= 11)) {
    return refuse(400, "bad_host", "the request does not have exactly one Host");
  }
  if (hosts == 1 && !valid_host(*headers.find("host"))) {
    return refuse(400, "bad_host", "the Host is malformed");
  }
  if (const auto expect = headers.find("expect")) {
    if (!same_name(*expect, "100-continue")) {
      return refuse(417, "expectation_unknown", "the only expectation is 100-continue");
    }
    expects_continue = http_version >= 11;
  }
  request->content_length = length;
  return {};
}

beast::error_code RequestReader::State::take_body(std::string_view bytes) {
  body_bytes += bytes.size();
  if (body_bytes > body_bytes_max) {
    return refuse(413, "body_too_long", body_too_long(body_bytes_max));
  }
  body->append(bytes);
  return {};
}

void RequestReader::State::fail(beast::error_code error) {
  phase = Phase::refused;
  if (!refusal.code.empty()) return;
  if (error == BeastError::header_limit) {
    refusal = {431, "headers_too_long", "the request's header fields are too long"};
  } else if (error == BeastError::bad_content_length ||
             error == BeastError::multiple_content_length ||
             error == BeastError::bad_transfer_encoding) {
    refusal = {400, "bad_length", "the request's length is ambiguous"};
  } else if (head_done) {
    refusal = {400, "bad_chunk", "the request body is not well-formed chunks"};
  } else {
    refusal = {400, "bad_request", "the request is not well-formed HTTP/1.1"};
  }
}

RequestReader::RequestReader(ReaderLimits limits) : state_(std::make_unique<State>(limits)) {}
RequestReader::~RequestReader() = default;

void RequestReader::begin(Request& request) {
  request.method.clear();
  request.target.clear();
  request.path.clear();
  request.segments.clear();
  request.parameters.clear();
  request.headers.clear();
  request.content_length.reset();
  request.body.clear();
  request.path_parameters.clear();
  request.sink.reset();
  request.route = nullptr;
  request.caller.reset();
  State& s = *state_;
  s.parser.emplace(s);
  s.request = &request;
  s.phase = Phase::head;
  s.refusal = {};
  s.head_bytes = 0;
  s.body_raw_bytes = 0;
  s.body_bytes = 0;
  s.http_version = 11;
  s.head_done = false;
  s.expects_continue = false;
}

std::size_t RequestReader::feed_head(std::string_view bytes) {
  State& s = *state_;
  HP_ASSERT(s.phase == Phase::head && s.request, "HT-3: a head is read only when one is awaited");
  std::size_t skipped = 0;
  // RFC 9112 §2.2: an empty line before the request line is ignored.
  if (s.head_bytes == 0 && bytes.starts_with("\r\n")) skipped = 2;
  bytes.remove_prefix(skipped);
  if (bytes.empty() || bytes == "\r") return skipped;
  beast::error_code error;
  const std::size_t used = s.parser->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  s.head_bytes += used;
  const bool unfinished = error == BeastError::need_more;
  if (unfinished && s.head_bytes + (bytes.size() - used) >= s.limits.header_bytes_max) {
    error = BeastError::header_limit;
  }
  if (error == BeastError::header_limit && s.request->method.empty()) {
    s.refuse(414, "target_too_long", "the request line is too long");
  }
  if (error == BeastError::bad_version && names_other_version(bytes)) {
    s.refuse(505, "version_unknown", "this server speaks HTTP/1.1 and HTTP/1.0");
  }
  if (error && error != BeastError::need_more) {
    s.fail(error);
  } else if (s.parser->is_done()) {
    s.phase = Phase::complete;
  } else if (s.parser->is_header_done()) {
    s.phase = Phase::body;
    s.parser->eager(true);
  }
  return skipped + used;
}

std::size_t RequestReader::feed_body(std::string_view bytes, std::uint64_t bytes_max,
                                     std::string& into) {
  State& s = *state_;
  HP_ASSERT(s.phase == Phase::body, "HT-4: a body is read only after a head that announces one");
  if (bytes.empty()) return 0;
  s.body = &into;
  s.body_bytes_max = bytes_max;
  beast::error_code error;
  const std::size_t used = s.parser->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  s.body_raw_bytes += used;
  if (error == BeastError::need_more && bytes.size() - used >= s.limits.header_bytes_max) {
    error = s.refuse(431, "trailers_too_long", "a chunk header or trailer is too long");
  }
  if (s.body_raw_bytes - std::min(s.body_bytes, s.body_raw_bytes) >
      chunk_overhead_bytes_max + chunk_overhead_ratio_max * s.body_bytes) {
    error = s.refuse(400, "bad_chunk", "the chunk headers outweigh the body");
  }
  if (error && error != BeastError::need_more) {
    s.fail(error);
  } else if (s.parser->is_done()) {
    s.phase = Phase::complete;
  }
  return used;
}

RequestReader::Phase RequestReader::phase() const { return state_->phase; }
bool RequestReader::started() const { return state_->head_bytes > 0; }
bool RequestReader::keep_alive() const {
  return state_->head_done && state_->phase != Phase::refused && state_->parser->keep_alive();
}
bool RequestReader::chunks_allowed() const {
  return state_->head_done && state_->http_version >= 11;
}
bool RequestReader::expects_continue() const { return state_->expects_continue; }
std::uint64_t RequestReader::body_bytes() const { return state_->body_bytes; }

const ReadRefusal& RequestReader::refusal() const {
  HP_ASSERT(state_->phase == Phase::refused, "HT-5: only a refused request has a refusal");
  return state_->refusal;
}

}  // namespace holdpoint::http

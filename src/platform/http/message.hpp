// A request and an answer as the rest of the server sees them: plain values, free of sockets and of
// the parser. Large bodies never stand here: they flow through a BodySink or a BodySource.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fault.hpp"
#include "base/json.hpp"

namespace holdpoint::http {

class EventStream;
class LaterAnswer;
struct Route;

/// Where an uploaded body goes, chunk by chunk. Owned by the application. Called on worker threads
/// only, never by two at once; destroyed on a worker thread. MUST treat destruction without the
/// handler having run as an aborted upload.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// A fault ends the request: `invalid` is answered 400, `exhausted` 507, every other kind 500.
  virtual Result<void> write(std::string_view bytes) = 0;
};

/// Where a streamed answer comes from. Called and destroyed on worker threads only.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// At most `bytes_max` further bytes; "" at the end. A fault cuts the connection, so that the
  /// client sees a broken transfer and not a short document.
  virtual Result<std::string> read(std::size_t bytes_max) = 0;
};

/// Header fields in the order received. Names compare without regard to case (RFC 9110 §5.1).
/// Text lives in one buffer that is kept across the requests of a connection.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  void clear();
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  /// The field at that index, as received. The index MUST be below size().
  [[nodiscard]] std::pair<std::string_view, std::string_view> at(std::size_t index) const;
  /// The first field of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;

 private:
  struct Field {
    std::uint32_t begin;
    std::uint32_t name_bytes;
    std::uint32_t value_bytes;
  };
  std::string text_;
  std::vector<Field> fields_;
};

enum class Scheme : std::uint8_t { http, https };

struct Request {
  std::string method;                 // as received: "GET", "POST", …
  std::string target;                 // as received, with the query
  std::string path;                   // percent-decoded, starts with '/', always valid UTF-8
  std::vector<std::string> segments;  // of the path, percent-decoded; "/a/b" is {"a","b"}
  std::vector<std::pair<std::string, std::string>> parameters;  // of the query, decoded, in order
  Headers headers;
  std::optional<std::uint64_t> content_length;  // as announced; nullopt when chunked or no body
  std::string body;                             // empty when the body went to a sink
  std::string peer_address;                     // "192.0.2.1", without the port
  Scheme scheme = Scheme::http;
  std::map<std::string, std::string> path_parameters;  // filled by whoever routes
  std::shared_ptr<BodySink> sink;                      // the one of the BodyPlan, all bytes written
  // Both set by whoever admits the request, for its handler.
  const Route* route = nullptr;  // the row that matched; rows outlive requests
  std::any caller;

  /// The first header field of that name, whatever its case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The first query parameter of that name; names are compared exactly.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;
  /// A path parameter that the matched route declares. MUST be one of its names.
  [[nodiscard]] std::string_view parameter(const std::string& name) const;
  /// The value of a cookie in the Cookie header.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  /// Content-Length, Transfer-Encoding, Connection and Date are the server's. The one exception: a
  /// response with a source may name its Content-Length, and is then not sent in chunks.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<BodySource> source;   // a streamed download; `body` MUST be empty
  std::shared_ptr<EventStream> events;  // server-sent events; `body` MUST be empty
  std::shared_ptr<LaterAnswer> later;   // the whole answer comes through it; ignores all else
  std::shared_ptr<const Fault> fault;   // why the server failed; for its log, never sent

  /// Sets the field, replacing one of the same name. CR, LF and NUL in the value become spaces.
  Response& set(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

Response json_response(int status, const json::value& value);
/// For JSON that is already text.
Response json_text_response(int status, std::string text);
Response text_response(int status, std::string text);
/// 204.
Response no_content();

/// Whether two header names are the same (ASCII case folded).
bool same_name(std::string_view a, std::string_view b);
/// The standard phrase of a status ("Not Found"); "Unknown" for others.
std::string_view reason_phrase(int status);

}  // namespace holdpoint::http

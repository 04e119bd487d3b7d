// What every HTTP edge does the same way: read a described body, run a command as the caller with
// its idempotency key, turn refusals and faults into problems, page through lists.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "engine/caller.hpp"
#include "engine/engine.hpp"
#include "platform/http/message.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/router.hpp"

namespace holdpoint::engine::edge {

inline constexpr std::size_t page_items_max = 200;
inline constexpr std::size_t page_items_default = 50;
inline constexpr std::size_t idempotency_key_bytes_max = 128;

/// The caller that the gatekeeper attached. MUST be called on admitted requests only.
const Caller& caller_of(const http::Request& request);

http::Response respond(const Refusal& refusal);
http::Response respond(const Fault& fault);
http::Response respond(const JsonIssues& issues);
http::Response respond(const Result<CommandResult>& result);

/// Runs a command as the caller, in the workspace of the path, with the Idempotency-Key header.
/// `streamed_body` is the digest of a body that went to a sink.
http::Response run(Engine& engine, const http::Request& request, std::string name,
                   std::function<Outcome(Unit&)> command,
                   std::optional<Digest> streamed_body = std::nullopt);

/// The same without a thread that waits: the answer comes with the commit. `command` MUST hold what
/// it needs by value, since the request and the handler are gone when it runs.
http::Response run_later(Engine& engine, const http::Request& request, std::string name,
                         std::function<Outcome(Unit&)> command,
                         std::optional<Digest> streamed_body = std::nullopt);

/// The JSON body as T; otherwise the 422 (or 400, 415) problem to answer with.
template <class T>
std::expected<T, http::Response> body_of(const http::Request& request);

std::expected<json::value, http::Response> json_body(const http::Request& request);

/// The media type of the body in lower case, without its parameters (RFC 9110 §8.3.1).
std::optional<std::string> media_type_of(const http::Request& request);

/// 200 (or the status given) with the described value.
template <class T>
http::Response ok(const T& value, int status = 200) {
  return http::json_text_response(status, to_json_text(value));
}
/// The same for a command's answer.
template <class T>
Outcome answer(const T& value, int status = 200) {
  return Answer{status, to_json_text(value)};
}

/// `limit` and `cursor` of the query. A cursor is opaque to clients.
struct PageRequest {
  std::size_t limit = page_items_default;
  std::string after;  // the key of the last item seen, "" for the first page
};
std::expected<PageRequest, http::Response> page_of(const http::Request& request);
std::string cursor_text(std::string_view key);

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
};

/// {"items":[…],"next_cursor":"…"}; MUST be given at most limit + 1 items, of which the last tells
/// that there are more. key_of(item) gives the text to continue after.
template <class T, class KeyOf>
http::Response page(std::vector<T> items, std::size_t limit, KeyOf&& key_of) {
  std::string out = "{\"items\":";
  std::optional<std::string> next;
  if (items.size() > limit) {
    items.resize(limit);
    next = cursor_text(key_of(items.back()));
  }
  describe::write(out, items);
  if (next) {
    out += ",\"next_cursor\":";
    append_json_string(out, *next);
  }
  out += '}';
  return http::json_text_response(200, std::move(out));
}

/// Schemas of bodies for route rows.
template <class T>
http::Schema schema_of() {
  return [](json::object& components) { return json::value(describe::schema<T>(components)); };
}
template <class T>
http::Schema page_schema_of() {
  return [](json::object& components) {
    return json::value{{"type", "object"},
                       {"required", {"items"}},
                       {"properties",
                        {{"items", {{"type", "array"}, {"items", describe::schema<T>(components)}}},
                         {"next_cursor", {{"type", "string"}}}}}};
  };
}

inline const std::vector<http::Parameter> kPageParameters{
    {"limit", "Items in a page, 1 to 200", "integer", http::Presence::optional},
    {"cursor", "Where the page starts, from next_cursor", "string", http::Presence::optional}};

template <class T>
std::expected<T, http::Response> body_of(const http::Request& request) {
  auto value = json_body(request);
  if (!value) return std::unexpected(std::move(value).error());
  auto read = from_json<T>(*value);
  if (!read) return std::unexpected(respond(read.error()));
  return std::move(*read);
}

}  // namespace holdpoint::engine::edge

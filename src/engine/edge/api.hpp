// What every HTTP edge does the same way: read a described body, run a command as the caller with
// its idempotency key, turn refusals and faults into problems, page through lists.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "engine/caller.hpp"
#include "engine/columns.hpp"
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
/// A fault is never the client's: 500, or 503 and 504 when it passes. What a row names and is not
/// there is damage, not "not found". The response carries the fault to the gatekeeper's log.
http::Response respond(const Fault& fault);
http::Response respond(const JsonIssues& issues);
/// Without the fault of a failed command, which the writer has logged.
http::Response respond(const Result<CommandResult>& result);

/// The same as a command's answer: unlike a refusal it keeps what the command recorded, and a retry
/// with the same Idempotency-Key gets it again.
Outcome problem_answer(const Refusal& refusal);

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

/// The same for a list in the order of the ledger.
struct SequencePageRequest {
  std::size_t limit = page_items_default;
  std::optional<std::int64_t> after;  // the entry of the last item seen

  /// One row more than the page holds, so that the page knows whether there are more.
  [[nodiscard]] std::size_t rows() const { return limit + 1; }
  /// The bound of `seq > $n`, for the oldest first.
  [[nodiscard]] std::int64_t from_oldest() const { return after.value_or(-1); }
  /// The bound of `seq < $n`, for the newest first.
  [[nodiscard]] std::int64_t from_newest() const { return after.value_or(INT64_MAX); }
};
std::expected<SequencePageRequest, http::Response> sequence_page_of(const http::Request& request);

/// {"items":[…],"next_cursor":"…"} with the text to continue after, if there are more.
template <class T>
http::Response page_of_items(const std::vector<T>& items, const std::optional<std::string>& next) {
  std::string out = "{\"items\":";
  describe::write(out, items);
  if (next) {
    out += ",\"next_cursor\":";
    append_json_string(out, cursor_text(*next));
  }
  out += '}';
  return http::json_text_response(200, std::move(out));
}

/// MUST be given at most limit + 1 items, of which the last tells that there are more.
/// key_of(item) gives the text to continue after.
template <class T, class KeyOf>
http::Response page(std::vector<T> items, std::size_t limit, KeyOf&& key_of) {
  if (items.size() <= limit) return page_of_items(items, std::nullopt);
  items.resize(limit);
  return page_of_items(items, key_of(items.back()));
}

/// The same in the order of the ledger; show(item) gives what is listed of it.
template <class T, class Show>
http::Response sequence_page(std::vector<columns::Sequenced<T>> rows, std::size_t limit,
                             Show&& show) {
  std::optional<std::string> next;
  if (rows.size() > limit) {
    rows.resize(limit);
    next = std::to_string(rows.back().seq);
  }
  std::vector<std::invoke_result_t<Show&, T&>> items;
  items.reserve(rows.size());
  for (auto& row : rows) items.push_back(show(row.item));
  return page_of_items(items, next);
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

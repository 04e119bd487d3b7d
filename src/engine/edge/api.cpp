// See api.hpp.
#include "engine/edge/api.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "platform/http/later_answer.hpp"

namespace holdpoint::engine::edge {
namespace {

int status_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::invalid: return 422;
    case RefusalKind::not_found: return 404;
    case RefusalKind::conflict: return 409;
    case RefusalKind::precondition: return 412;
    case RefusalKind::forbidden: return 403;
    case RefusalKind::exhausted: return 429;
  }
  return 500;
}

int status_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::exhausted:
    case FaultKind::unavailable: return 503;
    case FaultKind::timeout: return 504;
    case FaultKind::not_found:
    case FaultKind::io:
    case FaultKind::corrupt:
    case FaultKind::invalid: return 500;
  }
  return 500;
}

}  // namespace

const Caller& caller_of(const http::Request& request) {
  const auto* caller = std::any_cast<std::shared_ptr<const Caller>>(&request.caller);
  HP_ASSERT(caller != nullptr && *caller != nullptr, "EN-2: an admitted request has a caller");
  return **caller;
}

http::Response respond(const Refusal& refusal) {
  http::Problem problem{.status = status_of(refusal.kind),
                        .code = refusal.code,
                        .title = {},
                        .detail = refusal.sentence,
                        .errors = {},
                        .parameters = refusal.parameters,
                        .next = {}};
  problem.title = http::reason_phrase(problem.status);
  for (const JsonIssue& issue : refusal.issues) {
    problem.errors.push_back({issue.path, issue.message});
  }
  for (const NextStep& step : refusal.next) {
    problem.next.push_back({step.actor, step.action, step.command});
  }
  return http::problem_response(problem);
}

Outcome problem_answer(const Refusal& refusal) {
  http::Response response = respond(refusal);
  return Answer{response.status, std::move(response.body)};
}

http::Response respond(const Fault& fault) {
  const int status = status_of(fault.kind);
  auto response = http::problem_response(
      status, status == 503 ? "unavailable" : "internal_error",
      status == 503 ? "The server cannot take this request now; try again."
                    : "The server met a fault; nothing was recorded. Its log names the cause.");
  if (status == 503) response.set("Retry-After", "1");
  response.fault = std::make_shared<const Fault>(fault);
  return response;
}

http::Response respond(const JsonIssues& issues) {
  Refusal refusal{RefusalKind::invalid, "invalid_content", "The content is not what is expected."};
  refusal.issues = issues;
  return respond(refusal);
}

http::Response respond(const Result<CommandResult>& result) {
  if (!result) {
    auto response = respond(result.error());
    response.fault.reset();
    return response;
  }
  if (!result->outcome) return respond(result->outcome.error());
  const Answer& answer = *result->outcome;
  auto response = answer.status == 204 ? http::no_content()
                                       : http::json_text_response(answer.status, answer.body);
  if (answer.status >= 400) response.set("Content-Type", "application/problem+json");
  if (result->replayed) response.set("Idempotency-Replayed", "true");
  return response;
}

namespace {

std::expected<Command, http::Response> command_of(const http::Request& request, std::string name,
                                                  std::function<Outcome(Unit&)> run,
                                                  const std::optional<Digest>& streamed_body) {
  const Caller& caller = caller_of(request);
  Command command{.workspace = caller.workspace,
                  .actor = caller.actor,
                  .origin = caller.origin,
                  .idempotency = std::nullopt,
                  .name = std::move(name),
                  .run = std::move(run)};
  const auto key = request.header("Idempotency-Key");
  if (!key) return command;
  if (key->empty() || key->size() > idempotency_key_bytes_max) {
    return std::unexpected(http::problem_response(
        422, "invalid_idempotency_key", "Idempotency-Key must have 1 to 128 characters."));
  }
  Sha256 hasher;
  hasher.update(request.method).update("\n").update(request.target).update("\n");
  hasher.update(streamed_body ? streamed_body->view() : std::string_view(request.body));
  command.idempotency = Idempotency{std::string(*key), hasher.finish()};
  return command;
}

}  // namespace

http::Response run(Engine& engine, const http::Request& request, std::string name,
                   std::function<Outcome(Unit&)> command, std::optional<Digest> streamed_body) {
  auto ready = command_of(request, std::move(name), std::move(command), streamed_body);
  if (!ready) return std::move(ready).error();
  return respond(engine.execute(std::move(*ready)));
}

http::Response run_later(Engine& engine, const http::Request& request, std::string name,
                         std::function<Outcome(Unit&)> command,
                         std::optional<Digest> streamed_body) {
  auto ready = command_of(request, std::move(name), std::move(command), streamed_body);
  if (!ready) return std::move(ready).error();
  auto later = std::make_shared<http::LaterAnswer>();
  const auto submission =
      engine.submit(std::move(*ready),
                    [later](const Result<CommandResult>& result) { later->give(respond(result)); });
  const auto unanswered = [](FaultKind kind, std::string what) {
    return respond(Result<CommandResult>(fault(kind, "engine", std::move(what))));
  };
  if (submission == Submission::overloaded) {
    return unanswered(FaultKind::exhausted, "too many commands are waiting");
  }
  if (submission == Submission::stopped) {
    return unanswered(FaultKind::unavailable, "not taking commands");
  }
  http::Response response;
  response.later = std::move(later);
  return response;
}

std::optional<std::string> media_type_of(const http::Request& request) {
  const auto field = request.header("Content-Type");
  if (!field) return std::nullopt;
  std::string type(field->substr(0, field->find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return type;
}

std::expected<json::value, http::Response> json_body(const http::Request& request) {
  if (const auto type = media_type_of(request); type && *type != "application/json") {
    return std::unexpected(http::problem_response(415, "unsupported_media_type",
                                                  "The body must be application/json."));
  }
  auto value = parse_json(request.body);
  if (!value) {
    const JsonIssue& issue = value.error();
    http::Problem problem;
    problem.status = 400;
    problem.code = "malformed_json";
    problem.detail = "The body is not JSON: " + issue.text();
    problem.errors.push_back({issue.path, issue.message});
    return std::unexpected(http::problem_response(problem));
  }
  return std::move(*value);
}

namespace {

http::Response no_cursor() {
  return respond(JsonIssues{{"cursor", "expected the next_cursor of an earlier page"}});
}

}  // namespace

std::expected<PageRequest, http::Response> page_of(const http::Request& request) {
  PageRequest page;
  if (const auto limit = request.query("limit")) {
    const auto [end, error] =
        std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 ||
        page.limit > page_items_max) {
      return std::unexpected(respond(JsonIssues{{"limit", "expected an integer from 1 to 200"}}));
    }
  }
  if (const auto cursor = request.query("cursor")) {
    auto after = from_base64url(*cursor);
    if (!after || !is_utf8(*after)) {
      return std::unexpected(no_cursor());
    }
    page.after = std::move(*after);
  }
  return page;
}

std::expected<SequencePageRequest, http::Response> sequence_page_of(const http::Request& request) {
  auto wanted = page_of(request);
  if (!wanted) return std::unexpected(std::move(wanted).error());
  SequencePageRequest page{wanted->limit, std::nullopt};
  if (wanted->after.empty()) return page;
  const char* const end = wanted->after.data() + wanted->after.size();
  std::int64_t after = -1;
  const auto [at, error] = std::from_chars(wanted->after.data(), end, after);
  if (error != std::errc{} || at != end || after < 0) return std::unexpected(no_cursor());
  page.after = after;
  return page;
}

std::string cursor_text(std::string_view key) { return to_base64url(key); }

}  // namespace holdpoint::engine::edge

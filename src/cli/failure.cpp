// Problem details (RFC 9457) and faults turned into sentences and exit codes.
#include "cli/failure.hpp"

#include "cli/fields.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t items_shown_max = 50;

bool is_away(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

/// By a rule of the server: what is asked for stands against what is, or the people who may do it
/// are others. Without a code it is not the server that says so.
bool is_ruled(int status, std::string_view code) {
  if (status == 409 || status == 412) return !code.empty();
  // Without the permission the question itself was not answered.
  return status == 403 && !code.empty() && code != "permission_denied" &&
         code != "cross_site_request";
}

Exit exit_of(int status, std::string_view code) {
  if (is_ruled(status, code)) return Exit::no;
  const bool is_unanswered = status == 401 || status == 403 || status == 409 || status == 412;
  if (is_unanswered || is_away(status)) return Exit::unknown;
  if (status >= 400) return Exit::wrong_use;
  return Exit::unknown;
}

std::vector<JsonIssue> issues_of(const json::object& problem) {
  std::vector<JsonIssue> issues;
  const json::array* errors = array_at(problem, "errors");
  if (errors == nullptr) return issues;
  for (const json::value& entry : *errors) {
    if (const auto* error = entry.if_object(); error != nullptr) {
      issues.push_back({shown_at(*error, "path"), shown_at(*error, "message"), 0});
    }
  }
  return issues;
}

NextStep sign_in_step(int status) {
  if (status == 401) {
    return {"you", "Sign in, or set HOLDPOINT_TOKEN to a valid token.", "holdpoint login"};
  }
  return {"an administrator of the workspace", "Grant the permission that is missing.", ""};
}

}  // namespace

std::unexpected<Failure> wrong_use(std::string what, std::string where, std::string action) {
  Failure failure{Exit::wrong_use, Cause::local, std::move(what), std::move(where), "", 0};
  if (!action.empty()) failure.next.push_back({"you", std::move(action), ""});
  return std::unexpected(std::move(failure));
}

std::unexpected<Failure> malformed(std::string what, std::string where) {
  Failure failure{Exit::unknown, Cause::malformed, std::move(what), std::move(where), "", 0};
  failure.next.push_back(
      {"you", "Check that --server names a Holdpoint server and not a proxy's page.", ""});
  return std::unexpected(std::move(failure));
}

Failure failure_of(const Reply& reply, const std::string& where) {
  Failure failure{exit_of(reply.status, ""),
                  is_away(reply.status) ? Cause::away : Cause::answered,
                  "The server answered " + std::to_string(reply.status) + ".",
                  where,
                  "",
                  reply.status};
  if (reply.status < 400) {
    failure.cause = Cause::malformed;
    failure.what = "The server answered " + std::to_string(reply.status) +
                   ", which is no answer to this request (redirects are not followed).";
  }
  if (const auto document = parse_json(reply.body); document && document->is_object()) {
    const json::object& problem = document->get_object();
    failure.code = shown_at(problem, "code");
    failure.exit = exit_of(reply.status, failure.code);
    std::string detail = shown_at(problem, "detail");
    if (detail.empty()) detail = shown_at(problem, "title");
    if (!detail.empty()) failure.what = std::move(detail);
    failure.errors = issues_of(problem);
    failure.next = next_steps(problem);
  }
  if (failure.next.empty() && (reply.status == 401 || reply.status == 403)) {
    failure.next.push_back(sign_in_step(reply.status));
  }
  return failure;
}

Failure failure_of(const Fault& fault, const std::string& where) {
  Failure failure{Exit::unknown, Cause::away, fault.what, where, "", 0};
  if (fault.kind == FaultKind::timeout) {
    failure.what = "The server did not answer in time: " + fault.what;
  } else if (fault.kind == FaultKind::unavailable || fault.kind == FaultKind::not_found) {
    failure.what = "The server cannot be reached: " + fault.what;
  } else if (fault.kind == FaultKind::invalid) {
    failure.exit = Exit::wrong_use;
    failure.cause = Cause::local;
  } else if (fault.kind == FaultKind::exhausted) {
    failure.cause = Cause::malformed;
  }
  failure.next.push_back(
      {"you", "Check --server (or HOLDPOINT_SERVER) and that the server is up.", ""});
  return failure;
}

NextStep step_of(std::string actor, std::string action, const json::object& step) {
  if (const std::string due = instant_at(step, "due"); !due.empty()) {
    actor += (actor.empty() ? "by " : ", by ") + due;
  }
  const auto verified = truth_at(step, "verified");
  const std::string because = shown_at(step, "unverified_because");
  if (verified == true) action += " ✓ verified";
  if (verified == false) action += " (not verified" + (because.empty() ? "" : ": " + because) + ")";
  return {std::move(actor), std::move(action), shown_at(step, "command")};
}

std::string opening_text(const json::object& object, std::string_view name) {
  const std::string at = instant_at(object, name);
  return at.empty() ? "" : "opens by itself at " + at;
}

std::vector<NextStep> next_steps(const json::object& object) {
  std::vector<NextStep> steps;
  const json::array* next = array_at(object, "next");
  if (next == nullptr) return steps;
  for (const json::value& entry : *next) {
    if (const auto* step = entry.if_object(); step != nullptr) {
      steps.push_back(step_of(shown_at(*step, "actor"), shown_at(*step, "action"), *step));
    }
  }
  return steps;
}

std::string next_text(const std::vector<NextStep>& next, std::size_t indent) {
  std::string out;
  std::size_t shown = 0;
  for (const NextStep& step : next) {
    if (++shown > items_shown_max) break;
    const std::string actor = step.actor.empty() ? "next" : step.actor;
    out += marked("→", actor + ": " + step.action, indent);
    if (!step.command.empty()) {
      out += std::string(indent + 4, ' ') + printable(step.command) + '\n';
    }
  }
  return out;
}

std::string failure_text(const Failure& failure) {
  std::string out = "error: " + printable(failure.what) + '\n';
  if (!failure.where.empty()) {
    out += "  at " + printable(failure.where);
    if (!failure.code.empty()) out += " (" + printable(failure.code) + ")";
    out += '\n';
  }
  std::size_t shown = 0;
  for (const JsonIssue& issue : failure.errors) {
    if (++shown > items_shown_max) {
      out += "  and " + std::to_string(failure.errors.size() - items_shown_max) + " more\n";
      break;
    }
    out += "  " + printable(issue.path.empty() ? issue.message : issue.path + ": " + issue.message);
    out += '\n';
  }
  out += next_text(failure.next, 2);
  return out;
}

}  // namespace holdpoint::cli

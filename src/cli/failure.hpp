// Why a command could not do what it was asked: with the exit code that belongs to it, what went
// wrong, where, and what to do next.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "base/refusal.hpp"
#include "cli/exit.hpp"
#include "cli/transport.hpp"

namespace holdpoint::cli {

enum class Cause : std::uint8_t {
  local,      // the command line or this machine
  away,       // no reply, or one that says "not now"
  answered,   // the server said no
  malformed,  // a reply that makes no sense
};

struct Failure {
  Exit exit = Exit::unknown;
  Cause cause = Cause::local;
  std::string what;   // the sentence
  std::string where;  // the request or the file
  std::string code;   // the server's code for the problem
  int status = 0;     // HTTP, when there was a reply
  std::vector<JsonIssue> errors{};
  std::vector<NextStep> next{};
};

template <class T>
using Tried = std::expected<T, Failure>;

/// Wrong use: `what` names it, `action` says what to do instead.
std::unexpected<Failure> wrong_use(std::string what, std::string where, std::string action);
/// An answer that cannot be understood, from `where`.
std::unexpected<Failure> malformed(std::string what, std::string where);

/// What a reply that is no success means.
Failure failure_of(const Reply& reply, const std::string& where);
/// What a missing reply means.
Failure failure_of(const Fault& fault, const std::string& where);

/// The lines for people: "error: …" and, indented, errors with paths and next steps.
std::string failure_text(const Failure& failure);

/// A step as it is read: the actor with by when, the action with whether it was proved to suffice.
/// `step` is what the server says of it.
NextStep step_of(std::string actor, std::string action, const json::object& step);
/// "opens by itself at …", or "" when the server does not say when.
std::string opening_text(const json::object& object, std::string_view name);

/// The next steps of an answer, "who: what" and the command below.
std::vector<NextStep> next_steps(const json::object& object);
std::string next_text(const std::vector<NextStep>& next, std::size_t indent);

}  // namespace holdpoint::cli

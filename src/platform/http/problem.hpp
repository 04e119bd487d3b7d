// Problems (RFC 9457): the one form in which the API says no. `code` is stable and for programs,
// `detail` is for people, `next` names who can do what about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "platform/http/message.hpp"

namespace holdpoint::http {

struct FieldIssue {
  std::string path;  // JSON Pointer into the request body, or the name of a parameter
  std::string message;
};

struct NextAction {
  std::string actor;    // who can act: "release manager", "you"
  std::string action;   // what they do, as a sentence
  std::string command;  // the command line for it; may be empty
};

struct Problem {
  int status = 500;
  std::string code;  // stable, snake_case
  std::string title;
  std::string detail;
  std::vector<FieldIssue> errors;
  json::object parameters;  // the values the detail speaks of, by name
  std::vector<NextAction> next;
};

/// The document; members that are empty are left out.
json::value problem_document(const Problem& problem);

/// application/problem+json; `type` is "https://holdpoint.dev/problems/<code>".
Response problem_response(const Problem& problem);

/// For refusals without parameters; the title is the status's standard phrase.
Response problem_response(int status, std::string_view code, std::string_view detail);

/// What to say of a body that is longer than its route accepts.
std::string body_too_long(std::uint64_t bytes_max);

}  // namespace holdpoint::http

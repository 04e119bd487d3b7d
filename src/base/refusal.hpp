// A refusal: the domain says no. It is a value with a stable code, a sentence, the evidence and who
// can act next; never logged as an error. Each capability makes its refusals in its own
// refusals.hpp from a closed set of codes.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace holdpoint {

/// What kind of no: the faces translate it (HTTP status, exit code).
enum class RefusalKind : std::uint8_t {
  invalid,       // the request's content is wrong; `issues` say where
  not_found,     // what it names does not exist, or not for this actor
  conflict,      // it contradicts the present state
  precondition,  // it was made for another revision
  forbidden,     // the actor may not
  exhausted,     // a named bound is reached
};

struct NextStep {
  std::string actor;    // who can act: "release manager", "you"
  std::string action;   // what to do, as a sentence
  std::string command;  // the command line for it, when there is one
};

struct Refusal {
  RefusalKind kind{};
  std::string code;      // stable, snake_case
  std::string sentence;  // for people
  std::vector<JsonIssue> issues{};
  json::object parameters{};
  std::vector<NextStep> next{};
};

template <class T>
using Decided = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(RefusalKind kind, std::string code, std::string sentence) {
  return std::unexpected(Refusal{kind, std::move(code), std::move(sentence)});
}
inline std::unexpected<Refusal> refuse(Refusal refusal) {
  return std::unexpected(std::move(refusal));
}

}  // namespace holdpoint

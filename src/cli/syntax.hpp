// A command as a row: its name, its parameters bound to where their values go, and what it does.
// The parser, the help, the completion scripts and the tests of the reference all read these rows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "cli/exit.hpp"

namespace holdpoint::cli {

class Session;

/// An option whose value may be left out: given without one, `value` stays empty.
struct OptionalValue {
  bool given = false;
  std::string value;
};

enum class Presence : std::uint8_t { optional, required };
/// What a value is, for completion.
enum class ValueKind : std::uint8_t { text, path };

struct Parameter {
  using Target = std::variant<bool*, int*, std::string*, std::vector<std::string>*, OptionalValue*>;

  std::string name;   // "--kind", "-f,--file", or "release" for an argument by position
  std::string value;  // shown in help: "KIND"; "" for a switch
  std::string description;
  Target target;
  Presence presence = Presence::optional;
  std::vector<std::string> choices{};
  ValueKind kind = ValueKind::text;

  [[nodiscard]] bool positional() const { return !name.starts_with('-'); }
};

struct Command {
  std::string name;  // "gate check"
  std::string summary;
  std::vector<Parameter> parameters;
  /// Called once, after the parameters were filled in.
  std::function<Exit(Session&)> run;
};

}  // namespace holdpoint::cli

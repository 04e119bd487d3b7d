// The question of a gate and its answer: may this version, with this artifact, be deployed to that
// environment. Only the exact word "open" opens; whatever else is not yes.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace holdpoint::cli {

struct GateOptions {
  std::string release;
  std::string environment;
  std::string artifact;
};

enum class Decision : std::uint8_t { open, closed, unknown };

struct GateAnswer {
  Decision decision = Decision::unknown;
  Answer answer;
};

/// The parameters that both gate commands have.
std::vector<Parameter> gate_parameters(GateOptions& options);

struct GateQuestion {
  std::string application;
  std::string version;
  std::string environment;
  std::string artifact;  // "sha256:…" or ""
};

/// The question of the command line; a file given as --artifact is hashed, once.
Tried<GateQuestion> gate_question(const GateOptions& options);

/// An answer without a known decision, without a list of reasons, or to another question is
/// malformed.
Tried<GateAnswer> ask_gate(const GateQuestion& question, Session& session);

/// open: yes; closed: no; unknown: unknown.
Exit exit_of(Decision decision);
void show_gate(const GateOptions& options, const GateAnswer& answer, Session& session);

}  // namespace holdpoint::cli

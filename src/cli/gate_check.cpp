// holdpoint gate check: one question, one answer, no effect.
#include <memory>

#include "cli/commands.hpp"
#include "cli/gate.hpp"

namespace holdpoint::cli {
namespace {

Exit check(const GateOptions& options, Session& session) {
  const auto question = gate_question(options);
  if (!question) return session.fail(question.error());
  const auto answer = ask_gate(*question, session);
  if (!answer) return session.fail(answer.error());
  show_gate(options, *answer, session);
  return exit_of(answer->decision);
}

}  // namespace

Command gate_check_command() {
  const auto options = std::make_shared<GateOptions>();
  return {"gate check", "Ask whether a version may be deployed", gate_parameters(*options),
          [options](Session& session) { return check(*options, session); }};
}

}  // namespace holdpoint::cli

// Asking a gate.
#include "cli/gate.hpp"

#include <ostream>

#include "cli/fields.hpp"
#include "cli/gate_text.hpp"
#include "cli/release_ref.hpp"

namespace holdpoint::cli {
namespace {

std::optional<Decision> decision_of(const json::object& answer) {
  const std::string text = shown_at(answer, "decision");
  if (text == "open") return Decision::open;
  if (text == "closed") return Decision::closed;
  if (text == "unknown") return Decision::unknown;
  return std::nullopt;
}

/// A gate says what it was asked; an answer to another question, from a cache for example, is none.
bool answers(const json::object& document, const GateQuestion& question) {
  const auto same = [&](std::string_view name, const std::string& asked) {
    const auto said = text_at(document, name);
    return !said || asked.empty() || *said == asked;
  };
  return same("application", question.application) && same("version", question.version) &&
         same("environment", question.environment) && same("artifact", question.artifact);
}

}  // namespace

std::vector<Parameter> gate_parameters(GateOptions& options) {
  return {{"release", "APP@VERSION", "The version to deploy", &options.release, Presence::required},
          {"--env", "ENVIRONMENT", "Where to deploy it", &options.environment, Presence::required},
          {"--artifact",
           "DIGEST|FILE",
           "What is deployed, by digest or as a file",
           &options.artifact,
           Presence::optional,
           {},
           ValueKind::path}};
}

Tried<GateQuestion> gate_question(const GateOptions& options) {
  HP_TRY(const ReleaseName name, parse_release_name(options.release));
  GateQuestion question{name.application, name.version, options.environment, ""};
  if (!options.artifact.empty()) {
    HP_TRY(question.artifact, artifact_digest(options.artifact));
  }
  return question;
}

Tried<GateAnswer> ask_gate(const GateQuestion& question, Session& session) {
  const std::string path =
      session.in_workspace({"gate"}) + query_of({{"application", question.application},
                                                 {"version", question.version},
                                                 {"environment", question.environment},
                                                 {"artifact", question.artifact}});
  HP_TRY(Answer answer, session.get(path));
  const std::string where = "GET " + session.server() + "/api/v1" + path;
  const auto decision = decision_of(answer.document);
  if (answer.status != 200 || !decision) {
    return malformed("The answer holds no decision; the gate counts as not open.", where);
  }
  if (array_at(answer.document, "reasons") == nullptr) {
    return malformed("The answer holds no reasons; the gate counts as not open.", where);
  }
  if (!answers(answer.document, question)) {
    return malformed("The answer is to another question; the gate counts as not open.", where);
  }
  return GateAnswer{*decision, std::move(answer)};
}

Exit exit_of(Decision decision) {
  switch (decision) {
    case Decision::open: return Exit::yes;
    case Decision::closed: return Exit::no;
    case Decision::unknown: return Exit::unknown;
  }
  return Exit::unknown;
}

void show_gate(const GateOptions& options, const GateAnswer& gate, Session& session) {
  if (session.format() == Format::json) {
    session.print_json(gate.answer);
    return;
  }
  session.out() << gate_text(options.release, options.environment, gate.answer.document,
                             session.colour());
}

}  // namespace holdpoint::cli

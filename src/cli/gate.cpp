// Asking a gate and showing its reasons.
#include "cli/gate.hpp"

#include <ostream>

#include "cli/fields.hpp"
#include "cli/release_ref.hpp"
#include "cli/words.hpp"

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

std::string reason_text(const json::object& reason) {
  std::string sentence = shown_at(reason, "sentence");
  for (const char* name : {"criterion", "criteria"}) {
    if (const std::string part = shown_at(reason, name); !part.empty()) {
      sentence = part + ": " + sentence;
    }
  }
  if (const std::string code = shown_at(reason, "code"); !code.empty()) {
    sentence += " (" + code + ")";
  }
  std::string out = indented("• " + sentence, 2);
  if (const std::string detail = shown_at(reason, "detail"); !detail.empty()) {
    out += indented(detail, 4);
  }
  if (const std::string opens = opening_text(reason, "unblocks_at"); !opens.empty()) {
    out += indented(opens, 4);
  }
  return out + next_text(next_steps(reason), 4);
}

/// Policies on trial that would have closed the gate, had they been enforced.
std::string trials_text(const json::object& document) {
  const json::array* policies = array_at(document, "policies");
  if (policies == nullptr) return "";
  std::string text;
  for (const json::value& entry : *policies) {
    const auto* policy = entry.if_object();
    if (policy == nullptr || truth_at(*policy, "would_flip") != true) continue;
    text += "  " + printable(shown_at(*policy, "name")) + " (" +
            printable(shown_at(*policy, "mode")) + " only) would have closed the gate\n";
  }
  return text;
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
  const json::object& document = gate.answer.document;
  const StatusWord word = decision_word(shown_at(document, "decision"));
  session.out() << session.paint(word.text(), word.tone) << "  "
                << session.paint(printable(options.release), Tone::strong) << " → "
                << printable(options.environment);
  if (const std::string until = instant_at(document, "valid_until"); !until.empty()) {
    session.out() << "  valid until " << printable(until);
  }
  if (const std::string opens = opening_text(document, "opens_at"); !opens.empty()) {
    session.out() << "  " << printable(opens);
  }
  session.out() << '\n';
  for (const json::value& entry : *array_at(document, "reasons")) {
    if (const auto* reason = entry.if_object(); reason != nullptr) {
      session.out() << reason_text(*reason);
    }
  }
  session.out() << trials_text(document);
}

}  // namespace holdpoint::cli

// holdpoint policy explain: why a release is where it is, rule by rule; of a release as the server
// judged it, or of policies in a file over given facts, without applying them.
#include <filesystem>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/explanation.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"
#include "cli/policy_files.hpp"
#include "cli/release_ref.hpp"
#include "cli/verdicts.hpp"
#include "cli/words.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::uint64_t facts_bytes_max = 64U << 20;

struct Options {
  std::string subject;
  std::string facts;
};

/// The judgement that stands for a release. A release that was never judged cannot be explained:
/// that is no yes and no no.
Tried<Answer> judgement_of(const std::string& text, Session& session) {
  HP_TRY(const std::string ref, checked_release_ref(text));
  auto answer = session.get(session.in_workspace({"releases", ref, "certification"}));
  if (!answer && answer.error().code == "certification_not_found") {
    Failure failure = answer.error();
    failure.exit = Exit::unknown;
    failure.what = "The release was not judged yet.";
    failure.next = {{"you", "Have it judged, then ask again.", "holdpoint certify " + ref}};
    return std::unexpected(std::move(failure));
  }
  return answer;
}

Exit explain_release(const std::string& text, Session& session) {
  const auto answer = judgement_of(text, session);
  if (!answer) return session.fail(answer.error());
  const json::object& judged = answer->document;
  const std::string state = shown_at(judged, "state");
  const json::array* criteria = array_at(judged, "criteria");
  const bool is_known = state == "certified" || state == "refused" || state == "revoked";
  if (!is_known || criteria == nullptr) {
    return session.fail(malformed("The answer holds no judgement.", "GET certification").error());
  }
  const Exit result = is_superseded(judged)  ? Exit::unknown
                      : state == "certified" ? Exit::yes
                                             : Exit::no;
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return result;
  }
  const StatusWord word = certification_word(is_superseded(judged) ? "superseded" : state);
  session.out() << session.paint(printable(text), Tone::strong) << "  "
                << session.paint(word.text(), word.tone) << "  judged "
                << printable(instant_at(judged, "at")) << '\n';
  if (const auto reason = text_at(judged, "revoked_because")) {
    session.out() << indented("Revoked: " + *reason, 2);
  }
  session.out() << obstacles_text(judged) << explanation_text(*criteria, session.colour());
  return result;
}

/// The facts of a file, or those a release was judged on.
Tried<json::object> facts_from(const std::string& source, Session& session) {
  std::error_code error;
  std::string text;
  if (!std::filesystem::exists(source, error) && source.find('@') != std::string::npos) {
    HP_TRY(const Answer judged, judgement_of(source, session));
    const std::string id = shown_at(judged.document, "id");
    HP_TRY(Answer facts, session.get(session.in_workspace({"certifications", id, "facts"})));
    return std::move(facts.document);
  }
  HP_TRY(text, read_file(source, facts_bytes_max));
  auto facts = parse_json(text, {.depth_max = 64, .bytes_max = facts_bytes_max});
  if (!facts) {
    return wrong_use("The facts are no JSON: " + facts.error().text(), source, "Correct the file.");
  }
  if (!facts->is_object()) {
    return wrong_use("The facts are no JSON object.", source,
                     "Give facts as /schemas/facts.json of the server describes them.");
  }
  return std::move(facts->get_object());
}

/// The judgement with what is known here besides: the kind, and the owner, who is asked where no
/// remedy is known. A document none of whose rules apply does not apply.
json::object judged_document(const LocalPolicy& policy, const json::object& facts) {
  policy::CriteriaVerdict verdict = policy::judge(policy.criteria, facts, policy::Depth::advice);
  for (policy::RuleVerdict& rule : verdict.rules) {
    rule.line += policy.source.document.first_line - 1;
  }
  json::object document = to_json(verdict).get_object();
  document["kind"] = policy::kind_name(policy.kind());
  document["owner"] = policy.criteria.document().owner;
  if (!is_asked_for(document)) {
    document["applicable"] = false;
    document["passed"] = false;
  }
  return document;
}

/// passed, failed, or not_applicable when nothing was asked.
std::string_view result_of(const json::array& criteria) {
  std::string_view result = "not_applicable";
  for (const json::value& entry : criteria) {
    const json::object& document = entry.get_object();
    if (truth_at(document, "applicable") != true) continue;
    if (truth_at(document, "passed") != true) return "failed";
    result = "passed";
  }
  return result;
}

Exit explain_file(const Options& options, Session& session) {
  const auto schemas = facts_schemas(session);
  if (!schemas) return session.fail(schemas.error());
  const auto policies =
      sound_policies({options.subject}, *schemas, policy::OwnTests::leave, session);
  if (!policies) return policies.error();
  const auto facts = facts_from(options.facts, session);
  if (!facts) return session.fail(facts.error());
  json::array criteria;
  for (const LocalPolicy& one : *policies) criteria.push_back(judged_document(one, *facts));
  const std::string_view result = result_of(criteria);
  if (session.format() == Format::json) {
    session.out() << json::serialize(json::object{{"passed", result == "passed"},
                                                  {"result", result},
                                                  {"criteria", std::move(criteria)}})
                  << '\n';
  } else {
    session.out() << explanation_text(criteria, session.colour());
  }
  if (result == "passed") return Exit::yes;
  if (result == "failed") return Exit::no;
  session.note("Nothing in these policies applies to these facts, so nothing was judged.");
  return Exit::unknown;
}

Exit explain(const Options& options, Session& session) {
  if (!options.facts.empty()) return explain_file(options, session);
  std::error_code error;
  if (std::filesystem::exists(options.subject, error)) {
    return session.fail(wrong_use("A file is explained over facts, and none are given.",
                                  options.subject, "Add --facts FACTS.json or APP@VERSION.")
                            .error());
  }
  return explain_release(options.subject, session);
}

}  // namespace

Command policy_explain_command() {
  const auto o = std::make_shared<Options>();
  return {"policy explain",
          "Say in full why a release passes or not",
          {{"subject",
            "APP@VERSION|FILE",
            "A release as it was judged, or policies to judge by",
            &o->subject,
            Presence::required,
            {},
            ValueKind::path},
           {"--facts",
            "FILE|APP@VERSION",
            "With a file of policies: the facts to judge, or the release they are of",
            &o->facts,
            Presence::optional,
            {},
            ValueKind::path}},
          [o](Session& session) { return explain(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint certify: has the release judged now, and says why not when the answer is no.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"
#include "cli/verdicts.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

Exit certify(const std::string& text, Session& session) {
  const auto ref = checked_release_ref(text);
  if (!ref) return session.fail(ref.error());
  const auto answer =
      session.post(session.in_workspace({"releases", *ref, "certification"}), json::object());
  if (!answer) return session.fail(answer.error());
  const std::string state = shown_at(answer->document, "state");
  const json::array* criteria = array_at(answer->document, "criteria");
  if ((state != "certified" && state != "refused") || criteria == nullptr) {
    return session.fail(malformed("The answer holds no judgement.", "POST certification").error());
  }
  const Exit result = state == "certified" ? Exit::yes : Exit::no;
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return result;
  }
  const StatusWord word = certification_word(state);
  session.out() << session.paint(word.text(), word.tone) << "  "
                << session.paint(printable(*ref), Tone::strong) << '\n'
                << obstacles_text(answer->document)
                << criteria_text(*criteria, Detail::with_remedies, session.colour());
  session.out() << "facts    " << printable(shown_at(answer->document, "facts_digest")) << '\n'
                << "evidence " << printable(shown_at(answer->document, "evidence_digest")) << '\n';
  if (const auto id = text_at(answer->document, "id")) {
    session.out() << "record   " << printable(*id) << '\n';
  }
  return result;
}

}  // namespace

Command certify_command() {
  const auto release = std::make_shared<std::string>();
  return {"certify",
          "Judge a release by the criteria and record the result",
          {{"release", "APP@VERSION", "The release", release.get(), Presence::required}},
          [release](Session& session) { return certify(*release, session); }};
}

}  // namespace holdpoint::cli

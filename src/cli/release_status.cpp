// holdpoint release status: where a release stands, criterion by criterion, with its evidence and
// what comes next.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/evidence.hpp"
#include "cli/fields.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"
#include "cli/verdicts.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

/// The three answers the picture is made of.
struct Picture {
  Answer release;
  std::optional<Answer> certification;  // none: not judged yet
  Answer evidence;
};

Tried<Picture> picture_of(const std::string& ref, Session& session) {
  Picture picture;
  HP_TRY(picture.release, session.get(session.in_workspace({"releases", ref})));
  HP_TRY(picture.evidence, all_evidence(ref, session));
  auto judged = session.get(session.in_workspace({"releases", ref, "certification"}));
  if (judged) {
    picture.certification = std::move(*judged);
  } else if (judged.error().status != 404) {
    return std::unexpected(judged.error());
  }
  return picture;
}

void print_as_json(const Picture& picture, Session& session) {
  json::object all{{"release", picture.release.document},
                   {"evidence", picture.evidence.document.at("items")}};
  if (picture.certification) all["certification"] = picture.certification->document;
  session.out() << json::serialize(all) << '\n';
}

void print_criteria(const Picture& picture, Session& session) {
  session.out() << '\n';
  if (!picture.certification) {
    session.out() << rule_word("").text() << "  No criterion was judged yet.\n";
    return;
  }
  const json::object& judged = picture.certification->document;
  StatusWord word = certification_word(shown_at(judged, "state"));
  if (is_superseded(judged)) word = certification_word("superseded");
  session.out() << session.paint(word.text(), word.tone) << "  judged "
                << printable(instant_at(judged, "at")) << '\n';
  session.out() << obstacles_text(judged);
  if (const json::array* criteria = array_at(judged, "criteria"); criteria != nullptr) {
    session.out() << criteria_text(*criteria, Detail::with_remedies, session.colour());
  }
}

void print_next(const std::string& ref, const Picture& picture, Session& session) {
  const bool has_evidence = !array_at(picture.evidence.document, "items")->empty();
  const std::string state =
      picture.certification ? shown_at(picture.certification->document, "state") : "";
  session.out() << "\nNext: ";
  if (!has_evidence) {
    session.out() << "holdpoint evidence add " << ref << " REPORT…\n";
  } else if (state == "certified" && !is_superseded(picture.certification->document)) {
    session.out() << "holdpoint gate check " << ref << " --env ENVIRONMENT\n";
  } else {
    session.out() << "holdpoint certify " << ref << '\n';
  }
}

Exit status(const std::string& text, Session& session) {
  const auto ref = checked_release_ref(text);
  if (!ref) return session.fail(ref.error());
  const auto picture = picture_of(*ref, session);
  if (!picture) return session.fail(picture.error());
  if (session.format() == Format::json) {
    print_as_json(*picture, session);
    return Exit::yes;
  }
  const json::object& release = picture->release.document;
  const StatusWord word = readiness_word(shown_at(release, "readiness"));
  std::string name = shown_at(release, "ref");
  if (name.empty()) name = *ref;
  session.out() << session.paint(printable(name), Tone::strong) << "  "
                << session.paint(word.text(), word.tone) << "  created "
                << printable(instant_at(release, "created_at")) << '\n';
  print_criteria(*picture, session);
  session.out() << '\n'
                << evidence_table(*array_at(picture->evidence.document, "items"), session.colour());
  print_next(printable(name), *picture, session);
  return Exit::yes;
}

}  // namespace

Command release_status_command() {
  const auto release = std::make_shared<std::string>();
  return {"release status",
          "Show criteria, evidence and what comes next",
          {{"release", "APP@VERSION", "The release", release.get(), Presence::required}},
          [release](Session& session) { return status(*release, session); }};
}

}  // namespace holdpoint::cli

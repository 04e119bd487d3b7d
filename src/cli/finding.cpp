// holdpoint finding list, triage, confirm: what scans found in a release, and what people make of
// it, one finding or many.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct ListOptions {
  std::string release;
  std::string disposition;
  std::string cursor;
  int limit = 50;
};

struct TriageOptions {
  std::string release;
  std::vector<std::string> fingerprints;
  std::string disposition;
  std::string duplicate_of;
  std::string reason;
};

std::string place_of(const json::object& finding) {
  const std::string path = shown_at(finding, "path");
  const auto line = integer_at(finding, "line");
  return path.empty() || !line ? path : path + ":" + std::to_string(*line);
}

std::string triage_text(const json::object& finding) {
  const std::string by = shown_at(finding, "triaged_by_name");
  if (by.empty()) return "";
  std::string text = by + " at " + instant_at(finding, "triaged_at");
  const std::string reason = shown_at(finding, "reason");
  if (!reason.empty()) text += ": " + reason;
  const std::string confirmed = shown_at(finding, "confirmed_by_name");
  if (!confirmed.empty()) text += "; confirmed by " + confirmed;
  if (truth_at(finding, "counts") == false) {
    text += "; does not count yet: somebody without a part in the release has to confirm it";
  }
  return indented(printable(text), 4);
}

std::string text_of(const json::object& finding) {
  const std::string place = place_of(finding);
  return printable(shown_at(finding, "fingerprint")) + "  " +
         disposition_word(shown_at(finding, "disposition")).text() + "\n" +
         indented(printable(shown_at(finding, "severity") + " " + shown_at(finding, "rule") + " " +
                            shown_at(finding, "title") + (place.empty() ? "" : ", " + place)),
                  4) +
         triage_text(finding);
}

Exit list(const ListOptions& options, Session& session) {
  const auto ref = checked_release_ref(options.release);
  if (!ref) return session.fail(ref.error());
  return list_lines(session,
                    session.in_workspace({"releases", *ref, "findings"}) +
                        query_of({{"disposition", options.disposition},
                                  {"limit", std::to_string(options.limit)},
                                  {"cursor", options.cursor}}),
                    "No finding.\n", [&](const json::object& one) { return text_of(one); });
}

Exit post(const TriageOptions& options, const std::string& what, json::object body,
          std::string_view done, Session& session) {
  const auto ref = checked_release_ref(options.release);
  if (!ref) return session.fail(ref.error());
  body["fingerprints"] = json::array(options.fingerprints.begin(), options.fingerprints.end());
  body["reason"] = options.reason;
  const auto answer =
      session.post(session.in_workspace({"releases", *ref, "findings", what}), body);
  if (!answer) return session.fail(answer.error());
  const auto count = integer_at(answer->document, "findings");
  if (!count) return session.fail(malformed("The answer counts none.", "POST " + what).error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << done << ": " << counted(*count, "finding") << ".\n";
  }
  return Exit::yes;
}

Exit triage(const TriageOptions& options, Session& session) {
  json::object body{{"disposition", options.disposition}};
  if (!options.duplicate_of.empty()) body["duplicate_of"] = options.duplicate_of;
  return post(options, "triage", std::move(body), "Triaged", session);
}

Exit confirm(const TriageOptions& options, Session& session) {
  return post(options, "confirmation", {}, "Confirmed", session);
}

}  // namespace

Command finding_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"finding list",
          "List the findings of a release, and what people make of them",
          {{"release", "APP@VERSION", "The release", &o->release, Presence::required},
           {"--disposition",
            "DISPOSITION",
            "Only those with this one",
            &o->disposition,
            Presence::optional,
            {"open", "confirmed", "false_positive", "accepted_risk", "fixed", "duplicate"}},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command finding_triage_command() {
  const auto o = std::make_shared<TriageOptions>();
  return {
      "finding triage",
      "Say what findings of a release are, one or many",
      {{"release", "APP@VERSION", "The release that shows them", &o->release, Presence::required},
       {"fingerprint", "FINGERPRINT", "Of a finding; repeatable", &o->fingerprints,
        Presence::required},
       {"--as",
        "DISPOSITION",
        "What they are",
        &o->disposition,
        Presence::required,
        {"open", "confirmed", "false_positive", "accepted_risk", "fixed", "duplicate"}},
       {"--duplicate-of", "FINGERPRINT", "Of a duplicate: the finding that it repeats",
        &o->duplicate_of},
       {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required}},
      [o](Session& session) { return triage(*o, session); }};
}

Command finding_confirm_command() {
  const auto o = std::make_shared<TriageOptions>();
  return {
      "finding confirm",
      "Agree with what somebody else said of findings",
      {{"release", "APP@VERSION", "The release that shows them", &o->release, Presence::required},
       {"fingerprint", "FINGERPRINT", "Of a finding; repeatable", &o->fingerprints,
        Presence::required},
       {"--reason", "TEXT", "Why; kept sealed", &o->reason, Presence::required}},
      [o](Session& session) { return confirm(*o, session); }};
}

}  // namespace holdpoint::cli

// What is told of an event, in words that let a reader decide without opening anything else.
#include <algorithm>

#include "base/text_encoding.hpp"
#include "notifications/notifications.hpp"

namespace holdpoint::notifications {
namespace {

constexpr std::size_t kReasonBytesMax = 1'000;

std::string text_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(view(found->get_string())) : "";
}

/// Bodies that record a thing have it in a member of their own.
const json::object& thing_of(const json::object& body) {
  const auto* record = body.if_contains("record");
  return record != nullptr && record->is_object() ? record->get_object() : body;
}

/// The release an event is about; `name` is "payments@1.4.0", or "" when the body does not say.
struct About {
  std::string application;
  std::string name;
  std::string words;  // "payments 1.4.0", or "the release" and its id
};

About about_release(const Occurrence& occurrence) {
  const json::object& thing = thing_of(occurrence.body);
  About about{text_at(thing, "application"), "", "the release " + text_at(thing, "release")};
  const std::string version = text_at(thing, "version");
  if (!about.application.empty() && !version.empty()) {
    about.name = about.application + "@" + version;
    about.words = about.application + " " + version;
  }
  return about;
}

/// The command line about a release that is known by name, and its place on the page.
void act_on(const About& about, std::string_view before, std::string_view after, Notice& notice) {
  if (about.name.empty()) return;
  notice.command = std::string(before) + about.name + std::string(after);
  notice.path = "/releases/" + about.name;
}

std::string because(const json::object& body) {
  const std::string reason = clean_text(text_at(body, "reason"), kReasonBytesMax);
  return reason.empty() ? "" : " The reason given: " + reason;
}

using Tell = void (*)(const Occurrence& occurrence, Notice& notice);
struct Words {
  std::string_view type;
  Tell tell;
};

void tell_release(const Occurrence& occurrence, Notice& notice) {
  const About about = about_release(occurrence);
  notice.subject = "New release " + about.words;
  notice.sentence = "The release " + about.words + " was opened and is judged as evidence arrives.";
  act_on(about, "holdpoint release status ", "", notice);
}

void tell_issued(const Occurrence& occurrence, Notice& notice) {
  const About about = about_release(occurrence);
  notice.subject = about.words + " is certified";
  notice.sentence = "Every criterion in force for " + about.words + " is met; it may be deployed.";
  act_on(about, "holdpoint gate check ", " --env ENVIRONMENT", notice);
}

void tell_refused(const Occurrence& occurrence, Notice& notice) {
  const About about = about_release(occurrence);
  notice.subject = about.words + " is refused certification";
  notice.sentence = "The release " + about.words +
                    " was judged and does not meet the criteria in force. The command shows which, "
                    "what they have and need, and who can act.";
  act_on(about, "holdpoint policy explain ", "", notice);
}

void tell_revoked(const Occurrence& occurrence, Notice& notice) {
  const std::string release = text_at(occurrence.body, "release");
  notice.subject = "The certification of a release is revoked";
  notice.sentence = "The certification of the release " + release +
                    " counts no more, and its gates are closed." + because(occurrence.body);
  notice.command = "holdpoint audit log --subject " + occurrence.subject.id;
}

void tell_proposed(const Occurrence& occurrence, Notice& notice) {
  const std::string id = text_at(occurrence.body, "id");
  notice.subject = "A change of policies waits for approval";
  notice.sentence =
      "Somebody proposed a change of the policies in force. It counts only once others approve it.";
  notice.command = "holdpoint policy approve " + id;
}

void tell_rejected(const Occurrence& occurrence, Notice& notice) {
  notice.subject = "A change of policies was rejected";
  notice.sentence = "The proposed change does not come into force." + because(occurrence.body);
  notice.command = "holdpoint policy proposals --state rejected";
}

void tell_activated(const Occurrence& occurrence, Notice& notice) {
  const auto* revision = occurrence.body.if_contains("revision");
  const std::string number =
      revision != nullptr && revision->is_int64() ? std::to_string(revision->get_int64()) : "";
  notice.subject = "Policies changed: revision " + number;
  notice.sentence = "A new revision of the policies is in force, and releases are judged by it.";
  notice.command = "holdpoint policy revisions";
}

constexpr Words kWords[] = {
    {"release.created", tell_release},       {"certification.issued", tell_issued},
    {"certification.refused", tell_refused}, {"certification.revoked", tell_revoked},
    {"policy.proposed", tell_proposed},      {"policy.rejected", tell_rejected},
    {"policy.activated", tell_activated},
};

}  // namespace

Notice notice_of(const Occurrence& occurrence) {
  Notice notice;
  notice.topic = occurrence.type;
  notice.about = occurrence.subject.kind + "/" + occurrence.subject.id;
  notice.subject = occurrence.type + ": " + occurrence.subject.kind + " " + occurrence.subject.id;
  notice.sentence = "The event " + occurrence.type + " was recorded.";
  notice.command = "holdpoint audit log --subject " + occurrence.subject.id;
  notice.actor = Actor{occurrence.actor.kind, occurrence.actor.id};
  if (std::string application = text_at(thing_of(occurrence.body), "application");
      !application.empty()) {
    notice.application = std::move(application);
  }
  const auto* words = std::ranges::find(kWords, occurrence.type, &Words::type);
  if (words != std::end(kWords)) words->tell(occurrence, notice);
  return notice;
}

}  // namespace holdpoint::notifications

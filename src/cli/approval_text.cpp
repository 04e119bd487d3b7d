// See approval_text.hpp.
#include "cli/approval_text.hpp"

#include <algorithm>
#include <ostream>

#include "cli/fields.hpp"
#include "cli/people.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

std::string joined(const json::object& object, std::string_view name) {
  std::string text;
  const json::array* items = array_at(object, name);
  if (items == nullptr) return text;
  for (const json::value& item : *items) {
    if (!item.is_string()) continue;
    text += (text.empty() ? "" : ", ") + printable(view(item.get_string()));
  }
  return text;
}

/// The same of people, by name; without those that the list `except` holds.
std::string people(const json::object& view, const json::object& object, std::string_view name,
                   std::string_view except = "") {
  std::string text;
  const json::array* items = array_at(object, name);
  const json::array* excepted = array_at(object, except);
  if (items == nullptr) return text;
  for (const json::value& item : *items) {
    if (!item.is_string()) continue;
    if (excepted != nullptr && std::ranges::find(*excepted, item) != excepted->end()) continue;
    text +=
        (text.empty() ? "" : ", ") + named(view, std::string(holdpoint::view(item.get_string())));
  }
  return text;
}

std::string stage_line(const json::object& stage) {
  const bool satisfied = truth_at(stage, "satisfied").value_or(false);
  const bool reached = truth_at(stage, "reached").value_or(false);
  const StatusWord word = rule_word(satisfied ? "pass" : "waiting");
  std::string text = word.text() + "  " + printable(shown_at(stage, "stage"));
  const std::string capacity = shown_at(stage, "capacity");
  if (!capacity.empty()) text += " (" + printable(capacity) + ")";
  text += ": " + std::to_string(integer_at(stage, "have").value_or(0)) + " of " +
          std::to_string(integer_at(stage, "need").value_or(0)) + ", by policy " +
          printable(shown_at(stage, "policy"));
  if (!reached) text += "; waits for the stage before it";
  return text;
}

void print_stages(const json::object& view, std::string& text) {
  const json::array* stages = array_at(view, "stages");
  if (stages == nullptr) return;
  for (const json::value& item : *stages) {
    const auto* stage = item.if_object();
    if (stage == nullptr) continue;
    text += indented(stage_line(*stage), 2);
    const std::string signers = people(view, *stage, "signers");
    if (!signers.empty()) text += indented("signed by " + signers, 6);
    if (truth_at(*stage, "satisfied").value_or(false)) continue;
    const std::string may = people(view, *stage, "may_sign", "signers");
    text += indented("may still sign: " + (may.empty() ? "nobody" : may), 6);
    if (!truth_at(*stage, "satisfiable").value_or(true)) {
      text += indented("! too few people are left who may sign", 6);
    }
  }
}

void print_list(const json::object& view, std::string_view name, const std::string& title,
                std::string_view first, std::string_view second, std::string& text) {
  const json::array* items = array_at(view, name);
  if (items == nullptr || items->empty()) return;
  text += title + "\n";
  for (const json::value& item : *items) {
    if (const auto* one = item.if_object()) {
      text +=
          indented(named(view, shown_at(*one, first)) + " " + printable(shown_at(*one, second)), 2);
    }
  }
}

void print_votes(const json::object& view, const json::object& request, std::string& text) {
  const json::array* votes = array_at(request, "votes");
  if (votes == nullptr || votes->empty()) return;
  text += "Decisions\n";
  for (const json::value& item : *votes) {
    const auto* vote = item.if_object();
    if (vote == nullptr) continue;
    std::string line = named(view, shown_at(*vote, "person")) + ": " +
                       printable(shown_at(*vote, "choice")) + ", " + instant_at(*vote, "at");
    const std::string seat = shown_at(*vote, "seat");
    if (seat != shown_at(*vote, "person")) line += ", in the place of " + named(view, seat);
    const std::string from = instant_at(*vote, "effective_from");
    if (!from.empty()) line += ", counts from " + from;
    const std::string reason = shown_at(*vote, "reason");
    if (!reason.empty()) line += ": " + printable(reason);
    text += indented(line, 2);
  }
}

/// ", by calendar office (sha256:0123456789ab, zones 2025b)": which it was when that was reckoned.
std::string calendar_text(const json::object& level) {
  constexpr std::size_t digest_shown = 19;
  const std::string name = shown_at(level, "calendar");
  if (name.empty()) return "";
  const json::value* used = level.if_contains("reckoned_by");
  const json::object* by = used == nullptr ? nullptr : used->if_object();
  if (by == nullptr) return ", by calendar " + printable(name);
  return ", by calendar " + printable(name) + " (" +
         printable(shown_at(*by, "record").substr(0, digest_shown)) + ", zones " +
         printable(shown_at(*by, "zones")) + ")";
}

void print_escalation(const json::object& view, const json::object& request, std::string& text) {
  const json::array* levels = array_at(request, "escalation");
  const json::array* fired = array_at(request, "fired");
  if (levels == nullptr || levels->empty()) return;
  text += "Escalation\n";
  for (const json::value& item : *levels) {
    const auto* level = item.if_object();
    if (level == nullptr) continue;
    text +=
        indented(printable(shown_at(*level, "level")) + " (" + printable(shown_at(*level, "kind")) +
                     "), due " + instant_at(*level, "due") + calendar_text(*level),
                 2);
  }
  if (fired == nullptr) return;
  for (const json::value& item : *fired) {
    const auto* one = item.if_object();
    if (one == nullptr) continue;
    const std::string whom = people(view, *one, "people");
    text += indented(printable(shown_at(*one, "level")) + " fired " + instant_at(*one, "at") +
                         (truth_at(*one, "late").value_or(false) ? ", late" : "") +
                         (whom.empty() ? ", reached nobody" : ", reached " + whom),
                     2);
  }
}

void print_pauses(const json::object& request, std::string& text) {
  const json::array* pauses = array_at(request, "pauses");
  if (pauses == nullptr) return;
  for (const json::value& item : *pauses) {
    const auto* pause = item.if_object();
    if (pause == nullptr) continue;
    const std::string until = instant_at(*pause, "until");
    text += indented("Its clocks stood still from " + instant_at(*pause, "from") +
                         (until.empty() ? " on, and still do" : " until " + until),
                     0);
  }
}

}  // namespace

Exit show_decided(const Answer& answer, const std::string& id, Session& session) {
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  const auto shown = session.get(session.in_workspace({"approvals", id}));
  if (!shown) return session.fail(shown.error());
  show_approval(shown->document, session);
  return Exit::yes;
}

void show_approval(const json::object& shown, Session& session) {
  const json::object* request = object_at(shown, "request");
  if (request == nullptr) return;
  const json::object* subject = object_at(*request, "subject");
  std::string text =
      printable(shown_at(*request, "title")) + ": " + printable(shown_at(*request, "state")) + "\n";
  if (const auto because = text_at(*request, "ended_because")) {
    text += indented(printable(*because), 2);
  }
  if (subject != nullptr) text += "Content: " + printable(shown_at(*subject, "digest")) + "\n";
  const std::string reason = shown_at(*request, "reason");
  if (!reason.empty()) text += "Reason: " + printable(reason) + "\n";
  if (const json::object* fields = object_at(*request, "fields"); fields != nullptr) {
    for (const auto& [name, value] : *fields) {
      if (!value.is_string()) continue;
      text += indented(printable(view(name)) + ": " + printable(view(value.get_string())), 2);
    }
  }
  text += "Asked for by " + named(shown, shown_at(*request, "requested_by")) + "\n";
  const std::string valid = instant_at(*request, "valid_until");
  if (!valid.empty()) text += "Valid until " + valid + ", for one deployment\n";
  text += "Stages\n";
  print_stages(shown, text);
  print_votes(shown, *request, text);
  print_escalation(shown, *request, text);
  print_list(shown, "excluded", "Never among the approvers", "person", "because", text);
  const std::string unknown = joined(shown, "unknown_people");
  if (!unknown.empty()) {
    text += indented("! Blocked: not known here, and perhaps an approver: " + unknown, 0);
  }
  if (const json::array* warnings = array_at(shown, "warnings")) {
    for (const json::value& item : *warnings) {
      if (item.is_string()) text += indented("! " + printable(view(item.get_string())), 0);
    }
  }
  const std::string paused = joined(shown, "paused_by");
  if (!paused.empty()) text += indented("! Paused by: " + paused, 0);
  print_pauses(*request, text);
  const std::string since = instant_at(*request, "stranded_since");
  if (!since.empty()) {
    text += indented(
        "! Since " + since + " too few are left who may sign: " + joined(*request, "stranded"), 0);
  }
  print_list(shown, "refused_attempts", "Refused attempts to sign", "person", "code", text);
  session.out() << text;
}

Exit show_approvals(const Answer& answer, Session& session) {
  const json::array* items = array_at(answer.document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET approvals").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  Table table({"REQUEST", "STATE", "WHAT"});
  for (const json::value& item : *items) {
    if (const auto* one = item.if_object()) {
      table.add({{shown_at(*one, "id")}, {shown_at(*one, "state")}, {shown_at(*one, "title")}});
    }
  }
  session.out() << (table.empty() ? "No request.\n" : table.text(session.colour()));
  if (const auto cursor = text_at(answer.document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

Exit show_inbox(const Answer& answer, Session& session) {
  const json::array* items = array_at(answer.document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET approvals/inbox").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  std::string text;
  for (const json::value& item : *items) {
    const auto* one = item.if_object();
    if (one == nullptr) continue;
    text += printable(shown_at(*one, "id")) + "  " + printable(shown_at(*one, "title")) + ", due " +
            instant_at(*one, "due") + "\n";
    const auto why_not = text_at(*one, "why_not");
    text += indented(why_not ? "not you: " + printable(*why_not)
                             : "approving as " + people(*one, *one, "approving_as"),
                     2);
  }
  session.out() << (text.empty() ? "Nothing waits.\n" : text);
  return Exit::yes;
}

}  // namespace holdpoint::cli

// See approval_comparison.hpp.
#include "sim/approval_comparison.hpp"

#include <algorithm>

#include "base/instant.hpp"

namespace holdpoint::sim {
namespace {

const std::string kApi = "/api/v1/main/";

Micros instant_at(const json::value& value, std::string_view name) {
  const auto instant = Instant::parse(text_at(value, name));
  if (!instant) throw Disagreement{"no instant: " + json::serialize(value)};
  return instant->us;
}

std::string text_of(const Fired& fired) {
  std::string people;
  for (const std::string& one : fired.people) people += " " + one;
  return fired.policy + "/" + fired.level + " (" + fired.kind + ") due " +
         Instant{fired.due}.text() + " at " + Instant{fired.at}.text() +
         (fired.late ? " late" : "") + " to" + people + "; ";
}

}  // namespace

void ApprovalComparison::compare(const std::string& who) {
  compare_requests();
  compare_waivers();
  compare_changes();
  compare_overrides();
  for (const auto& [release, proposed] : model_.releases) {
    for (const char* environment : {"dev", "production"}) {
      compare_gate({release.first, release.second, environment});
    }
  }
  compare_inbox(who);
}

void ApprovalComparison::compare_requests() {
  std::map<std::string, const Asked*> expected;
  for (const Asked& asked : model_.requests) expected[asked.id] = &asked;
  std::string cursor;
  do {
    const auto page = desk_.look(
        {.method = "GET",
         .target = kApi + "approvals?limit=200" + (cursor.empty() ? "" : "&cursor=" + cursor)});
    for (const auto& item : page.at("items").as_array()) {
      const auto found = expected.find(text_at(item, "id"));
      if (found == expected.end()) throw Disagreement{"there is a request too much"};
      compare_request(*found->second, item);
      compare_clocks(*found->second, item);
      compare_escalation(*found->second, item);
      expected.erase(found);
    }
    cursor = text_at(page, "next_cursor");
  } while (!cursor.empty());
  if (!expected.empty()) throw Disagreement{"a request is gone: " + expected.begin()->first};
}

void ApprovalComparison::compare_request(const Asked& asked, const json::value& shown) {
  std::string votes;
  for (const auto& vote : shown.at("votes").as_array()) {
    votes += desk_.name_of(text_at(vote, "person")) + " as " +
             desk_.name_of(text_at(vote, "seat")) + " " + text_at(vote, "choice") + " " +
             text_at(vote, "effective_from") + "; ";
  }
  std::string ballots;
  for (const Ballot& one : asked.ballots) {
    constexpr const char* words[] = {"approve", "reject", "abstain"};
    const std::string later = one.counts_from ? Instant{*one.counts_from}.text() : "";
    ballots += one.person + " as " + one.seat + " " + words[static_cast<int>(one.choice)] + " " +
               later + "; ";
  }
  const std::string until = asked.state == "granted" ? Instant{*asked.valid_until}.text() : "";
  const std::string found = asked.state == "granted" ? text_at(shown, "valid_until") : "";
  if (text_at(shown, "state") != asked.state || votes != ballots || until != found) {
    throw Disagreement{asked.id + " is " + text_at(shown, "state") + " with " + votes + found +
                       " instead of " + asked.state + " with " + ballots + until};
  }
}

void ApprovalComparison::compare_clocks(const Asked& asked, const json::value& shown) {
  Names stopped;
  for (const auto& incident : shown.at("stopped_by").as_array()) {
    stopped.insert(std::string(view(incident.as_string())));
  }
  const std::string deadline = text_at(shown.at("terms"), "pending_until");
  if (deadline != Instant{asked.pending_until}.text() ||
      stopped != (asked.is_stopped() ? asked.stopped_by : Names{})) {
    throw Disagreement{asked.id + " waits until " + deadline + ", stopped by " +
                       std::to_string(stopped.size()) + ", instead of until " +
                       Instant{asked.pending_until}.text()};
  }
}

void ApprovalComparison::compare_escalation(const Asked& asked, const json::value& shown) {
  std::string levels;
  for (const auto& level : shown.at("escalation").as_array()) {
    levels += text_at(level, "policy") + "/" + text_at(level, "level") + " " +
              Instant{instant_at(level, "due")}.text() + "; ";
  }
  std::string expected_levels;
  for (const Level& level : asked.levels) {
    expected_levels +=
        level.policy + "/" + level.rule.name + " " + Instant{level.due}.text() + "; ";
  }
  std::string fired;
  for (const auto& one : shown.at("fired").as_array()) {
    Fired row{text_at(one, "policy"),
              text_at(one, "level"),
              text_at(one, "kind"),
              instant_at(one, "due"),
              instant_at(one, "at"),
              one.at("late").as_bool(),
              {}};
    for (const auto& person : one.at("people").as_array()) {
      row.people.insert(desk_.name_of(std::string(view(person.as_string()))));
    }
    fired += text_of(row);
  }
  std::string expected_fired;
  for (const Fired& one : asked.fired) expected_fired += text_of(one);
  if (levels != expected_levels || fired != expected_fired) {
    throw Disagreement{asked.id + " escalates by " + levels + "and did so by " + fired +
                       "instead of by " + expected_levels + "and " + expected_fired};
  }
}

void ApprovalComparison::compare_waivers() {
  for (const Waived& one : model_.waivers) {
    const auto shown = desk_.look({.method = "GET", .target = kApi + "waivers/" + one.id});
    if (text_at(shown, "state") == one.state) continue;
    throw Disagreement{one.id + " is " + text_at(shown, "state") + " instead of " + one.state};
  }
}

void ApprovalComparison::compare_changes() {
  std::map<std::string, std::string> states;
  std::string cursor;
  do {
    const auto page = desk_.look(
        {.method = "GET",
         .target = kApi + "changes?limit=200" + (cursor.empty() ? "" : "&cursor=" + cursor)});
    for (const auto& item : page.at("items").as_array()) {
      states[text_at(item, "id")] = text_at(item, "state");
    }
    cursor = text_at(page, "next_cursor");
  } while (!cursor.empty());
  if (states.size() != model_.changes.size()) throw Disagreement{"there are other changes"};
  for (const Planned& one : model_.changes) {
    if (states[one.id] == one.state) continue;
    throw Disagreement{one.id + " is " + states[one.id] + " instead of " + one.state};
  }
}

void ApprovalComparison::compare_overrides() {
  for (const Lifting& one : model_.liftings) {
    const auto shown = desk_.look({.method = "GET", .target = kApi + "freeze-overrides/" + one.id});
    std::string phase = one.is_used ? "used" : "over";
    if (!one.is_used && model_.now < one.expires) {
      // One of a change that is over is nothing that could be approved.
      const Asked like = ApprovalModel::asking(one);
      const bool is_gone = model_.content(like).empty();
      phase = is_gone ? text_at(shown, "phase") : model_.approval_of(like);
      if (is_gone && phase == "granted") phase = "untold";
    }
    if (text_at(shown, "phase") == phase) continue;
    throw Disagreement{one.id + " is " + text_at(shown, "phase") + " instead of " + phase};
  }
}

void ApprovalComparison::compare_gate(const Target& target) {
  const auto answer =
      desk_.look({.method = "GET",
                  .target = kApi + "gate?application=" + target.application +
                            "&version=" + target.version + "&environment=" + target.environment});
  std::set<std::string> found;
  for (const auto& reason : answer.at("reasons").as_array()) found.insert(text_at(reason, "code"));
  const auto expected = model_.gate(target);
  const bool is_open = text_at(answer, "decision") == "open";
  if (found == expected && is_open == expected.empty()) return;
  std::string codes;
  for (const auto& code : expected) codes += " " + code;
  throw Disagreement{"gate of " + target.application + "@" + target.version + "/" +
                     target.environment + ": expected" + (codes.empty() ? " open" : codes) +
                     ", got " + json::serialize(answer)};
}

void ApprovalComparison::compare_inbox(const std::string& who) {
  const auto inbox =
      desk_.look({.method = "GET", .target = kApi + "approvals/inbox", .actor = desk_.id(who)});
  for (const auto& item : inbox.at("items").as_array()) {
    const auto found = std::ranges::find(model_.requests, text_at(item, "id"), &Asked::id);
    if (found == model_.requests.end()) throw Disagreement{"the inbox shows what is not there"};
    if (!model_.ending(*found).empty()) continue;
    const Signing signing{.who = who, .reason = "probe", .with_password = true};
    const bool may = model_.sign(*found, signing).succeeds();
    const bool is_shown_as_may = !item.at("approving_as").as_array().empty();
    if (may != is_shown_as_may) {
      throw Disagreement{"the inbox of " + who + " is wrong about " + found->id};
    }
  }
}

}  // namespace holdpoint::sim

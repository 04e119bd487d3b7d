// holdpoint policy effect: what the criteria in force did to past decisions, rule by rule, so that
// a control that never blocks anything is seen.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/since.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string name;
  std::string since;
  int judged_min = 0;  // 0: as the server has it
  bool never_blocked = false;
  bool all_versions = false;
};

/// What the answer holds, read without trusting it.
struct NotPassed {
  std::string certification;
  std::string subject;
  Instant at;
  std::string result;
};
HP_DESCRIBE(NotPassed, certification, subject, at, result)

struct Rule {
  std::string rule;
  std::int64_t judged = 0;
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t error = 0;
  std::int64_t unknown = 0;
  std::optional<std::int64_t> waived;  // absent in the answer of an older server
  std::int64_t not_applicable = 0;
  std::optional<NotPassed> last_not_passed;
  std::optional<NotPassed> last_failed;
  bool never_blocked = false;
  bool never_applicable = false;
};
HP_DESCRIBE(Rule, rule, judged, passed, failed, error, unknown, waived, not_applicable,
            last_not_passed, last_failed, never_blocked, never_applicable)

struct Document {
  std::string name;
  std::string owner;
  std::string mode;
  std::string digest;
  std::int64_t revision = 0;
  Instant in_force_since;
  std::int64_t decisions = 0;
  std::int64_t other_versions = 0;
  std::int64_t untold = 0;
  std::optional<std::int64_t> would_flip;
  std::vector<Rule> rules;
};
HP_DESCRIBE(Document, name, owner, mode, digest, revision, in_force_since, decisions,
            other_versions, untold, would_flip, rules)

struct Effect {
  Instant since;
  std::int64_t judged_min = 0;
  bool all_versions = false;
  std::int64_t decisions = 0;
  std::int64_t untold = 0;
  bool reached_all = false;
  std::optional<Instant> oldest;
  std::vector<Document> documents;
};
HP_DESCRIBE(Effect, since, judged_min, all_versions, decisions, untold, reached_all, oldest,
            documents)

/// A rule of which some results are lost is not told at all.
bool adds_up(const Effect& effect) {
  return std::ranges::all_of(effect.documents, [](const Document& document) {
    return std::ranges::all_of(document.rules, [](const Rule& rule) {
      return rule.judged ==
             rule.passed + rule.failed + rule.error + rule.unknown + rule.waived.value_or(0);
    });
  });
}

Tried<Effect> effect_in(const Answer& answer) {
  const std::string where = "GET policies/effect";
  auto effect = from_json<Effect>(json::value(answer.document));
  if (!effect) {
    return malformed("The answer holds no counts: " + effect.error().front().text(), where);
  }
  if (!adds_up(*effect)) return malformed("The counts do not add up.", where);
  return std::move(*effect);
}

/// Counts over a part are shown, and are no answer to the question that was asked.
bool is_whole(const Effect& effect) {
  return effect.reached_all && effect.untold == 0 &&
         std::ranges::all_of(effect.documents,
                             [](const Document& document) { return document.untold == 0; });
}

std::string day_of(Instant at) { return at.text().substr(0, 10); }

Cell remark_of(const Rule& rule) {
  // A failure says more than what is unknown, which nearly every release is at first.
  const auto& shown = rule.last_failed ? rule.last_failed : rule.last_not_passed;
  const std::string last = shown ? shown->result + " on " + day_of(shown->at) : "";
  if (rule.never_applicable) return {"! never applicable", Tone::attention};
  if (!rule.never_blocked) return {last.empty() ? "–" : last, Tone::faint};
  return {"! never blocked" + (last.empty() ? "" : ", " + last), Tone::attention};
}

std::string heading_of(const Document& document, Session& session) {
  return session.paint(printable(document.name), Tone::strong) + "  " + printable(document.mode) +
         ", revision " + std::to_string(document.revision) + " since " +
         day_of(document.in_force_since) + ", " + counted(document.decisions, "decision") + "\n";
}

void print(const Document& document, Session& session) {
  session.out() << '\n' << heading_of(document, session);
  if (document.would_flip) {
    session.out() << indented("Enforced beside the others, it alone would have changed " +
                                  std::to_string(*document.would_flip) + " of them.",
                              2);
  }
  Table table({"RULE", "JUDGED", "PASS", "FAIL", "ERROR", "UNKNOWN", "WAIVED", "N/A", "REMARK"});
  for (const Rule& rule : document.rules) {
    table.add({{rule.rule},
               {std::to_string(rule.judged)},
               {std::to_string(rule.passed)},
               {std::to_string(rule.failed)},
               {std::to_string(rule.error)},
               {std::to_string(rule.unknown)},
               {std::to_string(rule.waived.value_or(0))},
               {std::to_string(rule.not_applicable)},
               remark_of(rule)});
  }
  if (!table.empty()) session.out() << table.text(session.colour());
  if (document.other_versions > 0) {
    session.out() << indented(counted(document.other_versions, "decision") +
                                  " by other versions not counted; --all-versions counts them.",
                              2);
  }
  if (document.untold > 0) {
    const std::string what = document.would_flip ? "whether it would have changed them."
                                                 : "what it decided; no rule of it bears a mark.";
    session.out() << indented(
        "Of " + counted(document.untold, "decision") + " it cannot be said " + what, 2);
  }
}

void print(const Options& options, const Effect& effect, Session& session) {
  session.out() << counted(effect.decisions, "decision") << " read since " << day_of(effect.since)
                << ".\n";
  for (const Document& document : effect.documents) print(document, session);
  if (effect.documents.empty()) {
    session.out() << (options.never_blocked
                          ? "No rule is known to have never blocked or never applied.\n"
                          : "No criteria in force are judged.\n");
  }
  if (!effect.reached_all || effect.untold > 0) session.out() << '\n';
  if (!effect.reached_all) {
    const std::string begin = effect.oldest ? " " + effect.oldest->text() : " the newest";
    session.out() << session.paint(
                         "! Older decisions were not read: the counts begin at" + begin + ".",
                         Tone::attention)
                  << '\n';
  }
  if (effect.untold > 0) {
    session.out() << session.paint("! " + counted(effect.untold, "verdict") + " could not be read.",
                                   Tone::attention)
                  << '\n';
  }
}

Exit show(const Options& options, Session& session) {
  const auto since = since_text(options.since, session);
  if (!since) return session.fail(since.error());
  const auto answer = session.get(
      session.in_workspace({"policies", "effect"}) +
      query_of({{"name", options.name},
                {"since", *since},
                {"judged_min", options.judged_min == 0 ? "" : std::to_string(options.judged_min)},
                {"all_versions", options.all_versions ? "true" : ""},
                {"never_blocked", options.never_blocked ? "true" : ""}}));
  if (!answer) return session.fail(answer.error());
  const auto effect = effect_in(*answer);
  if (!effect) return session.fail(effect.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    print(options, *effect, session);
  }
  return is_whole(*effect) ? Exit::yes : Exit::unknown;
}

}  // namespace

Command policy_effect_command() {
  const auto o = std::make_shared<Options>();
  return {
      "policy effect",
      "Show what each rule in force did to past decisions",
      {{"name", "NAME", "Only criteria of this name", &o->name},
       {"--since", "DATE", "Decisions since: 2026-01-31, an instant, or 90d (90d)", &o->since},
       {"--never-blocked", "", "Only rules that never blocked or never applied", &o->never_blocked},
       {"--judged-min", "COUNT", "Decisions of a rule before that is said of it (20)",
        &o->judged_min},
       {"--all-versions", "", "Count every version, not only the one in force", &o->all_versions}},
      [o](Session& session) { return show(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint policy backtest: which past decisions would end otherwise if the policies in the files
// were in force, and by which rules. Nothing is applied.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/policy_files.hpp"
#include "cli/rule_differences.hpp"
#include "cli/since.hpp"
#include "cli/words.hpp"
#include "policy/backtest.hpp"

namespace holdpoint::cli {
namespace {

/// The server answers so many decisions at once.
constexpr int decisions_in_answer_max = 10'000;
/// A server that always has more is not followed for ever.
constexpr int answers_max = 1'000;

struct Options {
  std::vector<std::string> files;
  std::string application;
  std::string since;
  std::string baseline = "then";
  int limit = 0;  // 0: all
  bool every = false;
  bool as_enforced = false;
};

/// What one answer holds, read without trusting it.
struct Page {
  policy::BacktestTotals totals;
  std::vector<policy::DecisionDifference> differences;
  std::vector<policy::NotReplayed> not_replayed;
  std::optional<std::string> next_cursor;
};
HP_DESCRIBE(Page, totals, differences, not_replayed, next_cursor)

struct Outcome {
  Page all;
  json::array candidates;
};

/// The documents as one stream.
std::string stream_of(const std::vector<LocalPolicy>& policies) {
  std::string stream;
  for (const LocalPolicy& one : policies) {
    stream += "---\n" + one.source.document.text;
    if (!stream.ends_with('\n')) stream += '\n';
  }
  return stream;
}

void add(policy::BacktestTotals& sum, const policy::BacktestTotals& more) {
  sum.decisions += more.decisions;
  sum.certifications += more.certifications;
  sum.deployments += more.deployments;
  sum.activations += more.activations;
  sum.approvals += more.approvals;
  sum.unchanged += more.unchanged;
  sum.would_block += more.would_block;
  sum.would_pass += more.would_pass;
  sum.other_rules += more.other_rules;
  sum.not_replayed += more.not_replayed;
}

/// Whether every decision is counted under one heading and as of one kind: an answer that loses
/// some is none.
bool adds_up(const policy::BacktestTotals& totals) {
  return totals.decisions ==
             totals.certifications + totals.deployments + totals.activations + totals.approvals &&
         totals.decisions == totals.unchanged + totals.would_block + totals.would_pass +
                                 totals.other_rules + totals.not_replayed;
}

Tried<Page> page_of(const Answer& answer) {
  const std::string where = "POST policies/backtest";
  json::object known;
  for (const std::string_view name : {"totals", "differences", "not_replayed", "next_cursor"}) {
    if (const auto* member = answer.document.if_contains(name)) known[name] = *member;
  }
  auto page = from_json<Page>(json::value(std::move(known)));
  if (!page) {
    return malformed("The answer is no backtest: " + page.error().front().text(), where);
  }
  if (!adds_up(page->totals)) return malformed("The totals do not add up.", where);
  return std::move(*page);
}

Tried<Outcome> ask(const Options& options, const std::string& stream, Session& session) {
  HP_TRY(const std::string since, since_text(options.since, session));
  Outcome outcome;
  std::int64_t left = options.limit;
  for (int i = 0; i < answers_max; ++i) {
    const std::int64_t asked = options.limit == 0
                                   ? decisions_in_answer_max
                                   : std::min<std::int64_t>(left, decisions_in_answer_max);
    const std::string path = session.in_workspace({"policies", "backtest"}) +
                             query_of({{"application", options.application},
                                       {"since", since},
                                       {"baseline", options.baseline},
                                       {"decisions", options.every ? "every" : "standing"},
                                       {"as_enforced", options.as_enforced ? "true" : ""},
                                       {"limit", std::to_string(asked)},
                                       {"cursor", outcome.all.next_cursor.value_or("")}});
    HP_TRY(const Answer answer, session.post_text(path, "application/yaml", stream));
    HP_TRY(Page page, page_of(answer));
    if (const auto* candidates = array_at(answer.document, "candidates")) {
      outcome.candidates = *candidates;
    }
    add(outcome.all.totals, page.totals);
    std::ranges::move(page.differences, std::back_inserter(outcome.all.differences));
    std::ranges::move(page.not_replayed, std::back_inserter(outcome.all.not_replayed));
    outcome.all.next_cursor = page.next_cursor;
    left -= page.totals.decisions;
    if (!page.next_cursor || (options.limit > 0 && left <= 0)) break;
    session.progress(std::to_string(outcome.all.totals.decisions) + " decisions tried");
  }
  session.end_progress();
  return outcome;
}

/// "certification", "deployment to production"
std::string decision_text(policy::DecisionKind kind,
                          const std::optional<std::string>& environment) {
  const std::string text(describe::enum_text(kind));
  return environment ? text + " to " + printable(*environment) : text;
}

std::string second_text(Instant at) { return Instant{at.us / 1'000'000 * 1'000'000}.text(); }

std::string action_text(const std::string& action) {
  if (action == "created") return "not in force yet";
  if (action == "unchanged") return "in force as it is";
  return "in force in another version";
}

void print_candidates(const Options& options, const Outcome& outcome, Session& session) {
  for (const json::value& entry : outcome.candidates) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    const std::string mode = shown_at(*one, "mode");
    session.out() << "Tried " << session.paint(printable(shown_at(*one, "name")), Tone::strong)
                  << " (" << action_text(shown_at(*one, "action")) << ", mode " << printable(mode)
                  << (options.as_enforced && mode != "enforce" ? ", judged as if it blocked" : "")
                  << ")\n";
    if (!options.as_enforced && mode != "enforce") {
      session.note("In mode " + mode + " it blocks nothing; --as-enforced shows what it would.");
    }
  }
}

/// "+ changes/main/board: 2 of approver", or what it was and would be.
std::string stages_text(const policy::DecisionDifference& one) {
  std::string text;
  for (const policy::StageDifference& stage : one.stages) {
    const bool is_new = !stage.before;
    const std::string name = printable(stage.document + "/" + stage.route + "/" + stage.stage);
    std::string line = std::string(is_new ? "+ " : stage.after ? "~ " : "- ") + name + ": ";
    if (stage.before) line += printable(*stage.before);
    if (stage.before && stage.after) line += " → ";
    if (stage.after) line += printable(*stage.after);
    text += indented(line, 6);
  }
  if (one.stages_omitted > 0) {
    text += indented("and " + std::to_string(one.stages_omitted) + " more stages", 6);
  }
  return text;
}

void print_differences(const Page& all, Session& session) {
  std::string subject;
  for (const policy::DecisionDifference& one : all.differences) {
    if (one.subject != subject) {
      subject = one.subject;
      session.out() << '\n' << session.paint(printable(subject), Tone::strong) << '\n';
    }
    session.out() << "  " << second_text(one.decided_at) << "  "
                  << decision_text(one.kind, one.environment) << "  "
                  << change_text(one.passed_before, one.passed_after, session.colour())
                  << (one.effect == policy::BacktestEffect::other_rules ? ", by other rules" : "")
                  << '\n';
    if (!one.note.empty()) session.out() << indented(one.note, 6);
    for (const std::string& name : one.would_flip) {
      session.out() << "      " << printable(name) << " would have flipped it, had it blocked\n";
    }
    session.out() << stages_text(one);
    session.out() << rule_differences_text(one.rules, 6, session.colour());
    if (one.rules_omitted > 0) {
      session.out() << "      and " << one.rules_omitted << " more rules\n";
    }
  }
}

void print_not_replayed(const Page& all, Session& session) {
  if (all.totals.not_replayed == 0) return;
  session.out() << '\n' << session.paint("Could not be replayed", Tone::attention) << '\n';
  Table table({"RELEASE", "DECISION", "DECIDED", "WHY"});
  for (const policy::NotReplayed& one : all.not_replayed) {
    table.add({{one.subject},
               {decision_text(one.kind, one.environment)},
               {second_text(one.decided_at)},
               {one.reason}});
  }
  session.out() << table.text(session.colour());
  const auto omitted = all.totals.not_replayed - static_cast<std::int64_t>(all.not_replayed.size());
  if (omitted > 0) session.out() << "and " << omitted << " more\n";
}

void print_totals(const Page& all, Session& session) {
  const policy::BacktestTotals& totals = all.totals;
  session.out() << '\n';
  if (totals.decisions == 0) {
    session.out() << "There is no past decision to try it on.\n";
    return;
  }
  const auto row = [&](std::int64_t count, std::string_view what, Tone tone) {
    const std::string number = std::to_string(count);
    session.out() << std::string(number.size() < 8 ? 8 - number.size() : 0, ' ')
                  << session.paint(number + "  " + std::string(what),
                                   count == 0 ? Tone::faint : tone)
                  << '\n';
  };
  row(totals.decisions, totals.decisions == 1 ? "decision tried" : "decisions tried", Tone::strong);
  const auto part = [&](std::int64_t count, std::string_view what) {
    if (count > 0 && count < totals.decisions) row(count, what, Tone::plain);
  };
  part(totals.certifications, "of them certifications");
  part(totals.deployments, "of them deployments");
  part(totals.activations, "of them changes of policies");
  part(totals.approvals, "of them requests for approval");
  row(totals.would_block, "passed, would be blocked", Tone::bad);
  row(totals.would_pass, "blocked, would pass", Tone::attention);
  row(totals.other_rules, "end the same, by other rules", Tone::attention);
  row(totals.unchanged, "unchanged", Tone::plain);
  row(totals.not_replayed, "could not be replayed", Tone::attention);
}

void print(const Options& options, const Outcome& outcome, Session& session) {
  print_candidates(options, outcome, session);
  const Page& all = outcome.all;
  print_differences(all, session);
  const policy::BacktestTotals& totals = all.totals;
  const auto omitted = totals.would_block + totals.would_pass + totals.other_rules -
                       static_cast<std::int64_t>(all.differences.size());
  if (omitted > 0) session.out() << "\nand " << omitted << " more differences\n";
  print_not_replayed(all, session);
  print_totals(all, session);
  if (all.next_cursor) session.note("Older decisions were not looked at.");
}

Exit exit_of(const policy::BacktestTotals& totals) {
  if (totals.would_block + totals.would_pass + totals.other_rules > 0) return Exit::no;
  return totals.not_replayed > 0 ? Exit::unknown : Exit::yes;
}

/// "CertificationCriteria, GatePolicy"
std::string kinds_tried() {
  std::string kinds;
  for (const policy::KindRow& row : policy::kinds()) {
    if (!policy::decided_by(row.kind)) continue;
    kinds += (kinds.empty() ? "" : ", ") + std::string(row.name);
  }
  return kinds;
}

/// Those whose decisions are kept with their facts.
Tried<std::vector<LocalPolicy>> triable(std::vector<LocalPolicy> policies, Session& session) {
  const auto others = std::erase_if(
      policies, [](const LocalPolicy& one) { return !policy::decided_by(one.kind()); });
  if (policies.empty()) {
    return wrong_use("Of what these policies decide, no past decisions are kept.",
                     "policy backtest", "Name documents of kind " + kinds_tried() + ".");
  }
  if (others > 0) {
    session.note("Not tried: " + std::to_string(others) +
                 " of other kinds, of which no past decisions are kept.");
  }
  return policies;
}

Exit backtest(const Options& options, Session& session) {
  const auto schemas = facts_schemas(session);
  if (!schemas) return session.fail(schemas.error());
  const auto policies = sound_policies(options.files, *schemas, policy::OwnTests::run, session);
  if (!policies) return policies.error();
  const auto tried = triable(*policies, session);
  if (!tried) return session.fail(tried.error());
  auto outcome = ask(options, stream_of(*tried), session);
  if (!outcome) return session.fail(outcome.error());
  if (session.format() == Format::json) {
    json::value all = to_json(outcome->all);
    all.get_object()["candidates"] = outcome->candidates;
    session.out() << json::serialize(all) << '\n';
  } else {
    print(options, *outcome, session);
  }
  return exit_of(outcome->all.totals);
}

}  // namespace

Command policy_backtest_command() {
  const auto o = std::make_shared<Options>();
  return {"policy backtest",
          "Try policies on past decisions, without applying them",
          {policy_files_parameter(o->files),
           {"--application", "NAME", "Only releases of this application", &o->application},
           {"--since", "DATE", "Only decisions since: 2026-01-31, an instant, or 90d", &o->since},
           {"--limit", "COUNT", "At most so many decisions, newest first (all)", &o->limit},
           {"--every", "", "Every decision there was, not only those that stand", &o->every},
           {"--baseline",
            "then|now",
            "Compare with what was decided then, or with the policies of now",
            &o->baseline,
            Presence::optional,
            {"then", "now"}},
           {"--as-enforced", "", "Judge the policies as if they blocked", &o->as_enforced}},
          [o](Session& session) { return backtest(*o, session); }};
}

}  // namespace holdpoint::cli

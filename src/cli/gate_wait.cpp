// holdpoint gate wait: asks again until the gate opens or the time is over. A server that is away
// for a while does not end the waiting; one that refuses the question does.
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/gate.hpp"

namespace holdpoint::cli {
namespace {

constexpr Duration interval_min = Duration::seconds(1);
constexpr Duration timeout_max = Duration::days(7);

struct Options {
  GateOptions gate;
  std::string timeout = "10m";
  std::string interval = "10s";
};

struct Rhythm {
  Duration timeout;
  Duration interval;
};

Tried<Rhythm> rhythm_of(const Options& options) {
  const auto timeout = parse_duration(options.timeout);
  if (!timeout || *timeout > timeout_max) {
    return wrong_use("`" + options.timeout + "` is no time to wait.", "--timeout",
                     "Write a duration up to 7d, such as 10m or 1h30m.");
  }
  const auto interval = parse_duration(options.interval);
  if (!interval || *interval < interval_min) {
    return wrong_use("`" + options.interval + "` is no interval.", "--interval",
                     "Write a duration of at least 1s, such as 10s.");
  }
  return Rhythm{*timeout, *interval};
}

/// The last thing we heard, which is what a timeout reports.
Exit give_up(const Options& options, const Tried<GateAnswer>& last, Session& session) {
  session.note("The gate did not open within " + options.timeout + ".");
  if (!last) return session.fail(last.error());
  show_gate(options.gate, *last, session);
  return exit_of(last->decision);
}

Exit wait(const Options& options, Session& session) {
  const auto rhythm = rhythm_of(options);
  if (!rhythm) return session.fail(rhythm.error());
  const auto question = gate_question(options.gate);
  if (!question) return session.fail(question.error());
  World& world = session.world();
  const Instant begin = world.now();
  const Instant end = begin + rhythm->timeout;
  for (;;) {
    const auto answer = ask_gate(*question, session);
    if (answer && answer->decision == Decision::open) {
      session.end_progress();
      show_gate(options.gate, *answer, session);
      return Exit::yes;
    }
    if (!answer && answer.error().cause != Cause::away) return session.fail(answer.error());
    const Instant now = world.now();
    if (now >= end) return give_up(options, answer, session);
    const Duration left = end - now;
    session.progress("waiting for the gate: " +
                     std::string(answer
                                     ? (answer->decision == Decision::closed ? "closed" : "unknown")
                                     : "server away") +
                     ", " + duration_text({(left.us / 1'000'000) * 1'000'000}) + " left");
    const Pause pause = world.sleep(std::min(rhythm->interval, left));
    if (pause == Pause::interrupted) return give_up(options, answer, session);
  }
}

}  // namespace

Command gate_wait_command() {
  const auto options = std::make_shared<Options>();
  std::vector<Parameter> parameters = gate_parameters(options->gate);
  parameters.push_back({"--timeout", "DURATION", "How long to wait (10m)", &options->timeout});
  parameters.push_back({"--interval", "DURATION", "How often to ask (10s)", &options->interval});
  return {"gate wait", "Wait until a version may be deployed", std::move(parameters),
          [options](Session& session) { return wait(*options, session); }};
}

}  // namespace holdpoint::cli

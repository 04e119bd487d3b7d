// holdpoint delivery list, replay: what is sent to the outside by mail and webhook, what failed and
// why, and sending it again.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct ListOptions {
  std::string state = "all";
  std::string cursor;
};

Tone tone_of(std::string_view state) {
  if (state == "failed") return Tone::bad;
  if (state == "delivered") return Tone::good;
  return Tone::plain;
}

Exit list(const ListOptions& options, Session& session) {
  return list_rows(
      session,
      session.in_workspace({"deliveries"}) +
          query_of(
              {{"state", options.state == "all" ? "" : options.state}, {"cursor", options.cursor}}),
      {"DELIVERY", "STATE", "TRIES", "WHAT AND WHY"}, "No delivery.\n",
      [&](const json::object& item) -> std::vector<Cell> {
        const std::string state = shown_at(item, "state");
        const auto attempts = integer_at(item, "attempts");
        const std::string error = shown_at(item, "last_error");
        return {{shown_at(item, "id")},
                {state, tone_of(state)},
                {attempts ? std::to_string(*attempts) : "?"},
                {shown_at(item, "topic") + " by " + shown_at(item, "channel") + " to " +
                 shown_at(item, "recipient") + (error.empty() ? "" : ": " + error)}};
      });
}

Exit replay(const std::string& id, Session& session) {
  const auto answer =
      session.post(session.in_workspace({"deliveries", id, "replay"}), json::object{});
  if (!answer) return session.fail(answer.error());
  if (shown_at(answer->document, "state") != "waiting") {
    return session.fail(
        malformed("The answer does not say that it is sent again.", "POST replay").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << "Sent again soon: " << printable(shown_at(answer->document, "id")) << ".\n";
  }
  return Exit::yes;
}

}  // namespace

Command delivery_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"delivery list",
          "List what is sent by mail and webhook",
          {{"--state",
            "STATE",
            "Only those in this state (all)",
            &o->state,
            Presence::optional,
            {"waiting", "failed", "delivered", "withdrawn", "all"}},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command delivery_replay_command() {
  const auto id = std::make_shared<std::string>();
  return {"delivery replay",
          "Send a delivery again, under its old id",
          {{"delivery", "DELIVERY", "Its id", id.get(), Presence::required}},
          [id](Session& session) { return replay(*id, session); }};
}

}  // namespace holdpoint::cli

// holdpoint webhook secret: makes a new secret that an endpoint's messages are signed with. It is
// printed once, alone on standard output, so that it can be piped into a secret store.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string endpoint;
  std::string earlier_count_for = "24h";
};

Exit issue(const Options& options, Session& session) {
  if (!parse_duration(options.earlier_count_for)) {
    return session.fail(wrong_use("`" + options.earlier_count_for + "` is no duration.",
                                  "--earlier-count-for", "Write one such as 24h or 7d.")
                            .error());
  }
  const auto answer =
      session.post(session.in_workspace({"webhook-endpoints", options.endpoint, "secrets"}),
                   json::object{{"earlier_count_for", options.earlier_count_for}});
  if (!answer) return session.fail(answer.error());
  const auto secret = text_at(answer->document, "secret");
  if (!secret) {
    return session.fail(malformed("The answer holds no secret.", "POST secrets").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  session.note("Secret " + shown_at(answer->document, "id") + "; those before it count until " +
               instant_at(answer->document, "earlier_until") +
               ". It is shown this once; keep it in a secret store.");
  session.out() << printable(*secret) << '\n';
  return Exit::yes;
}

}  // namespace

Command webhook_secret_command() {
  const auto o = std::make_shared<Options>();
  return {"webhook secret",
          "Make a new secret for a webhook endpoint",
          {{"endpoint", "ENDPOINT", "Its name", &o->endpoint, Presence::required},
           {"--earlier-count-for", "DURATION", "How long earlier secrets still count (24h)",
            &o->earlier_count_for}},
          [o](Session& session) { return issue(*o, session); }};
}

}  // namespace holdpoint::cli

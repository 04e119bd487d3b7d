// holdpoint approve, reject, abstain: a decision on exactly the content that a request is about. A
// request is pinned to one content, so its digest is what is signed; when the content changed
// since, the server says so and nothing is signed.
#include <memory>
#include <ostream>

#include "base/ed25519.hpp"
#include "cli/approval_text.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/moment.hpp"
#include "cli/password.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string id;
  std::string reason;
  std::string digest;
  std::string on_behalf_of;
  std::string effective_from;
  bool password = false;
  bool password_stdin = false;
};

/// The digest that was named, or that of the request as it is shown.
Tried<std::string> digest_of(const Options& options, Session& session) {
  if (!options.digest.empty()) return options.digest;
  HP_TRY(const Answer answer, session.get(session.in_workspace({"approvals", options.id})));
  const json::object* request = object_at(answer.document, "request");
  const json::object* subject = request != nullptr ? object_at(*request, "subject") : nullptr;
  const auto digest = subject != nullptr ? text_at(*subject, "digest") : std::nullopt;
  if (!digest) return malformed("The answer names no content.", "GET approvals");
  return *digest;
}

Exit decide(const std::string& choice, const Options& options, Session& session) {
  const auto digest = digest_of(options, session);
  if (!digest) return session.fail(digest.error());
  json::object decision{{"choice", choice}, {"digest", *digest}};
  if (!options.reason.empty()) decision["reason"] = options.reason;
  if (!options.on_behalf_of.empty()) decision["on_behalf_of"] = options.on_behalf_of;
  if (!options.effective_from.empty()) {
    const auto from = moment_ahead(options.effective_from, "--effective-from", session);
    if (!from) return session.fail(from.error());
    decision["effective_from"] = from->text();
  }
  if (options.password || options.password_stdin) {
    auto password = read_password(
        session, options.password_stdin ? PasswordFrom::input : PasswordFrom::terminal);
    if (!password) return session.fail(password.error());
    decision["password"] = *password;
    cleanse(*password);
  }
  const auto answer =
      session.post(session.in_workspace({"approvals", options.id, "decisions"}), decision);
  if (!answer) return session.fail(answer.error());
  return show_decided(*answer, options.id, session);
}

std::vector<Parameter> parameters(Options& o, Presence reason) {
  return {
      {"id", "ID", "The request's id", &o.id, Presence::required},
      {"--reason", "TEXT", "Why; on the record", &o.reason, reason},
      {"--digest", "DIGEST", "Of the content that you looked at (that of the request)", &o.digest},
      {"--on-behalf-of", "WHO", "Id of the person in whose place you sign", &o.on_behalf_of},
      {"--password", "", "Ask for your password once more, where policy wants it", &o.password},
      {"--password-stdin", "", "Read that password from standard input", &o.password_stdin}};
}

}  // namespace

Command approve_command() {
  const auto o = std::make_shared<Options>();
  auto all = parameters(*o, Presence::optional);
  all.push_back({"--effective-from", "WHEN",
                 "Counts from then on: an instant, a day, or from now (4h); revocable until then",
                 &o->effective_from});
  return {"approve", "Approve what a request is about", std::move(all),
          [o](Session& session) { return decide("approve", *o, session); }};
}

Command abstain_command() {
  const auto o = std::make_shared<Options>();
  return {"abstain", "Decide neither way on a request, so that others have to",
          parameters(*o, Presence::optional),
          [o](Session& session) { return decide("abstain", *o, session); }};
}

Command reject_command() {
  const auto o = std::make_shared<Options>();
  return {"reject", "Reject what a request is about; what was granted is taken back",
          parameters(*o, Presence::required),
          [o](Session& session) { return decide("reject", *o, session); }};
}

}  // namespace holdpoint::cli

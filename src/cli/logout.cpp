// holdpoint logout: ends the kept sign-in at its server and forgets its token. A token from the
// environment or an option is no sign-in and stays what it is.
#include <ostream>

#include "base/ed25519.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

/// The server knows the session no more: it was ended or ran out, and there is nothing to end.
bool is_over(const Failure& failure) {
  return failure.cause == Cause::answered && failure.status == 401;
}

Exit told(Session& session, const std::string& sentence) {
  if (session.format() == Format::json) {
    session.out() << "{}\n";
  } else {
    session.out() << sentence << '\n';
  }
  return Exit::yes;
}

Exit logout(Session& session) {
  Config& config = session.config();
  if (config.token.empty() || config.server != session.server()) {
    return told(session, "Not signed in to " + printable(session.server()) + ".");
  }
  const auto ended = session.as_signed_in().remove("/sessions/current");
  // A session that may still be open is kept, so that the next logout can end it.
  if (!ended && !is_over(ended.error())) return session.fail(ended.error());
  cleanse(config.token);
  config.expires_at.clear();
  if (const auto kept = save_config(session.environment(), config); !kept) {
    return session.fail(kept.error());
  }
  return told(session, "Signed out of " + printable(session.server()) + ".");
}

}  // namespace

Command logout_command() {
  return {"logout", "End the sign-in at the server and forget its token", {}, logout};
}

}  // namespace holdpoint::cli

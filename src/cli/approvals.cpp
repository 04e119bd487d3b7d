// holdpoint approvals request, list, inbox, show, withdraw, revoke: asking for approvals, and how
// they stand.
#include <memory>
#include <ostream>

#include "cli/approval_text.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/release_ref.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct RequestOptions {
  std::string release;
  std::string environment;
  std::string proposal;
  std::string configuration;
  std::string reason;
  std::vector<std::string> fields;
};

struct ListOptions {
  std::string state;
  std::string cursor;
  int limit = 50;
};

struct WithdrawOptions {
  std::string id;
  std::string reason;
  bool signature = false;
};

Tried<json::object> fields_of(const std::vector<std::string>& pairs) {
  json::object fields;
  for (const std::string& pair : pairs) {
    const std::size_t cut = pair.find('=');
    if (cut == std::string::npos || cut == 0) {
      return wrong_use("'" + pair + "' is not NAME=VALUE.", "--field",
                       "Write a field as --field backout_plan=\"redeploy 1.3.0\".");
    }
    fields[pair.substr(0, cut)] = pair.substr(cut + 1);
  }
  return fields;
}

struct SubjectName {
  std::string kind;
  std::string id;
};

/// What the approval is asked for: a release, a configuration of an application, or a proposal.
Tried<SubjectName> subject_of(const RequestOptions& options) {
  if (!options.proposal.empty()) {
    if (options.release.empty() && options.environment.empty() && options.configuration.empty()) {
      return SubjectName{"policy_proposal", options.proposal};
    }
    return wrong_use("A proposal stands by itself.", "--proposal",
                     "holdpoint approvals request --proposal PROPOSAL");
  }
  if (options.release.empty() || options.environment.empty()) {
    return wrong_use("It is not said what is to be approved.", "--env",
                     "holdpoint approvals request APP@VERSION --env ENVIRONMENT");
  }
  if (!options.configuration.empty()) {
    return SubjectName{"configuration",
                       options.release + "/" + options.environment + "/" + options.configuration};
  }
  HP_TRY_VOID(parse_release_name(options.release));
  return SubjectName{"promotion", options.release + "/" + options.environment};
}

Exit request(const RequestOptions& options, Session& session) {
  const auto subject = subject_of(options);
  if (!subject) return session.fail(subject.error());
  auto fields = fields_of(options.fields);
  if (!fields) return session.fail(fields.error());
  const auto answer = session.post(session.in_workspace({"approvals"}),
                                   json::object{{"kind", subject->kind},
                                                {"id", subject->id},
                                                {"reason", options.reason},
                                                {"fields", std::move(*fields)}});
  if (!answer) return session.fail(answer.error());
  const auto id = text_at(answer->document, "id");
  if (!id) return session.fail(malformed("The answer names none.", "POST approvals").error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  session.out() << "Asked for: " << printable(*id) << '\n';
  const auto shown = session.get(session.in_workspace({"approvals", *id}));
  if (!shown) return session.fail(shown.error());
  show_approval(shown->document, session);
  return Exit::yes;
}

Exit list(const ListOptions& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"approvals"}) +
                                  query_of({{"state", options.state},
                                            {"limit", std::to_string(options.limit)},
                                            {"cursor", options.cursor}}));
  if (!answer) return session.fail(answer.error());
  return show_approvals(*answer, session);
}

Exit inbox(Session& session) {
  const auto answer = session.get(session.in_workspace({"approvals", "inbox"}));
  if (!answer) return session.fail(answer.error());
  return show_inbox(*answer, session);
}

Exit show(const std::string& id, Session& session) {
  const auto answer = session.get(session.in_workspace({"approvals", id}));
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    show_approval(answer->document, session);
  }
  return Exit::yes;
}

Exit withdraw(const WithdrawOptions& options, Session& session) {
  const std::string what = options.signature ? "signature-withdrawal" : "withdrawal";
  const auto answer = session.post(session.in_workspace({"approvals", options.id, what}),
                                   json::object{{"reason", options.reason}});
  if (!answer) return session.fail(answer.error());
  return show_decided(*answer, options.id, session);
}

}  // namespace

Command approvals_request_command() {
  const auto o = std::make_shared<RequestOptions>();
  return {
      "approvals request",
      "Ask for the approval of a release for an environment, or of another subject",
      {{"release", "APP@VERSION", "The release; with --configuration the application", &o->release},
       {"--env", "ENVIRONMENT", "Where it is to go", &o->environment},
       {"--configuration", "DIGEST", "Ask for this configuration of the environment instead",
        &o->configuration},
       {"--proposal", "PROPOSAL", "Ask for a proposed change of policies instead", &o->proposal},
       {"--reason", "TEXT", "Why; shown to those who decide", &o->reason},
       {"--field", "NAME=VALUE", "What policy wants stated, such as backout_plan; repeatable",
        &o->fields}},
      [o](Session& session) { return request(*o, session); }};
}

Command approvals_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"approvals list",
          "List requests for approval, the newest first",
          {{"--state",
            "STATE",
            "Only those in this state",
            &o->state,
            Presence::optional,
            {"pending", "granted", "rejected", "expired", "withdrawn", "superseded", "invalidated",
             "revoked", "consumed"}},
           {"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command approvals_inbox_command() {
  return {"approvals inbox",
          "Show what waits, the first due first, and whether you may decide",
          {},
          [](Session& session) { return inbox(session); }};
}

Command approvals_show_command() {
  const auto id = std::make_shared<std::string>();
  return {"approvals show",
          "Show a request: its stages, who may sign, and who may not and why",
          {{"id", "ID", "The request's id", id.get(), Presence::required}},
          [id](Session& session) { return show(*id, session); }};
}

Command approvals_revoke_command() {
  const auto o = std::make_shared<WithdrawOptions>();
  o->signature = true;
  return {"approvals revoke",
          "Take back your decision on a request, before it is used",
          {{"id", "ID", "The request's id", &o->id, Presence::required},
           {"--reason", "TEXT", "Why", &o->reason, Presence::required}},
          [o](Session& session) { return withdraw(*o, session); }};
}

Command approvals_withdraw_command() {
  const auto o = std::make_shared<WithdrawOptions>();
  return {"approvals withdraw",
          "Withdraw your request, or with --signature your decision on one",
          {{"id", "ID", "The request's id", &o->id, Presence::required},
           {"--reason", "TEXT", "Why", &o->reason, Presence::required},
           {"--signature", "", "Take back your signature, not the request", &o->signature}},
          [o](Session& session) { return withdraw(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint audit log: the entries of the ledger, oldest first; with --follow, new ones as they
// come.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

constexpr Duration follow_interval = Duration::seconds(2);

struct Options {
  std::string after;
  std::string type;
  std::string subject;
  int limit = 50;
  bool follow = false;
};

std::string kind_and_id(const json::object& entry, std::string_view name) {
  const json::object* thing = object_at(entry, name);
  if (thing == nullptr) return "";
  return shown_at(*thing, "kind") + " " + shown_at(*thing, "id");
}

void print_table(const json::array& items, Session& session) {
  Table table({"INDEX", "AT", "TYPE", "SUBJECT AND ACTOR"});
  for (const json::value& value : items) {
    const auto* entry = value.if_object();
    if (entry == nullptr) continue;
    const auto index = integer_at(*entry, "index");
    table.add({{index ? std::to_string(*index) : ""},
               {instant_at(*entry, "at")},
               {shown_at(*entry, "type")},
               {kind_and_id(*entry, "subject") + " by " + kind_and_id(*entry, "actor")}});
  }
  if (!table.empty()) session.out() << table.text(session.colour());
}

/// The index to continue after, or the one we had.
std::string last_index(const json::array& items, const std::string& before) {
  if (items.empty()) return before;
  const auto* entry = items.back().if_object();
  const auto index = entry == nullptr ? std::nullopt : integer_at(*entry, "index");
  return index ? std::to_string(*index) : before;
}

Tried<Answer> page_after(const std::string& after, const Options& options, Session& session) {
  HP_TRY(Answer answer, session.get(session.in_workspace({"ledger", "entries"}) +
                                    query_of({{"after", after},
                                              {"limit", std::to_string(options.limit)},
                                              {"type", options.type},
                                              {"subject", options.subject}})));
  if (array_at(answer.document, "items") == nullptr) {
    return malformed("The answer holds no list.", "GET ledger/entries");
  }
  return answer;
}

Exit log(const Options& options, Session& session) {
  std::string after = options.after;
  for (;;) {
    const auto answer = page_after(after, options, session);
    if (!answer) return session.fail(answer.error());
    const json::array& items = *array_at(answer->document, "items");
    if (session.format() == Format::json) {
      if (!options.follow || !items.empty()) session.print_json(*answer);
    } else {
      if (items.empty() && !options.follow) session.out() << "No entry.\n";
      print_table(items, session);
    }
    if (!options.follow) return Exit::yes;
    session.out().flush();
    const std::string before = after;
    after = last_index(items, before);
    const bool more = after != before && items.size() >= static_cast<std::size_t>(options.limit);
    if (!more && session.world().sleep(follow_interval) == Pause::interrupted) return Exit::yes;
  }
}

}  // namespace

Command audit_log_command() {
  const auto o = std::make_shared<Options>();
  return {"audit log",
          "Read the entries of the audit trail",
          {{"--after", "INDEX", "Entries after this one", &o->after},
           {"--type", "TYPE", "Only this type, such as certification.issued", &o->type},
           {"--subject", "ID", "Only about this subject", &o->subject},
           {"--limit", "COUNT", "Entries in an answer, 1 to 200", &o->limit},
           {"--follow", "", "Go on and show new entries as they come", &o->follow}},
          [o](Session& session) { return log(*o, session); }};
}

}  // namespace holdpoint::cli

// holdpoint access-review start, list, show, confirm, remove, close: who can approve what, looked
// at by others.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/listing.hpp"
#include "cli/moment.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct StartOptions {
  std::string title;
  std::string due;
  bool remove_unanswered = false;
};

struct ListOptions {
  std::string cursor;
  int limit = 50;
};

struct AnswerOptions {
  std::string id;
  std::vector<std::string> lines;
  std::string reason;
};

std::string heading_of(const json::object& review) {
  const auto closed = text_at(review, "closed_at");
  return printable(shown_at(review, "id")) + "  " + printable(shown_at(review, "title")) + "\n" +
         indented(counted(integer_at(review, "lines").value_or(0), "right") + ", " +
                      (closed ? "closed at " + instant_at(review, "closed_at")
                              : "due at " + instant_at(review, "due")),
                  2);
}

std::string line_text(const json::object& line) {
  std::string roles;
  if (const json::array* all = array_at(line, "roles"); all != nullptr) {
    for (const json::value& role : *all) {
      if (!role.is_string()) continue;
      roles += (roles.empty() ? "" : ", ") + std::string(view(role.get_string()));
    }
  }
  std::string text = std::to_string(integer_at(line, "line").value_or(0)) + "  " +
                     shown_at(line, "person_name") + " (" + shown_at(line, "person") +
                     "): " + shown_at(line, "kind") + " of " +
                     (roles.empty() ? "every role" : roles);
  if (const auto lent = text_at(line, "lent_by_name")) text += ", lent by " + *lent;
  const std::string answer = shown_at(line, "answer");
  text += ": " + (answer.empty() ? std::string("waits") : answer);
  if (const auto by = text_at(line, "answered_by")) text += " by " + *by;
  const auto kept = text_at(line, "kept_because");
  if (kept) text += ", kept because " + *kept;
  std::string out = indented(printable(text), 2);
  if (const auto next = text_at(line, "next")) out += indented("→ " + printable(*next), 4);
  return out;
}

Exit show(const std::string& id, Session& session) {
  const auto answer = session.get(session.in_workspace({"access-reviews", id}));
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const json::object* review = object_at(answer->document, "review");
  const json::array* lines = array_at(answer->document, "lines");
  if (review == nullptr || lines == nullptr) {
    return session.fail(malformed("The answer holds no review.", "GET access-reviews").error());
  }
  std::string text = heading_of(*review);
  for (const json::value& entry : *lines) {
    if (const auto* one = entry.if_object()) text += line_text(*one);
  }
  session.out() << text;
  return Exit::yes;
}

Exit shown(const Tried<Answer>& answer, Session& session) {
  if (!answer) return session.fail(answer.error());
  if (session.format() == Format::json) {
    session.print_json(*answer);
  } else {
    session.out() << heading_of(answer->document);
  }
  return Exit::yes;
}

Exit start(const StartOptions& options, Session& session) {
  const auto due = moment_ahead(options.due, "--due", session);
  if (!due) return session.fail(due.error());
  return shown(
      session.post(session.in_workspace({"access-reviews"}),
                   json::object{{"title", options.title},
                                {"due", due->text()},
                                {"unanswered", options.remove_unanswered ? "remove" : "keep"}}),
      session);
}

Exit list(const ListOptions& options, Session& session) {
  return list_lines(
      session,
      session.in_workspace({"access-reviews"}) +
          query_of({{"limit", std::to_string(options.limit)}, {"cursor", options.cursor}}),
      "No access review.\n", [&](const json::object& one) { return heading_of(one); });
}

Tried<json::array> numbers_of(const std::vector<std::string>& texts) {
  constexpr std::size_t digits_max = 6;
  json::array numbers;
  for (const std::string& text : texts) {
    const bool is_number = !text.empty() && text.size() <= digits_max &&
                           text.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number) {
      return wrong_use("`" + text + "` is no line.", "line",
                       "Lines are the numbers that `holdpoint access-review show` begins with.");
    }
    numbers.emplace_back(std::stoll(text));
  }
  return numbers;
}

Exit answer_lines(const AnswerOptions& options, const std::string& how, Session& session) {
  auto lines = numbers_of(options.lines);
  if (!lines) return session.fail(lines.error());
  json::object body{{"lines", std::move(*lines)}};
  if (!options.reason.empty()) body["reason"] = options.reason;
  return shown(session.post(session.in_workspace({"access-reviews", options.id, how}), body),
               session);
}

std::vector<Parameter> answer_parameters(AnswerOptions& o, Presence reason) {
  return {{"id", "ID", "The review's id", &o.id, Presence::required},
          {"line", "LINE", "Number of a line; repeatable", &o.lines, Presence::required},
          {"--reason", "TEXT", "Why; kept sealed", &o.reason, reason}};
}

}  // namespace

Command access_review_start_command() {
  const auto o = std::make_shared<StartOptions>();
  return {"access-review start",
          "Write down who can approve what, to be confirmed or removed by others",
          {{"--title", "TEXT", "One line, without names of people", &o->title, Presence::required},
           {"--due", "TIME", "When it closes: an instant, a day, or 14d from now; at most 90d",
            &o->due, Presence::required},
           {"--remove-unanswered", "", "What nobody confirms by then is removed",
            &o->remove_unanswered}},
          [o](Session& session) { return start(*o, session); }};
}

Command access_review_list_command() {
  const auto o = std::make_shared<ListOptions>();
  return {"access-review list",
          "List access reviews",
          {{"--limit", "COUNT", "Items in the answer, 1 to 200", &o->limit},
           {"--cursor", "CURSOR", "Continue a list where it ended", &o->cursor}},
          [o](Session& session) { return list(*o, session); }};
}

Command access_review_show_command() {
  const auto id = std::make_shared<std::string>();
  return {"access-review show",
          "Show an access review: every right, and what was said of it",
          {{"id", "ID", "The review's id", id.get(), Presence::required}},
          [id](Session& session) { return show(*id, session); }};
}

Command access_review_confirm_command() {
  const auto o = std::make_shared<AnswerOptions>();
  return {"access-review confirm", "Confirm rights of others",
          answer_parameters(*o, Presence::optional),
          [o](Session& session) { return answer_lines(*o, "confirmations", session); }};
}

Command access_review_remove_command() {
  const auto o = std::make_shared<AnswerOptions>();
  return {"access-review remove", "Remove rights of others, at once",
          answer_parameters(*o, Presence::required),
          [o](Session& session) { return answer_lines(*o, "removals", session); }};
}

Command access_review_close_command() {
  const auto id = std::make_shared<std::string>();
  return {"access-review close",
          "Close an access review of which every line is answered",
          {{"id", "ID", "The review's id", id.get(), Presence::required}},
          [id](Session& session) {
            return shown(session.post(session.in_workspace({"access-reviews", *id, "closing"}),
                                      json::object()),
                         session);
          }};
}

}  // namespace holdpoint::cli

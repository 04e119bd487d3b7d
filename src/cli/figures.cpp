// holdpoint figures: how teams deliver, from recorded facts.
#include <memory>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/since.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string by;
  std::string team;
  std::string application;
  std::string environment;
  std::string from;
  std::string until;
  bool records = false;
};

/// "12.3", of an integer of that many parts.
std::string with_fraction(std::int64_t value, std::int64_t parts) {
  const std::int64_t tenths = value * 10 / parts;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// For people; "–" when there is nothing to tell it from.
std::string value_text(const json::object& figure) {
  const auto value = integer_at(figure, "value");
  if (!value) return "–";
  const std::string unit = shown_at(figure, "unit");
  if (unit == "microseconds") return duration_text(Duration{*value});
  if (unit == "basis_points") return with_fraction(*value, 100) + " %";
  return with_fraction(*value, 1'000) + " a day";
}

std::string grounds_text(const json::object& figure) {
  const std::int64_t count = integer_at(figure, "count").value_or(0);
  const std::int64_t of = integer_at(figure, "of").value_or(0);
  const std::string unit = shown_at(figure, "unit");
  if (unit == "per_day_milli") return std::to_string(count) + " in " + counted(of, "day");
  std::string text = std::to_string(count) + " of " + std::to_string(of);
  if (const auto p90 = integer_at(figure, "p90")) {
    text += ", nine of ten within " + duration_text(Duration{*p90});
  }
  return text;
}

std::string spoken(std::string name) {
  for (char& c : name) {
    if (c == '_') c = ' ';
  }
  return name;
}

std::string row_name(const json::object& row) {
  std::string name;
  for (const char* member : {"team", "application", "environment"}) {
    const std::string text = shown_at(row, member);
    if (!text.empty()) name += (name.empty() ? "" : ", ") + text;
  }
  const json::object* span = object_at(row, "span");
  if (span != nullptr) {
    name += (name.empty() ? "" : ", ") + instant_at(*span, "from") + " to " +
            instant_at(*span, "until");
  }
  return printable(name);
}

void show_records(const json::object& figure, Session& session) {
  const json::array* records = array_at(figure, "records");
  if (records == nullptr || records->empty()) return;
  session.out() << spoken(printable(shown_at(figure, "name"))) << ":\n";
  for (const json::value& item : *records) {
    const auto* one = item.if_object();
    if (one == nullptr) continue;
    session.out() << "  " << instant_at(*one, "at") << "  " << printable(shown_at(*one, "id"))
                  << '\n';
  }
  const auto rest =
      integer_at(figure, "records_total").value_or(0) - static_cast<std::int64_t>(records->size());
  if (rest > 0) session.out() << "  and " << rest << " more\n";
}

void show_row(const json::object& row, const Options& options, Session& session) {
  const json::array* figures = array_at(row, "figures");
  if (figures == nullptr) return;
  session.out() << session.paint(row_name(row), Tone::strong) << '\n';
  Table table({"FIGURE", "VALUE", "FROM"});
  for (const json::value& item : *figures) {
    const auto* figure = item.if_object();
    if (figure == nullptr) continue;
    table.add(
        {{spoken(shown_at(*figure, "name"))}, {value_text(*figure)}, {grounds_text(*figure)}});
  }
  session.out() << table.text(session.colour());
  if (!options.records) return;
  for (const json::value& item : *figures) {
    if (const auto* figure = item.if_object()) show_records(*figure, session);
  }
}

Exit figures(const Options& options, Session& session) {
  const auto from = since_text(options.from, session);
  if (!from) return session.fail(from.error());
  const auto until = since_text(options.until, session);
  if (!until) return session.fail(until.error());
  const auto answer = session.get(session.in_workspace({"figures"}) +
                                  query_of({{"by", options.by},
                                            {"team", options.team},
                                            {"application", options.application},
                                            {"environment", options.environment},
                                            {"from", *from},
                                            {"until", *until}}));
  if (!answer) return session.fail(answer.error());
  const json::array* rows = array_at(answer->document, "rows");
  if (rows == nullptr) {
    return session.fail(malformed("The answer holds no rows.", "GET figures").error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  for (const json::value& item : *rows) {
    if (const auto* row = item.if_object()) show_row(*row, options, session);
  }
  if (rows->empty()) session.out() << "No application.\n";
  if (!truth_at(answer->document, "complete").value_or(false)) {
    session.note("There is more in the span than is looked at: ask for a shorter one.");
  }
  return Exit::yes;
}

}  // namespace

Command figures_command() {
  const auto o = std::make_shared<Options>();
  return {"figures",
          "Show how teams deliver, by recorded facts",
          {{"--by",
            "WHAT",
            "One table for each of these",
            &o->by,
            Presence::optional,
            {"team", "application", "environment", "month"}},
           {"--team", "NAME", "Only of the applications of this owner", &o->team},
           {"--application", "NAME", "Only of this application", &o->application},
           {"--env", "ENVIRONMENT", "Only of this environment; of production", &o->environment},
           {"--from", "WHEN", "From then on: a day, an instant, or an age such as 90d", &o->from},
           {"--until", "WHEN", "Until then, written the same", &o->until},
           {"--records", "", "With the records behind each figure", &o->records}},
          [o](Session& session) { return figures(*o, session); }};
}

}  // namespace holdpoint::cli

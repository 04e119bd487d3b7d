// See incident_text.hpp.
#include "cli/incident_text.hpp"

#include <ostream>

#include "cli/fields.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t kLabelColumns = 14;

std::string line(std::string label, const std::string& text) {
  if (text.empty()) return "";
  label.resize(kLabelColumns, ' ');
  return "  " + label + printable(text) + "\n";
}

/// The name when the answer has it, else the id.
std::string who(const json::object& incident, const std::string& member) {
  const std::string name = shown_at(incident, member + "_name");
  return name.empty() ? shown_at(incident, member) : name;
}

std::string when_and_who(const json::object& incident, const std::string& act) {
  const std::string at = instant_at(incident, act + "_at");
  const std::string by = who(incident, act + "_by");
  return by.empty() ? at : at + " by " + by;
}

}  // namespace

std::string names_text(const json::object& holder, std::string_view list,
                       std::string_view nothing) {
  std::string text;
  if (const json::array* names = array_at(holder, list)) {
    for (const json::value& name : *names) {
      if (!name.is_string()) continue;
      text += (text.empty() ? "" : ", ") + std::string(view(name.get_string()));
    }
  }
  return text.empty() ? std::string(nothing) : text;
}

Cell severity_cell(const json::object& incident) {
  const bool pauses = truth_at(incident, "major") == true && shown_at(incident, "state") == "open";
  return {shown_at(incident, "severity"), pauses ? Tone::bad : Tone::plain};
}

Exit show_incident(const Answer& answer, Session& session) {
  const json::object& incident = answer.document;
  if (!text_at(incident, "id") || !text_at(incident, "state")) {
    return session.fail(malformed("The answer holds no incident.", "incidents").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  const Cell severity = severity_cell(incident);
  session.out() << printable(shown_at(incident, "id")) << "  "
                << session.paint(printable(severity.text), severity.tone) << "  "
                << printable(shown_at(incident, "state")) << "  "
                << printable(shown_at(incident, "title")) << '\n'
                << line("environments", names_text(incident, "environments", "none"))
                << line("applications", names_text(incident, "applications", "all"))
                << line("commander", who(incident, "commander"))
                << line("declared", when_and_who(incident, "declared"))
                << line("changed", instant_at(incident, "changed_at"))
                << line("because", shown_at(incident, "changed_because"))
                << line("resolved", when_and_who(incident, "resolved"))
                << line("because", shown_at(incident, "resolved_because"));
  const std::string description = shown_at(incident, "description");
  if (!description.empty()) session.out() << indented(description, 2);
  return Exit::yes;
}

}  // namespace holdpoint::cli

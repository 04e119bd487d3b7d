// See freeze_text.hpp.
#include "cli/freeze_text.hpp"

#include "cli/fields.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

/// The texts of a list, with commas; "" for an empty list or none.
std::string listed(const json::object& object, std::string_view name) {
  std::string out;
  const json::array* items = array_at(object, name);
  if (items == nullptr) return out;
  for (const json::value& item : *items) {
    if (!item.is_string()) continue;
    out += (out.empty() ? "" : ", ") + std::string(view(item.get_string()));
  }
  return out;
}

/// "day 31", "the last fri", "fri, sat", or "" for every day.
std::string days_text(const json::object& rule) {
  const std::string weekdays = listed(rule, "weekdays");
  std::string text;
  if (const auto nth = integer_at(rule, "nth")) {
    text = *nth == -1 ? "the last " + weekdays : weekdays + " number " + std::to_string(*nth);
  } else if (const auto day = integer_at(rule, "day")) {
    text = "day " + std::to_string(*day);
  } else {
    text = weekdays;
  }
  if (const auto month = integer_at(rule, "month")) text += " of month " + std::to_string(*month);
  return text.empty() ? text : " " + text;
}

}  // namespace

std::string freeze_time_text(const json::object& freeze) {
  if (const auto* once = object_at(freeze, "once")) {
    return instant_at(*once, "from") + " until " + instant_at(*once, "until");
  }
  const auto* rule = object_at(freeze, "recurring");
  if (rule == nullptr) return "";
  std::string text = shown_at(*rule, "repeats") + days_text(*rule) + " " + shown_at(*rule, "from") +
                     " until " + shown_at(*rule, "until");
  if (const auto later = integer_at(*rule, "days_later")) {
    text += ", " + counted(*later, "day") + " later";
  }
  return text + ", " + shown_at(freeze, "zone");
}

std::string freeze_scope_text(const json::object& freeze) {
  const std::string applications = listed(freeze, "applications");
  const std::string environments = listed(freeze, "environments");
  return (applications.empty() ? "everything" : applications) + " in " +
         (environments.empty() ? "every environment" : environments);
}

}  // namespace holdpoint::cli

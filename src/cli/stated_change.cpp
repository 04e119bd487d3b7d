// See stated_change.hpp.
#include "cli/stated_change.hpp"

#include <algorithm>

namespace holdpoint::cli {
namespace {

json::array texts(const std::vector<std::string>& from) {
  return json::array(from.begin(), from.end());
}

Tried<json::object> answers_of(const std::vector<std::string>& pairs) {
  json::object answers;
  for (const std::string& pair : pairs) {
    const std::size_t cut = pair.find('=');
    if (cut == std::string::npos || cut == 0) {
      return wrong_use("'" + pair + "' is not QUESTION=ANSWER.", "--risk",
                       "Write an answer as --risk reversal=at-once.");
    }
    answers[pair.substr(0, cut)] = pair.substr(cut + 1);
  }
  return answers;
}

}  // namespace

std::vector<Parameter> change_parameters(StatedChange& o) {
  return {{"--type",
           "TYPE",
           "normal, or standard by a template (normal)",
           &o.type,
           Presence::optional,
           {"standard", "normal", "emergency"}},
          {"--title", "TEXT", "One line, without names of people", &o.title},
          {"--application", "NAME", "An affected application; repeatable", &o.applications},
          {"--env", "ENVIRONMENT", "An affected environment; repeatable", &o.environments},
          {"--from", "TIME", "When it begins: an instant, or a time of the zone's clocks", &o.from,
           Presence::required},
          {"--until", "TIME", "The first moment after it", &o.until, Presence::required},
          {"--zone", "ZONE", "Whose clocks are meant, such as Europe/Berlin (UTC)", &o.zone},
          {"--release", "APP@VERSION", "A release it brings out; repeatable", &o.releases},
          {"--risk", "QUESTION=ANSWER", "An answer to the scale of risks; repeatable", &o.risk},
          {"--template", "NAME", "The template of a standard change", &o.pattern},
          {"--category", "NAME", "What kind of emergency it is", &o.category},
          {"--description", "TEXT", "What is changed; kept sealed", &o.description},
          {"--backout-plan", "TEXT", "How it is taken back; kept sealed", &o.backout_plan},
          {"--customer-impact", "TEXT", "What customers notice; kept sealed", &o.customer_impact},
          {"--justification", "TEXT", "Why it is an emergency; kept sealed", &o.justification}};
}

std::vector<Parameter> emergency_parameters(StatedChange& stated) {
  std::vector<Parameter> parameters = change_parameters(stated);
  std::erase_if(parameters, [](const Parameter& one) {
    return one.name == "--type" || one.name == "--template";
  });
  return parameters;
}

Tried<json::object> stated_change(const StatedChange& stated) {
  HP_TRY(auto risk, answers_of(stated.risk));
  json::object body{{"type", stated.type},
                    {"applications", texts(stated.applications)},
                    {"environments", texts(stated.environments)},
                    {"from", stated.from},
                    {"until", stated.until},
                    {"releases", texts(stated.releases)},
                    {"risk", std::move(risk)}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  add("title", stated.title);
  add("zone", stated.zone);
  add("pattern", stated.pattern);
  add("category", stated.category);
  add("description", stated.description);
  add("backout_plan", stated.backout_plan);
  add("customer_impact", stated.customer_impact);
  add("justification", stated.justification);
  return body;
}

}  // namespace holdpoint::cli

// See change_text.hpp.
#include "cli/change_text.hpp"

#include <ostream>

#include "cli/fields.hpp"
#include "cli/incident_text.hpp"
#include "cli/words.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t kLabelColumns = 14;

std::string line(std::string label, const std::string& text) {
  if (text.empty()) return "";
  label.resize(kLabelColumns, ' ');
  return "  " + label + printable(text) + "\n";
}

std::string releases_text(const json::object& content) {
  std::string text;
  if (const json::array* releases = array_at(content, "releases")) {
    for (const json::value& item : *releases) {
      if (const auto* one = item.if_object()) {
        text += (text.empty() ? "" : ", ") + shown_at(*one, "name");
      }
    }
  }
  return text;
}

std::string risk_text(const json::object& content) {
  const json::object* risk = object_at(content, "risk");
  if (risk == nullptr) return "";
  const json::object* scale = object_at(*risk, "scale");
  return shown_at(*risk, "risk") + ", score " +
         std::to_string(integer_at(*risk, "score").value_or(0)) + " by the scale " +
         (scale != nullptr ? shown_at(*scale, "name") : "");
}

std::string approval_text(const json::object& view) {
  const json::object* approval = object_at(view, "approval");
  if (approval == nullptr) return "";
  std::string text = shown_at(*approval, "state");
  const std::string request = shown_at(*approval, "request");
  const std::string detail = shown_at(*approval, "detail");
  if (!request.empty()) text += ", " + request;
  if (!detail.empty()) text += ": " + detail;
  return text;
}

std::string needs_text(const json::object& view) {
  std::string text;
  if (const json::array* needs = array_at(view, "needs")) {
    for (const json::value& item : *needs) {
      const auto* need = item.if_object();
      if (need == nullptr) continue;
      text +=
          line("will need",
               shown_at(*need, "quorum") + " of " + names_text(*need, "roles", "nobody") + " for " +
                   shown_at(*need, "stage") + ", by policy " + shown_at(*need, "policy"));
    }
  }
  text += line("still lacks", names_text(view, "missing_fields", ""));
  const std::string untold = shown_at(view, "untold");
  if (!untold.empty()) text += indented("! " + printable(untold), 2);
  return text;
}

std::string warnings_text(const json::object& view) {
  std::string text;
  if (const json::array* warnings = array_at(view, "warnings")) {
    for (const json::value& item : *warnings) {
      if (item.is_string())
        text += indented("! " + printable(holdpoint::view(item.get_string())), 2);
    }
  }
  return text;
}

std::string texts_text(const json::object& view) {
  std::string out;
  if (const json::object* texts = object_at(view, "texts")) {
    for (const auto& [name, value] : *texts) {
      if (!value.is_string()) continue;
      out += indented(
          printable(holdpoint::view(name)) + ": " + printable(holdpoint::view(value.get_string())),
          2);
    }
  }
  return out;
}

/// Who tried what they may not, as evidence that duties are kept apart.
std::string refused_text(const json::object& change) {
  std::string text;
  if (const json::array* acts = array_at(change, "refused_acts")) {
    for (const json::value& item : *acts) {
      const auto* one = item.if_object();
      if (one == nullptr) continue;
      text += line("refused", shown_at(*one, "act") + " by " + shown_at(*one, "actor") + ": " +
                                  shown_at(*one, "code"));
    }
  }
  return text;
}

}  // namespace

Exit show_change(const Answer& answer, Session& session) {
  const json::object& view = answer.document;
  const json::object* change = object_at(view, "change");
  const json::object* content = change != nullptr ? object_at(*change, "content") : nullptr;
  if (content == nullptr || !text_at(view, "phase")) {
    return session.fail(malformed("The answer holds no change.", "changes").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  session.out() << printable(shown_at(*change, "id")) << "  "
                << printable(shown_at(*content, "type")) << "  "
                << printable(shown_at(view, "phase")) << "  "
                << printable(shown_at(*content, "title")) << '\n'
                << line("applications", names_text(*content, "applications", "none"))
                << line("environments", names_text(*content, "environments", "none"))
                << line("releases", releases_text(*content))
                << line("planned", shown_at(view, "planned")) << line("risk", risk_text(*content))
                << line("category", shown_at(*content, "category"))
                << line("approval", approval_text(view))
                << line("content", shown_at(view, "digest"))
                << line("review due", instant_at(*change, "review_due"))
                << line("reviewed", instant_at(*change, "reviewed_at"))
                << line("ended", instant_at(*change, "ended_at"))
                << line("as", shown_at(*change, "ending"))
                << line("because", shown_at(*change, "ended_because")) << needs_text(view)
                << refused_text(*change) << warnings_text(view) << texts_text(view);
  return Exit::yes;
}

}  // namespace holdpoint::cli

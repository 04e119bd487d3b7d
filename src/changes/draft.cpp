// Writing a change: what is stated is held against what the workspace knows, and against the
// template or the declared way that it rests on.
#include <algorithm>

#include "base/text.hpp"
#include "changes/decide.hpp"
#include "changes/refusals.hpp"
#include "changes/window.hpp"

namespace holdpoint::changes {
namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class Checking {
 public:
  void issue(std::string path, std::string message) {
    issues_.push_back({std::move(path), std::move(message), 0});
  }
  void add(const JsonIssues& issues) {
    issues_.insert(issues_.end(), issues.begin(), issues.end());
  }
  void title(const std::string& text) {
    if (text.empty() || text.size() > title_bytes_max || !is_one_line(text)) {
      issue("/title", "expected 1 to 200 bytes in one line");
    }
  }
  void affected(const std::string& thing, const Names& names, const std::set<std::string>& known,
                std::size_t most) {
    const std::string path = "/" + thing + "s";
    if (names.empty()) issue(path, "at least one " + thing);
    if (names.size() > most) {
      issue(path, "more than " + std::to_string(most));
      return;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string at = path + "/" + std::to_string(i);
      if (!known.contains(names[i])) issue(at, "there is no such " + thing + " in use");
      if (!seen.insert(names[i]).second) issue(at, "stands twice");
    }
  }
  [[nodiscard]] bool clean() const { return issues_.empty(); }
  JsonIssues take() { return std::move(issues_); }

 private:
  JsonIssues issues_;
};

void add_releases(const Names& stated, const Known& known, ChangeContent& content,
                  Checking& checking) {
  if (stated.size() > releases_max) checking.issue("/releases", "more than 20");
  for (std::size_t i = 0; i < stated.size() && i < releases_max; ++i) {
    const std::string at = "/releases/" + std::to_string(i);
    const auto found = known.releases.find(stated[i]);
    if (found == known.releases.end()) {
      checking.issue(at, "there is no such release");
      continue;
    }
    const LinkedRelease& release = found->second;
    if (!contains(content.applications, release.name.substr(0, release.name.find('@')))) {
      checking.issue(at, "of an application that the change does not touch");
    }
    if (std::ranges::find(content.releases, release) != content.releases.end()) {
      checking.issue(at, "stands twice");
      continue;
    }
    content.releases.push_back(release);
  }
}

void add_text(TextField field, const std::optional<std::string>& text, Drafted& out,
              Checking& checking) {
  if (!text) return;
  if (text->empty() || text->size() > text_bytes_max) {
    checking.issue("/" + std::string(describe::enum_text(field)), "expected 1 to 4000 bytes");
  }
  out.content.texts.push_back(field);
  out.texts.push_back({field, *text});
}

/// What a template fixes and is stated all the same, or stated beyond what it allows.
JsonIssues beyond(const StatedChange& stated, const ChangeTemplate& pattern) {
  JsonIssues issues;
  const auto fixed = [&](std::string_view path) {
    issues.push_back({std::string(path), "fixed by the template " + pattern.name, 0});
  };
  const auto varies = [&](Varying what) {
    return std::ranges::find(pattern.varies, what) != pattern.varies.end();
  };
  const auto within = [&](const Names& names, const Names& allowed, std::string_view path,
                          Varying what) {
    if (names.empty()) return;
    if (!varies(what)) return fixed(path);
    for (const std::string& name : names) {
      if (!contains(allowed, name)) {
        issues.push_back({std::string(path), "'" + name + "' is not of the template", 0});
      }
    }
  };
  if (stated.title && !varies(Varying::title)) fixed("/title");
  if (stated.description && !varies(Varying::description)) fixed("/description");
  if (!stated.releases.empty() && !varies(Varying::releases)) fixed("/releases");
  if (stated.backout_plan) fixed("/backout_plan");
  if (stated.customer_impact) fixed("/customer_impact");
  if (!stated.risk.empty()) fixed("/risk");
  within(stated.applications, pattern.applications, "/applications", Varying::applications);
  within(stated.environments, pattern.environments, "/environments", Varying::environments);
  return issues;
}

/// The statement with what the template says where it says nothing.
StatedChange filled(StatedChange stated, const ChangeTemplate& pattern) {
  if (!stated.title) stated.title = pattern.title;
  if (stated.applications.empty()) stated.applications = pattern.applications;
  if (stated.environments.empty()) stated.environments = pattern.environments;
  if (!stated.description && !pattern.description.empty()) stated.description = pattern.description;
  stated.backout_plan = pattern.backout_plan;
  stated.customer_impact = pattern.customer_impact;
  stated.risk = pattern.risk;
  return stated;
}

/// What only changes of the other types say.
void check_type(const StatedChange& stated, Checking& checking) {
  if (stated.type != ChangeType::standard && stated.pattern) {
    checking.issue("/pattern", "only a standard change is made by a template");
  }
  if (stated.type != ChangeType::emergency) {
    if (stated.category) checking.issue("/category", "only an emergency has one");
    if (stated.justification) checking.issue("/justification", "only an emergency is justified");
    return;
  }
  if (!stated.category) checking.issue("/category", "required: what kind of emergency it is");
  if (!stated.justification || !is_stated(*stated.justification) ||
      stated.justification->size() < justification_bytes_min) {
    checking.issue("/justification",
                   "required: at least 20 bytes that somebody understands who was not there");
  }
}

void add_window(const StatedChange& stated, Instant now, ChangeContent& content,
                Checking& checking) {
  content.zone = stated.zone.value_or("UTC");
  const auto window = read_window({stated.from, stated.until, content.zone});
  if (!window) return checking.add(window.error());
  content.window = *window;
  checking.add(check_window(*window, stated.type, now));
}

Decided<Drafted> drafted(const StatedChange& stated, const Known& known) {
  Drafted out;
  ChangeContent& content = out.content;
  Checking checking;
  content.type = stated.type;
  content.title = stated.title.value_or("");
  checking.title(content.title);
  checking.affected("application", stated.applications, known.applications, applications_max);
  checking.affected("environment", stated.environments, known.environments, environments_max);
  content.applications = stated.applications;
  content.environments = stated.environments;
  std::ranges::sort(content.applications);
  std::ranges::sort(content.environments);
  add_window(stated, known.now, content, checking);
  add_releases(stated.releases, known, content, checking);
  auto risk = assess(known.scale, stated.risk);
  if (risk) {
    content.risk = std::move(*risk);
  } else {
    checking.add(risk.error());
  }
  add_text(TextField::description, stated.description, out, checking);
  add_text(TextField::backout_plan, stated.backout_plan, out, checking);
  add_text(TextField::customer_impact, stated.customer_impact, out, checking);
  add_text(TextField::justification, stated.justification, out, checking);
  check_type(stated, checking);
  content.category = stated.category;
  if (!checking.clean()) return refuse(invalid_change(checking.take()));
  return out;
}

Decided<Drafted> by_template(const StatedChange& stated, const Known& known) {
  if (!stated.pattern) return refuse(template_needed());
  if (!known.pattern) return refuse(template_not_in_force(*stated.pattern));
  const ChangeTemplate& pattern = known.pattern->record;
  if (auto issues = beyond(stated, pattern); !issues.empty()) {
    return refuse(template_fixes(std::move(issues)));
  }
  auto out = drafted(filled(stated, pattern), known);
  if (!out) return out;
  const TimeWindow& window = out->content.window;
  if (window.until - window.from > Duration{pattern.window_max_us}) {
    return refuse(template_fixes(
        {{"/until",
          "the template allows " + duration_text(Duration{pattern.window_max_us}) + " at most",
          0}}));
  }
  if (out->content.risk.risk != RiskClass::low) return refuse(template_too_risky(pattern.name));
  out->content.pattern = PinnedDocument{pattern.name, known.pattern->revision};
  return out;
}

Decided<Drafted> by_path(const StatedChange& stated, const Known& known) {
  auto out = drafted(stated, known);
  if (!out) return out;
  const auto places = places_of(out->content);
  for (const auto& [path, revision] : known.paths) {
    if (!is_for(path, places, *stated.category)) continue;
    out->content.path = PinnedDocument{path.name, revision};
    return out;
  }
  return refuse(not_preauthorised(*stated.category));
}

}  // namespace

Decided<Drafted> draft(const StatedChange& stated, const Known& known) {
  switch (stated.type) {
    case ChangeType::standard: return by_template(stated, known);
    case ChangeType::normal: return drafted(stated, known);
    case ChangeType::emergency: return by_path(stated, known);
  }
  return refuse(template_needed());
}

}  // namespace holdpoint::changes

// holdpoint policy show: one policy in force, and its text or that of another version as written.
#include <memory>
#include <ostream>

#include "base/yaml.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string kind;
  std::string name;
  std::string digest;
};

/// A digest names a version of any policy: what is shown under a kind and a name MUST be of them.
Tried<void> check_is_of(const Options& options, const std::string& text) {
  const auto documents = parse_yaml(text);
  if (!documents || documents->size() != 1 || !documents->front().value.is_object()) {
    return malformed("The version is no policy.", "GET policy-versions");
  }
  const json::object& document = documents->front().value.get_object();
  const json::object* metadata = object_at(document, "metadata");
  const std::string kind = shown_at(document, "kind");
  const std::string name = metadata == nullptr ? "" : shown_at(*metadata, "name");
  if (kind == options.kind && name == options.name) return {};
  return wrong_use(
      "That is a version of " + kind + " " + name + ", not of " + options.kind + " " +
          options.name + ".",
      options.digest,
      "Ask for it as holdpoint policy show " + kind + " " + name + " --digest " + options.digest);
}

Tried<std::string> text_of(const Options& options, const std::string& current, Session& session) {
  const std::string& wanted = options.digest.empty() ? current : options.digest;
  HP_TRY(std::string text, session.get_bytes(session.in_workspace({"policy-versions", wanted})));
  if (wanted != current) {
    if (const auto checked = check_is_of(options, text); !checked) {
      return std::unexpected(checked.error());
    }
  }
  return text;
}

Exit show(const Options& options, Session& session) {
  const auto answer = session.get(session.in_workspace({"policies", options.kind, options.name}));
  if (!answer) return session.fail(answer.error());
  const auto current = text_at(answer->document, "digest");
  if (!current) {
    return session.fail(malformed("The answer holds no policy.", "GET policies").error());
  }
  const bool is_current = options.digest.empty() || options.digest == *current;
  const bool is_json = session.format() == Format::json;
  if (is_json && is_current) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const auto text = text_of(options, *current, session);
  if (!text) return session.fail(text.error());
  if (is_json) {
    session.out() << json::serialize(json::object{{"kind", options.kind},
                                                  {"name", options.name},
                                                  {"digest", options.digest},
                                                  {"in_force", false},
                                                  {"text", *text}})
                  << '\n';
    return Exit::yes;
  }
  session.note(
      options.kind + " " + options.name + ", " +
      (is_current ? "in force, " + *current : "not the version in force, " + options.digest));
  session.out() << *text;
  if (!text->ends_with('\n')) session.out() << '\n';
  return Exit::yes;
}

}  // namespace

Command policy_show_command() {
  const auto o = std::make_shared<Options>();
  return {"policy show",
          "Show the text of a policy in force",
          {{"kind", "KIND", "Its kind, such as GatePolicy", &o->kind, Presence::required},
           {"name", "NAME", "Its name", &o->name, Presence::required},
           {"--digest", "DIGEST", "Another version, by its digest", &o->digest}},
          [o](Session& session) { return show(*o, session); }};
}

}  // namespace holdpoint::cli

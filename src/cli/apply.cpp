// holdpoint apply: declares applications, environments and policies from files. All documents go in
// one request and are taken all or not at all; what is wrong is named by file and line.
#include <algorithm>
#include <memory>
#include <ostream>

#include "base/yaml.hpp"
#include "cli/commands.hpp"
#include "cli/declarations.hpp"
#include "cli/fields.hpp"
#include "cli/session.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool dry_run = false;
};

struct Source {
  std::string name;
  std::string text;
  std::size_t documents = 0;
};

Tried<Source> checked(std::string name, std::string text) {
  const auto documents = parse_yaml(text, {.bytes_max = source_bytes_max});
  if (!documents) {
    const YamlIssue& issue = documents.error();
    return wrong_use(issue.message,
                     name + ":" + std::to_string(issue.line) + ":" + std::to_string(issue.column),
                     "Correct the file.");
  }
  return Source{std::move(name), std::move(text), documents->size()};
}

Tried<std::vector<Source>> sources_of(const Options& options, Session& session) {
  std::vector<Source> sources;
  HP_TRY(auto declarations, read_declarations(options.files, session));
  for (Declaration& one : declarations) {
    HP_TRY(Source source, checked(std::move(one.name), std::move(one.text)));
    sources.push_back(std::move(source));
  }
  return sources;
}

std::string stream_of(const std::vector<Source>& sources) {
  std::string stream;
  for (const Source& source : sources) {
    if (source.documents == 0) continue;
    // A file that begins with its own `---` or a directive opens its document itself.
    if (!stream.empty() && !source.text.starts_with("---")) stream += "---\n";
    stream += source.text;
    if (!stream.ends_with('\n')) stream += '\n';
  }
  return stream;
}

/// The server counts documents through all files: "/3/spec/mode" becomes "b.yaml#1/spec/mode".
std::string placed(const std::string& path, const std::vector<Source>& sources) {
  if (!path.starts_with('/')) return path;
  const auto end = std::min(path.find('/', 1), path.size());
  const std::string number = path.substr(1, end - 1);
  if (number.empty() || number.size() > 6 ||
      number.find_first_not_of("0123456789") != std::string::npos) {
    return path;
  }
  std::size_t index = std::stoul(number);
  for (const Source& source : sources) {
    if (index < source.documents) {
      return source.name + " document " + std::to_string(index + 1) + " " + path.substr(end);
    }
    index -= source.documents;
  }
  return path;
}

Tone tone_of(const std::string& action) {
  if (action == "created") return Tone::good;
  return action == "changed" ? Tone::attention : Tone::faint;
}

/// The mode of a new policy, or from which to which it changes; "" when it stays.
Cell mode_cell(const json::object& change) {
  const std::string before = shown_at(change, "mode_before");
  const std::string after = shown_at(change, "mode_after");
  if (before == after) return {""};
  if (before.empty()) return {after};
  return {before + " → " + after, Tone::attention};
}

Exit show(const Answer& answer, Session& session) {
  const json::array* changes = array_at(answer.document, "changes");
  if (changes == nullptr) {
    return session.fail(malformed("The answer holds no changes.", "POST apply").error());
  }
  if (session.format() == Format::json) {
    session.print_json(answer);
    return Exit::yes;
  }
  Table table({"ACTION", "KIND", "NAME", "MODE", "DIGEST"});
  std::string proposal;
  std::optional<std::int64_t> revision;
  for (const json::value& entry : *changes) {
    const auto* change = entry.if_object();
    if (change == nullptr) continue;
    const std::string action = shown_at(*change, "action");
    table.add({{action, tone_of(action)},
               {shown_at(*change, "kind")},
               {shown_at(*change, "name")},
               mode_cell(*change),
               {shown_at(*change, "digest").substr(0, 19), Tone::faint}});
    if (const auto made = integer_at(*change, "revision")) revision = made;
    if (const auto waits = text_at(*change, "proposal")) proposal = printable(*waits);
  }
  session.out() << table.text(session.colour());
  if (truth_at(answer.document, "dry_run") == true) {
    session.out() << "Dry run: nothing was changed.\n";
    if (!proposal.empty()) session.out() << "The changes of policies would wait for approval.\n";
  } else if (!proposal.empty()) {
    session.out() << "Not in force yet: the changes of policies wait for approval as " << proposal
                  << ".\n";
  } else if (revision) {
    session.out() << "The policies are in force as revision " << *revision << ".\n";
  }
  return Exit::yes;
}

Exit apply(const Options& options, Session& session) {
  const auto sources = sources_of(options, session);
  if (!sources) return session.fail(sources.error());
  const std::string stream = stream_of(*sources);
  if (stream.empty()) {
    return session.fail(
        wrong_use("The files hold no document.", "-f", "Name files with declarations.").error());
  }
  const std::string path =
      session.in_workspace({"apply"}) + query_of({{"dry_run", options.dry_run ? "true" : ""}});
  auto answer = session.post_text(path, "application/yaml", stream);
  if (!answer) {
    for (JsonIssue& issue : answer.error().errors) issue.path = placed(issue.path, *sources);
    return session.fail(answer.error());
  }
  return show(*answer, session);
}

}  // namespace

Command apply_command() {
  const auto options = std::make_shared<Options>();
  return {"apply",
          "Declare applications, environments and policies",
          {{"-f,--file",
            "PATH",
            "File, directory or - for standard input; repeatable",
            &options->files,
            Presence::required,
            {},
            ValueKind::path},
           {"--dry-run", "", "Show what would change and change nothing", &options->dry_run}},
          [options](Session& session) { return apply(*options, session); }};
}

}  // namespace holdpoint::cli

// holdpoint policy diff: what differs between two versions of policies in what they say, not in how
// they are written, and which of their tests end otherwise.
#include <memory>
#include <ostream>

#include "base/yaml.hpp"

#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/policy_files.hpp"
#include "cli/policy_versions.hpp"
#include "cli/rule_differences.hpp"
#include "cli/words.hpp"
#include "policy/difference.hpp"

namespace holdpoint::cli {
namespace {

struct Options {
  std::string before;
  std::string after;
};

struct Version {
  std::vector<policy::CompiledCriteria> criteria;
  std::vector<policy::ComparedDocument> documents;
};

Version version_of(const std::vector<LocalPolicy>& policies) {
  Version version;
  for (const LocalPolicy& one : policies) {
    version.criteria.push_back(one.criteria);
    const auto written = parse_yaml(one.source.document.text);
    const bool is_one = written && written->size() == 1;
    version.documents.push_back(
        policy::compared(one.criteria.document(), is_one ? written->front().value : json::value()));
  }
  return version;
}

struct KindWord {
  std::string_view sign;
  std::string_view word;
  Tone tone;
};

KindWord word_of(policy::DifferenceKind kind) {
  switch (kind) {
    case policy::DifferenceKind::added: return {"+", "added", Tone::good};
    case policy::DifferenceKind::removed: return {"-", "removed", Tone::bad};
    case policy::DifferenceKind::changed: return {"~", "changed", Tone::attention};
  }
  return {"~", "changed", Tone::attention};
}

void print_side(const std::string& text, std::string_view sign, Tone tone, Session& session) {
  if (text.empty()) return;
  std::string lines = indented(text, 10);
  lines.replace(8, 1, sign);
  session.out() << session.paint(lines, tone);
}

void print(const policy::DocumentDifference& one, Session& session) {
  const KindWord word = word_of(one.kind);
  std::string what = one.what;
  if (!one.name.empty()) what += " " + one.name;
  session.out() << "  "
                << session.paint(std::string(word.sign) + " " + std::string(word.word), word.tone)
                << std::string(9 - word.word.size(), ' ') << printable(what) << '\n';
  for (const policy::PartDifference& part : one.parts) {
    session.out() << "      " << part.part << '\n';
    print_side(part.before, "-", Tone::bad, session);
    print_side(part.after, "+", Tone::good, session);
  }
}

void print(const policy::TestDifference& one, Session& session) {
  session.out() << "  " << printable(one.test) << ": "
                << change_text(one.passed_before, one.passed_after, session.colour()) << '\n'
                << rule_differences_text(one.rules, 6, session.colour());
}

void print(const std::vector<policy::DocumentDifference>& differences,
           const std::vector<policy::TestDifference>& tests, Session& session) {
  std::string document;
  for (const auto& one : differences) {
    if (const std::string name = one.kind_of_document + " " + one.document; name != document) {
      document = name;
      session.out() << session.paint(printable(document), Tone::strong) << '\n';
    }
    print(one, session);
  }
  if (!tests.empty()) {
    session.out() << '\n' << session.paint("Tests that end otherwise", Tone::strong) << '\n';
  }
  for (const auto& one : tests) print(one, session);
  if (differences.empty() && tests.empty()) {
    session.out() << "No difference in what the policies say.\n";
  }
}

template <class T>
json::array json_of(const std::vector<T>& values) {
  json::array out;
  for (const T& value : values) out.push_back(to_json(value));
  return out;
}

std::expected<Version, Exit> read_version(const std::string& argument,
                                          const policy::FactsSchemas& schemas, Session& session) {
  const auto declarations = names_version(argument) ? versions_of(argument, session)
                                                    : read_declarations({argument}, session);
  if (!declarations) return std::unexpected(session.fail(declarations.error()));
  const auto policies = sound_policies(*declarations, schemas, policy::OwnTests::leave, session);
  if (!policies) return std::unexpected(policies.error());
  return version_of(*policies);
}

Exit diff(const Options& options, Session& session) {
  const auto schemas = facts_schemas(session);
  if (!schemas) return session.fail(schemas.error());
  const auto was = read_version(options.before, *schemas, session);
  if (!was) return was.error();
  const auto is = read_version(options.after, *schemas, session);
  if (!is) return is.error();
  const auto differences = policy::difference(was->documents, is->documents);
  const auto tests = policy::test_differences(was->criteria, is->criteria, *schemas);
  if (session.format() == Format::json) {
    session.out() << json::serialize(json::object{{"differences", json_of(differences)},
                                                  {"tests", json_of(tests)}})
                  << '\n';
  } else {
    print(differences, tests, session);
  }
  return differences.empty() && tests.empty() ? Exit::yes : Exit::no;
}

}  // namespace

Command policy_diff_command() {
  const auto o = std::make_shared<Options>();
  return {"policy diff",
          "Show what differs between two versions of policies",
          {{"old",
            "OLD",
            "File, directory, or NAME@REVISION on the server",
            &o->before,
            Presence::required,
            {},
            ValueKind::path},
           {"new",
            "NEW",
            "File, directory, or NAME@REVISION on the server",
            &o->after,
            Presence::required,
            {},
            ValueKind::path}},
          [o](Session& session) { return diff(*o, session); }};
}

}  // namespace holdpoint::cli

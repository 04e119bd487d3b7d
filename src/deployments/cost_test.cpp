// What rules over the published facts may cost: those that people write are accepted with the
// bounds of the real schemas, and those that could run out of a budget are not.
#include <doctest/doctest.h>

#include "deployments/gate_facts.hpp"

namespace holdpoint::deployments {
namespace {

const policy::FactsSchemas& schemas() {
  static const policy::FactsSchemas all = [] {
    policy::FactsSchemas out;
    for (const auto& [kind, schema] : facts_schemas()) {
      out.emplace(kind, *policy::cel::Schema::from_json(schema));
    }
    return out;
  }();
  return all;
}

bool is_accepted(std::string_view kind, std::string_view expression) {
  const std::string text = "apiVersion: holdpoint/v1\nkind: " + std::string(kind) +
                           "\nmetadata: {name: any, owner: qa}\nspec:\n  rules:\n"
                           "    - id: one\n      message: m\n      require: >-\n        " +
                           std::string(expression) + "\n";
  const auto compiled = policy::compile_policy(text, schemas());
  if (compiled) return true;
  const std::string issue = compiled.error().front().text();
  CHECK_MESSAGE(issue.contains(" units and is allowed "), issue);
  return false;
}

TEST_CASE("rules over the facts of a release that people write may come into force") {
  for (const std::string_view expression :
       {"evidence.sast.findings.all(f, !(f.severity in ['critical', 'high']))",
        "evidence.sast.findings.all(f, !f.path.contains('vendor/') && !f.path.contains('gen/'))",
        "evidence.sast.findings.all(f, !f.title.lowerAscii().contains('injection'))",
        "evidence.sast.findings.all(f, !f.ids.exists(i, i in ['CWE-79', 'CWE-89', 'CWE-22']))",
        "evidence.sbom.names.all(n, !n.contains('log4j') && !n.matches('^(a|b)'))",
        "['a', 'b', 'c'].all(n, n in evidence.sbom.names)",
        "evidence.items.all(i, i.commit == '' || i.commit_in_release)",
        "['unit', 'e2e'].all(n, evidence.items.exists(i, i.name == n && i.status == 'complete'))",
        "release.commits.all(c, c.co_authors.all(a, a != c.author))",
        "release.commits.map(c, c.author).distinct().size() >= 2",
        "evidence.tests.failures.all(f, evidence.tests.failures.exists_one(g, g.name == f.name))",
        "evidence.declared['load'].all(k, evidence.declared['load'][k] != '')"}) {
    INFO(std::string(expression));
    CHECK(is_accepted("CertificationCriteria", expression));
  }
  CHECK(is_accepted("GatePolicy", "artifacts.exists(a, a.digest == artifact)"));
}

TEST_CASE("rules that compare long lists element by element may not") {
  for (const std::string_view expression :
       {"evidence.sast.findings.all(f, evidence.sca.findings.all(g, f.path != g.path))",
        "evidence.sca.findings.all(f, f.component in evidence.sbom.names)",
        "release.commits.exists(c, evidence.items.exists(i, i.commit == c.sha))",
        "evidence.items.all(i, !evidence.incomplete.exists(j, j.name == i.name))"}) {
    INFO(std::string(expression));
    CHECK_FALSE(is_accepted("CertificationCriteria", expression));
  }
}

}  // namespace
}  // namespace holdpoint::deployments

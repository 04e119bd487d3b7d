// See workload.hpp.
#include "sim/workload.hpp"

#include "base/digest.hpp"
#include "base/json.hpp"

namespace holdpoint::sim {
namespace {

constexpr std::uint64_t kStepsTogetherMax = 5;
const std::string kApi = "/api/v1/main/";

}  // namespace

std::string junit_of(const Report& report) {
  const int total = report.tests + report.failures;
  std::string out = "<testsuite name=\"run " + std::to_string(report.serial) + "\" tests=\"" +
                    std::to_string(total) + "\" failures=\"" + std::to_string(report.failures) +
                    "\" errors=\"0\" skipped=\"0\">";
  for (int i = 0; i < total; ++i) {
    out += "<testcase classname=\"c\" name=\"t" + std::to_string(i) + "\">";
    if (i < report.failures) out += "<failure message=\"no\">no</failure>";
    out += "</testcase>";
  }
  return out + "</testsuite>";
}

std::string sarif_of(const Report& report) {
  std::string results;
  for (int i = 0; i < report.criticals; ++i) {
    results += std::string(i == 0 ? "" : ",") +
               R"({"ruleId":"R","level":"error","message":{"text":"found"},"locations":[)"
               R"({"physicalLocation":{"artifactLocation":{"uri":"a.cpp"},"region":{"startLine":)" +
               std::to_string(i + 1) + "}}}]}";
  }
  return R"({"version":"2.1.0","runs":[{"automationDetails":{"id":"run )" +
         std::to_string(report.serial) +
         R"("},"tool":{"driver":{"name":"scanner","rules":[{"id":"R","properties":)"
         R"({"security-severity":"9.8"}}]}},"results":[)" +
         results + "]}]}";
}

std::string criteria_document(const CriteriaVariant& variant) {
  return "apiVersion: holdpoint/v1\nkind: CertificationCriteria\nmetadata:\n"
         "  name: baseline\n  owner: team:quality\nspec:\n  mode: " +
         std::string(variant.enforced ? "enforce" : "warn") +
         "\n  rules:\n"
         "    - id: tests-passed\n"
         "      require: evidence.tests.total > 0 && evidence.tests.failed == 0\n"
         "      message: Every test passes.\n"
         "    - id: no-critical-findings\n"
         "      require: evidence.sast.open.critical <= " +
         std::to_string(variant.criticals_allowed) +
         "\n      message: No critical finding is open.\n";
}

std::string catalog_documents() {
  return "apiVersion: holdpoint/v1\nkind: Application\nmetadata:\n  name: shop\nspec:\n"
         "  title: Shop\n  owners: [team:shop]\n  criticality: high\n"
         "  environments: [dev, production]\n---\n"
         "apiVersion: holdpoint/v1\nkind: Environment\nmetadata:\n  name: dev\nspec:\n"
         "  title: Development\n  order: 10\n  kind: development\n"
         "  requires_certification: false\n---\n"
         "apiVersion: holdpoint/v1\nkind: Environment\nmetadata:\n  name: production\nspec:\n"
         "  title: Production\n  order: 30\n  kind: production\n"
         "  requires_certification: true\n";
}

Ask gate_question(const std::string& version, const std::string& environment) {
  return {
      .method = "GET",
      .target = kApi + "gate?application=shop&version=" + version + "&environment=" + environment};
}

std::string Workload::key() { return "key-" + std::to_string(++keys_); }

std::string Workload::any_version(const Model& model) {
  // Nobody ever proposes this one: a release that is proposed in the same round may be found or
  // not, since requests that are sent together have no order.
  if (model.releases().empty() || one_in(20)) return "9.9.9";
  return proposed_version(model);
}

std::string Workload::proposed_version(const Model& model) {
  auto chosen = model.releases().begin();
  std::advance(chosen, static_cast<std::ptrdiff_t>(random_.below(model.releases().size())));
  return chosen->first;
}

Step Workload::apply() {
  const CriteriaVariant variant{!one_in(8), static_cast<int>(random_.below(3))};
  return {.ask = {.method = "POST",
                  .target = kApi + "apply",
                  .body = criteria_document(variant),
                  .idempotency_key = key()},
          .effect =
              [variant](Model& model) {
                model.apply_criteria(variant);
                return 200;
              },
          .kind = Step::Kind::apply};
}

Step Workload::create(const Model& model) {
  const bool again = !model.releases().empty() && one_in(8);
  const std::string version = again ? proposed_version(model) : "1." + std::to_string(++versions_);
  const bool with_artifact = !one_in(10);
  const std::string artifacts =
      with_artifact ? R"({"name":"shop.tar","digest":")" + sha256("shop " + version).text() + "\"}"
                    : "";
  return {.ask = {.method = "POST",
                  .target = kApi + "releases",
                  .body = R"({"application":"shop","version":")" + version +
                          R"(","commits":[{"sha":"0123456789abcdef0123456789abcdef01234567",)"
                          R"("author":{"name":"Ada","email":"ada@example.com"}}],"artifacts":[)" +
                          artifacts + "]}",
                  .idempotency_key = key()},
          .effect = [=](Model& to) { return to.create_release(version, with_artifact); },
          .version = version,
          .kind = Step::Kind::create};
}

Step Workload::evidence(const std::string& version) {
  Report report{.serial = ++serial_};
  const bool scan = one_in(2);
  report.kind = scan ? Report::Kind::sast : Report::Kind::tests;
  if (scan) {
    report.criticals = one_in(2) ? 0 : static_cast<int>(random_.below(4));
  } else {
    report.tests = 1 + static_cast<int>(random_.below(5));
    report.failures = one_in(4) ? 1 : 0;
  }
  const std::string name = std::string(scan ? "scan-" : "tests-") + (one_in(6) ? "b" : "a");
  return {.ask = {.method = "POST",
                  .target = kApi + "releases/shop@" + version + "/evidence?name=" + name,
                  .body = scan ? sarif_of(report) : junit_of(report),
                  .idempotency_key = key()},
          .effect = [=](Model& model) { return model.add_evidence(version, name, report); },
          .version = version,
          .kind = Step::Kind::evidence,
          .evidence_name = name,
          .report = report};
}

Step Workload::step(const Model& model, House& house) {
  const auto dice = random_.below(100);
  if (dice < 8) return apply();
  if (dice < 25 || model.releases().empty()) return create(model);
  const std::string version = any_version(model);
  const std::string path = kApi + "releases/shop@" + version + "/certification";
  if (dice < 90 || !model.releases().contains(version)) {
    if (dice < 80) return evidence(version);
    return {.ask = {.method = "POST", .target = path, .idempotency_key = key()},
            .effect = [=](Model& to) { return to.certify(version); },
            .version = version,
            .kind = Step::Kind::certify};
  }
  const int meant = model.releases().at(version).certifications;
  const auto latest = house.ask({.method = "GET", .target = path});
  const auto document = parse_json(latest.body);
  if (latest.status != 200 || !document) return evidence(version);
  const std::string id(view(document->get_object().at("id").get_string()));
  return {.ask = {.method = "POST",
                  .target = kApi + "certifications/" + id + "/revocation",
                  .body = R"({"reason":"a doubt"})",
                  .idempotency_key = key()},
          .effect = [=](Model& to) { return to.revoke(version, meant); },
          .version = version,
          .kind = Step::Kind::revoke};
}

std::vector<Step> Workload::next(const Model& model, House& house) {
  std::vector<Step> steps;
  const auto count = 1 + random_.below(kStepsTogetherMax);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!steps.empty() && one_in(5)) {
      Step again = steps[random_.below(steps.size())];
      if (one_in(3)) again.ask.idempotency_key = key();  // the same words, but another request
      steps.push_back(std::move(again));
    } else {
      steps.push_back(step(model, house));
    }
  }
  return steps;
}

}  // namespace holdpoint::sim

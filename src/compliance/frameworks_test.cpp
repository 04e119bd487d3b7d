// The catalogue that comes with the program is whole, and a workspace adopts, narrows and adds to
// it by documents of the same form.
#include <doctest/doctest.h>

#include <set>

#include "base/yaml.hpp"
#include "compliance/compliance.hpp"

namespace holdpoint::compliance {
namespace {

Decided<Framework> read(const std::string& spec, const std::string& name = "own") {
  const auto documents =
      parse_yaml("apiVersion: holdpoint/v1\nkind: Framework\nmetadata: {name: " + name +
                 "}\nspec: " + spec + "\n");
  REQUIRE(documents.has_value());
  return read_framework(documents->at(0).value);
}

catalog::Application application(std::vector<catalog::DataClass> classes) {
  catalog::Application one;
  one.name = "shop";
  one.owners = {"team:shop"};
  one.data_classes = std::move(classes);
  return one;
}

}  // namespace

TEST_CASE("every framework that people asked for is in the catalogue, each name once") {
  std::set<std::string> names;
  for (const Framework& one : catalogue()) CHECK(names.insert(one.name).second);
  for (const char* name : {"soc2", "iso27001", "pci-dss", "hipaa", "nist-800-53", "fedramp-20x",
                           "ssdf", "sox-itgc", "gdpr", "21cfr11", "slsa"}) {
    CHECK_MESSAGE(names.contains(name), name);
  }
}

TEST_CASE(
    "every control of the catalogue has an id of its own, a title, and something to prove it") {
  std::size_t controls = 0;
  for (const Framework& framework : catalogue()) {
    std::set<std::string> ids;
    REQUIRE(!framework.controls.empty());
    for (const Control& control : framework.controls) {
      ++controls;
      CHECK_MESSAGE(ids.insert(control.id).second, framework.name, "/", control.id);
      for (const std::string& also : control.also) {
        CHECK_MESSAGE(ids.insert(also).second, framework.name, "/", also);
      }
      CHECK(!control.title.empty());
      CHECK(!control.needs.empty());
      CHECK(find_control(framework, control.id) == &control);
    }
  }
  CHECK(controls >= 90);
}

TEST_CASE("frameworks about regulated data apply by the data an application holds") {
  const auto cards = application({catalog::DataClass::cardholder});
  CHECK(applies_to(*find_in_catalogue("pci-dss"), cards));
  CHECK(!applies_to(*find_in_catalogue("hipaa"), cards));
  CHECK(applies_to(*find_in_catalogue("hipaa"), application({catalog::DataClass::phi})));
  CHECK(!applies_to(*find_in_catalogue("soc2"), cards));
  CHECK(!is_in_force(*find_in_catalogue("soc2")));
}

TEST_CASE("a document without controls adopts those of the catalogue for whom it says") {
  auto adopted = read("{source: standard, applies: {owners: [\"team:shop\"]}}", "soc2");
  REQUIRE(adopted.has_value());
  const auto all = frameworks_of({*adopted});
  CHECK(all.size() == catalogue().size());
  const auto soc2 = std::ranges::find(all, "soc2", &Framework::name);
  REQUIRE(soc2 != all.end());
  CHECK(soc2->controls.size() == find_in_catalogue("soc2")->controls.size());
  CHECK(applies_to(*soc2, application({})));
}

TEST_CASE("a contract is a framework of one's own, and a retired one is none") {
  auto contract = read(
      "{source: contract, applies: {applications: [shop]}, controls: [{id: c1, title: Scans every "
      "week, needs: [{proof: scans, within_days: 7, kinds: [sast, sca]}]}]}");
  REQUIRE(contract.has_value());
  CHECK(frameworks_of({*contract}).size() == catalogue().size() + 1);
  contract->state = RecordState::retired;
  CHECK(frameworks_of({*contract}).size() == catalogue().size());
}

TEST_CASE("what a document says wrong is named where it stands") {
  const auto issue_of = [](const std::string& spec) {
    const auto refused = read(spec);
    REQUIRE(!refused.has_value());
    REQUIRE(!refused.error().issues.empty());
    return refused.error().issues.at(0).path;
  };
  CHECK(issue_of("{source: own, controls: [{id: a, title: b, needs: []}]}") ==
        "/spec/controls/0/needs");
  CHECK(issue_of("{source: own, controls: [{id: a, title: b, needs: [{proof: tests, within_days: "
                 "0}]}]}") == "/spec/controls/0/needs/0/within_days");
  CHECK(issue_of("{source: own, controls: [{id: a, title: b, needs: [{proof: criteria}]}]}") ==
        "/spec/controls/0/needs/0/criteria");
  CHECK(issue_of("{source: own, controls: [{id: a, title: b, needs: [{proof: tests}]}, {id: a, "
                 "title: b, needs: [{proof: tests}]}]}") == "/spec/controls/1/id");
  CHECK(issue_of("{source: own, applies: {every: true, owners: [a]}}") == "/spec/applies/every");
  CHECK(issue_of("{source: own, applies: {every: true}, more: 1}") == "/spec/more");
}

}  // namespace holdpoint::compliance

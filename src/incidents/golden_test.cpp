// The bytes of the event bodies of incidents, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "incidents/incidents.hpp"
#include "support/golden.hpp"

namespace holdpoint::incidents {
namespace {

using test::frozen;

const IncidentId kId = *IncidentId::parse("inc_01J00000000000000000000000");

TEST_CASE("incident.declared is frozen") {
  frozen(IncidentDeclared{kId,
                          "Payments time out",
                          Severity::sev1,
                          {"production", "staging"},
                          {"payments"},
                          "per_01J00000000000000000000000",
                          true},
         "incident.declared",
         R"({"applications":["payments"],"commander":"per_01J00000000000000000000000",)"
         R"("described":true,"environments":["production","staging"],)"
         R"("id":"inc_01J00000000000000000000000","severity":"sev1","title":"Payments time out"})");
}

TEST_CASE("incident.changed is frozen") {
  frozen(IncidentChanged{kId,
                         Severity::sev3,
                         {"production"},
                         {},
                         "per_01J00000000000000000000001",
                         "Staging is well again."},
         "incident.changed",
         R"({"applications":[],"commander":"per_01J00000000000000000000001",)"
         R"("environments":["production"],"id":"inc_01J00000000000000000000000",)"
         R"("reason":"Staging is well again.","severity":"sev3"})");
}

TEST_CASE("incident.resolved is frozen") {
  frozen(IncidentResolved{kId, "The pool of connections was enlarged."}, "incident.resolved",
         R"({"id":"inc_01J00000000000000000000000",)"
         R"("reason":"The pool of connections was enlarged."})");
}

}  // namespace
}  // namespace holdpoint::incidents

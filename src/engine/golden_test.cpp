// The bytes of the engine's own event bodies, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "engine/heads.hpp"
#include "engine/links.hpp"
#include "engine/outbox.hpp"
#include "support/golden.hpp"

namespace holdpoint::engine {
namespace {

using test::frozen;

const Link kLink{{"change", "chg_01J00000000000000000000000"},
                 "implements",
                 {"requirement", "req_01J00000000000000000000000"}};

TEST_CASE("ledger.rollback_accepted is frozen") {
  frozen(RollbackAccepted{"acme", 70, Digest{}, 64, "restored from the backup"},
         "ledger.rollback_accepted",
         R"({"found_size":64,"kept_root":)"
         R"("sha256:0000000000000000000000000000000000000000000000000000000000000000",)"
         R"("kept_size":70,"log":"acme","reason":"restored from the backup"})");
}

TEST_CASE("link.made is frozen") {
  frozen(LinkMade{kLink}, "link.made",
         R"({"link":{"from":{"id":"chg_01J00000000000000000000000","kind":"change"},)"
         R"("relation":"implements",)"
         R"("to":{"id":"req_01J00000000000000000000000","kind":"requirement"}}})");
}

TEST_CASE("link.removed is frozen") {
  frozen(LinkRemoved{kLink}, "link.removed",
         R"({"link":{"from":{"id":"chg_01J00000000000000000000000","kind":"change"},)"
         R"("relation":"implements",)"
         R"("to":{"id":"req_01J00000000000000000000000","kind":"requirement"}}})");
}

TEST_CASE("delivery.replayed is frozen") {
  frozen(DeliveryReplayed{"out_01J00000000000000000000000", "webhook", "pager"},
         "delivery.replayed",
         R"({"channel":"webhook","id":"out_01J00000000000000000000000","recipient":"pager"})");
}

}  // namespace
}  // namespace holdpoint::engine

// The writer: group commit, what a refused or failing command costs, idempotency, reactions, and
// what happens when the store fails.
#include "engine/sequencer.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "support/crash_vfs.hpp"
#include "support/engine_rig.hpp"

namespace holdpoint::test {
namespace {

using engine::Answer;
using engine::Outcome;
using engine::Unit;

TEST_CASE("commands that wait together are committed together, and only then answered") {
  EngineRig rig;
  rig.open();
  std::vector<Reply> replies;
  for (int i = 0; i < 40; ++i) replies.push_back(rig.submit(credit("a", 1)));
  for (const Reply& reply : replies) CHECK_FALSE(reply->has_value());
  CHECK(rig.step() == 40);
  CHECK(rig.engine().counters().batches == 1);
  for (const Reply& reply : replies) CHECK(answered(reply, 201));
  CHECK(rig.number("SELECT balance FROM account") == 40);
  CHECK(rig.number("SELECT size FROM ledger_head") == 40);
}

TEST_CASE("a batch is bounded and what does not fit waits for the next") {
  EngineRig rig;
  rig.options.batch_commands_max = 8;
  rig.options.queue_commands_max = 20;
  rig.open();
  for (int i = 0; i < 20; ++i) rig.submit(credit("a", 1));
  CHECK(rig.engine().submit(credit("a", 1), {}) == engine::Submission::overloaded);
  CHECK(rig.step() == 20);
  CHECK(rig.engine().counters().batches == 3);
  CHECK(rig.number("SELECT balance FROM account") == 20);
}

TEST_CASE("when objects cannot be stored their whole batch is undone, and the next is taken") {
  EngineRig rig;
  rig.open();
  CHECK(rig.run(credit("a", 1)).has_value());
  const auto with_object = [] {
    return command([](Unit& unit) -> Outcome {
      CHECK(unit.objects().put("a receipt").has_value());
      CHECK(unit.objects().read_all(sha256("a receipt"), 100) == "a receipt");
      unit.record({"account", "b"}, AccountCredited{"b", 7, {}});
      return Answer{201, ""};
    });
  };
  rig.objects.set_room(MemoryObjects::Room::none);
  const auto neighbour = rig.submit(credit("a", 1));
  const auto storing = rig.submit(with_object());
  rig.step();
  for (const Reply& reply : {neighbour, storing}) {
    REQUIRE(reply->has_value());
    REQUIRE_FALSE((*reply)->has_value());
    CHECK((*reply)->error().kind == FaultKind::exhausted);
  }
  CHECK(rig.number("SELECT sum(balance) FROM account") == 1);
  CHECK(rig.engine().ready());
  rig.objects.set_room(MemoryObjects::Room::plenty);
  CHECK(rig.run(with_object()).has_value());
  CHECK(rig.objects.read_all(sha256("a receipt"), 100) == "a receipt");
  CHECK(rig.number("SELECT sum(balance) FROM account") == 8);
  CHECK(rig.number("SELECT size FROM ledger_head") == 2);
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("a refused command leaves nothing and costs its neighbours nothing") {
  EngineRig rig;
  rig.open();
  const auto before = rig.submit(credit("a", 5));
  const auto refusing = rig.submit(command([](Unit& unit) -> Outcome {
    unit.record({"account", "b"}, AccountCredited{"b", 7, {}},
                {{"/name", "per_ada", "Ada Lovelace"}});
    unit.set_timer("credit", "b", unit.now());
    unit.deliver({"mail", "per_ada", "news", "account/b", "payload"});
    return refuse(RefusalKind::conflict, "changed_mind", "No.");
  }));
  const auto after = rig.submit(credit("a", 5));
  rig.step();
  CHECK(answered(before, 201));
  CHECK(refused(refusing, "changed_mind"));
  CHECK(answered(after, 201));
  CHECK(rig.number("SELECT sum(balance) FROM account") == 10);
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 2);
  CHECK(rig.number("SELECT max(seq) FROM ledger_entry") == 1);
  CHECK(rig.number("SELECT count(*) FROM ledger_sealed") == 0);
  CHECK(rig.number("SELECT count(*) FROM timer") == 0);
  CHECK(rig.number("SELECT count(*) FROM delivery") == 0);
  CHECK(rig.engine().counters().refused == 1);
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("a command that violates a constraint fails alone") {
  EngineRig rig;
  rig.open();
  const auto good = rig.submit(credit("a", 5));
  const auto overdrawn = rig.submit(credit("a", -6));
  const auto thrown =
      rig.submit(command([](Unit&) -> Outcome { throw std::runtime_error("bug"); }));
  const auto also_good = rig.submit(credit("a", 1));
  rig.step();
  CHECK(answered(good, 201));
  for (const Reply& failed : {overdrawn, thrown}) {
    REQUIRE(failed->has_value());
    CHECK_FALSE((*failed)->has_value());
  }
  CHECK(answered(also_good, 201));
  CHECK(rig.engine().ready());
  CHECK(rig.number("SELECT balance FROM account") == 6);
  CHECK(rig.log.count("a command failed") == 2);
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("an event that is larger than an entry is refused, not failed") {
  EngineRig rig;
  rig.open();
  const auto oversized = rig.submit(command([](Unit& unit) -> Outcome {
    unit.record({"account", "a"}, AccountCredited{"a", 1, {}});
    const std::string name(70'000, 'x');
    unit.record({"account", "a"}, AccountCredited{name, 1, {}});
    return Answer{};
  }));
  rig.step();
  CHECK(refused(oversized, "too_large"));
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 0);
  CHECK(rig.log.count("a command failed") == 0);
}

TEST_CASE("a command that meets a missing object or a destroyed key fails alone") {
  EngineRig rig;
  rig.open();
  REQUIRE(rig.vault.destroy("per_gone").has_value());
  const auto good = rig.submit(credit("a", 5));
  const auto gone = rig.submit(command([](Unit& unit) -> Outcome {
    unit.record({"account", "a"}, AccountCredited{"a", 1, {}}, {{"/name", "per_gone", "Eve"}});
    return Answer{};
  }));
  rig.step();
  CHECK(answered(good, 201));
  REQUIRE(gone->has_value());
  CHECK_FALSE((*gone)->has_value());
  CHECK(rig.engine().ready());
  CHECK(rig.number("SELECT balance FROM account") == 5);
}

TEST_CASE("the same key with the same request gives the first answer again, without an event") {
  EngineRig rig;
  rig.open();
  const auto first = rig.run(credit("a", 5, "key-1"));
  rig.run(credit("a", 1));
  const auto again = rig.run(credit("a", 5, "key-1"));
  REQUIRE(first->outcome.has_value());
  REQUIRE(again->outcome.has_value());
  CHECK_FALSE(first->replayed);
  CHECK(again->replayed);
  CHECK(again->outcome->status == first->outcome->status);
  CHECK(again->outcome->body == first->outcome->body);
  CHECK(rig.number("SELECT balance FROM account") == 6);
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 2);
}

TEST_CASE("the same key with another request is refused") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 5, "key-1"));
  const auto other = rig.run(credit("a", 6, "key-1"));
  REQUIRE_FALSE(other->outcome.has_value());
  CHECK(other->outcome.error().code == "idempotency_key_reused");
  CHECK(other->outcome.error().kind == RefusalKind::invalid);
  CHECK(rig.number("SELECT balance FROM account") == 5);
}

TEST_CASE("duplicates in one batch make one event and one answer") {
  EngineRig rig;
  rig.open();
  std::vector<Reply> replies;
  for (int i = 0; i < 10; ++i) replies.push_back(rig.submit(credit("a", 5, "key-1")));
  rig.step();
  for (const Reply& reply : replies) {
    REQUIRE(answered(reply, 201));
    CHECK((**reply)->outcome->body == R"({"balance":5})");
  }
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 1);
}

TEST_CASE("duplicates sent by many threads at once make one event") {
  EngineRig rig;
  rig.open();
  rig.engine().start();
  std::vector<std::thread> clients;
  std::atomic<int> same = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        const auto result = rig.engine().execute(credit("a", 1, "key-" + std::to_string(round)));
        if (result && result->outcome && result->outcome->status == 201) ++same;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  rig.engine().stop();
  CHECK(same == 160);
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 20);
  CHECK(rig.number("SELECT balance FROM account") == 20);
}

TEST_CASE("a refusal is not kept under its key: the next attempt is judged anew") {
  EngineRig rig;
  rig.open();
  bool allowed = false;
  const auto attempt = [&] {
    auto made = command([&](Unit&) -> Outcome {
      if (!allowed) return refuse(RefusalKind::conflict, "not_yet", "Not yet.");
      return Answer{200, "{}"};
    });
    made.idempotency = engine::Idempotency{"key-1", sha256("same")};
    return rig.run(made);
  };
  CHECK_FALSE(attempt()->outcome.has_value());
  allowed = true;
  CHECK(attempt()->outcome.has_value());
}

TEST_CASE("a refusal that is on the record is kept under its key, and recorded once") {
  EngineRig rig;
  rig.open();
  int judged = 0;
  const auto attempt = [&] {
    auto made = command([&](Unit& unit) -> Outcome {
      ++judged;
      unit.record({"account", "a"}, AccountCredited{"a", 1, {}});
      return Answer{409, "{}"};
    });
    made.idempotency = engine::Idempotency{"key-1", sha256("same")};
    return rig.run(made);
  };
  CHECK_FALSE(attempt()->replayed);
  CHECK(attempt()->replayed);
  CHECK(judged == 1);
  CHECK(rig.number("SELECT count(*) FROM ledger_entry") == 1);
}

TEST_CASE("another actor's or workspace's key is another key") {
  EngineRig rig;
  rig.open();
  rig.run(credit("a", 5, "key-1"));
  auto other_actor = credit("a", 6, "key-1");
  other_actor.actor.id = "per_bob";
  CHECK(rig.run(other_actor)->outcome.has_value());
  auto other_workspace = credit("a", 7, "key-1");
  other_workspace.workspace = "second";
  CHECK(rig.run(other_workspace)->outcome.has_value());
  CHECK(rig.number("SELECT sum(balance) FROM account") == 18);
}

TEST_CASE("a reaction runs in the same commit, once for all the commands of a batch") {
  EngineRig rig;
  rig.open();
  for (int i = 0; i < 5; ++i) rig.submit(credit("watched-1", 2));
  rig.submit(credit("watched-2", 1));
  rig.submit(credit("other", 1));
  rig.step();
  CHECK(rig.engine().counters().batches == 1);
  CHECK(rig.number("SELECT reviews FROM review WHERE account = 'watched-1'") == 1);
  CHECK(rig.number("SELECT balance FROM review WHERE account = 'watched-1'") == 10);
  CHECK(rig.number("SELECT count(*) FROM review") == 2);
}

TEST_CASE("a reaction names the event that caused it and the root of its chain") {
  EngineRig rig;
  rig.open();
  rig.run(credit("watched", 1));
  const std::string cause = rig.text("SELECT id FROM ledger_entry WHERE seq = 0");
  std::vector<engine::Recorded> events;
  rig.engine().read()->query(
      "SELECT entry FROM ledger_entry ORDER BY seq",
      [&](const engine::Row& row) { events.push_back(engine::recorded_of("main", row.blob(0))); });
  REQUIRE(events.size() == 2);
  CHECK(events[0].depth == 0);
  CHECK(events[1].cause == cause);
  CHECK(events[1].root == cause);
  CHECK(events[1].depth == 1);
  CHECK(events[1].actor.kind == "system");
}

TEST_CASE("a chain of reactions is cut at its bound, and the commands stand") {
  EngineRig rig;
  rig.open();
  const auto reply = rig.submit(credit("endless", 1));
  rig.step();
  CHECK(answered(reply, 201));
  CHECK(rig.number("SELECT reviews FROM review") == engine::kReactionDepthMax);
  CHECK(rig.log.count("a chain of reactions was cut") == 1);
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("a reaction that fails undoes itself and not the command it follows") {
  EngineRig rig;
  rig.open();
  const auto reply = rig.submit(credit("broken", 1));
  rig.submit(credit("watched", 1));
  rig.step();
  CHECK(answered(reply, 201));
  CHECK(rig.log.count("a reaction failed") == 1);
  CHECK(rig.number("SELECT count(*) FROM review") == 1);
  CHECK(rig.audit_findings().empty());
}

TEST_CASE("a failed sync stops the node: nothing is acknowledged, and it says so") {
  CrashDisk disk(3);
  const CrashVfs vfs(disk);
  EngineRig rig;
  rig.database = "/main.db";
  rig.vfs = vfs.name();
  rig.open();
  REQUIRE(rig.run(credit("a", 5)).has_value());
  disk.set_trouble(CrashDisk::Trouble::syncs_fail);
  const auto lost = rig.submit(credit("a", 1));
  const auto also_lost = rig.submit(credit("b", 1));
  rig.step();
  for (const Reply& reply : {lost, also_lost}) {
    REQUIRE(reply->has_value());
    REQUIRE_FALSE((*reply)->has_value());
    CHECK((*reply)->error().kind == FaultKind::unavailable);
  }
  CHECK_FALSE(rig.engine().ready());
  disk.set_trouble(CrashDisk::Trouble::none);
  CHECK(rig.engine().submit(credit("a", 1), {}) == engine::Submission::stopped);
  CHECK_FALSE(rig.engine().ready());
  CHECK(rig.number("SELECT sum(balance) FROM account") == 5);
  rig.open();
  CHECK(rig.engine().ready());
  REQUIRE(rig.run(credit("a", 1)).has_value());
  CHECK(rig.audit_findings().empty());
  rig.close();
}

TEST_CASE("a stopped engine finishes what it took and refuses what comes after") {
  EngineRig rig;
  rig.open();
  rig.engine().start();
  std::atomic<int> answers = 0;
  for (int i = 0; i < 100; ++i) {
    rig.engine().submit(credit("a", 1), [&](const Result<engine::CommandResult>& result) {
      if (result) ++answers;
    });
  }
  rig.engine().stop();
  CHECK(answers == 100);
  CHECK(rig.number("SELECT balance FROM account") == 100);
  const auto late = rig.engine().execute(credit("a", 1));
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().kind == FaultKind::unavailable);
}

TEST_CASE("time in a log never goes backwards, also over a restart with an earlier clock") {
  EngineRig rig;
  rig.open();
  rig.clock.advance(Duration::hours(1));
  rig.run(credit("a", 1));
  const auto at = rig.number("SELECT at FROM ledger_entry WHERE seq = 0");
  EngineRig earlier;
  earlier.heads.save("main", *rig.engine().checkpoint("main"));
  rig.close();
  earlier.database = rig.database;
  earlier.open();
  earlier.run(credit("a", 1));
  CHECK(earlier.number("SELECT at FROM ledger_entry WHERE seq = 1") >= at);
}

}  // namespace
}  // namespace holdpoint::test

// Requests that come to lack people who may sign, on the running server: it is on the record once,
// who asked and the administrators hear of it, and it is taken back when enough are there again.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "support/approval_house.hpp"

namespace holdpoint::test {
namespace {

using Lines = std::vector<std::string>;

struct Hamlet : ApprovalHouse {
  Someone ann = person("Ann", "developer");
  Someone ben = person("Ben", "approver");
  Someone cat = person("Cat", "approver");
  Someone dan = person("Dan", "approver");

  /// Of ann, who is no administrator.
  std::string asked(const std::string& version) {
    release(version, {ann.email});
    const Reply made = request_as(ann.token, version);
    INFO(made.body);
    REQUIRE(made.status == 201);
    return made.text("id");
  }

  /// The server starts again, and its clock is so far ahead.
  void later(std::int64_t minutes) {
    server.stop();
    server.start({}, clock_ahead(minutes * 60));
  }

  [[nodiscard]] bool is_stranded(const std::string& id) const {
    return shown(id).at("request").as_object().contains("stranded_since");
  }
  [[nodiscard]] std::size_t count(const std::string& id, const std::string& type) const {
    const Finished log = server.run({"audit", "log", "--subject", id, "--format", "json"});
    const std::string wanted = "\"" + type + "\"";
    std::size_t found = 0;
    for (auto at = log.out.find(wanted); at != std::string::npos;
         at = log.out.find(wanted, at + 1)) {
      ++found;
    }
    return found;
  }
  /// The states of what was queued for the person about too few who may sign, the oldest first.
  [[nodiscard]] Lines told(const std::string& person, const std::string& id) const {
    Lines out;
    const json::value list = server.get("/api/v1/main/deliveries?limit=200").document();
    for (const auto& item : list.at("items").as_array()) {
      if (view(item.at("recipient").as_string()) != person) continue;
      if (view(item.at("about").as_string()) != "approval_stranding/" + id) continue;
      CHECK(view(item.at("topic").as_string()) == "approval.short_of_signers");
      out.emplace_back(view(item.at("state").as_string()));
    }
    std::ranges::reverse(out);
    return out;
  }
  [[nodiscard]] std::string administrator() const {
    const json::value me = server.get("/api/v1/whoami").document();
    return std::string(view(me.at("actor").at("id").as_string()));
  }
};

/// Waits until it is so, since timers fire by themselves.
template <class Holds>
bool awaited(Holds holds) {
  for (int look = 0; look < 400; ++look) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace

TEST_CASE("that too few are left who may sign is told within a quarter of an hour, and once") {
  Hamlet here;
  const std::string id = here.asked("1.0");
  const std::string boss = here.administrator();
  here.take_role(here.cat, "approver");
  here.take_role(here.dan, "approver");
  CHECK(here.shown(id).at("satisfiable") == false);
  CHECK_FALSE(here.is_stranded(id));
  CHECK(here.told(here.ann.id, id).empty());

  here.later(16);
  REQUIRE(awaited([&] { return here.is_stranded(id); }));
  const json::value request = here.shown(id).at("request");
  CHECK(request.at("state") == "pending");
  CHECK(request.at("stranded") == json::array{"board"});
  CHECK(here.told(here.ann.id, id) == Lines{"waiting"});
  CHECK(here.told(boss, id) == Lines{"waiting"});
  CHECK(here.told(here.ben.id, id).empty());
  const Finished shown = here.server.run({"approvals", "show", id});
  CHECK(shown.out.find("too few are left who may sign: board") != std::string::npos);

  // Somebody signs, which does not help; and then somebody comes who may sign too.
  CHECK(code_of(here.approve(here.ben, id)).empty());
  CHECK(here.is_stranded(id));
  const Someone eva = here.person("Eva", "approver");
  here.later(48);
  REQUIRE(awaited([&] { return !here.is_stranded(id); }));
  CHECK(here.told(here.ann.id, id) == Lines{"withdrawn"});
  CHECK(here.told(boss, id) == Lines{"withdrawn"});
  CHECK(here.count(id, "approval.stranded") == 1);
  CHECK(here.count(id, "approval.unstranded") == 1);
  CHECK(code_of(here.approve(eva, id)).empty());
  CHECK(here.state(id) == "granted");

  // Each time it becomes so is one of its own.
  const std::string again = here.asked("1.1");
  here.take_role(eva, "approver");
  here.later(80);
  REQUIRE(awaited([&] { return here.is_stranded(again); }));
  CHECK(here.told(here.ann.id, again) == Lines{"waiting"});
  CHECK(here.told(here.ann.id, id) == Lines{"withdrawn"});

  const Finished verified = here.server.run({"audit", "verify"});
  INFO(verified.all());
  CHECK(verified.code == 0);
}

TEST_CASE("a decision that leaves too few says so at once, and its end takes that back") {
  Hamlet here;
  here.apply(ApprovalHouse::policy(2, "  rejections: 2\n"));
  const std::string id = here.asked("2.0");
  here.take_role(here.dan, "approver");
  CHECK(code_of(here.reject(here.ben, id)).empty());
  CHECK(here.state(id) == "pending");
  CHECK(here.is_stranded(id));
  CHECK(here.told(here.ann.id, id) == Lines{"waiting"});
  CHECK(code_of(here.reject(here.cat, id)).empty());
  CHECK(here.state(id) == "rejected");
  CHECK_FALSE(here.is_stranded(id));
  CHECK(here.told(here.ann.id, id) == Lines{"withdrawn"});
  CHECK(here.count(id, "approval.stranded") == 1);
  CHECK(here.count(id, "approval.unstranded") == 0);
}

}  // namespace holdpoint::test

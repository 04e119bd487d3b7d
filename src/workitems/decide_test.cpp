// What may be said of a work item, the way of each type to its end, and what a link may lead to.
#include <doctest/doctest.h>

#include <algorithm>

#include "workitems/workitems.hpp"

namespace holdpoint::workitems {
namespace {

const std::string kAnn = "per_01J00000000000000000000000";

const KnownNames& known() {
  static const KnownNames names{{"payments", "web"}, {kAnn}};
  return names;
}

CreateWorkItem plain(Type type = Type::bug) {
  CreateWorkItem command;
  command.type = type;
  command.title = "A refund is paid twice";
  return command;
}

WorkItem made(Type type, State state = State::open) {
  auto item = create(plain(type), "ITEM-1", kAnn, known());
  REQUIRE(item);
  item->state = state;
  return *item;
}

template <class T>
std::string refused_at(const Decided<T>& decided) {
  if (decided) return "";
  CHECK(decided.error().kind == RefusalKind::invalid);
  return decided.error().issues.size() == 1 ? decided.error().issues.front().path : "many";
}

TEST_CASE("a work item is created open, and its creator is who asked for it") {
  CreateWorkItem command = plain();
  command.owner = kAnn;
  command.applications = {{"web", "payments"}};
  command.fields = {{{"found-by", "till"}, {"nothing", ""}}};
  const auto item = create(command, "BUG-1", kAnn, known());
  REQUIRE(item);
  CHECK(item->state == State::open);
  CHECK(item->requested_by == kAnn);
  CHECK(item->applications == std::vector<std::string>{"payments", "web"});
  CHECK(item->fields == std::map<std::string, std::string>{{"found-by", "till"}});
}

TEST_CASE("each mistake of a work item is refused at its place") {
  const auto refused = [](auto&& spoil) {
    CreateWorkItem command = plain();
    std::string key = "BUG-1";
    spoil(command, key);
    return refused_at(create(command, key, kAnn, known()));
  };
  CHECK(refused([](auto& c, auto&) { c.title = ""; }) == "/title");
  CHECK(refused([](auto& c, auto&) { c.title = "two\nlines"; }) == "/title");
  CHECK(refused([](auto& c, auto&) { c.title = std::string(title_bytes_max + 1, 'x'); }) ==
        "/title");
  CHECK(refused([](auto&, auto& key) { key = "a/b"; }) == "/key");
  CHECK(refused([](auto&, auto& key) { key = "wit_01J00000000000000000000000"; }) == "/key");
  CHECK(refused([](auto& c, auto&) { c.owner = "per_01J00000000000000000000009"; }) == "/owner");
  CHECK(refused([](auto& c, auto&) { c.applications = {{"shop"}}; }) == "/applications/0");
  CHECK(refused([](auto& c, auto&) { c.applications = {{"web", "web"}}; }) == "/applications/1");
  CHECK(refused([](auto& c, auto&) { c.fields = {{{"a b", "c"}}}; }) == "/fields");
  CHECK(refused([](auto& c, auto&) { c.external_key = "PAY-17"; }) == "/external_key");
  CHECK(refused([](auto& c, auto&) { c.external_url = "javascript:alert(1)"; }) == "/external_url");
  CHECK(refused([](auto& c, auto&) { c.description = ""; }) == "/description");
}

TEST_CASE("what a change does not name stays, and an empty field goes away") {
  WorkItem item = made(Type::task);
  item.fields = {{"a", "1"}, {"b", "2"}};
  item.owner = kAnn;
  ChangeWorkItem command;
  command.fields = {{{"a", ""}, {"c", "3"}}};
  const auto changed = change(item, command, known());
  REQUIRE(changed);
  CHECK(changed->fields == std::map<std::string, std::string>{{"b", "2"}, {"c", "3"}});
  CHECK(changed->owner == kAnn);
  CHECK(changed->title == item.title);
}

TEST_CASE("a change cannot gather more fields than an item may have") {
  WorkItem item = made(Type::task);
  for (std::size_t i = 0; i < fields_max; ++i) item.fields["f" + std::to_string(i)] = "1";
  ChangeWorkItem command;
  command.fields = {{{"one-more", "1"}}};
  CHECK(refused_at(change(item, command, known())) == "/fields");
}

TEST_CASE("a bug is not done before what was mended was looked at") {
  ChangeWorkItem done;
  done.state = State::done;
  const auto refused = change(made(Type::bug, State::in_progress), done, known());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "step_not_allowed");
  CHECK(refused.error().sentence.find("in_review") != std::string::npos);
  CHECK(change(made(Type::bug, State::in_review), done, known())->state == State::done);
}

TEST_CASE("a requirement is accepted before it is worked on, and a deviation looked at") {
  CHECK_FALSE(may_become(Type::requirement, State::open, State::in_progress));
  CHECK(may_become(Type::requirement, State::accepted, State::in_progress));
  CHECK_FALSE(may_become(Type::deviation, State::open, State::accepted));
  CHECK(may_become(Type::deviation, State::in_review, State::accepted));
}

TEST_CASE("every step of every type is one that the record allows, and every type has an end") {
  for (const Type type : {Type::requirement, Type::story, Type::task, Type::bug, Type::risk,
                          Type::service_request, Type::deviation}) {
    std::set<State> reached{State::open};
    std::vector<State> next{State::open};
    while (!next.empty()) {
      const State from = next.back();
      next.pop_back();
      CHECK_FALSE(next_states(type, from).empty());
      for (const State to : next_states(type, from)) {
        CHECK(std::ranges::any_of(work_item_transitions, [&](const Transition<State>& step) {
          return step.from == from && step.to == to;
        }));
        if (reached.insert(to).second) next.push_back(to);
      }
    }
    CHECK(reached.contains(State::done));
    CHECK(reached.contains(State::rejected));
  }
}

TEST_CASE("a work item is closed once, with a reason, and as an end") {
  CHECK(close(made(Type::task), {State::done, "built"})->state == State::done);
  CHECK(refused_at(close(made(Type::task), {State::done, ""})) == "/reason");
  CHECK(refused_at(close(made(Type::task), {State::open, "no"})) == "/state");
  const auto again = close(made(Type::task, State::done), {State::done, "built"});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == "step_not_allowed");
}

TEST_CASE("a reference is read as a kind with a name, an id, a version or a key") {
  CHECK(read_reference("payments@1.4.0") == Reference{"release", "payments@1.4.0"});
  CHECK(read_reference("release:rel_1") == Reference{"release", "rel_1"});
  CHECK(read_reference("inc_01J0") == Reference{"incident", "inc_01J0"});
  CHECK(read_reference("dpl_01J0") == Reference{"deployment", "dpl_01J0"});
  CHECK(read_reference("REQ-12") == Reference{"work_item", "REQ-12"});
  CHECK(read_reference("commit:0123abc") == Reference{"commit", "0123abc"});
}

TEST_CASE("a reference that can name nothing is refused") {
  for (const char* text : {"", "two words", "planet:mars", "commit:HEAD", "commit:12", "change:"}) {
    CAPTURE(text);
    CHECK(refused_at(read_reference(text)) == "/to");
  }
}

TEST_CASE("the words of links are sorted, so that each is found") {
  CHECK(std::ranges::is_sorted(relations()));
  CHECK(std::ranges::is_sorted(linked_kinds()));
  CHECK(is_relation("implements"));
  CHECK_FALSE(is_relation("likes"));
}

}  // namespace
}  // namespace holdpoint::workitems

// The bytes of the event bodies of work items, frozen: they stand in ledgers and are never written
// differently. A new form of an event gets a new version and a new line; no line here is changed.
#include <doctest/doctest.h>

#include "engine/records.hpp"
#include "support/golden.hpp"
#include "workitems/workitems.hpp"

namespace holdpoint::workitems {
namespace {

using test::frozen;

const WorkItemId kId = *WorkItemId::parse("wit_01J00000000000000000000000");

WorkItem item() {
  WorkItem item;
  item.id = kId;
  item.name = "BUG-17";
  item.type = Type::bug;
  item.title = "A refund is paid twice";
  item.state = State::in_review;
  item.priority = Priority::critical;
  item.requested_by = "per_01J00000000000000000000000";
  item.owner = "per_01J00000000000000000000001";
  item.applications = {"payments"};
  item.fields = {{"found-by", "till"}};
  item.external_system = "jira";
  item.external_key = "PAY-17";
  item.external_url = "https://jira.example.org/PAY-17";
  return item;
}

constexpr std::string_view kItem =
    R"({"applications":["payments"],"external_key":"PAY-17","external_system":"jira",)"
    R"("external_url":"https://jira.example.org/PAY-17","fields":{"found-by":"till"},)"
    R"("id":"wit_01J00000000000000000000000","name":"BUG-17",)"
    R"("owner":"per_01J00000000000000000000001","priority":"critical",)"
    R"("requested_by":"per_01J00000000000000000000000","state":"in_review",)"
    R"("title":"A refund is paid twice","type":"bug"})";

TEST_CASE("work_item.created is frozen") {
  frozen(engine::RecordCreated<WorkItem>{item()}, "work_item.created",
         R"({"record":)" + std::string(kItem) + "}");
}

TEST_CASE("work_item.changed is frozen") {
  frozen(engine::RecordChanged<WorkItem>{2, item()}, "work_item.changed",
         R"({"record":)" + std::string(kItem) + R"(,"revision":2})");
}

TEST_CASE("work_item.text_added is frozen") {
  frozen(TextAdded{kId, Purpose::description}, "work_item.text_added",
         R"({"id":"wit_01J00000000000000000000000","purpose":"description"})");
}

}  // namespace
}  // namespace holdpoint::workitems

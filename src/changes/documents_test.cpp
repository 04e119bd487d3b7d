// What people may declare in advance, and what they are told, with a path to the place, when it is
// not as expected.
#include "changes/documents.hpp"

#include <doctest/doctest.h>

#include "changes/testing.hpp"

namespace holdpoint::changes {
namespace {

json::value document(std::string_view kind, std::string_view spec) {
  return json::parse(R"({"apiVersion":"holdpoint/v1","kind":")" + std::string(kind) +
                     R"(","metadata":{"name":"one"},"spec":)" + std::string(spec) + "}");
}

template <class T>
std::string path_of(const Decided<T>& read) {
  if (read || read.error().issues.empty()) return "";
  return read.error().issues.front().path;
}

TEST_CASE("a template is read, and each mistake in one has a path") {
  const auto read = [](std::string_view more) {
    return read_template(document(
        "ChangeTemplate",
        R"({"owner":"team:operations","applications":["shop"],"environments":["production"],)"
        R"("backout_plan":"Put it back.","customer_impact":"None.","window_max":"2h")" +
            std::string(more) + "}"));
  };
  const auto plain = read("");
  REQUIRE(plain);
  CHECK(plain->window_max_us == Duration::hours(2).us);
  CHECK(plain->varies.empty());
  CHECK(read(R"(,"varies":["releases","title"])")->varies.size() == 2);
  CHECK(path_of(read(R"(,"varies":["risk"])")) == "/spec/varies/0");
  CHECK(path_of(read(R"(,"description":"")")) == "/spec/description");
  const auto other = [](std::string_view spec) {
    return path_of(read_template(document("ChangeTemplate", spec)));
  };
  CHECK(other(R"({"owner":"a@b","applications":["shop"],"environments":["production"],)"
              R"("backout_plan":"x","customer_impact":"x","window_max":"2h"})") == "/spec/owner");
  CHECK(other(R"({"owner":"a","applications":[],"environments":["production"],)"
              R"("backout_plan":"x","customer_impact":"x","window_max":"2h"})") ==
        "/spec/applications");
  CHECK(other(R"({"owner":"a","applications":["shop"],"environments":["production"],)"
              R"("backout_plan":"","customer_impact":"x","window_max":"2h"})") ==
        "/spec/backout_plan");
  CHECK(other(R"({"owner":"a","applications":["shop"],"environments":["production"],)"
              R"("backout_plan":"x","customer_impact":"x","window_max":"40d"})") ==
        "/spec/window_max");
}

TEST_CASE("a way for emergencies names who declares, who endorses, and for what") {
  const auto read = [](std::string_view spec) {
    return read_path(document("EmergencyPath", spec));
  };
  const auto path =
      read(R"({"owner":"team:operations","categories":["outage"],"declarers":["on-call"],)"
           R"("endorsers":["duty-manager"],"applications":["shop"]})");
  REQUIRE(path);
  CHECK(is_for(*path, {{"shop", "production"}}, "outage"));
  CHECK(!is_for(*path, {{"shop", "production"}}, "wish"));
  CHECK(!is_for(*path, {{"shop", "production"}, {"cart", "production"}}, "outage"));
  CHECK(path_of(read(R"({"owner":"a","categories":[],"declarers":["b"],"endorsers":["c"]})")) ==
        "/spec/categories");
  CHECK(path_of(read(R"({"owner":"a","categories":["x"],"declarers":[],"endorsers":["c"]})")) ==
        "/spec/declarers");
  CHECK(path_of(read(R"({"owner":"a","categories":["x"],"declarers":["b"],"endorsers":[]})")) ==
        "/spec/endorsers");
  CHECK(path_of(
            read(R"({"owner":"a","categories":["x","x"],"declarers":["b"],"endorsers":["c"]})")) ==
        "/spec/categories/1");
}

TEST_CASE("a way for emergencies says how many may go it, and each mistake in that has a path") {
  const auto read = [](std::string_view limit) {
    return read_path(document(
        "EmergencyPath", R"({"owner":"a","categories":["x"],"declarers":["b"],"endorsers":["c"])" +
                             std::string(limit) + "}"));
  };
  CHECK(!read("")->at_most);
  CHECK(read(R"(,"limit":{"count":1,"within":"1h"})")->at_most ==
        EmergencyLimit{1, Duration::hours(1).us});
  CHECK(read(R"(,"limit":{"count":100,"within":"90d"})")->at_most ==
        EmergencyLimit{100, Duration::days(90).us});
  CHECK(path_of(read(R"(,"limit":{"count":0,"within":"7d"})")) == "/spec/limit/count");
  CHECK(path_of(read(R"(,"limit":{"count":101,"within":"7d"})")) == "/spec/limit/count");
  CHECK(path_of(read(R"(,"limit":{"count":3,"within":"59m"})")) == "/spec/limit/within");
  CHECK(path_of(read(R"(,"limit":{"count":3,"within":"91d"})")) == "/spec/limit/within");
  CHECK(path_of(read(R"(,"limit":{"count":3,"within":"often"})")) == "/spec/limit/within");
  CHECK(!read(R"(,"limit":{"count":3})"));
}

TEST_CASE("a table of risks is held against what makes a scale") {
  const auto read = [](std::string_view spec) {
    return read_risk_table(document("RiskTable", spec));
  };
  const auto table =
      read(R"({"owner":"team:quality","medium_from":5,"high_from":20,"questions":[{"id":"tested",)"
           R"("question":"Where?","weight":2,"answers":{"yes":0,"no":10}}]})");
  REQUIRE(table);
  CHECK(scale_of(*table, 7).revision == 7);
  CHECK(path_of(read(R"({"owner":"a","medium_from":5,"high_from":5,"questions":[{"id":"t",)"
                     R"("question":"Q","weight":2,"answers":{"yes":0,"no":10}}]})")) ==
        "/spec/high_from");
}

}  // namespace
}  // namespace holdpoint::changes

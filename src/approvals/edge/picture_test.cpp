// Where an incident is looked for that pauses a request: every place that its content touches.
#include "approvals/edge/picture.hpp"

#include <doctest/doctest.h>

namespace holdpoint::approvals {
namespace {

policy::ApprovalFacts at(const std::string& application,
                         const std::optional<std::string>& environment) {
  policy::ApprovalFacts facts;
  facts.application.name = application;
  if (environment) {
    facts.environment.emplace();
    facts.environment->name = *environment;
  }
  return facts;
}

std::vector<std::string> places(const Request& request,
                                const std::optional<SubjectContent>& content) {
  std::vector<std::string> out;
  for (const IncidentPlace& place : places_of(request, content)) {
    out.push_back(place.application + "/" + place.environment);
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST_CASE("a change over several places is paused by an incident in any of them") {
  SubjectContent content;
  content.facts = at("shop", "staging");
  content.places = {at("shop", "production"), at("cart", "staging"), at("cart", "production")};
  // Neither one application nor one environment stands with such a request.
  CHECK(places(Request{}, content) ==
        Lines{"shop/staging", "shop/production", "cart/staging", "cart/production"});
}

TEST_CASE("what is gone is looked for where its request says, and what has no place nowhere") {
  Request request;
  request.application = "shop";
  request.environment = "production";
  CHECK(places(request, std::nullopt) == Lines{"shop/production"});
  CHECK(places(Request{}, std::nullopt).empty());
  SubjectContent waiver;
  waiver.facts = at("shop", std::nullopt);
  CHECK(places(Request{}, waiver).empty());
}

}  // namespace
}  // namespace holdpoint::approvals

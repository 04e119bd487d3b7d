// What a change says, and what is signed of it.
#include <algorithm>

#include "changes/changes.hpp"

namespace holdpoint::changes {

std::vector<Place> places_of(const ChangeContent& content) {
  std::vector<Place> places;
  for (const std::string& application : content.applications) {
    for (const std::string& environment : content.environments) {
      places.push_back({application, environment});
    }
  }
  return places;
}

bool touches(const ChangeContent& content, const Place& place) {
  return std::ranges::find(content.applications, place.application) != content.applications.end() &&
         std::ranges::find(content.environments, place.environment) != content.environments.end();
}

Digest digest_of(const SignedChange& change) {
  return sha256("holdpoint-change/v1\n" + to_json_text(change));
}

bool is_endorsed(const Change& change, const Digest& present) {
  return change.endorsement && change.endorsement->digest == present;
}

policy::ChangeSubject facts_of(const Change& change, const Digest& present) {
  return {change.content.type, change.content.risk.risk, change.content.risk.score,
          static_cast<std::int64_t>(places_of(change.content).size()),
          is_endorsed(change, present)};
}

const Use* last_use(const Change& change, const Place& place) {
  const Use* last = nullptr;
  for (const Use& use : change.uses) {
    if (use.application == place.application && use.environment == place.environment) last = &use;
  }
  return last;
}

bool was_used(const Change& change, const Place& place) {
  return last_use(change, place) != nullptr;
}

bool is_open(State state) { return state == State::submitted || state == State::implementing; }

}  // namespace holdpoint::changes

// What a decision about a request rests on, gathered once for all that is asked of it: the content,
// who holds which role, who stands in for whom, what pauses. One gatherer serves many requests of
// one moment, and looks up each role once.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "approvals/edge/subject_source.hpp"
#include "approvals/eligibility.hpp"
#include "approvals/escalate.hpp"
#include "engine/unit.hpp"
#include "incidents/incidents.hpp"

namespace holdpoint::approvals {

/// One workspace at one moment: inside a unit of work, or a committed snapshot.
struct Place {
  engine::Connection& tables;
  engine::ObjectStore& objects;
  std::string_view workspace;
  Instant now;
};
Place place_of(engine::Unit& unit);

struct Picture {
  std::optional<SubjectContent> content;  // absent: gone
  Situation situation;
};

/// Where an incident is looked for.
struct IncidentPlace {
  std::string application;  // "" of what is not about one application
  std::string environment;
};
/// Every place that the content touches; those of the request when it touches none or is gone.
std::vector<IncidentPlace> places_of(const Request& request,
                                     const std::optional<SubjectContent>& content);

class Gatherer {
 public:
  /// Both MUST outlive it.
  Gatherer(const Place& place, std::span<const SubjectSource> sources)
      : place_(place), sources_(sources) {}

  /// A Fault when the content cannot be read.
  Result<Picture> of(const Request& request);
  /// Open incidents that pause the request, the oldest first. What may end one waits for none;
  /// what cannot be read waits.
  std::vector<incidents::Incident> pausing(const Request& request);
  /// Who is reached by these roles at that instant, and of these people who is active; sorted.
  std::vector<std::string> people_of(const std::vector<std::string>& roles,
                                     const std::vector<std::string>& people, Instant at);

 private:
  Result<std::optional<SubjectContent>> content_of(const Request& request);
  /// The open major ones that affect one of these places.
  std::vector<incidents::Incident> major_incidents(const std::vector<IncidentPlace>& places);
  void add_askers(const Request& request, Situation& out);
  const std::vector<incidents::Incident>& open_major();
  /// Only of a request that may be used again.
  bool has_use_failed(const Request& request) const;
  static void add_content(const SubjectContent& content, Situation& out);
  void add_backups(const Request& request, Situation& out);
  void add_stand_ins(Situation& out);
  const std::vector<std::string>& holders(const std::string& role, Instant at);

  const Place& place_;
  std::span<const SubjectSource> sources_;
  std::map<std::pair<std::string, std::int64_t>, std::vector<std::string>> holders_;
  std::optional<std::vector<StandIn>> stand_ins_;
  std::optional<std::vector<incidents::Incident>> incidents_;
};

}  // namespace holdpoint::approvals

// What people are told of a request, in words that let them act without opening anything else. It
// leaves the system by notifications, so people stand in it by their ids and reasons not at all.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "approvals/approvals.hpp"

namespace holdpoint::approvals {

/// One piece of news. `about` names what it is about: what was not sent yet is taken back by it.
struct News {
  std::string topic;
  std::string subject;  // one line
  std::vector<std::string> people;
  std::string sentence;
  std::optional<Instant> due;
  std::string command;
  std::string about;
  std::optional<std::string> application;
};

/// "approval.asked", "approval.reminded" …: what rules of notification may name beside the events.
std::set<std::string> news_topics();

/// Of what still waits for a signature; a decision takes it back.
std::string about_asking(const RequestId& id);
/// Of how it ended; nothing takes it back.
std::string about_outcome(const RequestId& id);
/// Of too few who may sign; taken back when there are enough again, and when it ends.
std::string about_stranding(const RequestId& id);

/// These people may sign, and the stages wait for them.
News news_of_stages(const Request& request, const std::vector<std::string>& stages,
                    std::vector<std::string> people);
News news_of_escalation(const Request& request, const ApprovalEscalated& event);
/// Too few are left who may sign it.
News news_of_stranding(const Request& request, std::vector<std::string> people);
/// To those who asked: granted, or ended.
News news_of_outcome(const Request& request, std::vector<std::string> people);

}  // namespace holdpoint::approvals

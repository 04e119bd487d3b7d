// A running server with people who ask for approvals and decide, and a policy that says who: for
// tests of what they may do to each other's releases.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "support/server_process.hpp"

namespace holdpoint::test {

class ApprovalHouse {
 public:
  /// An application shop that handles cards, and environments; changes to production need two of
  /// the role approver, and a plan to go back.
  ApprovalHouse();

  Someone person(const std::string& name, const std::string& role);
  Someone account(const std::string& role);
  /// The same person, signed in once more.
  [[nodiscard]] std::string sign_in(const Someone& who) const;
  /// What was assigned to the person is taken away.
  void take_role(const Someone& who, const std::string& role) const;

  /// Documents that have to come into force.
  void apply(const std::string& text) const;
  /// The policy with so many approvers, and more text in its spec.
  static std::string policy(int minimum, const std::string& more = "");

  /// A release that these people wrote, by address, and the administrator proposed.
  void release(const std::string& version, const std::vector<std::string>& authors) const;
  [[nodiscard]] Reply propose(const std::string& version, const std::vector<std::string>& authors,
                              const std::string& token) const;
  [[nodiscard]] Reply request_as(const std::string& token, const std::string& version,
                                 const std::string& plan = "deploy the last one") const;
  /// Of the administrator; gives its id.
  [[nodiscard]] std::string request(const std::string& version) const;

  [[nodiscard]] Reply decide(const std::string& token, const std::string& id,
                             json::object decision) const;
  [[nodiscard]] Reply approve(const Someone& who, const std::string& id) const;
  [[nodiscard]] Reply reject(const Someone& who, const std::string& id) const;
  [[nodiscard]] Reply lend(const Someone& from, const Someone& to,
                           const std::vector<std::string>& roles = {}) const;
  void configure(const std::string& token, const std::string& value,
                 const std::string& application = "shop") const;
  [[nodiscard]] Reply start(const std::string& token, const std::string& version) const;

  [[nodiscard]] json::value shown(const std::string& id) const;
  [[nodiscard]] std::string state(const std::string& id) const;
  [[nodiscard]] std::string digest(const std::string& id) const;
  [[nodiscard]] std::size_t votes(const std::string& id) const;
  [[nodiscard]] bool is_open(const std::string& version) const;

  ServerProcess server;

 private:
  std::map<std::pair<std::string, std::string>, std::string> assignments_;
  int people_ = 0;
};

/// "" of a success, otherwise the code of the problem.
std::string code_of(const Reply& reply);

}  // namespace holdpoint::test

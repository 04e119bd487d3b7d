// How ballots fill the stages of a request, counted by what bounds it (Hall's theorem, and König's
// for the most that can be filled) and not by searching for a way to seat people.
#pragma once

#include <vector>

#include "sim/approval_rules.hpp"

namespace holdpoint::sim {

/// Whether a right for these roles may be used for the stage as its policy states it, or with what
/// escalation added to it.
bool reaches(const Names& roles, const StageRule& rule);
bool reaches(const Names& roles, const StageRule& rule, const Signers& signers);
/// Whether the right of that seat may be used for it: of whom the stage asks for by a role that it
/// names, of whom escalation added by one that they were reached by.
bool may_use(const std::string& seat, const Names& roles, const StageRule& rule,
             const Signers& signers);

/// The stages of one route, with the seats that could fill each.
struct Walk {
  std::vector<std::size_t> demands;  // their places in the request
  std::vector<int> orders;
  std::vector<int> needs;
  std::vector<Names> seats;

  /// The most seats of these stages that can be filled, each by somebody of their own.
  [[nodiscard]] int filled(const std::vector<std::size_t>& stages) const;
  [[nodiscard]] bool is_full(const std::vector<std::size_t>& stages) const;
  [[nodiscard]] std::vector<std::size_t> before(int order) const;
  [[nodiscard]] bool is_reached(std::size_t stage) const { return is_full(before(orders[stage])); }
  /// Whether a stage that is reached has enough, when those that are stated before it go first.
  [[nodiscard]] bool has_enough(std::size_t stage) const;
  [[nodiscard]] bool is_walked() const;
};

/// One for each route of the request; `signers` are the people who may sign, by demand.
std::vector<Walk> walks_of(const Asked& asked, const std::vector<Signers>& signers,
                           const std::vector<Ballot>& ballots);

/// How many seats are filled in stages whose turn it is.
int progress(const Asked& asked, const std::vector<Signers>& signers,
             const std::vector<Ballot>& ballots);

}  // namespace holdpoint::sim

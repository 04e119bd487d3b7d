// What approvals rest on, and who changes it in the simulation: people who come and go, teams,
// roles, rights that are lent, policies, releases, configurations, incidents, freezes and the
// clock.
#pragma once

#include <string>
#include <vector>

#include "sim/approval_desk.hpp"
#include "sim/approval_documents.hpp"

namespace holdpoint::sim {

class Choosing {
 public:
  explicit Choosing(test::SeededRandom& random) : random_(random) {}
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::uint64_t below(std::uint64_t n) { return random_.below(n); }
  /// MUST be given a list that is not empty.
  template <class List>
  const auto& of(const List& list) {
    auto chosen = list.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random_.below(list.size())));
    return *chosen;
  }

 private:
  test::SeededRandom& random_;
};

class ApprovalWorld {
 public:
  explicit ApprovalWorld(std::uint64_t seed)
      : random_(seed), choose_(random_), desk_(seed, random_, model_, life_) {}

 protected:
  /// Of a success: how many entries it makes; nullopt: not counted.
  using Effect = std::function<std::optional<int>(const json::value&)>;

  const std::string& anybody() { return choose_.of(model_.active); }
  std::string anybody_or_account() { return choose_.one_in(6) ? choose_.of(accounts_) : anybody(); }
  NameOf as_id() {
    return [this](const std::string& name) { return desk_.id(name); };
  }
  static std::string id_of(const Target& target) {
    return target.application + "@" + target.version + "/" + target.environment;
  }
  Ask ask_of(const std::string& who, const std::string& method, const std::string& path,
             std::string body);
  void post(const std::string& who, const std::string& path, const json::object& body,
            const Effect& effect, std::set<std::string> obstacles = {});
  void apply(const std::string& document, const std::function<void()>& effect);
  void add_person(const std::string& name);
  void settle_in();
  void open_account(const std::string& name);
  void assign(const std::string& who, const std::string& role);
  void unassign();
  Names some_people(std::uint64_t most);
  void change_team(const std::string& name);
  void change_role(const std::string& name);
  void change_policy(const std::string& name);
  void someone_comes_or_goes();
  void issue_token();
  void lend();
  void end_lending();
  json::object contributor(const std::string& name);
  std::string somebody_of_git();
  void propose();
  void configure();
  Target some_target();
  /// What becomes of the request whatever is asked about it, counted.
  int settle(Asked& asked);
  int follow_incidents();
  int implicate(const Trouble& trouble);
  /// Other places that the incident affects.
  void spread(Trouble& trouble);
  void trouble();
  void declare();
  void look_closer(Trouble& trouble);
  void freeze();
  /// Often to an instant at which something ends or begins, or one step before it.
  void time_passes();

  test::SeededRandom random_;
  Choosing choose_;
  ApprovalModel model_;
  ApprovalLife life_;
  ApprovalDesk desk_;
  std::vector<std::string> accounts_;
  std::map<std::pair<std::string, std::string>, std::string> assignments_;  // to their id
};

}  // namespace holdpoint::sim

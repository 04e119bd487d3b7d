// The house that tests of changes, overrides of freezes and emergencies start from: its documents,
// its people, and what they do by the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/server_process.hpp"
#include "support/wall_clock.hpp"

namespace holdpoint::test {

struct ChangeHouse {
  ServerProcess server;
  Someone ann, ben, cat, zoe, rob, eva;
  Duration ahead{};

  ChangeHouse();

  void apply(const std::string& text) const;

  void release(const std::string& application, const std::string& version) const;

  [[nodiscard]] std::string at(Duration from_now) const;

  /// The options of a change that may begin now.
  [[nodiscard]] std::vector<std::string> options(const std::string& application,
                                                 const std::string& release) const;

  [[nodiscard]] Finished run(const Someone& who, std::vector<std::string> first,
                             const std::vector<std::string>& more = {}) const;

  [[nodiscard]] std::string created(const Someone& who, const std::string& application,
                                    const std::string& release) const;

  [[nodiscard]] json::value shown(const std::string& change) const;
  [[nodiscard]] std::string phase(const std::string& change) const;
  [[nodiscard]] std::string request(const std::string& change) const;
  /// A request for approval, as it is kept.
  [[nodiscard]] json::value kept(const std::string& id) const;
  [[nodiscard]] Finished approve(const Someone& who, const std::string& id) const;
  [[nodiscard]] Finished gate(const std::string& release, const std::string& environment) const;
  [[nodiscard]] Finished start(const std::string& release, const std::string& environment) const;
  void finish(const Finished& started, const std::string& outcome = "succeeded") const;
};

/// One for each run of the program.
ChangeHouse& change_house();

}  // namespace holdpoint::test

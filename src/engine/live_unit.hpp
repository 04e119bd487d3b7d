// The unit of work over the writer's transaction.
#pragma once

#include <deque>

#include "engine/sequencer.hpp"

namespace holdpoint::engine {

/// What led to a unit: nothing for a request, an event for a reaction.
struct Chain {
  std::optional<std::string> cause;
  std::string root;  // "" when this unit starts the chain
  int depth = 0;
};

class LiveUnit final : public Unit {
 public:
  LiveUnit(Sequencer& sequencer, const std::string& workspace, const ledger::Actor& actor,
           const RequestOrigin& origin, Chain chain);

  [[nodiscard]] const std::string& workspace() const override { return workspace_; }
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] const ledger::Actor& actor() const override { return actor_; }
  Connection& tables() override { return sequencer_.writer_; }
  ObjectStore& objects() override { return sequencer_.objects_; }
  PersonVault& vault() override { return sequencer_.ports_.vault; }
  void record_rekor(const ledger::RekorDsseEntry& entry) override;
  std::vector<Recorded> stream(const ledger::Subject& subject) override;
  std::optional<std::string> personal(std::uint64_t seq, std::string_view person,
                                      std::string_view path) override;
  void set_timer(std::string_view kind, std::string_view key, Instant due) override;
  void cancel_timer(std::string_view kind, std::string_view key) override;
  std::string deliver(const Outgoing& outgoing) override;
  void withdraw(std::string_view about) override;

 protected:
  std::array<std::uint8_t, 10> entropy() override;
  const Recorded& record_text(std::string type, int version, ledger::Subject subject,
                              std::string body, std::vector<Personal> personal) override;

 private:
  void append(std::string_view entry, const Recorded& recorded);

  Sequencer& sequencer_;
  const std::string& workspace_;
  const ledger::Actor& actor_;
  const RequestOrigin& origin_;
  OpenLog& log_;
  Instant now_;
  Chain chain_;
  std::deque<Recorded> recorded_;  // stable references for the caller
};

}  // namespace holdpoint::engine

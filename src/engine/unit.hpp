// A unit of work: what a command sees while the sequencer runs it. It reads tables as they are with
// all earlier events of the batch applied, records events (sealed, appended and folded at once),
// and everything it did is undone when it is refused.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/module.hpp"

namespace holdpoint::engine {

/// Where a request came from. Sealed under the actor's key, never in the leaf.
struct RequestOrigin {
  std::string address;
  std::string device;
};

/// A personal value kept out of the leaf: `person` owns the key it is encrypted under.
struct Personal {
  std::string path;  // "/name"
  std::string person;
  std::string value;
};

/// Where the reason that a person gives is sealed.
inline constexpr std::string_view reason_path = "/reason";

/// What leaves the system once the unit is committed.
struct Outgoing {
  std::string channel;    // "mail"
  std::string recipient;  // who it is for, by an id or name that says nothing personal
  std::string topic;      // what kind of news it is: "certification.refused"
  std::string about;    // the thing it is about, "release/rel_…"; withdraw() takes it back by this
  std::string payload;  // for the channel; MUST NOT hold personal data, which can be erased
};

/// A unit records an event that its entry cannot hold: the sequencer makes it a refusal, for it is
/// the request that is too large and nothing has failed.
class EventTooLarge : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override {
    return "an event is larger than an entry of the ledger may be";
  }
};

class Unit {
 public:
  virtual ~Unit() = default;

  [[nodiscard]] virtual const std::string& workspace() const = 0;
  /// One instant per unit; never earlier than the log's last entry.
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual const ledger::Actor& actor() const = 0;
  /// The transaction's connection. MUST NOT be used to write projections or ledger tables: those
  /// change by events only. Operational and secret tables of the own capability may be written.
  virtual Connection& tables() = 0;
  virtual ObjectStore& objects() = 0;
  virtual PersonVault& vault() = 0;

  template <class IdType>
  IdType new_id() {
    return IdType::make(now(), entropy());
  }

  /// Appends one event. `personal` values are sealed beside it; their paths are unique.
  template <EventBody T>
  const Recorded& record(ledger::Subject subject, const T& body,
                         std::vector<Personal> personal = {}) {
    return record_text(std::string(T::event_type), T::event_version, std::move(subject),
                       to_json_text(body), std::move(personal));
  }
  /// Appends the Rekor entry of a certification directly after its event.
  virtual void record_rekor(const ledger::RekorDsseEntry& entry) = 0;

  /// The events of one subject in order: a process folds these to its state.
  virtual std::vector<Recorded> stream(const ledger::Subject& subject) = 0;
  /// Opens a sealed value; nullopt when it was never sealed or its key was destroyed.
  virtual std::optional<std::string> personal(std::uint64_t seq, std::string_view person,
                                              std::string_view path) = 0;

  /// Sets the timer (kind, key) of this workspace, replacing an earlier one.
  virtual void set_timer(std::string_view kind, std::string_view key, Instant due) = 0;
  virtual void cancel_timer(std::string_view kind, std::string_view key) = 0;
  /// Queues a delivery and gives its id: sent at least once after the commit, retried with backoff.
  virtual std::string deliver(const Outgoing& outgoing) = 0;
  /// Takes back what waits for being sent about that thing.
  virtual void withdraw(std::string_view about) = 0;

 protected:
  virtual std::array<std::uint8_t, 10> entropy() = 0;
  virtual const Recorded& record_text(std::string type, int version, ledger::Subject subject,
                                      std::string body, std::vector<Personal> personal) = 0;
};

}  // namespace holdpoint::engine

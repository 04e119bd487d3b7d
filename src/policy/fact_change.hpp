// Changes of facts, and facts with changes tried on them: what a remedy or the passing of time
// would make of a release, without touching what was judged.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"

namespace holdpoint::policy {

/// Keys of objects and indexes of lists from the root of the facts.
using FactStep = std::variant<std::string, std::size_t>;
using FactPath = std::vector<FactStep>;

/// "approvals[2].state"
std::string text_of(const FactPath& path);

/// The value there, nullptr when the path leads nowhere.
const json::value* find_fact(const json::object& facts, std::span<const FactStep> path);

enum class ChangeKind : std::uint8_t { set, append, remove };

struct FactChange {
  ChangeKind kind = ChangeKind::set;
  FactPath path;      // of what is set or removed; of the list that is appended to
  json::value value;  // of set and append

  bool operator==(const FactChange&) const = default;
};

/// What an RFC 7396 merge patch changes of the facts: objects merge, null removes, anything else
/// replaces.
std::vector<FactChange> changes_of(const json::object& patch, const json::object& facts);

/// A copy of facts on which changes are tried and taken back.
class ChangedFacts {
 public:
  explicit ChangedFacts(const json::object& facts) : facts_(facts) {}

  [[nodiscard]] const json::object& facts() const { return facts_; }

  /// Values are set first, then appended; elements are removed last, from the back, so that every
  /// index means the element of the facts as they were. False, and nothing changed, when a path
  /// leads nowhere.
  bool apply(std::span<const FactChange> changes);
  /// Takes back what was applied since the last revert().
  void revert();

 private:
  struct Undo {
    FactPath path;
    std::optional<json::value> before;  // nullopt: there was nothing
    ChangeKind kind{};
  };

  json::value* find(std::span<const FactStep> path);
  bool apply_one(const FactChange& change);
  bool set(const FactChange& change);
  bool append(const FactChange& change);
  bool remove(const FactChange& change);
  void undo(Undo& step);

  json::object facts_;
  std::vector<Undo> done_;
};

}  // namespace holdpoint::policy

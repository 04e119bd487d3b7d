// Type parameters while one expression is checked: what each has been found to stand for, and
// whether a value of one type may stand where another is expected. The rules are those of the
// language definition: a parameter takes the most general of the types that meet it.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "policy/cel/types.hpp"

namespace holdpoint::policy::cel {

class Unification {
 public:
  explicit Unification(TypeStore& types) : types_(types) {}

  /// Makes room for `count` new parameters; returns the number of the first.
  std::uint32_t fresh(std::uint32_t count);
  const Type* fresh() { return types_.parameter(fresh(1)); }
  /// The type with its parameters 0, 1, … numbered from `first`.
  const Type* instance(const Type* type, std::uint32_t first);

  /// Whether the types agree. When they do, parameters are bound; when not, nothing changes.
  bool agree(const Type* a, const Type* b);
  bool agree(std::span<const Type* const> a, std::span<const Type* const> b);
  /// The type of a value that is one or the other; nullptr when they have nothing in common. The
  /// first may be nullptr, for no type yet.
  const Type* joined(const Type* a, const Type* b);

  /// Types share their parts, so that a short expression can have a type that takes for ever to
  /// walk. Past the bound nothing agrees.
  [[nodiscard]] bool is_exhausted() const { return work_ > work_max; }

  /// The type with every bound parameter replaced.
  const Type* resolved(const Type* type);
  /// And those that nothing binds are dyn.
  const Type* settled(const Type* type);

 private:
  static constexpr std::size_t work_max = 200'000;

  enum class Unbound : std::uint8_t { stays, is_dyn };
  enum class Substitution : std::uint8_t { fits, refused_as_bound, refused };

  bool matches(const Type* a, const Type* b);
  bool matches_parts(const Type* a, const Type* b);
  Substitution substitute(const Type* type, const Type* parameter);
  bool occurs(const Type* parameter, const Type* in);
  void bind(const Type* parameter, const Type* to);
  const Type* more_general(const Type* a, const Type* b);
  const Type* replaced(const Type* type, Unbound unbound);
  template <class Replace>
  const Type* rebuilt(const Type* type, Replace replace);

  TypeStore& types_;
  std::size_t work_ = 0;
  std::vector<const Type*> bound_;  // by number; nullptr when free
  std::vector<std::pair<std::uint32_t, const Type*>> undo_;
};

}  // namespace holdpoint::policy::cel

// Why an expression is not true: the conditions that do not hold, with what the facts have and what
// is needed, the elements of lists that fail, and the facts that are missing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/cel/compiled.hpp"
#include "policy/cel/session.hpp"
#include "policy/truth.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

struct Explanation {
  /// What the expression comes to when every part is looked at; nullopt when that is too costly.
  std::optional<Truth> truth;
  std::string detail;
  std::vector<Blame> blame;
  std::vector<FailingElement> elements;
  std::vector<ExcludedElement> excluded;
  std::vector<std::string> missing;
};

/// Where an expression and the variables it uses stand in their document.
struct ExpressionPlace {
  int line = 1;
  int column = 1;
  const std::vector<VariableSource>* variables = nullptr;
};

/// Whether failing elements are told apart by what they are, see violation.hpp: only violations
/// ask for it, and it costs a digest for each.
enum class Identities : std::uint8_t { left_out, worked_out };

/// MUST be called in the session in which the evaluation was not true. Evaluates parts of the
/// expression again, within the session's budget; operands that the evaluation has settled it takes
/// as they are.
Explanation explain(const cel::Compiled& program, const cel::Evaluation& evaluation,
                    cel::Session& session, const ExpressionPlace& place,
                    Identities identities = Identities::left_out);

}  // namespace holdpoint::policy

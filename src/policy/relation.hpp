// Relations of comparisons: turned into their opposite, seen from the other side, and the nearest
// value of a fact that satisfies one.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "policy/cel/ast.hpp"
#include "policy/cel/value.hpp"

namespace holdpoint::policy {

/// "<" becomes ">="; a kind that is not a relation of order or equality stays itself.
cel::NodeKind negated(cel::NodeKind relation);

/// The relation with its sides exchanged: "<" becomes ">".
cel::NodeKind mirrored(cel::NodeKind relation);

/// The value nearest to `have` for which `value relation need` holds, in the form that the fact is
/// written in now (a time as microseconds or as text). nullopt when there is none or it is not one
/// thing, such as a text other than "a".
std::optional<json::value> nearest(cel::NodeKind relation, const cel::Value& have,
                                   const cel::Value& need, const json::value& written);

/// The value as a fact is written; nullopt for what has no form of its own in JSON.
std::optional<json::value> written_like(const cel::Value& value, const json::value& written);

}  // namespace holdpoint::policy

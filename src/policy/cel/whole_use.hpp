// Which parts of an expression are used as a whole: compared, passed on, put into a list, or the
// result. Facts in such a part are typed by the schema all through, which copies what holds them.
// Everywhere else a fact is typed when it is read by name, and objects and maps stay as they are.
#pragma once

#include <vector>

#include "policy/cel/ast.hpp"
#include "policy/cel/checker.hpp"

namespace holdpoint::policy::cel {

/// By node. The root counts as a part of what the result is used for, which its reader knows.
std::vector<bool> whole_uses(const Tree& tree, const std::vector<Annotation>& annotations);

/// What facts of the type are converted to where they are read; nullptr when they stay as they are.
/// Lists of such facts are converted at once, objects and maps are not.
const Type* conversion(const Type* type);

/// The same for facts that are used as a whole: objects and maps are converted too.
const Type* whole_conversion(const Type* type);

/// Facts of the type are what JSON says they are, and so are those inside.
bool is_plain(const Type& type);

}  // namespace holdpoint::policy::cel

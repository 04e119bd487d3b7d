// Whether what found a violation in one release has looked at another one too: a scanner that did
// not report there yet knows of nothing that is gone, whatever the others found or did not find.
#pragma once

#include <string_view>

#include "certification/facts.hpp"

namespace holdpoint::certification {

/// Whether `there` has complete evidence of the tools, each for its kind, that found the violation
/// in `seen`; where no finding of `seen` is the violation, of every tool that spoke for it.
bool was_looked_for(const EvidenceFacts& seen, const EvidenceFacts& there,
                    std::string_view violation);

}  // namespace holdpoint::certification

// APP@VERSION (or a rel_… id): how people and pipelines name a release.
#pragma once

#include <string>

#include "cli/failure.hpp"

namespace holdpoint::cli {

struct ReleaseName {
  std::string application;
  std::string version;
};

/// Splits at the first `@`; both parts MUST be there.
Tried<ReleaseName> parse_release_name(const std::string& text);
/// The text itself when it names a release in either form.
Tried<std::string> checked_release_ref(const std::string& text);

/// The digest of "sha256:…" or of the file of that name.
Tried<std::string> artifact_digest(const std::string& text);

}  // namespace holdpoint::cli

// Front header of policy: criteria in force, and how facts are judged by them.
#pragma once

#include <string>

#include "base/object_ref.hpp"
#include "policy/document.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// A version of criteria came into force. Versions are immutable, named by digest; applying an
/// older text again is a new revision.
struct CriteriaApplied {
  static constexpr std::string_view event_type = "criteria.applied";
  static constexpr int event_version = 1;
  std::string name;
  std::string owner;
  std::string mode;
  std::int64_t revision = 0;
  Digest digest;       // of the canonical document
  ObjectRef document;  // the text as written
};
HP_DESCRIBE(CriteriaApplied, name, owner, mode, revision, digest, document)

}  // namespace holdpoint::policy

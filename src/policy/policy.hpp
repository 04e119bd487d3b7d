// Front header of policy: documents in force as bundles, and how facts are judged by them.
#pragma once

#include <string>

#include "base/object_ref.hpp"
#include "policy/bundle.hpp"
#include "policy/document.hpp"
#include "policy/verdict.hpp"

namespace holdpoint::policy {

/// The first form of policy.activated: one version of criteria came into force. It is read and
/// folded as an activation of one document, and not written any more.
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

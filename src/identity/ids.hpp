// The identifiers of identity. Each kind of thing has its own type, so that a token cannot be
// revoked where a session is meant.
#pragma once

#include "base/ids.hpp"

namespace holdpoint::identity {

struct PersonTag {
  static constexpr std::string_view prefix = "per";
};
struct ServiceAccountTag {
  static constexpr std::string_view prefix = "sva";
};
struct TokenTag {
  static constexpr std::string_view prefix = "tok";
};
struct SessionTag {
  static constexpr std::string_view prefix = "ses";
};
struct RoleAssignmentTag {
  static constexpr std::string_view prefix = "ras";
};
struct WorkspaceTag {
  static constexpr std::string_view prefix = "wsp";
};
struct AccessReviewTag {
  static constexpr std::string_view prefix = "arv";
};
struct TeamTag {
  static constexpr std::string_view prefix = "tea";
};
struct ApprovalRoleTag {
  static constexpr std::string_view prefix = "arl";
};
struct DelegationTag {
  static constexpr std::string_view prefix = "dlg";
};

using PersonId = Id<PersonTag>;
using ServiceAccountId = Id<ServiceAccountTag>;
using TokenId = Id<TokenTag>;
using SessionId = Id<SessionTag>;
using RoleAssignmentId = Id<RoleAssignmentTag>;
using WorkspaceId = Id<WorkspaceTag>;
using AccessReviewId = Id<AccessReviewTag>;
using TeamId = Id<TeamTag>;
using ApprovalRoleId = Id<ApprovalRoleTag>;
using DelegationId = Id<DelegationTag>;

}  // namespace holdpoint::identity

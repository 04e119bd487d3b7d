// Where the content of subjects of one kind comes from. Main registers one for each kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "approvals/subject.hpp"
#include "engine/ports.hpp"
#include "policy/policy.hpp"

namespace holdpoint::approvals {

/// Which policies are asked about subjects of a kind.
enum class AskedPolicies : std::uint8_t {
  all,
  naming_the_subject,  // those that read `subject`: others were not written with this kind in mind
};

/// Who may use what was granted.
enum class Users : std::uint8_t { who_did_not_sign, anybody };

struct SubjectSource {
  std::string kind;
  /// nullopt: there is no such subject. A Fault: it cannot be read, and nothing is approved.
  std::function<Result<std::optional<SubjectContent>>(
      engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
      std::string_view id, Instant now)>
      read;
  AskedPolicies asked = AskedPolicies::all;
  Users users = Users::who_did_not_sign;
  /// Whether what a request was used for has ended without success; without it none ever has.
  std::function<bool(engine::Connection& tables, std::string_view workspace, std::string_view use)>
      has_failed{};
};

/// Whether a policy in force is asked about subjects of this source.
inline bool is_asked(const SubjectSource& source, const policy::CompiledCriteria& one) {
  return source.asked == AskedPolicies::all || policy::mentions(one.document(), "subject");
}

}  // namespace holdpoint::approvals

// Where the content of subjects of one kind comes from. Main registers one for each kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "approvals/subject.hpp"
#include "engine/ports.hpp"

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
};

}  // namespace holdpoint::approvals

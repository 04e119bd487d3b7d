// Where the content of subjects of one kind comes from. Main registers one for each kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "approvals/subject.hpp"
#include "engine/ports.hpp"

namespace holdpoint::approvals {

struct SubjectSource {
  std::string kind;
  /// nullopt: there is no such subject. A Fault: it cannot be read, and nothing is approved.
  std::function<Result<std::optional<SubjectContent>>(
      engine::Connection& tables, engine::ObjectStore& objects, std::string_view workspace,
      std::string_view id, Instant now)>
      read;
};

}  // namespace holdpoint::approvals

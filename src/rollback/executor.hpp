// Which tool carries rollbacks out, and where: a document that names environments and the webhook
// endpoint behind which the tool listens.
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/record.hpp"
#include "base/refusal.hpp"

namespace holdpoint::rollback {

struct ExecutorTag {
  static constexpr std::string_view prefix = "rbx";
};

struct RollbackExecutor {
  static constexpr std::string_view kind = "rollback_executor";
  static constexpr int record_version = 1;
  static constexpr std::string_view created_event = "rollback_executor.created";
  static constexpr std::string_view changed_event = "rollback_executor.changed";
  static constexpr const auto& transitions = kRecordTransitions;

  Id<ExecutorTag> id;
  std::string name;
  std::string title;
  RecordState state = RecordState::active;
  std::vector<std::string> environments;
  std::vector<std::string> applications;  // empty: all of them
  std::string webhook;                    // name of an endpoint
};
HP_DESCRIBE(RollbackExecutor, id, name, title, state, environments, applications, webhook)

/// Active ones of a workspace.
inline constexpr std::size_t executors_max = 200;

/// What a document of kind RollbackExecutor says: the record without its id and state. Issues have
/// paths from the document's root.
Decided<RollbackExecutor> read_executor(const json::value& document);

/// The one for the place: one that names the application before one for all of them, then by name;
/// nullptr when there is none.
const RollbackExecutor* executor_for(const std::vector<RollbackExecutor>& active,
                                     std::string_view application, std::string_view environment);

}  // namespace holdpoint::rollback

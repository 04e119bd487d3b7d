// Changes and overrides of freezes read from the tables as subjects of approval: their content as
// it is now, who had a part in it, the facts that policies judge for each place, and what whoever
// decides should know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/subject.hpp"
#include "changes/edge/change_queries.hpp"
#include "changes/window.hpp"
#include "engine/ports.hpp"

namespace holdpoint::changes {

/// nullopt for a change that is gone, a draft or over: nobody approves those.
Result<std::optional<approvals::SubjectContent>> change_content(engine::Connection& tables,
                                                                engine::ObjectStore& objects,
                                                                std::string_view workspace,
                                                                std::string_view id, Instant now);
/// The same whatever its state; nullopt when what it touches is gone.
Result<std::optional<approvals::SubjectContent>> content_of(engine::Connection& tables,
                                                            engine::ObjectStore& objects,
                                                            std::string_view workspace,
                                                            const Change& change, Instant now);

/// nullopt for an override that is gone, used or over.
Result<std::optional<approvals::SubjectContent>> override_content(engine::Connection& tables,
                                                                  engine::ObjectStore& objects,
                                                                  std::string_view workspace,
                                                                  std::string_view id, Instant now);

/// What a request for the approval states, so that policies can ask for fields: sealed texts by
/// saying that they are there.
std::map<std::string, std::string> fields_of(const Change& change);

/// Other open changes for the same places at the same time.
std::vector<Conflict> conflicts_of(engine::Connection& tables, std::string_view workspace,
                                   const Change& change);
/// Freezes in the window, conflicts and reviews that are overdue, as sentences.
std::vector<std::string> warnings_of(engine::Connection& tables, std::string_view workspace,
                                     const Change& change, Instant now);

}  // namespace holdpoint::changes

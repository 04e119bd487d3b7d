// See access_review_subject.hpp.
#include "main/access_review_subject.hpp"

#include "identity/edge/access_review_queries.hpp"
#include "identity/edge/person_queries.hpp"

namespace holdpoint::main {

Result<std::optional<approvals::SubjectContent>> access_review_content(
    engine::Connection& tables, engine::ObjectStore& /*objects*/, std::string_view workspace,
    std::string_view id, Instant now) {
  const auto review = identity::find_access_review(tables, workspace, id);
  if (!review || !review->record) return std::nullopt;
  approvals::SubjectContent content;
  content.digest = *review->record;
  content.title = "access review " + review->title;
  // Whoever answered a line made a part of the record.
  for (const auto& [line, answer] : identity::answers_of(tables, workspace, id)) {
    if (answer.answered_by.empty()) continue;
    const approvals::Involved editor{answer.answered_by, approvals::Part::editor};
    const bool is_there = std::ranges::find(content.involved, editor) != content.involved.end();
    if (!is_there) content.involved.push_back(editor);
  }
  content.facts.now = {now};
  content.facts.subject = {std::string(identity::access_review_kind), std::string(id),
                           review->started_by, false};
  return content;
}

}  // namespace holdpoint::main

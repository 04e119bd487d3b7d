// See past_activations.hpp.
#include "policy/edge/past_activations.hpp"

#include <charconv>

#include "engine/columns.hpp"

namespace holdpoint::policy {
namespace {

std::optional<std::int64_t> revision_of(std::string_view text) {
  std::int64_t revision = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, revision);
  if (read.ec != std::errc{} || read.ptr != end || revision < 1) return std::nullopt;
  return revision;
}

std::vector<Revision> revisions_of(engine::Connection& tables, std::string_view workspace,
                                   const DecisionPage& page) {
  static const std::string sql = "SELECT " + engine::columns::names<Revision>() +
                                 " FROM policy_revision WHERE workspace = $1"
                                 " AND activated_at >= $2 AND revision < $3"
                                 " ORDER BY revision DESC LIMIT $4";
  std::vector<Revision> found;
  tables.query(
      sql, [&](const engine::Row& row) { found.push_back(engine::columns::read<Revision>(row)); },
      workspace, page.since.value_or(Instant{}), revision_of(page.after).value_or(INT64_MAX),
      static_cast<std::uint64_t>(page.limit));
  return found;
}

/// Those that were in force before: a change never judges itself.
std::vector<JudgedDocument> judges_in(const Manifest& manifest) {
  std::vector<JudgedDocument> judges;
  for (const ManifestEntry& entry : manifest) {
    if (entry.kind != kind_name(Kind::policy_activation)) continue;
    judges.push_back({entry.name, entry.digest, entry.document});
  }
  return judges;
}

ActivationFacts facts_of(engine::Connection& tables, std::string_view workspace,
                         const Revision& revision) {
  if (revision.proposal) {
    if (const auto proposal = find_proposal(tables, workspace, *revision.proposal)) {
      return activation_facts(revision.activated_at,
                              {proposal->proposed_by, proposal->proposer_kind}, proposal->approvals,
                              proposal->changes);
    }
  }
  // Without a proposal whoever asked for the change brought it into force; the id tells the kind.
  const bool is_person = revision.activated_by.starts_with("per_");
  return activation_facts(
      revision.activated_at,
      {revision.activated_by, is_person ? ProposerKind::person : ProposerKind::service_account}, {},
      revision.changes);
}

}  // namespace

std::vector<RecordedDecision> past_activations(engine::Connection& tables,
                                               std::string_view workspace,
                                               const DecisionPage& page) {
  std::vector<RecordedDecision> decisions;
  if (!page.application.empty()) return decisions;
  const auto found = revisions_of(tables, workspace, page);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Revision& revision = found[i];
    RecordedDecision decision;
    decision.id = std::to_string(revision.revision);
    decision.subject = "revision " + decision.id;
    decision.decided_at = revision.activated_at;
    decision.passed = true;
    decision.told = to_json(facts_of(tables, workspace, revision)).as_object();
    if (i + 1 < found.size()) {
      decision.documents = judges_in(found[i + 1].manifest);
    } else if (const auto before = find_revision(tables, workspace, revision.revision - 1)) {
      decision.documents = judges_in(before->manifest);
    }
    decision.documents_digest = sha256(to_json_text(decision.documents));
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

bool is_revision_id(std::string_view text) { return revision_of(text).has_value(); }

}  // namespace holdpoint::policy

// Applying policy documents: all that one request holds become one revision, or one proposal. What
// is in force already in the same version changes nothing.
#include <algorithm>

#include "policy/edge/policy_edge.hpp"

namespace holdpoint::policy {
namespace {

namespace edge = engine::edge;

Refusal invalid_policy(const std::vector<PolicyIssue>& issues, const edge::ApplyDocument& document,
                       std::string_view kind) {
  const bool criteria = kind == kind_name(Kind::certification_criteria);
  Refusal refusal{RefusalKind::invalid, criteria ? "invalid_criteria" : "invalid_policy",
                  criteria ? "The criteria cannot come into force as they are."
                           : "The policy cannot come into force as it is."};
  for (const PolicyIssue& issue : issues) {
    refusal.issues.push_back({issue.path,
                              std::to_string(issue.line + document.first_line - 1) + ":" +
                                  std::to_string(issue.column) + ": " + issue.message,
                              0});
  }
  return refusal;
}

std::string text_of(const edge::ApplyDocument& document) {
  return document.text.empty() ? json::serialize(document.parsed->value)
                               : std::string(document.text);
}

std::string kind_of(const edge::ApplyDocument& document) {
  return std::string(view(document.parsed->value.at("kind").as_string()));
}

ManifestEntry entry_of(const CriteriaDocument& document, const Digest& text) {
  ManifestEntry entry{.kind = std::string(kind_name(document.kind)),
                      .name = document.name,
                      .digest = document.digest,
                      .mode = std::string(mode_name(document.mode)),
                      .owner = document.owner,
                      .document = ObjectRef{text},
                      .review_by = std::nullopt};
  if (!document.review_by.empty()) entry.review_by = document.review_by;
  return entry;
}

/// A document with what compiling it found.
struct Prepared {
  edge::ApplyDocument document;
  std::string text;
  std::expected<CompiledCriteria, std::vector<PolicyIssue>> compiled;
};

/// Up to the first that cannot come into force: those after it will not either.
std::vector<Prepared> compiled_all(const std::vector<edge::ApplyDocument>& documents,
                                   const FactsSchemas& schemas) {
  std::vector<Prepared> out;
  for (const edge::ApplyDocument& document : documents) {
    std::string text = text_of(document);
    auto compiled = compile_policy(text, schemas);
    out.push_back({document, std::move(text), std::move(compiled)});
    if (!out.back().compiled) break;
  }
  return out;
}

class Application {
 public:
  Application(engine::Unit& unit, const PolicyChanger& changer)
      : unit_(unit),
        changer_(changer),
        before_(manifest_of(policies_in_force(unit.tables(), unit.workspace()))) {}

  edge::Applied run(const std::vector<Prepared>& documents) {
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (auto refusal = take(documents[i])) {
        return std::unexpected(edge::ApplyRefusal{i, std::move(*refusal)});
      }
    }
    if (changes_.empty()) return std::move(shown_);
    if (auto refusal = too_many()) return std::unexpected(edge::ApplyRefusal{0, *refusal});
    std::ranges::sort(changes_);
    const auto outcome = changer_.change(unit_, std::move(changes_));
    if (!outcome) return std::unexpected(edge::ApplyRefusal{0, outcome.error()});
    show(*outcome);
    return std::move(shown_);
  }

 private:
  std::optional<Refusal> take(const Prepared& prepared) {
    const auto& [document, text, compiled] = prepared;
    if (!compiled) return invalid_policy(compiled.error(), document, kind_of(document));
    const auto stored = unit_.objects().put(text);
    if (!stored) throw engine::StoreFailed(engine::StoreFailure::outside, stored.error());
    const ManifestEntry entry = entry_of(compiled->document(), stored->digest);
    const bool twice = std::ranges::any_of(shown_, [&](const edge::ApplyChange& shown) {
      return shown.kind == entry.kind && shown.name == entry.name;
    });
    if (twice) {
      Refusal refusal{RefusalKind::invalid, "document_twice",
                      "Two documents have the same kind and name."};
      refusal.issues.push_back({"/metadata/name", "there is a document of this name before", 0});
      return refusal;
    }
    edge::ApplyChange shown{.kind = entry.kind,
                            .name = entry.name,
                            .action = edge::ApplyAction::unchanged,
                            .digest = entry.digest.text()};
    const ManifestEntry* present = find_entry(before_, entry.kind, entry.name);
    if (auto change = change_between(present, entry)) {
      shown.action = present == nullptr ? edge::ApplyAction::created : edge::ApplyAction::changed;
      if (change->mode_before != change->mode_after) {
        if (present != nullptr) shown.mode_before = change->mode_before;
        shown.mode_after = change->mode_after;
      }
      changes_.push_back(std::move(*change));
    }
    shown_.push_back(std::move(shown));
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Refusal> too_many() const {
    const Manifest after = changed(before_, changes_);
    const auto criteria =
        std::ranges::count(after, kind_name(Kind::certification_criteria), &ManifestEntry::kind);
    if (criteria > static_cast<std::ptrdiff_t>(criteria_per_workspace_max)) {
      return Refusal{
          RefusalKind::exhausted, "too_many_criteria",
          "A workspace holds at most 100 documents of criteria; put more rules into one."};
    }
    if (after.size() > policies_per_workspace_max) {
      return Refusal{
          RefusalKind::exhausted, "too_many_policies",
          "A workspace holds at most 150 documents of policies; put more rules into one."};
    }
    return std::nullopt;
  }

  void show(const Outcome& outcome) {
    for (edge::ApplyChange& shown : shown_) {
      if (shown.action == edge::ApplyAction::unchanged) continue;
      if (const auto* activated = std::get_if<Activated>(&outcome)) {
        shown.revision = activated->revision;
      } else {
        shown.proposal = std::get<Waiting>(outcome).proposal.text();
      }
    }
  }

  engine::Unit& unit_;
  const PolicyChanger& changer_;
  const Manifest before_;
  PolicyChanges changes_;
  std::vector<edge::ApplyChange> shown_;
};

}  // namespace

edge::Applier applier(std::shared_ptr<CriteriaLibrary> library, ActivationNeeds needs) {
  edge::Applier applier{{}, "policy.write", {}};
  for (const KindRow& row : kinds()) applier.kinds.emplace_back(row.name);
  // What a document says never depends on the state, so that compiling it, which may take a while,
  // is done before the unit.
  applier.prepare = [changer = PolicyChanger(std::move(library), std::move(needs))](
                        const std::vector<edge::ApplyDocument>& documents) -> edge::ApplyWork {
    return [changer, prepared = compiled_all(documents, changer.schemas())](engine::Unit& unit) {
      return Application(unit, changer).run(prepared);
    };
  };
  return applier;
}

}  // namespace holdpoint::policy

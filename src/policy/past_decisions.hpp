// Past decisions as their records name them: on what they were taken, by which documents, and how
// they ended, so that they can be taken again. Who decides by policies records this and lists it;
// nothing here knows what was decided about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/digest.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/object_ref.hpp"
#include "policy/kinds.hpp"

namespace holdpoint::policy {

/// What a decision let happen, or did not: that a release is certified, that a deployment starts,
/// that a change of policies comes into force, that people are asked for an approval.
enum class DecisionKind : std::uint8_t { certification, deployment, activation, approval };
HP_DESCRIBE_ENUM(DecisionKind, certification, deployment, activation, approval)

/// The kind of the documents by which such decisions are taken.
Kind judges_of(DecisionKind decision);
/// The other way round; nullopt for documents of which no decision is recorded with its facts.
std::optional<DecisionKind> decided_by(Kind documents);
/// Whether what no enforced document applies to is let through: a gate without policies is open as
/// far as they go, and nothing is certified that nobody judged.
bool passes_unjudged(DecisionKind decision);

/// One version of a document that a record names.
struct JudgedDocument {
  std::string name;
  Digest digest;
  ObjectRef document;
};
HP_DESCRIBE(JudgedDocument, name, digest, document)

/// What a decision was taken on, as it stands in the event that follows from it.
struct DecisionGrounds {
  ObjectRef facts;
  ObjectRef verdict;
  std::vector<JudgedDocument> documents;  // in force then, in whatever mode
  Digest documents_digest;                // names the whole set
};
HP_DESCRIBE(DecisionGrounds, facts, verdict, documents, documents_digest)

struct RecordedDecision {
  std::string id;       // of its record
  std::string subject;  // "billing@1.4.0"
  std::string application;
  std::optional<std::string> environment;
  Instant decided_at;
  bool passed = false;
  /// Something that no document speaks of kept it from passing, and would again.
  bool hindered = false;
  /// The object with the facts; absent in decisions from before these were recorded.
  std::optional<Digest> facts;
  /// The facts themselves, where the entries of the ledger tell all of them and there is no object.
  std::optional<json::object> told{};
  /// Objects with the facts of further places, of what touches several.
  std::vector<Digest> further_facts{};
  /// Only documents that read this fact are asked; "" when all are.
  std::string asks_readers_of{};
  Digest documents_digest;  // names the whole set
  std::vector<JudgedDocument> documents;
};

/// The decision that stands for each subject, or every one there ever was.
enum class DecisionSelection : std::uint8_t { standing, every };
HP_DESCRIBE_ENUM(DecisionSelection, standing, every)

struct DecisionPage {
  std::string application;  // "" for all
  std::optional<Instant> since;
  DecisionSelection decisions = DecisionSelection::standing;
  std::string after;  // the id of the last one seen, "" for the first page
  std::size_t limit = 0;
};

}  // namespace holdpoint::policy

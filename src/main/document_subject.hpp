// A version of a controlled document as something that is approved, where a policy wants that, and
// what documents need of the rest: they stand below approvals and do not know them.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "approvals/edge/approvals_edge.hpp"
#include "documents/edge/documents_edge.hpp"

namespace holdpoint::main {

/// By "doc_…/3". nullopt: there is no such version, or the document is out of use. Whoever added
/// the version has edited it, and never approves it. Only policies that name the subject are asked.
approvals::SubjectSource document_source();

documents::DocumentNeeds document_needs(const std::shared_ptr<approvals::Desk>& desk,
                                        engine::Engine& engine);

}  // namespace holdpoint::main

// A JSON Schema (2020-12) that stands alone: the described types it refers to are under $defs, as
// editors and checkers of documents expect it, where an OpenAPI document keeps them elsewhere.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/describe.hpp"

namespace holdpoint {

/// `root` refers to `components` as describe::schema writes them. MUST be given components that
/// hold every type referred to.
json::object schema_document(std::string_view id, std::string_view title, json::object root,
                             json::object components);

/// Marks every list of every component as required, since writing always writes them; not those in
/// `may_be_cut`, whose absence says that they were too long.
void require_lists(json::object& components, const std::set<std::string_view>& may_be_cut);

/// The schema of the facts that a struct describes.
template <describe::Struct T>
json::value facts_document(std::string_view id, std::string_view title,
                           const std::set<std::string_view>& may_be_cut = {}) {
  json::object components;
  json::object root = describe::schema<T>(components);
  require_lists(components, may_be_cut);
  return schema_document(id, title, std::move(root), std::move(components));
}

}  // namespace holdpoint

// What commands about the past are asked of: a release, an application, or a period.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace holdpoint::cli {

struct ExtentOptions {
  std::string release;
  std::string application;
  std::string period;
  std::string from;
  std::string until;
};

/// The options as rows bound to `options`.
std::vector<Parameter> extent_parameters(ExtentOptions& options);
/// The pairs of the query.
Tried<Query> extent_query(const ExtentOptions& options, Session& session);

/// How the findings of an answer are shown: the word, what was found, and the records behind it.
void show_findings(const json::object& holder, Session& session);

}  // namespace holdpoint::cli

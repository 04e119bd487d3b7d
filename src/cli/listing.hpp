// A page of a list: what every command that lists does the same way. JSON is printed as it came;
// people get a row or lines for each item, a sentence when there is none, and how to see more.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"

namespace holdpoint::cli {

/// `path` is of GET, with its query; `none` ends with a line break.
Exit list_rows(Session& session, const std::string& path, std::vector<std::string> headings,
               const std::string& none,
               const std::function<std::vector<Cell>(const json::object&)>& row);
/// The same with text for each item, which may be empty.
Exit list_lines(Session& session, const std::string& path, const std::string& none,
                const std::function<std::string(const json::object&)>& lines);

}  // namespace holdpoint::cli

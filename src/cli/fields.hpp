// Reading the server's answers without trusting them: a member that is absent or of another type is
// nullopt, never a default, so that a gate can not be opened by a malformed answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace holdpoint::cli {

std::optional<std::string> text_at(const json::object& object, std::string_view name);
/// The text, or "" when there is none: for what is only shown.
std::string shown_at(const json::object& object, std::string_view name);
std::optional<std::int64_t> integer_at(const json::object& object, std::string_view name);
std::optional<bool> truth_at(const json::object& object, std::string_view name);
const json::object* object_at(const json::object& object, std::string_view name);
const json::array* array_at(const json::object& object, std::string_view name);

/// An instant member, written as RFC 3339 or as integer microseconds, for people; "" when absent.
std::string instant_at(const json::object& object, std::string_view name);

/// The text without control characters (a report's name must not move the cursor) and without
/// broken UTF-8.
std::string printable(std::string_view text);

}  // namespace holdpoint::cli

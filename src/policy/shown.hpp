// How expressions, values and elements are shown to people: short, on one line, without what the
// schema withholds.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "policy/cel/compiled.hpp"

namespace holdpoint::policy {

/// On one line, and at most Blame::text_length_max bytes, then "…".
std::string shortened(std::string_view text);
void shorten(std::string& text);

/// Whether the schema withholds what this part of the expression reads.
bool is_withheld(const cel::Compiled& program, cel::NodeId id);

/// The value of that part as a person may read it.
std::string shown_value(const cel::Compiled& program, cel::NodeId id, const cel::Value& value);

/// The fields that tell an element of the loop's range from others, and those that the condition
/// reads. Empty when the range is not a list of facts.
json::object identifying_fields(const cel::Compiled& program, cel::NodeId loop,
                                const cel::Value& range, std::size_t index);

/// "id two, size 2"
std::string text_of(const json::object& fields);

}  // namespace holdpoint::policy

// What the documents of all records have in common: the form of a name, and a state that a document
// may state. Kept here so that a team and an application are named by the same rule.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "base/record.hpp"

namespace holdpoint {

inline constexpr std::size_t record_name_bytes_max = 63;

/// Whether the text can name a record: `[a-z0-9]` and inner `-._`, at most 63 bytes.
bool is_record_name(std::string_view text);

/// The state that a document's spec states, if it does. One that says nothing of it leaves a record
/// in the state it has: who applies an old document brings nothing back that was retired. MUST be
/// given a document that was read.
std::optional<RecordState> record_state_of(const json::value& document);

}  // namespace holdpoint

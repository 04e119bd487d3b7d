// Report intake: from received bytes to the summary that decisions are made on. It never fails;
// what cannot be read is kept and says why, because a report that silently counts as nothing would
// be taken for a clean one.
#pragma once

#include <string>
#include <string_view>

#include "evidence/summary.hpp"

namespace holdpoint::evidence {

inline constexpr std::size_t report_bytes_max = 256U << 20;
/// A report above this size with less than that many bytes for each element is not parsed: its
/// document model would take many times its memory.
inline constexpr std::size_t dense_bytes_max = 8U << 20;
inline constexpr std::size_t dense_bytes_per_element = 6;

/// The summary of a report in any format. Never throws and never fails: unknown, broken or too
/// large reports give status `unparsed` with the reason and the place.
Summary summarise(std::string_view bytes);
/// The same with less memory, because the text need not be copied, given that its capacity has
/// report_json_padding bytes of room: for large reports, as ObjectStore::read_all gives them.
Summary summarise_owned(std::string bytes);

}  // namespace holdpoint::evidence

// The name of a log, `<server>/<workspace>`, fixed for ever. It is also the name of the log's key,
// and Sigstore clients use that name as a regular expression: so nothing that means something there
// may stand in it, except the harmless dot.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdpoint::ledger {

inline constexpr std::size_t origin_bytes_max = 200;

/// Letters, digits, '.', '-', '_', ':' and '/'; two parts or more, none empty.
bool is_origin(std::string_view text);

/// nullopt when the parts do not make an origin. The workspace holds no slash; the server may.
std::optional<std::string> make_origin(std::string_view server, std::string_view workspace);

}  // namespace holdpoint::ledger

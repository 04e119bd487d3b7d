// Text forms of bytes: lower-case hex, and base64 (RFC 4648 §4 with padding, §5 without).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

std::string to_hex(std::string_view bytes);
/// Accepts lower- and upper-case digits; nullopt on odd length or another character.
std::optional<std::string> from_hex(std::string_view text);

std::string to_base64(std::string_view bytes);
/// Strict: padding required, no white space, unused bits zero. nullopt otherwise.
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

/// Compares secrets without telling by its time where they differ. Lengths are not secret.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace holdpoint

// Building the addresses of requests.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdpoint::cli {

/// RFC 3986: everything but unreserved characters is percent-encoded.
std::string percent_encoded(std::string_view text);

/// Path segments, each encoded, each with its slash: {"main", "a@1"} is "/main/a%401".
std::string path_of(const std::vector<std::string>& segments);

using Query = std::vector<std::pair<std::string, std::string>>;
/// "?a=1&b=2"; pairs with an empty value are left out; "" when nothing is left.
std::string query_of(const Query& query);

/// The address without user and password, which pipelines often put into remotes.
std::string without_credentials(std::string_view address);

/// Whether the token would travel readable for others: http to another machine.
bool is_unprotected(std::string_view server);

}  // namespace holdpoint::cli

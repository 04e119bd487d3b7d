// OpenAPI 3.1 from the route rows. The document is generated, committed and checked for drift, so
// its order is fixed: paths and schemas by name, operations by method.
#pragma once

#include <span>
#include <string_view>

#include "base/json.hpp"
#include "platform/http/router.hpp"

namespace holdpoint::http {

/// The cookie that carries a browser's session.
constexpr std::string_view session_cookie_name = "holdpoint_session";

json::value openapi_document(std::span<const Route> routes, std::string_view title,
                             std::string_view version);

}  // namespace holdpoint::http

// The small page at `/`: releases with their readiness, one release with its criteria, evidence and
// timeline. Plain HTML, one style sheet and a few script modules that read the API with the
// visitor's session.
#pragma once

#include <vector>

#include "platform/http/router.hpp"

namespace holdpoint::main {

/// `/` and `/releases/{ref}` give the page; its other files stand below `/page/`.
std::vector<http::Route> page_routes();

}  // namespace holdpoint::main

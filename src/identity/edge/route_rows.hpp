// The routes of identity by subject; put together in routes.cpp.
#pragma once

#include <string>
#include <vector>

#include "identity/decide.hpp"
#include "identity/edge/identity_edge.hpp"
#include "identity/edge/queries.hpp"

namespace holdpoint::identity {

std::vector<http::Route> session_routes(IdentityEdge& edge);
std::vector<http::Route> people_routes(IdentityEdge& edge);
std::vector<http::Route> workspace_routes(IdentityEdge& edge);
std::vector<http::Route> role_routes(IdentityEdge& edge);
std::vector<http::Route> service_account_routes(IdentityEdge& edge);
std::vector<http::Route> token_routes(IdentityEdge& edge);
std::vector<http::Route> approval_role_routes(IdentityEdge& edge);
std::vector<http::Route> delegation_routes(IdentityEdge& edge);
std::vector<http::Route> access_review_routes(IdentityEdge& edge);

/// 256 random bits behind a prefix, as base64url.
std::string new_secret(engine::Random& random, std::string_view prefix);
/// The caller as the one who asks. MUST be a person or a service account.
Requester requester_of(const engine::Caller& caller);
/// 429 with Retry-After.
http::Response too_many_attempts(Duration wait);
/// Answers with a page of list(tables, stretch); show(tables, row) gives what is told of each row.
template <class List, class Show>
http::Response listed(IdentityEdge& edge, const http::Request& request, List&& list, Show&& show) {
  const auto page = engine::edge::sequence_page_of(request);
  if (!page) return page.error();
  const auto tables = edge.engine.read();
  return engine::edge::sequence_page(list(*tables, Stretch{page->from_oldest(), page->rows()}),
                                     page->limit,
                                     [&](const auto& row) { return show(*tables, row); });
}

}  // namespace holdpoint::identity

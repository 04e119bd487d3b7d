// The route table as a tree of path segments: literal children, one parameter child, one rest.
#include "platform/http/router.hpp"

#include <algorithm>
#include <optional>

#include "base/assert.hpp"

namespace holdpoint::http {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(std::min<std::size_t>(path.starts_with('/') ? 1 : 0, path.size()));
  if (path.empty()) return segments;
  for (;;) {
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    if (end == path.size()) return segments;
    path.remove_prefix(end + 1);
  }
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_rest(std::string_view segment) {
  return is_parameter(segment) && segment.ends_with("...}") && segment.size() > 5;
}

std::string_view parameter_name(std::string_view segment) {
  const std::size_t ending = is_rest(segment) ? 4 : 1;
  return segment.substr(1, segment.size() - 1 - ending);
}

std::string join(std::span<const std::string> segments) {
  std::string text;
  for (const std::string& segment : segments) {
    if (!text.empty() || &segment != segments.data()) text.push_back('/');
    text += segment;
  }
  return text;
}

}  // namespace

struct Router::Node {
  std::map<std::string, Node, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::map<std::string, const Route*, std::less<>> methods;  // of the path that ends here
  std::map<std::string, const Route*, std::less<>> rest;     // of the paths that take all below

  void add(const Route& route);
};

void Router::Node::add(const Route& route) {
  HP_ASSERT(route.path.starts_with('/'), "HT-8: a route's path starts with a slash");
  HP_ASSERT(route.handler, "HT-9: a route has a handler");
  Node* node = this;
  const auto segments = split(route.path);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string_view segment = segments[i];
    const bool last = i + 1 == segments.size();
    if (is_rest(segment)) {
      HP_ASSERT(last, "HT-10: only the last segment of a route takes the rest");
      const bool added = node->rest.emplace(route.method, &route).second;
      HP_ASSERT(added, "HT-11: one row for one method and path");
      return;
    }
    if (is_parameter(segment)) {
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
      continue;
    }
    HP_ASSERT((!segment.empty() || last) && segment.find_first_of("{}") == std::string_view::npos,
              "HT-12: a segment of a route is a literal or a parameter");
    node = &node->literals[std::string(segment)];
  }
  const bool added = node->methods.emplace(route.method, &route).second;
  HP_ASSERT(added, "HT-11: one row for one method and path");
}

namespace {

using Methods = std::map<std::string, const Route*, std::less<>>;

const Route* find_method(const Methods& methods, std::string_view method) {
  auto found = methods.find(method);
  if (found == methods.end() && method == "HEAD") found = methods.find("GET");
  return found == methods.end() ? nullptr : found->second;
}

/// Walks the tree for one request. Paths that match but lack the method are remembered for 405.
template <class Node>
class Search {
 public:
  Search(std::string_view method, std::span<const std::string> segments)
      : method_(method), segments_(segments) {}

  const Route* find(const Node& node, std::size_t depth) {
    if (depth == segments_.size()) {
      if (const Route* route = offer(node.methods)) return route;
      return nullptr;
    }
    const std::string& segment = segments_[depth];
    if (const auto next = node.literals.find(segment); next != node.literals.end()) {
      if (const Route* route = find(next->second, depth + 1)) return route;
    }
    if (node.parameter && !segment.empty()) {
      if (const Route* route = find(*node.parameter, depth + 1)) return route;
    }
    return offer(node.rest);
  }

  [[nodiscard]] const std::map<std::string, int>& allowed() const { return allowed_; }

 private:
  const Route* offer(const Methods& methods) {
    if (const Route* route = find_method(methods, method_)) return route;
    for (const auto& [name, route] : methods) {
      allowed_.emplace(name, 0);
      if (name == "GET") allowed_.emplace("HEAD", 0);
    }
    return nullptr;
  }

  std::string_view method_;
  std::span<const std::string> segments_;
  std::map<std::string, int> allowed_;
};

std::map<std::string, std::string> parameters_of(const Route& route,
                                                 std::span<const std::string> segments) {
  std::map<std::string, std::string> values;
  const auto pattern = split(route.path);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    const std::string name(parameter_name(pattern[i]));
    values[name] = is_rest(pattern[i]) ? join(segments.subspan(i)) : segments[i];
  }
  return values;
}

}  // namespace

Router::Router(std::vector<Route> routes)
    : routes_(std::move(routes)), root_(std::make_unique<Node>()) {
  for (const Route& route : routes_) root_->add(route);
}

Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Router::Found Router::match(std::string_view method, std::span<const std::string> segments) const {
  Search<Node> search(method, segments);
  if (const Route* route = search.find(*root_, 0)) {
    return Match{route, parameters_of(*route, segments)};
  }
  if (search.allowed().empty()) return NotFound{};
  std::string allow;
  for (const auto& entry : search.allowed()) {
    if (!allow.empty()) allow += ", ";
    allow += entry.first;
  }
  return MethodNotAllowed{std::move(allow)};
}

Router::Found Router::match(std::string_view method, std::string_view path) const {
  std::vector<std::string> segments;
  for (const std::string_view segment : split(path)) segments.emplace_back(segment);
  return match(method, segments);
}

std::vector<std::string> path_parameter_names(std::string_view path) {
  std::vector<std::string> names;
  for (const std::string_view segment : split(path)) {
    if (is_parameter(segment)) names.emplace_back(parameter_name(segment));
  }
  return names;
}

}  // namespace holdpoint::http

// Splitting and decoding of request targets. Splitting comes first and decoding second, so that an
// encoded delimiter can never become a real one.
#include "platform/http/target.hpp"

#include <algorithm>
#include <cstdint>

#include "base/encoding.hpp"

namespace holdpoint::http {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte >= 0x20 && byte < 0x7F;
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

using Outcome = std::expected<void, std::string_view>;

Outcome add_segment(std::string_view raw, Target& into) {
  if (into.segments.size() == path_segments_max) {
    return std::unexpected("the path has too many segments");
  }
  std::string& segment = into.segments.emplace_back();
  if (!percent_decode(raw, Plus::literal, segment)) {
    return std::unexpected("a percent sign in the path is not followed by two hex digits");
  }
  if (segment == "." || segment == "..") return std::unexpected("the path has a dot segment");
  if (segment.find_first_of("/\\") != std::string::npos) {
    return std::unexpected("a path segment contains a slash");
  }
  if (plain_ascii(segment)) return {};
  if (has_control(segment)) return std::unexpected("the path contains a control character");
  if (!is_utf8(segment)) return std::unexpected("the path is not valid UTF-8");
  return {};
}

Outcome parse_path(std::string_view path, Target& into) {
  into.path.push_back('/');
  path.remove_prefix(1);
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (end == 0) return std::unexpected("the path has an empty segment");
    if (Outcome outcome = add_segment(path.substr(0, end), into); !outcome) return outcome;
    into.path += into.segments.back();
    if (end == path.size()) return {};
    into.path.push_back('/');
    path.remove_prefix(end + 1);
    if (path.empty()) return add_segment({}, into);
  }
  return {};
}

Outcome parse_query(std::string_view query, Target& into) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    if (into.parameters.size() == query_parameters_max) {
      return std::unexpected("the query has too many parameters");
    }
    auto& [name, value] = into.parameters.emplace_back();
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string_view raw_value = pair.substr(std::min(equals + 1, pair.size()));
    if (!percent_decode(pair.substr(0, equals), Plus::space, name) ||
        !percent_decode(raw_value, Plus::space, value)) {
      return std::unexpected("a percent sign in the query is not followed by two hex digits");
    }
    if (name.find('\0') != std::string::npos || value.find('\0') != std::string::npos) {
      return std::unexpected("the query contains a NUL");
    }
    if (!is_utf8(name) || !is_utf8(value)) return std::unexpected("the query is not valid UTF-8");
  }
  return {};
}

/// "http://host:1/a?b" is "/a?b"; what is not in absolute form stays.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

}  // namespace

void Target::clear() {
  path.clear();
  segments.clear();
  parameters.clear();
}

bool percent_decode(std::string_view text, Plus plus, std::string& into) {
  into.reserve(into.size() + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::space) {
      into.push_back(' ');
    } else if (text[i] != '%') {
      into.push_back(text[i]);
    } else {
      if (text.size() - i < 3) return false;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      into.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return true;
}

std::expected<void, std::string_view> parse_target(std::string_view target, Target& into) {
  into.clear();
  target = without_authority(target);
  if (!target.starts_with('/')) return std::unexpected("the target does not start with a slash");
  if (target.find('#') != std::string_view::npos) {
    return std::unexpected("the target contains a fragment");
  }
  const auto question = std::min(target.find('?'), target.size());
  if (Outcome outcome = parse_path(target.substr(0, question), into); !outcome) return outcome;
  return parse_query(target.substr(std::min(question + 1, target.size())), into);
}

}  // namespace holdpoint::http

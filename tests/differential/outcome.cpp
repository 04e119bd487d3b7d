// See outcome.hpp. Values of the peer are JSON: null, true, "text" and [lists] are themselves, and
// everything else is one member that names the type, {"uint": "7"}.
#include "differential/outcome.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace holdpoint::differential {
namespace {

using policy::cel::Evaluation;
using policy::cel::Kind;
using policy::cel::Value;

bool is_same_double(const std::string& peer, double ours) {
  if (peer == "NaN") return std::isnan(ours);
  const double theirs = std::strtod(peer.c_str(), nullptr);
  return theirs == ours && std::signbit(theirs) == std::signbit(ours);
}

std::string hex(std::string_view octets) {
  std::string out;
  for (const char octet : octets) {
    out += fmt::format("{:02x}", static_cast<unsigned>(static_cast<unsigned char>(octet)));
  }
  return out;
}

bool is_same_list(const json::array& peer, const Value& ours) {
  if (!ours.is(Kind::list) || peer.size() != ours.count()) return false;
  for (std::size_t i = 0; i < peer.size(); ++i) {
    if (!is_same_value(peer[i], ours.element(i))) return false;
  }
  return true;
}

/// Entries stand in any order.
bool is_same_map(const json::array& peer, const Value& ours) {
  if (!ours.is(Kind::map) || peer.size() != ours.count()) return false;
  for (const json::value& entry : peer) {
    bool is_found = false;
    for (std::size_t i = 0; i < ours.count() && !is_found; ++i) {
      is_found = is_same_value(entry.at(0), ours.key_at(i)) &&
                 is_same_value(entry.at(1), ours.value_at(i));
    }
    if (!is_found) return false;
  }
  return true;
}

bool is_same_tagged(std::string_view type, const json::value& peer, const Value& ours) {
  if (type == "map") return is_same_map(peer.as_array(), ours);
  if (type == "timestamp") {
    return ours.is(Kind::timestamp) &&
           peer.at(0).as_string() == std::to_string(ours.as_timestamp().seconds) &&
           peer.at(1).as_int64() == ours.as_timestamp().nanoseconds;
  }
  const std::string text(view(peer.as_string()));
  if (type == "int") return ours.is(Kind::integer) && text == std::to_string(ours.as_int());
  if (type == "uint") {
    return ours.is(Kind::unsigned_integer) && text == std::to_string(ours.as_uint());
  }
  if (type == "double") return ours.is(Kind::floating) && is_same_double(text, ours.as_double());
  if (type == "bytes") return ours.is(Kind::bytes) && text == hex(ours.as_text());
  if (type == "duration") {
    return ours.is(Kind::duration) && text == std::to_string(ours.as_nanoseconds());
  }
  return type == "type" && ours.is(Kind::type) && text == ours.as_text();
}

}  // namespace

bool is_same_value(const json::value& peer, const Value& ours) {
  switch (peer.kind()) {
    case json::kind::null: return ours.is(Kind::null);
    case json::kind::bool_: return ours.is(Kind::boolean) && ours.as_bool() == peer.get_bool();
    case json::kind::string:
      return ours.is(Kind::string) && ours.as_text() == view(peer.get_string());
    case json::kind::array: return is_same_list(peer.get_array(), ours);
    case json::kind::object: {
      const auto& member = *peer.get_object().begin();
      return is_same_tagged(member.key(), member.value(), ours);
    }
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return false;
  }
  return false;
}

bool is_same(const json::object& line, const Evaluation& ours) {
  const json::value* const value = line.if_contains("value");
  if (value == nullptr) return ours.outcome == Evaluation::Outcome::error;
  return ours.outcome == Evaluation::Outcome::value && is_same_value(*value, ours.value);
}

std::string text_of(const Evaluation& ours) {
  switch (ours.outcome) {
    case Evaluation::Outcome::value:
      return fmt::format("{} {}", kind_name(ours.value.kind()),
                         policy::cel::text_of(ours.value, 500));
    case Evaluation::Outcome::error: return "error: " + ours.message;
    case Evaluation::Outcome::unknown:
      return fmt::format("unknown: {}", fmt::join(ours.unknown_paths, ", "));
  }
  return "";
}

std::string text_of(const json::object& line) {
  if (const auto* const error = line.if_contains("error"))
    return "error: " + json::serialize(*error);
  return json::serialize(line.at("value"));
}

}  // namespace holdpoint::differential

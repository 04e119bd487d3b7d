// Members of answers by name and type, and text made harmless for a terminal.
#include "cli/fields.hpp"

#include "base/encoding.hpp"
#include "base/instant.hpp"

namespace holdpoint::cli {

std::optional<std::string> text_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return std::string(view(member->get_string()));
}

std::string shown_at(const json::object& object, std::string_view name) {
  return text_at(object, name).value_or("");
}

std::optional<std::int64_t> integer_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (member == nullptr || !member->is_int64()) return std::nullopt;
  return member->get_int64();
}

std::optional<bool> truth_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (member == nullptr || !member->is_bool()) return std::nullopt;
  return member->get_bool();
}

const json::object* object_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member == nullptr ? nullptr : member->if_object();
}

const json::array* array_at(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member == nullptr ? nullptr : member->if_array();
}

std::string instant_at(const json::object& object, std::string_view name) {
  std::optional<Instant> at;
  if (const auto us = integer_at(object, name)) at = Instant{*us};
  if (const auto text = text_at(object, name)) at = Instant::parse(*text);
  if (!at) return shown_at(object, name);
  // Whole seconds are enough for people; json keeps the rest.
  std::int64_t rest = at->us % 1'000'000;
  if (rest < 0) rest += 1'000'000;
  return Instant{at->us - rest}.text();
}

std::string printable(std::string_view text) {
  const bool valid = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1_control =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte == '\n' || byte == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !valid)) {
      out += '?';
    } else if (c1_control) {
      out += '?';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace holdpoint::cli

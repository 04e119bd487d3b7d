// simdjson's document model behind our own handles. An element of simdjson is a pointer to its
// document and an index into the tape: two words, which is what JsonNode::Raw holds. Copies of the
// text are freed before the reader walks the tree, so that a report needs less than four times its
// size.
#include "base/report_json.hpp"

#include <simdjson.h>

#include <array>
#include <bit>
#include <boost/json/basic_parser_impl.hpp>
#include <cstring>

#include "base/text_encoding.hpp"

namespace holdpoint {

namespace dom = simdjson::dom;

namespace {

using Raw = JsonNode::Raw;

template <class Vendor>
Raw raw_of(const Vendor& handle) {
  static_assert(sizeof(Vendor) == sizeof(Raw) && std::is_trivially_copyable_v<Vendor>);
  return std::bit_cast<Raw>(handle);
}

dom::element element_of(const Raw& raw) { return std::bit_cast<dom::element>(raw); }

/// A parser keeps its buffers between small reports; those of a large one are given back.
constexpr std::size_t kept_capacity_max = 4U << 20;
constexpr std::size_t small_object_max = 64;

/// Accepts everything: with it, Boost's parser is only asked where a text stops being JSON.
struct NoHandler {
  using Error = boost::system::error_code;
  using Text = boost::json::string_view;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t, Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t, Error&) { return true; }
  bool on_string_part(Text, std::size_t, Error&) { return true; }
  bool on_string(Text, std::size_t, Error&) { return true; }
  bool on_key_part(Text, std::size_t, Error&) { return true; }
  bool on_key(Text, std::size_t, Error&) { return true; }
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(std::int64_t, Text, Error&) { return true; }
  bool on_uint64(std::uint64_t, Text, Error&) { return true; }
  bool on_double(double, Text, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }
};

std::size_t place_of_error(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = report_json_depth_max;
  boost::json::basic_parser<NoHandler> parser(options);
  boost::system::error_code error;
  return parser.write_some(false, text.data(), text.size(), error);
}

JsonIssue issue_of(simdjson::error_code error, std::string_view text) {
  switch (error) {
    case simdjson::EMPTY: return {"", "an empty text is not JSON", 0};
    case simdjson::UTF8_ERROR: return {"", "not valid UTF-8", place_of_error(text)};
    case simdjson::DEPTH_ERROR:
      return {"", "nested deeper than " + std::to_string(report_json_depth_max) + " levels",
              place_of_error(text)};
    case simdjson::NUMBER_ERROR:
      return {"", "a malformed number, or one out of range", place_of_error(text)};
    case simdjson::MEMALLOC: return {"", "not enough memory to read it", 0};
    default: return {"", "not valid JSON", place_of_error(text)};
  }
}

static_assert(report_json_padding >= simdjson::SIMDJSON_PADDING);

/// `text` MUST have the padding behind it.
simdjson::error_code parse_into(dom::document& document, std::string_view text) {
  thread_local dom::parser parser;
  simdjson::error_code error = simdjson::SUCCESS;
  if (parser.capacity() < text.size()) error = parser.allocate(text.size(), report_json_depth_max);
  if (error == simdjson::SUCCESS) {
    error = parser.parse_into_document(document, text.data(), text.size(), false).error();
  }
  if (parser.capacity() > kept_capacity_max) parser = dom::parser();
  return error;
}

simdjson::error_code copy_and_parse_into(dom::document& document, std::string_view text) {
  const auto padded = std::make_unique_for_overwrite<char[]>(text.size() + report_json_padding);
  std::memcpy(padded.get(), text.data(), text.size());
  std::memset(padded.get() + text.size(), 0, report_json_padding);
  return parse_into(document, {padded.get(), text.size()});
}

}  // namespace

struct ReportJson::State {
  dom::document document;
};

ReportJson::ReportJson(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReportJson::~ReportJson() = default;
ReportJson::ReportJson(ReportJson&&) noexcept = default;
ReportJson& ReportJson::operator=(ReportJson&&) noexcept = default;

std::expected<ReportJson, JsonIssue> ReportJson::parse(std::string_view bytes) {
  return parse_with(bytes, Room::none);
}

std::expected<ReportJson, JsonIssue> ReportJson::parse_padded(std::string_view bytes) {
  return parse_with(bytes, Room::padded);
}

std::expected<ReportJson, JsonIssue> ReportJson::parse_with(std::string_view bytes, Room room) try {
  if (bytes.size() > report_json_bytes_max) {
    return std::unexpected(JsonIssue{"", "larger than 512 MiB", 0});
  }
  std::string converted;
  const std::string_view text = as_utf8(bytes, converted);
  if (text.empty()) return std::unexpected(issue_of(simdjson::EMPTY, text));
  auto state = std::make_unique<State>();
  const bool in_place = room == Room::padded && text.data() != converted.data();
  const simdjson::error_code error =
      in_place ? parse_into(state->document, text) : copy_and_parse_into(state->document, text);
  if (error != simdjson::SUCCESS) return std::unexpected(issue_of(error, text));
  return ReportJson(std::move(state));
} catch (const std::bad_alloc&) {
  return std::unexpected(JsonIssue{"", "not enough memory to read it", 0});
}

JsonNode ReportJson::root() const { return JsonNode(raw_of(state_->document.root())); }

JsonKind JsonNode::kind() const {
  switch (element_of(raw_).type()) {
    case dom::element_type::ARRAY: return JsonKind::array;
    case dom::element_type::OBJECT: return JsonKind::object;
    case dom::element_type::INT64:
    case dom::element_type::UINT64: return JsonKind::integer;
    case dom::element_type::DOUBLE: return JsonKind::number;
    case dom::element_type::STRING: return JsonKind::string;
    case dom::element_type::BOOL: return JsonKind::boolean;
    case dom::element_type::NULL_VALUE: return JsonKind::null;
  }
  return JsonKind::null;
}

std::optional<JsonNode> JsonNode::get(std::string_view name) const {
  dom::object object;
  if (element_of(raw_).get(object) != simdjson::SUCCESS) return std::nullopt;
  dom::element found;
  if (object.at_key(name).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return JsonNode(raw_of(found));
}

std::optional<std::string_view> JsonNode::string() const {
  std::string_view value;
  if (element_of(raw_).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<std::int64_t> JsonNode::integer() const {
  std::int64_t value = 0;
  if (element_of(raw_).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<double> JsonNode::number() const {
  double value = 0;
  if (element_of(raw_).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<bool> JsonNode::boolean() const {
  bool value = false;
  if (element_of(raw_).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

JsonItems JsonNode::items() const {
  dom::array array;
  if (element_of(raw_).get(array) != simdjson::SUCCESS) return {raw_, raw_};
  return {raw_of(array.begin()), raw_of(array.end())};
}

JsonMembers JsonNode::members() const {
  dom::object object;
  if (element_of(raw_).get(object) != simdjson::SUCCESS) return {raw_, raw_};
  return {raw_of(object.begin()), raw_of(object.end())};
}

bool JsonNode::repeats_names() const {
  std::array<std::string_view, small_object_max> seen;
  std::size_t count = 0;
  for (const auto& [name, value] : members()) {
    for (std::size_t i = 0; i < count; ++i) {
      if (seen[i] == name) return true;
    }
    if (count == seen.size()) return false;
    seen[count++] = name;
  }
  return false;
}

std::optional<std::string_view> JsonNode::text(std::string_view name) const {
  const auto member = get(name);
  return member ? member->string() : std::nullopt;
}

std::optional<std::int64_t> JsonNode::integer(std::string_view name) const {
  const auto member = get(name);
  return member ? member->integer() : std::nullopt;
}

JsonItems::Iterator& JsonItems::Iterator::operator++() {
  at_ = raw_of(++std::bit_cast<dom::array::iterator>(at_));
  return *this;
}

JsonMembers::Iterator& JsonMembers::Iterator::operator++() {
  at_ = raw_of(++std::bit_cast<dom::object::iterator>(at_));
  return *this;
}

std::pair<std::string_view, JsonNode> JsonMembers::Iterator::operator*() const {
  const auto at = std::bit_cast<dom::object::iterator>(at_);
  return {at.key(), JsonNode(raw_of(at.value()))};
}

}  // namespace holdpoint

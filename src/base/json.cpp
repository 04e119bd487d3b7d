// See json.hpp. The reader drives Boost's event parser with our own builder, because Boost's own
// one keeps the last of two equal names and turns large integers into doubles without a word.
#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/encoding.hpp"

namespace holdpoint {
namespace {

/// Depth of a value that canonical_json() follows; values from parse_json() stay far below.
constexpr std::size_t canonical_depth_max = 256;
constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;

/// Builds the value from the parser's events and refuses what RFC 8259 leaves open.
class Builder {
 public:
  constexpr static std::size_t max_object_size = json::object::max_size();
  constexpr static std::size_t max_array_size = json::array::max_size();
  constexpr static std::size_t max_key_size = json::string::max_size();
  constexpr static std::size_t max_string_size = json::string::max_size();

  explicit Builder(std::size_t depth_max) : depth_max_(depth_max) {}

  [[nodiscard]] std::string path() const {
    std::string path;
    for (const Frame& frame : frames_) {
      if (frame.container.is_array()) {
        path += pointer_step(std::to_string(frame.container.get_array().size()));
      } else if (frame.name) {
        path += pointer_step(*frame.name);
      }
    }
    return path;
  }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  json::value take() { return std::move(root_); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& ec) { return open(json::object(), ec); }
  bool on_array_begin(json::error_code& ec) { return open(json::array(), ec); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    text_.append(part.data(), part.size());
    Frame& frame = frames_.back();
    frame.name = std::exchange(text_, {});
    if (frame.name->find('\0') != std::string::npos) return refuse("a name holds U+0000", ec);
    if (frame.container.get_object().contains(*frame.name)) {
      return refuse("the name is given twice", ec);
    }
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
    text_.append(part.data(), part.size());
    const std::string text = std::exchange(text_, {});
    if (text.find('\0') != std::string::npos) return refuse("a string holds U+0000", ec);
    return add(json::string(text));
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) { return add(number); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& ec) {
    return refuse("the integer is beyond 64 bits", ec);
  }
  bool on_double(double, json::string_view text, json::error_code& ec) {
    if (text.find_first_of(".eE") == json::string_view::npos) {
      return refuse("the integer is beyond 64 bits", ec);
    }
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) {
      return refuse("the number is beyond double precision", ec);
    }
    return add(number);
  }
  bool on_bool(bool truth, json::error_code&) { return add(truth); }
  bool on_null(json::error_code&) { return add(nullptr); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Frame {
    json::value container;
    std::optional<std::string> name;
  };

  bool refuse(std::string why, json::error_code& ec) {
    refusal_ = std::move(why);
    ec = json::make_error_code(json::error::syntax);
    return false;
  }

  bool open(json::value container, json::error_code& ec) {
    if (frames_.size() >= depth_max_) {
      return refuse("nested deeper than " + std::to_string(depth_max_), ec);
    }
    frames_.push_back({std::move(container), std::nullopt});
    return true;
  }

  bool close() {
    json::value done = std::move(frames_.back().container);
    frames_.pop_back();
    return add(std::move(done));
  }

  bool add(json::value value) {
    if (frames_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Frame& frame = frames_.back();
    if (frame.container.is_array()) {
      frame.container.get_array().push_back(std::move(value));
    } else {
      frame.container.get_object().emplace(*frame.name, std::move(value));
      frame.name.reset();
    }
    return true;
  }

  std::size_t depth_max_;
  std::vector<Frame> frames_;
  std::string text_;
  std::string refusal_;
  json::value root_;
};

/// Whether the text up to the refusal ends with the escape of a leading surrogate.
bool ends_in_leading_surrogate(std::string_view read) {
  if (read.size() < 6) return false;
  const std::string_view escape = read.substr(read.size() - 6);
  return escape.starts_with("\\u") && (escape[2] == 'd' || escape[2] == 'D') &&
         std::string_view("89abAB").find(escape[3]) != std::string_view::npos;
}

/// What the parser's own refusal means to the one who wrote the text.
std::string sentence_of(const json::error_code& ec, std::string_view text, std::size_t read) {
  if (!is_utf8(text)) return "the text is not UTF-8";
  if (ec == json::error::incomplete) return "the text ends too early";
  if (ec == json::error::extra_data) return "text follows the value";
  if (ec == json::error::illegal_leading_surrogate ||
      ec == json::error::illegal_trailing_surrogate || ec == json::error::expected_utf16_escape ||
      ends_in_leading_surrogate(text.substr(0, read))) {
    return "a string holds a lone surrogate";
  }
  return ec.message();
}

/// Appends canonical bytes, keeping the path to where it is for the refusal.
class Canonical {
 public:
  explicit Canonical(std::string& out) : out_(out) {}

  bool write(const json::value& value) {
    switch (value.kind()) {
      case json::kind::null: out_ += "null"; return true;
      case json::kind::bool_: out_ += value.get_bool() ? "true" : "false"; return true;
      case json::kind::int64: return write_integer(value.get_int64());
      case json::kind::uint64:
        if (value.get_uint64() > static_cast<std::uint64_t>(integer_max)) {
          return refuse("the integer is beyond 2^53-1");
        }
        return write_integer(static_cast<std::int64_t>(value.get_uint64()));
      case json::kind::double_: return refuse("a number that is no integer");
      case json::kind::string: return write_string(view(value.get_string()));
      case json::kind::array: return write_array(value.get_array());
      case json::kind::object: return write_object(value.get_object());
    }
    return refuse("a value of no kind");
  }

  JsonIssue issue() && { return {std::move(path_), std::move(refusal_), 0}; }

 private:
  bool refuse(std::string why) {
    refusal_ = std::move(why);
    return false;
  }

  bool write_integer(std::int64_t number) {
    if (number > integer_max || number < -integer_max) {
      return refuse("the integer is beyond 2^53-1");
    }
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
    return true;
  }

  bool write_string(std::string_view text) {
    if (!is_utf8(text)) return refuse("a string is not UTF-8");
    if (text.find('\0') != std::string_view::npos) return refuse("a string holds U+0000");
    append_json_string(out_, text);
    return true;
  }

  bool write_array(const json::array& array) {
    if (++depth_ > canonical_depth_max) return refuse("nested too deep");
    out_ += '[';
    std::size_t index = 0;
    for (const json::value& element : array) {
      if (index != 0) out_ += ',';
      if (!step_into(std::to_string(index), element)) return false;
      ++index;
    }
    out_ += ']';
    --depth_;
    return true;
  }

  bool write_object(const json::object& object) {
    if (++depth_ > canonical_depth_max) return refuse("nested too deep");
    std::vector<const json::key_value_pair*> members;
    members.reserve(object.size());
    for (const auto& member : object) {
      const std::string_view name(member.key().data(), member.key().size());
      if (!is_utf8(name)) return refuse("a name is not UTF-8");
      members.push_back(&member);
    }
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
      return utf16_less({a->key().data(), a->key().size()}, {b->key().data(), b->key().size()});
    });
    out_ += '{';
    bool first = true;
    for (const auto* member : members) {
      if (!first) out_ += ',';
      first = false;
      const std::string_view name(member->key().data(), member->key().size());
      if (!write_string(name)) return false;
      out_ += ':';
      if (!step_into(name, member->value())) return false;
    }
    out_ += '}';
    --depth_;
    return true;
  }

  bool step_into(std::string_view name, const json::value& value) {
    if (!value.is_structured() && write(value)) return true;
    const std::size_t length = path_.size();
    path_ += pointer_step(name);
    if (!refusal_.empty() || !write(value)) return false;
    path_.resize(length);
    return true;
  }

  std::string& out_;
  std::string path_;
  std::string refusal_;
  std::size_t depth_ = 0;
};

/// The order of UTF-16 code units, seen from a differing UTF-8 byte: U+E000 to U+FFFF (0xEE, 0xEF)
/// sort after everything above U+FFFF (0xF0 to 0xF4), which UTF-16 writes with surrogates.
unsigned utf16_rank(char c) {
  const unsigned byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

}  // namespace

std::string JsonIssue::text() const {
  std::string text = path.empty() ? message : path + ": " + message;
  if (offset != 0) text += " (at byte " + std::to_string(offset) + ")";
  return text;
}

std::expected<json::value, JsonIssue> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes_max) {
    return std::unexpected(
        JsonIssue{"", "longer than " + std::to_string(limits.bytes_max) + " bytes", 0});
  }
  json::parse_options options;
  options.max_depth = limits.depth_max + 1;
  json::basic_parser<Builder> parser(options, limits.depth_max);
  json::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && read < text.size()) ec = json::make_error_code(json::error::extra_data);
  if (!ec) return parser.handler().take();
  Builder& builder = parser.handler();
  std::string why = builder.refusal().empty() ? sentence_of(ec, text, read) : builder.refusal();
  return std::unexpected(JsonIssue{builder.path(), std::move(why), read});
}

std::expected<std::string, JsonIssue> canonical_json(const json::value& value) {
  std::string out;
  Canonical canonical(out);
  if (!canonical.write(value)) return std::unexpected(std::move(canonical).issue());
  return out;
}

std::string pointer_step(std::string_view name) {
  std::string step = "/";
  for (const char c : name) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view controls = "\b\t\n\f\r";
  constexpr std::string_view letters = "btnfr";
  out += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, begin, i - begin);
    begin = i + 1;
    out += '\\';
    if (byte >= 0x20) {
      out += text[i];
    } else if (const auto at = controls.find(text[i]); at != std::string_view::npos) {
      out += letters[at];
    } else {
      out += "u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  out.append(text, begin, text.size() - begin);
  out += '"';
}

bool utf16_less(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    if (a[i] != b[i]) return utf16_rank(a[i]) < utf16_rank(b[i]);
  }
  return a.size() < b.size();
}

}  // namespace holdpoint

// See yaml.hpp. The reader listens to yaml-cpp's events and builds JSON itself, so that every bound
// holds while reading and plain scalars are understood by our rules, not by YAML 1.1's.
#include "base/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <istream>
#include <optional>
#include <streambuf>

#include "base/encoding.hpp"

namespace holdpoint {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return !text.empty();
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

/// [0-9]+(:[0-5]?[0-9])+ with an optional fraction: 1:30 was 90 in YAML 1.1.
bool is_sexagesimal(std::string_view text) {
  text = without_sign(text);
  if (const auto dot = text.find('.'); dot != std::string_view::npos) text = text.substr(0, dot);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(':', start), text.size());
    if (!all_digits(text.substr(start, end - start))) return false;
    start = end + 1;
  }
  return true;
}

bool is_digits_with_underscores(std::string_view text) {
  text = without_sign(text);
  if (text.find('_') == std::string_view::npos || text.empty() || !is_digit(text[0])) return false;
  return text.find_first_not_of("0123456789abcdefABCDEFxob_.") == std::string_view::npos;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?   (YAML 1.2.2 §10.3.2)
bool is_float(std::string_view text) {
  text = without_sign(text);
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  const std::size_t whole = digits();
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    fraction = digits();
  }
  if (whole == 0 && fraction == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

/// The sentence of refusal when two readers of YAML would understand the plain scalar differently.
std::optional<std::string> ambiguity(std::string_view text) {
  const std::string word = lower(text);
  for (const std::string_view trap : {"yes", "no", "on", "off", "y", "n"}) {
    if (word == trap) {
      return "'" + std::string(text) +
             "' is a boolean to some readers and a text to others: quote it or write true/false";
    }
  }
  const std::string_view digits = without_sign(text);
  if (digits.size() > 1 && digits[0] == '0' && all_digits(digits)) {
    return "'" + std::string(text) +
           "' is octal to some readers and decimal to others: quote it or write it without the 0";
  }
  const std::string_view number = without_sign(word);
  if (number.starts_with("0o") || number.starts_with("0b")) {
    if (number.size() > 2 && all_digits(number.substr(2))) {
      return "'" + std::string(text) +
             "' is a number to some readers only: quote it or write "
             "it in decimal";
    }
  }
  if (is_sexagesimal(text)) {
    return "'" + std::string(text) + "' is a number of base 60 to some readers: quote it";
  }
  if (is_digits_with_underscores(text)) {
    return "'" + std::string(text) +
           "' is a number to some readers only: quote it or write it "
           "without underscores";
  }
  if (number == ".inf" || number == ".nan") return "infinity and not-a-number are not accepted";
  if (text == "<<") return "merge keys are not accepted: write the entries out";
  if (text == "=") return "'=' has a special meaning to some readers: quote it";
  return std::nullopt;
}

template <class Number>
std::optional<Number> number_from(std::string_view text, int radix) {
  Number out{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out, radix);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

/// The value of a plain scalar by the core schema of YAML 1.2, or why it is refused.
std::expected<json::value, std::string> plain_value(std::string_view text) {
  if (const auto issue = ambiguity(text)) return std::unexpected(*issue);
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return json::value(nullptr);
  }
  if (text == "true" || text == "True" || text == "TRUE") return json::value(true);
  if (text == "false" || text == "False" || text == "FALSE") return json::value(false);
  const bool is_hex = text.starts_with("0x") && text.size() > 2 &&
                      text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
  if (is_hex || all_digits(without_sign(text))) {
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto number = is_hex ? number_from<std::int64_t>(text.substr(2), 16)
                               : number_from<std::int64_t>(text, 10);
    if (!number) return std::unexpected("the number does not fit in 64 bits: quote it");
    return json::value(*number);
  }
  if (is_float(text)) {
    std::string_view unsigned_text = text;
    if (unsigned_text.starts_with('+')) unsigned_text.remove_prefix(1);
    double parsed = 0;
    const auto result =
        std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), parsed);
    if (result.ec != std::errc()) return std::unexpected("the number is out of range: quote it");
    return json::value(parsed);
  }
  return json::value(text);
}

/// Thrown through yaml-cpp's parser only, and caught in parse_yaml.
struct Refusal {
  YamlIssue issue;
};

class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, const YamlLimits& limits) : text_(text), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark&) override {
    document_ = YamlDocument{};
    stack_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    scalar(mark, "?", anchor, "");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not accepted: write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    scalar(mark, tag, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    if (tag != "?" && tag != "tag:yaml.org,2002:seq") refuse_tag(mark);
    refuse_collection_as_key(mark);
    open(mark, json::array());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    if (tag != "?" && tag != "tag:yaml.org,2002:map") refuse_tag(mark);
    refuse_collection_as_key(mark);
    open(mark, json::object());
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] YamlDocument take() { return std::move(document_); }
  [[nodiscard]] std::string path_here() const {
    if (stack_.empty()) return "";
    const Open& top = stack_.back();
    return top.has_key ? top.path + pointer_step(top.key) : top.path;
  }

 private:
  struct Open {
    json::value value;
    std::string path;
    std::string key;
    bool has_key = false;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message) const {
    throw Refusal{{mark.line + 1, mark.column + 1, path_here(), std::move(message)}};
  }
  [[noreturn]] void refuse_tag(const YAML::Mark& mark) const {
    refuse(mark, "tags other than those of the core schema are not accepted");
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) refuse(mark, "anchors are not accepted: write the value out");
  }
  [[nodiscard]] bool expects_key() const {
    return !stack_.empty() && stack_.back().value.is_object() && !stack_.back().has_key;
  }
  void refuse_collection_as_key(const YAML::Mark& mark) const {
    if (expects_key()) refuse(mark, "a key must be a text");
  }

  void count_node(const YAML::Mark& mark) {
    if (++nodes_ > limits_.nodes_max) {
      refuse(mark, "the text has more than " + std::to_string(limits_.nodes_max) + " values");
    }
  }

  void open(const YAML::Mark& mark, json::value value) {
    count_node(mark);
    if (stack_.size() >= limits_.depth_max) {
      refuse(mark, "the text nests deeper than " + std::to_string(limits_.depth_max) + " levels");
    }
    std::string path = next_path();
    document_.positions[path] = {mark.line + 1, mark.column + 1};
    stack_.push_back({std::move(value), std::move(path), "", false});
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    place(std::move(done.value));
  }

  [[nodiscard]] std::string next_path() const {
    if (stack_.empty()) return "";
    const Open& top = stack_.back();
    if (top.value.is_object()) return top.path + pointer_step(top.key);
    return top.path + "/" + std::to_string(top.value.get_array().size());
  }

  void place(json::value value) {
    if (stack_.empty()) {
      document_.value = std::move(value);
      return;
    }
    Open& top = stack_.back();
    if (top.value.is_array()) {
      top.value.get_array().push_back(std::move(value));
      return;
    }
    top.value.get_object().insert_or_assign(top.key, std::move(value));
    top.has_key = false;
  }

  void scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              const std::string& text) {
    refuse_anchor(mark, anchor);
    // As a key, a single letter is a name and no reader in use takes it for a boolean.
    const bool is_letter_key = expects_key() && (text == "y" || text == "n");
    json::value value = value_of(mark, is_letter_key ? "!" : tag, text);
    if (expects_key()) {
      take_key(mark, value);
      return;
    }
    count_node(mark);
    document_.positions[next_path()] = content_start(mark, tag);
    place(std::move(value));
  }

  json::value value_of(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
    if (!is_utf8(text)) refuse(mark, "the text is not valid UTF-8");
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return json::value(text);
    if (tag != "?" && tag != "tag:yaml.org,2002:null" && tag != "tag:yaml.org,2002:bool" &&
        tag != "tag:yaml.org,2002:int" && tag != "tag:yaml.org,2002:float") {
      refuse_tag(mark);
    }
    auto value = plain_value(text);
    if (!value) refuse(mark, value.error());
    const auto expect = [&](std::string_view name, bool holds) {
      if (tag.ends_with(name) && !holds) refuse(mark, "the value is not of the type of its tag");
    };
    expect(":null", value->is_null());
    expect(":bool", value->is_bool());
    expect(":int", value->is_int64());
    expect(":float", value->is_number());
    return std::move(*value);
  }

  void take_key(const YAML::Mark& mark, const json::value& key) {
    if (!key.is_string()) refuse(mark, "a key must be a text: quote it");
    Open& top = stack_.back();
    top.key = std::string(view(key.get_string()));
    top.has_key = true;
    if (top.value.get_object().contains(top.key)) {
      refuse(mark, "the key '" + top.key + "' is written twice");
    }
    // Until the value is placed, the key itself marks the place.
    document_.positions[top.path + pointer_step(top.key)] = {mark.line + 1, mark.column + 1};
  }

  /// Where the characters of the scalar start: after the quote, or on the line after `|` or `>`.
  [[nodiscard]] YamlPosition content_start(const YAML::Mark& mark, const std::string& tag) const {
    YamlPosition start{mark.line + 1, mark.column + 1};
    if (tag != "!" || mark.pos < 0) return start;
    std::size_t at = static_cast<std::size_t>(mark.pos);
    if (at >= text_.size()) return start;
    if (text_[at] == '\'' || text_[at] == '"') {
      ++start.column;
      return start;
    }
    if (text_[at] != '|' && text_[at] != '>') return start;
    while ((at = text_.find('\n', at)) != std::string_view::npos) {
      ++start.line;
      const std::size_t line = ++at;
      while (at < text_.size() && text_[at] == ' ') ++at;
      if (at >= text_.size()) break;
      start.column = static_cast<int>(at - line) + 1;
      if (text_[at] != '\n' && text_[at] != '\r') break;
    }
    return start;
  }

  std::string_view text_;
  const YamlLimits& limits_;
  YamlDocument document_;
  std::vector<Open> stack_;
  std::size_t nodes_ = 0;
};

/// Reads the text in place.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // A streambuf takes mutable pointers; nothing writes through them.
    char* begin = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

std::string YamlIssue::text() const {
  return path + (path.empty() ? "" : ": ") + std::to_string(line) + ":" + std::to_string(column) +
         ": " + message;
}

YamlPosition YamlDocument::position(std::string_view pointer) const {
  while (true) {
    if (const auto found = positions.find(pointer); found != positions.end()) return found->second;
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

std::expected<YamlDocuments, YamlIssue> parse_yaml(std::string_view text, YamlLimits limits) {
  if (text.size() > limits.bytes_max) {
    return std::unexpected(YamlIssue{
        1, 1, "", "the text is longer than " + std::to_string(limits.bytes_max) + " bytes"});
  }
  if (text.find('\0') != std::string_view::npos) {
    return std::unexpected(YamlIssue{1, 1, "", "the text has a zero byte"});
  }
  if (!is_utf8(text)) {
    return std::unexpected(YamlIssue{1, 1, "", "the text is not valid UTF-8"});
  }
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  Builder builder(text, limits);
  YamlDocuments documents;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      if (documents.size() >= limits.documents_max) {
        return std::unexpected(YamlIssue{1, 1, "", "the text has too many documents"});
      }
      documents.push_back(builder.take());
    }
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.issue);
  } catch (const YAML::Exception& exception) {
    return std::unexpected(YamlIssue{exception.mark.line + 1, exception.mark.column + 1,
                                     builder.path_here(), exception.msg});
  } catch (const std::exception&) {
    return std::unexpected(YamlIssue{1, 1, builder.path_here(), "the text cannot be read"});
  }
  return documents;
}

}  // namespace holdpoint

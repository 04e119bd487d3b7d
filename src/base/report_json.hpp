// A fast reader for large JSON reports, where base/json.hpp is for small documents that we judge
// strictly. Read-only, keeps strings and numbers as the report has them; simdjson is inside and is
// named nowhere else. UTF-8 with or without byte order mark and UTF-16 are accepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"

namespace holdpoint {

inline constexpr std::size_t report_json_bytes_max = 512U << 20;
inline constexpr std::size_t report_json_depth_max = 512;
/// How far the parser reads past the end of a text; without that room it must copy the text first.
inline constexpr std::size_t report_json_padding = 64;

class JsonItems;
class JsonMembers;

enum class JsonKind { null, boolean, integer, number, string, array, object };

/// A place inside a ReportJson; valid as long as that lives. Cheap to copy.
class JsonNode {
 public:
  struct Raw {
    std::uintptr_t words[2];
  };

  [[nodiscard]] JsonKind kind() const;
  /// The member of an object, the first one when the name is repeated; nullopt when there is none,
  /// when it is null, or when this is no object.
  [[nodiscard]] std::optional<JsonNode> get(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> string() const;
  /// nullopt unless an integer in the range of int64.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  /// Any number, as a double.
  [[nodiscard]] std::optional<double> number() const;
  [[nodiscard]] std::optional<bool> boolean() const;
  /// The elements of an array; nothing when this is no array.
  [[nodiscard]] JsonItems items() const;
  /// The members of an object; nothing when this is no object.
  [[nodiscard]] JsonMembers members() const;
  /// Whether an object has two members of one name. Looks at the first 64 members.
  [[nodiscard]] bool repeats_names() const;

  /// get(name) and string() in one.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;

  [[nodiscard]] bool is_array() const { return kind() == JsonKind::array; }
  [[nodiscard]] bool is_object() const { return kind() == JsonKind::object; }
  [[nodiscard]] bool is_string() const { return kind() == JsonKind::string; }

 private:
  friend class ReportJson;
  friend class JsonItems;
  friend class JsonMembers;
  explicit JsonNode(Raw raw) : raw_(raw) {}
  Raw raw_;
};

class JsonItems {
 public:
  class Iterator {
   public:
    using value_type = JsonNode;
    using difference_type = std::ptrdiff_t;
    JsonNode operator*() const { return JsonNode(at_); }
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return at_.words[1] == other.at_.words[1]; }

   private:
    friend class JsonItems;
    explicit Iterator(JsonNode::Raw at) : at_(at) {}
    JsonNode::Raw at_;
  };
  [[nodiscard]] Iterator begin() const { return Iterator(begin_); }
  [[nodiscard]] Iterator end() const { return Iterator(end_); }

 private:
  friend class JsonNode;
  JsonItems(JsonNode::Raw begin, JsonNode::Raw end) : begin_(begin), end_(end) {}
  JsonNode::Raw begin_;
  JsonNode::Raw end_;
};

class JsonMembers {
 public:
  class Iterator {
   public:
    using value_type = std::pair<std::string_view, JsonNode>;
    using difference_type = std::ptrdiff_t;
    value_type operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return at_.words[1] == other.at_.words[1]; }

   private:
    friend class JsonMembers;
    explicit Iterator(JsonNode::Raw at) : at_(at) {}
    JsonNode::Raw at_;
  };
  [[nodiscard]] Iterator begin() const { return Iterator(begin_); }
  [[nodiscard]] Iterator end() const { return Iterator(end_); }

 private:
  friend class JsonNode;
  JsonMembers(JsonNode::Raw begin, JsonNode::Raw end) : begin_(begin), end_(end) {}
  JsonNode::Raw begin_;
  JsonNode::Raw end_;
};

/// A parsed report. Owns its strings: the bytes it was read from may go.
class ReportJson {
 public:
  static std::expected<ReportJson, JsonIssue> parse(std::string_view bytes);
  /// The same without copying the text: at least report_json_padding bytes after `bytes` MUST
  /// belong to the caller and be readable.
  static std::expected<ReportJson, JsonIssue> parse_padded(std::string_view bytes);

  ~ReportJson();
  ReportJson(ReportJson&&) noexcept;
  ReportJson& operator=(ReportJson&&) noexcept;
  ReportJson(const ReportJson&) = delete;
  ReportJson& operator=(const ReportJson&) = delete;

  [[nodiscard]] JsonNode root() const;

 private:
  struct State;
  enum class Room { none, padded };
  static std::expected<ReportJson, JsonIssue> parse_with(std::string_view bytes, Room room);
  explicit ReportJson(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint

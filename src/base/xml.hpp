// Reading XML reports. Documents from outside are hostile: no DTD is read, no entity but the five
// predefined ones is expanded, nothing is fetched, and size and depth are bounded. pugixml is
// inside and is named nowhere else.
#pragma once

#include <cstddef>
#include <expected>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace holdpoint {

inline constexpr std::size_t xml_bytes_max = 512U << 20;
inline constexpr std::size_t xml_depth_max = 1'000;
/// Bounds the memory that a small document of many empty elements could ask for.
inline constexpr std::size_t xml_tags_max = 16'000'000;
inline constexpr std::size_t xml_attributes_max = 48'000'000;

struct XmlIssue {
  std::string message;
  /// Byte offset in the text.
  std::size_t offset = 0;
  /// From 1.
  std::size_t line = 0;

  [[nodiscard]] std::string text() const;
};

class XmlChildren;

/// An element of an XmlDocument; valid as long as that lives. Texts are as the document has them:
/// they MUST be checked before they are stored, since they need not be valid UTF-8.
class XmlNode {
 public:
  /// The name as written, with its prefix.
  [[nodiscard]] std::string_view name() const;
  /// The name without a namespace prefix.
  [[nodiscard]] std::string_view local_name() const;
  /// By local name: a prefix of the attribute is ignored, but not `xmlns:` declarations.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view local) const;
  /// The first text or CDATA inside; empty when there is none.
  [[nodiscard]] std::string_view text() const;
  /// Child elements in order.
  [[nodiscard]] XmlChildren children() const;
  [[nodiscard]] std::optional<XmlNode> child(std::string_view local) const;

 private:
  friend class XmlDocument;
  friend class XmlChildren;
  explicit XmlNode(void* raw) : raw_(raw) {}
  void* raw_;
};

class XmlChildren {
 public:
  class Iterator {
   public:
    using value_type = XmlNode;
    using difference_type = std::ptrdiff_t;
    XmlNode operator*() const { return XmlNode(at_); }
    Iterator& operator++();
    bool operator==(const Iterator&) const = default;

   private:
    friend class XmlChildren;
    explicit Iterator(void* at) : at_(at) {}
    void* at_;
  };
  [[nodiscard]] Iterator begin() const { return Iterator(first_); }
  [[nodiscard]] Iterator end() const { return Iterator(nullptr); }
  [[nodiscard]] bool empty() const { return first_ == nullptr; }

 private:
  friend class XmlNode;
  explicit XmlChildren(void* first) : first_(first) {}
  void* first_;
};

class XmlDocument {
 public:
  /// UTF-8 with or without byte order mark, UTF-16, and declared ISO-8859-1. Refuses a DOCTYPE with
  /// an internal subset, more than one root element, and anything over the bounds.
  static std::expected<XmlDocument, XmlIssue> parse(std::string_view bytes);

  ~XmlDocument();
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  XmlDocument(const XmlDocument&) = delete;
  XmlDocument& operator=(const XmlDocument&) = delete;

  [[nodiscard]] XmlNode root() const;

 private:
  struct State;
  explicit XmlDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint

// pugixml behind our own handles. It expands only the predefined entities and character references
// and fetches nothing; what this file adds is the refusal of documents that ask for more, and
// bounds.
#include "base/xml.hpp"

#include <algorithm>
#include <new>
#include <pugixml.hpp>
#include <utility>

namespace holdpoint {

namespace {

pugi::xml_node node_of(void* raw) {
  return pugi::xml_node(static_cast<pugi::xml_node_struct*>(raw));
}

std::string_view without_prefix(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void* first_element(pugi::xml_node from) {
  while (from && from.type() != pugi::node_element) from = from.next_sibling();
  return from.internal_object();
}

XmlIssue issue_at(std::string message, std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, std::min(offset, bytes.size()));
  const auto lines = std::ranges::count(before, '\n');
  return {std::move(message), before.size(), static_cast<std::size_t>(lines) + 1};
}

/// Walks without recursion, so that the bound is what stops a deep document and not the stack.
bool too_deep(pugi::xml_node root) {
  std::size_t depth = 1;
  for (pugi::xml_node at = root; at;) {
    if (depth > xml_depth_max && at.type() == pugi::node_element) return true;
    if (at.first_child()) {
      at = at.first_child();
      ++depth;
      continue;
    }
    while (at != root && !at.next_sibling()) {
      at = at.parent();
      --depth;
    }
    if (at == root) return false;
    at = at.next_sibling();
  }
  return false;
}

std::string_view refusal_of(const pugi::xml_document& document) {
  std::size_t roots = 0;
  for (const pugi::xml_node& child : document.children()) {
    if (child.type() == pugi::node_element) ++roots;
    if (child.type() != pugi::node_doctype) continue;
    if (std::string_view(child.value()).find('[') != std::string_view::npos) {
      return "a document type with declarations of its own is refused";
    }
  }
  if (roots != 1) return "more than one root element";
  if (too_deep(document.document_element())) return "nested deeper than 1000 elements";
  return {};
}

constexpr unsigned parse_flags = pugi::parse_cdata | pugi::parse_escapes |
                                 pugi::parse_wconv_attribute | pugi::parse_eol |
                                 pugi::parse_doctype;

}  // namespace

std::string XmlIssue::text() const {
  return message + " (line " + std::to_string(line) + ", byte " + std::to_string(offset) + ")";
}

struct XmlDocument::State {
  std::string text;
  pugi::xml_document document;
};

XmlDocument::XmlDocument(std::unique_ptr<State> state) : state_(std::move(state)) {}
XmlDocument::~XmlDocument() = default;
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;

std::expected<XmlDocument, XmlIssue> XmlDocument::parse(std::string_view bytes) try {
  const auto refuse = [&](std::string_view message, std::size_t offset) {
    return std::unexpected(issue_at(std::string(message), bytes, offset));
  };
  if (bytes.size() > xml_bytes_max) return refuse("larger than 512 MiB", 0);
  if (std::cmp_greater(std::ranges::count(bytes, '<'), xml_tags_max)) {
    return refuse("more than 16,000,000 tags", 0);
  }
  if (std::cmp_greater(std::ranges::count(bytes, '='), xml_attributes_max)) {
    return refuse("more than 48,000,000 attributes", 0);
  }
  auto state = std::make_unique<State>();
  state->text.assign(bytes);
  const pugi::xml_parse_result result = state->document.load_buffer_inplace(
      state->text.data(), state->text.size(), parse_flags, pugi::encoding_auto);
  if (!result) {
    return refuse(result.description(),
                  static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)));
  }
  if (const auto refusal = refusal_of(state->document); !refusal.empty()) return refuse(refusal, 0);
  return XmlDocument(std::move(state));
} catch (const std::bad_alloc&) {
  return std::unexpected(XmlIssue{"not enough memory to read it", 0, 1});
}

XmlNode XmlDocument::root() const {
  return XmlNode(state_->document.document_element().internal_object());
}

std::string_view XmlNode::name() const { return node_of(raw_).name(); }

std::string_view XmlNode::local_name() const { return without_prefix(name()); }

std::optional<std::string_view> XmlNode::attribute(std::string_view local) const {
  for (const pugi::xml_attribute& attribute : node_of(raw_).attributes()) {
    const std::string_view name = attribute.name();
    if (name == local || (without_prefix(name) == local && !name.starts_with("xmlns:"))) {
      return attribute.value();
    }
  }
  return std::nullopt;
}

std::string_view XmlNode::text() const { return node_of(raw_).text().get(); }

XmlChildren XmlNode::children() const {
  return XmlChildren(first_element(node_of(raw_).first_child()));
}

std::optional<XmlNode> XmlNode::child(std::string_view local) const {
  for (const XmlNode element : children()) {
    if (element.local_name() == local) return element;
  }
  return std::nullopt;
}

XmlChildren::Iterator& XmlChildren::Iterator::operator++() {
  at_ = first_element(node_of(at_).next_sibling());
  return *this;
}

}  // namespace holdpoint

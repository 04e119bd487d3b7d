// A strict reader for the part of YAML 1.2 that has one meaning: documents become JSON values, and
// every value keeps its place in the text. Whatever two readers could understand differently
// (`yes`, `017`, `1:30`, anchors, tags, repeated keys) is refused with a sentence on what to write.
// yaml-cpp is named in yaml.cpp only.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace holdpoint {

/// Both count from 1. For a quoted or block scalar this is where its content starts.
struct YamlPosition {
  int line = 1;
  int column = 1;
};

struct YamlIssue {
  int line = 1;
  int column = 1;
  std::string path;  // JSON Pointer; "" for the whole document
  std::string message;

  /// "/spec/mode: 4:9: …"
  [[nodiscard]] std::string text() const;
};

struct YamlLimits {
  std::size_t bytes_max = 1U << 20;
  std::size_t nodes_max = 50'000;
  std::size_t depth_max = 32;
  std::size_t documents_max = 256;
};

struct YamlDocument {
  json::value value;
  /// JSON Pointer of every value to its place.
  std::map<std::string, YamlPosition, std::less<>> positions;

  /// The place of the value at the pointer, or of its nearest parent that has one.
  [[nodiscard]] YamlPosition position(std::string_view pointer) const;
};

using YamlDocuments = std::vector<YamlDocument>;

/// JSON is accepted too, being YAML. An empty text gives no documents.
std::expected<YamlDocuments, YamlIssue> parse_yaml(std::string_view text, YamlLimits limits = {});

}  // namespace holdpoint

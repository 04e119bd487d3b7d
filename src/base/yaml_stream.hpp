// Cuts a stream of YAML documents into the texts they were written as, so that each can be kept,
// and what is wrong in it be named by its line in the whole.
#pragma once

#include <string_view>
#include <vector>

namespace holdpoint {

struct YamlPart {
  std::string_view text;  // of this document alone
  int first_line = 1;     // of that text within the stream
};

/// Cuts at document markers (YAML 1.2 §9.2); parts of blanks only are left out. The parts are views
/// into the text.
std::vector<YamlPart> split_yaml(std::string_view text);

}  // namespace holdpoint

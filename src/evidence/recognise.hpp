// Which format a received report is in, told from its content alone: a file name is the sender's
// word and is never looked at. When it cannot be read, the answer says why in words for people.
#pragma once

#include <string>
#include <string_view>

namespace holdpoint::evidence {

enum class Format { unknown, sarif, junit, cobertura, lcov, cyclonedx, spdx, generic };

struct Recognition {
  /// The format that the content claims; also set when that version or form of it cannot be read.
  Format format = Format::unknown;
  /// Empty when the report can be read; else a sentence such as
  /// "a SARIF document of version 1.0.0; 2.1.0 is read".
  std::string why_not;

  [[nodiscard]] bool readable() const { return why_not.empty(); }
};

/// The word that a summary's `format` has.
std::string_view format_text(Format format);

/// Never fails, whatever the bytes are.
Recognition recognise(std::string_view bytes);

}  // namespace holdpoint::evidence

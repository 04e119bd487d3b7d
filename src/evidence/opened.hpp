// A report parsed once: recognition needs the document, and so does the reader that follows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/report_json.hpp"
#include "base/xml.hpp"
#include "evidence/recognise.hpp"

namespace holdpoint::evidence {

struct Opened {
  Recognition recognition;
  /// Set for JSON formats and for XML formats that were well-formed.
  std::optional<ReportJson> json;
  std::optional<XmlDocument> xml;
};

enum class Room { none, padded };

/// With Room::padded, report_json_padding bytes after `bytes` MUST be readable.
Opened open_report(std::string_view bytes, Room room);

}  // namespace holdpoint::evidence

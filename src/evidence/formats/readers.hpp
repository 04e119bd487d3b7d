// The readers, one file per format. Each takes a document that recognition has let through and
// gives a summary, or the sentence that says what is wrong and where. None of them throws on any
// document.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/report_json.hpp"
#include "base/xml.hpp"
#include "evidence/summary.hpp"

namespace holdpoint::evidence {

/// The reason why a report of a known format cannot be read, with the place: "/runs/0/results: …".
using Unreadable = std::string;
using Reading = std::expected<Summary, Unreadable>;

Reading read_sarif(JsonNode root);
Reading read_cyclonedx(JsonNode root);
Reading read_spdx(JsonNode root);
Reading read_junit(XmlNode root);
Reading read_cobertura(XmlNode root);
Reading read_lcov(std::string_view text);
/// Declared evidence is read strictly, from the text and not from the lenient document.
Reading read_generic(std::string_view text);

}  // namespace holdpoint::evidence

// Recognition: the first character tells JSON, XML or text; then the names that each format's
// standard requires at the top tell the format. Well-known formats that are not read are named, so
// that the sender learns what to change.
#include "evidence/recognise.hpp"

#include <algorithm>

#include "base/text_encoding.hpp"
#include "evidence/opened.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::size_t quoted_bytes_max = 64;

std::string quoted(std::string_view text) { return clean_text(text, quoted_bytes_max); }

Recognition reads(Format format) { return {format, {}}; }
Recognition refuses(Format format, std::string why) { return {format, std::move(why)}; }

Recognition recognise_sarif(JsonNode root) {
  const auto version = root.text("version");
  if (!version) {
    return refuses(Format::sarif, "a SARIF document without a version; 2.1.0 is read");
  }
  if (*version == "2.1.0") return reads(Format::sarif);
  return refuses(Format::sarif,
                 "a SARIF document of version " + quoted(*version) + "; 2.1.0 is read");
}

Recognition recognise_cyclonedx(JsonNode root) {
  constexpr std::string_view read[] = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"};
  const auto version = root.text("specVersion").value_or("");
  if (std::ranges::find(read, version) != std::end(read)) return reads(Format::cyclonedx);
  return refuses(Format::cyclonedx,
                 "a CycloneDX document of version " + quoted(version) + "; 1.2 to 1.7 are read");
}

Recognition recognise_spdx(std::string_view version) {
  if (version == "SPDX-2.2" || version == "SPDX-2.3") return reads(Format::spdx);
  return refuses(Format::spdx,
                 "an SPDX document of version " + quoted(version) + "; 2.2 and 2.3 are read");
}

bool is_spdx_3(JsonNode root) {
  const auto context = root.text("@context");
  return context && context->find("spdx.org/rdf/3") != std::string_view::npos;
}

Recognition recognise_json(JsonNode root) {
  if (!root.is_object()) {
    return refuses(Format::unknown, root.is_array() ? "a JSON array of no known report format"
                                                    : "a JSON value, but no report");
  }
  if (root.get("holdpoint_evidence")) {
    if (root.integer("holdpoint_evidence") == 1) return reads(Format::generic);
    return refuses(Format::generic, "declared evidence of another version than 1");
  }
  if (root.text("bomFormat") == "CycloneDX") return recognise_cyclonedx(root);
  if (const auto version = root.text("spdxVersion")) return recognise_spdx(*version);
  if (is_spdx_3(root)) return recognise_spdx("3");
  const auto schema = root.text("$schema").value_or("");
  if (root.get("runs") || schema.find("sarif") != std::string_view::npos) {
    return recognise_sarif(root);
  }
  return refuses(Format::unknown, "a JSON object of no known report format");
}

Recognition recognise_xml(XmlNode root) {
  const std::string_view name = root.local_name();
  if (name == "testsuites" || name == "testsuite") return reads(Format::junit);
  if (name == "coverage" && !root.attribute("clover") && !root.child("project")) {
    return reads(Format::cobertura);
  }
  if (name == "bom") {
    return refuses(Format::cyclonedx,
                   "a CycloneDX document in XML, kept as received; the JSON form is read");
  }
  struct Known {
    std::string_view root;
    std::string_view what;
  };
  constexpr Known known[] = {
      {"TestRun", "a TRX test report"},       {"test-run", "an NUnit 3 report"},
      {"test-results", "an NUnit 2 report"},  {"assemblies", "an xUnit.net report"},
      {"coverage", "a Clover report"},        {"report", "a JaCoCo report or one like it"},
      {"BugCollection", "a SpotBugs report"}, {"checkstyle", "a Checkstyle report"},
      {"OWASPZAPReport", "a ZAP report"},     {"analysis", "a Dependency-Check report"}};
  for (const Known& row : known) {
    if (row.root == name) return refuses(Format::unknown, std::string(row.what) + "; not read");
  }
  return refuses(Format::unknown,
                 "an XML document of no known report format (root element " + quoted(name) + ")");
}

/// LCOV has no header: it is told by its first record line.
bool looks_like_lcov(std::string_view text) {
  while (text.starts_with('#') || text.starts_with('\n') || text.starts_with('\r')) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return text.starts_with("TN:") || text.starts_with("SF:");
}

Recognition recognise_text(std::string_view text) {
  if (looks_like_lcov(text)) return reads(Format::lcov);
  if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) {
    return refuses(Format::unknown, "a ZIP archive; send the report in it");
  }
  if (text.starts_with("\x1F\x8B")) {
    return refuses(Format::unknown, "gzip-compressed; send the report in it");
  }
  return refuses(Format::unknown, "neither JSON nor XML nor LCOV");
}

Opened open_json(std::string_view bytes, Room room) {
  auto json = room == Room::padded ? ReportJson::parse_padded(bytes) : ReportJson::parse(bytes);
  if (!json) return {refuses(Format::unknown, "broken JSON: " + json.error().text()), {}, {}};
  Recognition recognition = recognise_json(json->root());
  return {std::move(recognition), std::move(*json), {}};
}

Opened open_xml(std::string_view bytes) {
  auto xml = XmlDocument::parse(bytes);
  if (!xml) return {refuses(Format::unknown, "broken XML: " + xml.error().text()), {}, {}};
  Recognition recognition = recognise_xml(xml->root());
  return {std::move(recognition), {}, std::move(*xml)};
}

/// The first character that is no white space, whatever the encoding is.
char first_character(std::string_view bytes) {
  for (const char c : bytes.substr(bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0)) {
    const bool mark_or_zero = c == '\xFF' || c == '\xFE' || c == 0;
    if (!mark_or_zero && c != ' ' && c != '\t' && c != '\r' && c != '\n') return c;
  }
  return 0;
}

}  // namespace

std::string_view format_text(Format format) {
  switch (format) {
    case Format::unknown: return "unknown";
    case Format::sarif: return "sarif";
    case Format::junit: return "junit";
    case Format::cobertura: return "cobertura";
    case Format::lcov: return "lcov";
    case Format::cyclonedx: return "cyclonedx";
    case Format::spdx: return "spdx";
    case Format::generic: return "generic";
  }
  return "unknown";
}

Opened open_report(std::string_view bytes, Room room) {
  const char first = first_character(bytes);
  if (first == 0) return {refuses(Format::unknown, "an empty file"), {}, {}};
  if (first == '{' || first == '[') return open_json(bytes, room);
  if (first == '<') return open_xml(bytes);
  if (sniff_encoding(bytes) == TextEncoding::utf8_with_mark) bytes.remove_prefix(3);
  return {recognise_text(bytes), {}, {}};
}

Recognition recognise(std::string_view bytes) { return open_report(bytes, Room::none).recognition; }

}  // namespace holdpoint::evidence

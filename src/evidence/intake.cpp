// Recognise, read, and name what could not be. The one net under all readers is here: running out
// of memory becomes an unparsed summary too.
#include "evidence/intake.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "base/assert.hpp"
#include "base/text_encoding.hpp"
#include "evidence/formats/readers.hpp"
#include "evidence/gather.hpp"
#include "evidence/opened.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::int64_t parser_version = 1;
/// Test reports are read by a second version: it lists the cases.
constexpr std::int64_t junit_parser_version = 2;

Summary unparsed(Format format, std::string_view reason) {
  Summary summary;
  summary.format = format_text(format);
  summary.status = ReportStatus::unparsed;
  summary.reason = clean_text(reason, reason_bytes_max);
  return summary;
}

/// Whether the text has so many elements for its size that a document model of it would take many
/// times its memory. Real reports have one element in 15 bytes or more.
bool is_too_dense(std::string_view bytes) {
  if (bytes.size() <= dense_bytes_max) return false;
  const auto opens_element = [](char c) { return c == ',' || c == '<' || c == '{' || c == '['; };
  const auto elements = std::ranges::count_if(bytes, opens_element);
  return static_cast<std::size_t>(elements) > bytes.size() / dense_bytes_per_element;
}

Reading read_opened(const Opened& opened, std::string_view bytes) {
  switch (opened.recognition.format) {
    case Format::sarif: return read_sarif(opened.json->root());
    case Format::cyclonedx: return read_cyclonedx(opened.json->root());
    case Format::spdx: return read_spdx(opened.json->root());
    case Format::generic: return read_generic(bytes);
    case Format::junit: return read_junit(opened.xml->root());
    case Format::cobertura: return read_cobertura(opened.xml->root());
    case Format::lcov: return read_lcov(bytes);
    case Format::unknown: break;
  }
  return std::unexpected(Unreadable("of no known format"));
}

/// Microseconds that a summary can hold: canonical JSON has no larger integer (RFC 7493 2.2).
constexpr Instant latest{(std::int64_t{1} << 53) - 1};

void ignore_incredible(std::optional<InstantUs>& time, Summary& summary) {
  if (!time || (time->at >= Instant{} && time->at <= latest)) return;
  time.reset();
  add_flag(summary, flag::time_ignored);
}

Summary read_report(std::string_view bytes, Room room) try {
  if (bytes.size() > report_bytes_max) {
    return unparsed(Format::unknown, "stored, not parsed: larger than 256 MB");
  }
  if (is_too_dense(bytes)) {
    return unparsed(Format::unknown, "stored, not parsed: too many elements for its size");
  }
  const Opened opened = open_report(bytes, room);
  const Recognition& recognition = opened.recognition;
  if (!recognition.readable()) return unparsed(recognition.format, recognition.why_not);
  auto reading = read_opened(opened, bytes);
  if (!reading) return unparsed(recognition.format, reading.error());
  reading->format = format_text(recognition.format);
  ignore_incredible(reading->started_at, *reading);
  ignore_incredible(reading->finished_at, *reading);
  return std::move(*reading);
} catch (const std::bad_alloc&) {
  return unparsed(Format::unknown, "stored, not parsed: not enough memory");
} catch (const std::exception& error) {
  return unparsed(Format::unknown, std::string("stored, not parsed: ") + error.what());
}

Summary with_parser(Summary summary) {
  const bool is_junit = summary.format == format_text(Format::junit);
  summary.parser = {"holdpoint-" + summary.format,
                    is_junit ? junit_parser_version : parser_version};
  HP_ASSERT((summary.status == ReportStatus::complete) == !summary.reason,
            "EV-5: a summary gives a reason exactly when it is not complete");
  return summary;
}

}  // namespace

Summary summarise(std::string_view bytes) { return with_parser(read_report(bytes, Room::none)); }

Summary summarise_owned(std::string bytes) {
  const std::size_t size = bytes.size();
  if (size > report_bytes_max) return summarise(bytes);
  try {
    bytes.append(report_json_padding, '\0');
  } catch (const std::bad_alloc&) {
    return summarise(bytes);
  }
  return with_parser(read_report(std::string_view(bytes).substr(0, size), Room::padded));
}

}  // namespace holdpoint::evidence

// Lists, flags and fingerprints shared by the format readers.
#include "evidence/gather.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/text_encoding.hpp"

namespace holdpoint::evidence {

namespace {

constexpr std::string_view place_words[] = {"line", "lines", "column", "col", "row"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Whether what was written before a number says that it is a place.
bool names_a_place(std::string_view before) {
  if (before.ends_with(':')) return true;
  if (!before.ends_with(' ')) return false;
  before.remove_suffix(1);
  std::size_t letters = 0;
  while (letters < before.size() && is_letter(before[before.size() - 1 - letters])) ++letters;
  const std::string_view word = before.substr(before.size() - letters);
  return std::ranges::any_of(place_words, [&](std::string_view place) {
    return std::ranges::equal(word, place, [](char a, char b) { return (a | 0x20) == b; });
  });
}

}  // namespace

void add_flag(Summary& summary, std::string_view code) {
  const auto at = std::ranges::lower_bound(summary.flags, code);
  if (at == summary.flags.end() || *at != code) summary.flags.emplace(at, code);
}

void add_tool(Summary& summary, std::string_view name, std::optional<std::string_view> version) {
  if (summary.tools.size() >= tools_max) return;
  Tool tool{clean_text(name, name_bytes_max), optional_text(version, name_bytes_max)};
  if (tool.name.empty()) return;
  const bool known = std::ranges::any_of(summary.tools, [&](const Tool& other) {
    return other.name == tool.name && other.version == tool.version;
  });
  if (!known) summary.tools.push_back(std::move(tool));
}

std::optional<std::string> optional_text(std::optional<std::string_view> text,
                                         std::size_t bytes_max) {
  if (!text) return std::nullopt;
  std::string cleaned = clean_text(*text, bytes_max);
  if (cleaned.empty()) return std::nullopt;
  return cleaned;
}

Identity& Identity::add(std::string_view part) {
  bytes_ += std::to_string(part.size());
  bytes_ += ':';
  bytes_ += part;
  return *this;
}

std::string without_places(std::string_view message) {
  std::string out;
  out.reserve(message.size());
  for (std::size_t i = 0; i < message.size();) {
    if (is_space(message[i])) {
      while (i < message.size() && is_space(message[i])) ++i;
      if (!out.empty() && i < message.size()) out += ' ';
    } else if (is_digit(message[i])) {
      const bool place = names_a_place(out);
      if (place) out += '#';
      for (; i < message.size() && is_digit(message[i]); ++i) {
        if (!place) out += message[i];
      }
    } else {
      out += message[i++];
    }
  }
  return out;
}

std::size_t FindingList::rank(Severity severity, FindingStatus status) {
  if (status != FindingStatus::open) return ranks - 1;
  return static_cast<std::size_t>(severity_rank(severity));
}

void FindingList::count(Severity severity, FindingStatus status) {
  HP_ASSERT(!taking_, "EV-4: findings are counted before they are listed");
  ++counted_[rank(severity, status)];
  switch (status) {
    case FindingStatus::suppressed: ++findings_.suppressed; return;
    case FindingStatus::fixed: ++findings_.fixed; return;
    case FindingStatus::not_affected: ++findings_.not_affected; return;
    case FindingStatus::open: break;
  }
  switch (severity) {
    case Severity::critical: ++findings_.open.critical; return;
    case Severity::high: ++findings_.open.high; return;
    case Severity::medium: ++findings_.open.medium; return;
    case Severity::low: ++findings_.open.low; return;
    case Severity::info: ++findings_.open.info; return;
    case Severity::unknown: ++findings_.open.unknown; return;
  }
}

bool FindingList::take(Severity severity, FindingStatus status) {
  if (!taking_) {
    taking_ = true;
    std::size_t left = findings_max;
    for (std::size_t i = 0; i < ranks; ++i) {
      room_[i] = std::min(counted_[i], left);
      left -= room_[i];
    }
    findings_.items.reserve(findings_max - left);
  }
  std::size_t& room = room_[rank(severity, status)];
  if (room == 0) {
    ++findings_.cut;
    return false;
  }
  --room;
  return true;
}

void FindingList::add(Finding finding, const Identity& identity) {
  Digest digest = sha256(identity.bytes());
  const std::int64_t ordinal = seen_[digest]++;
  if (ordinal > 0) {
    Identity repeated;
    repeated.add(identity.bytes()).add(std::to_string(ordinal));
    digest = sha256(repeated.bytes());
  }
  finding.fingerprint = digest.hex();
  findings_.items.push_back(std::move(finding));
}

Findings FindingList::finish() {
  findings_.severity_map = severity_map_version;
  return std::move(findings_);
}

void add_component(Components& components, Component component, bool licensed) {
  ++components.count;
  if (component.purl) ++components.with_purl;
  if (component.version) ++components.with_version;
  if (licensed) ++components.with_license;
  if (components.names.size() < components_max) {
    components.names.push_back(std::move(component));
  } else {
    ++components.names_cut;
  }
}

}  // namespace holdpoint::evidence

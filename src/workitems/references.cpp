// What a link of a work item may say, and what it may lead to. Both are closed sets, so that two
// people who mean the same write the same, and a question over links has an answer.
#include <algorithm>
#include <array>

#include "workitems/workitems.hpp"

namespace holdpoint::workitems {
namespace {

constexpr std::array<std::string_view, 12> kRelations{
    "blocks",     "caused_by",  "delivers",  "documented_by", "duplicates", "fixes",
    "follows_up", "implements", "mitigates", "parent_of",     "relates_to", "validates"};

constexpr std::array<std::string_view, 8> kKinds{"change",   "commit",  "deployment", "document",
                                                 "incident", "release", "test_case",  "work_item"};

struct Prefix {
  std::string_view prefix;
  std::string_view kind;
};
constexpr std::array<Prefix, 7> kPrefixes{{{"chg_", "change"},
                                           {"dpl_", "deployment"},
                                           {"doc_", "document"},
                                           {"inc_", "incident"},
                                           {"rel_", "release"},
                                           {"tcs_", "test_case"},
                                           {"wit_", "work_item"}}};

constexpr std::size_t kReferenceBytesMax = 300;

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kReferenceBytesMax &&
         std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F;
         });
}

bool is_commit(std::string_view text) {
  return text.size() >= 7 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::unexpected<Refusal> unreadable(std::string_view text, std::string message) {
  Refusal refusal{RefusalKind::invalid, "unreadable_reference",
                  "'" + std::string(text.substr(0, kReferenceBytesMax)) + "' names nothing."};
  refusal.issues.push_back({"/to", std::move(message), 0});
  refusal.next.push_back({"you", "write KIND:NAME, APP@VERSION, an id, or the key of a work item",
                          "holdpoint work link --help"});
  return refuse(std::move(refusal));
}

}  // namespace

std::span<const std::string_view> relations() { return kRelations; }

bool is_relation(std::string_view word) { return std::ranges::binary_search(kRelations, word); }

std::span<const std::string_view> linked_kinds() { return kKinds; }

Decided<Reference> read_reference(std::string_view text) {
  if (!is_word(text)) return unreadable(text, "expected one word");
  Reference read;
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    read = {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
    if (!std::ranges::binary_search(kKinds, std::string_view(read.kind)) || read.name.empty()) {
      return unreadable(text,
                        "before the colon stands change, commit, deployment, document, "
                        "incident, release, test_case or work_item");
    }
  } else if (text.contains('@')) {
    read = {"release", std::string(text)};
  } else {
    read = {"work_item", std::string(text)};
    for (const Prefix& row : kPrefixes) {
      if (text.starts_with(row.prefix)) read.kind = row.kind;
    }
  }
  if (read.kind == "commit" && !is_commit(read.name)) {
    return unreadable(text, "a commit is named by 7 to 64 hex digits in lower case");
  }
  return read;
}

}  // namespace holdpoint::workitems

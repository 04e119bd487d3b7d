// See record_index.hpp. Members are read by their names in every version of an event: what one
// version says and another does not is then simply not found by it.
#include "compliance/record_index.hpp"

#include <array>

#include "base/text.hpp"

namespace holdpoint::compliance {
namespace {

struct Prefix {
  std::string_view text;
  RecordKind kind{};
};

/// A type is of the first row that it begins with.
constexpr std::array prefixes{
    Prefix{"access_review.", RecordKind::access_review},
    Prefix{"approval.", RecordKind::approval},
    Prefix{"certification.", RecordKind::certification},
    Prefix{"change.", RecordKind::change},
    Prefix{"configuration.", RecordKind::configuration},
    Prefix{"criteria.", RecordKind::policy},
    Prefix{"delegation.", RecordKind::delegation},
    Prefix{"deployment.refused", RecordKind::refused_start},
    Prefix{"deployment.", RecordKind::deployment},
    Prefix{"emergency.", RecordKind::change},
    Prefix{"evidence.", RecordKind::evidence},
    Prefix{"findings.", RecordKind::triage},
    Prefix{"framework.", RecordKind::framework},
    Prefix{"freeze_override.", RecordKind::change},
    Prefix{"incident.", RecordKind::incident},
    Prefix{"ledger.verified", RecordKind::verification},
    Prefix{"policy.", RecordKind::policy},
    Prefix{"release.", RecordKind::release},
    Prefix{"role.", RecordKind::access},
    Prefix{"token.", RecordKind::access},
    Prefix{"waiver.", RecordKind::waiver},
};

std::string text_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) return "";
  return std::string(cut_text(view(found->get_string()), indexed_text_bytes_max));
}

const json::object* object_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

/// The first of the members that is there.
std::string first_of(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (auto text = text_of(object, name); !text.empty()) return text;
  }
  return "";
}

std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_array()) return texts;
  for (const json::value& one : found->get_array()) {
    if (texts.size() == indexed_applications_max) break;
    if (one.is_string())
      texts.emplace_back(cut_text(view(one.get_string()), indexed_text_bytes_max));
  }
  return texts;
}

/// Certifications say what they are about in a record of their own, changes in their content.
const json::object& telling_part(const json::object& body) {
  for (const std::string_view name : {"record", "content"}) {
    if (const auto* part = object_of(body, name)) return *part;
  }
  return body;
}

}  // namespace

std::optional<RecordKind> kind_of_event(std::string_view type) {
  for (const Prefix& one : prefixes) {
    if (type.starts_with(one.text)) return one.kind;
  }
  return std::nullopt;
}

Described describe_event(std::string_view type, std::string_view subject,
                         const json::object& body) {
  const json::object& part = telling_part(body);
  Described out;
  IndexedRecord& record = out.record;
  record.type = type;
  record.kind = kind_of_event(type).value_or(RecordKind::release);
  record.thing = text_of(body, "id");
  if (record.thing.empty()) record.thing = text_of(part, "id");
  if (record.thing.empty()) record.thing = cut_text(subject, indexed_text_bytes_max);
  record.application = text_of(part, "application");
  record.version = text_of(part, "version");
  record.environment = text_of(part, "environment");
  record.release = record.kind == RecordKind::release ? record.thing : text_of(part, "release");
  record.title = first_of(part, {"title", "name", "what", "file"});
  record.detail = first_of(body, {"outcome", "state", "choice", "ending", "status", "severity",
                                  "shortfall", "disposition", "answer", "code", "role"});
  if (record.kind == RecordKind::evidence) {
    record.evidence = text_of(body, "kind");
    record.tool = text_of(body, "format");
    if (const auto* metadata = object_of(body, "metadata")) {
      if (auto tool = text_of(*metadata, "tool"); !tool.empty()) record.tool = std::move(tool);
    }
  }
  out.applications = texts_of(part, "applications");
  if (record.application.empty() && out.applications.empty()) {
    out.like = record.release.empty() || record.kind == RecordKind::release ? record.thing
                                                                            : record.release;
  }
  return out;
}

}  // namespace holdpoint::compliance

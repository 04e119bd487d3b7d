// Deciding about work items: what may be said of one, and what it becomes.
#include <algorithm>

#include "base/text.hpp"
#include "workitems/workitems.hpp"

namespace holdpoint::workitems {
namespace {

using Names = std::vector<std::string>;
using Fields = std::map<std::string, std::string>;

std::string expected(std::size_t bytes_max) {
  return "expected 1 to " + std::to_string(bytes_max) + " bytes";
}

class Checking {
 public:
  explicit Checking(const KnownNames& known) : known_(known) {}

  void issue(std::string path, std::string message) {
    issues_.push_back({std::move(path), std::move(message), 0});
  }
  void line(const std::string& path, std::string_view text, std::size_t bytes_max) {
    if (!is_stated(text, bytes_max) || !is_one_line(text)) {
      issue(path, expected(bytes_max) + " in one line");
    }
  }
  void line(const std::string& path, const std::optional<std::string>& text,
            std::size_t bytes_max) {
    if (text) line(path, std::string_view(*text), bytes_max);
  }
  void text(const std::string& path, const std::optional<std::string>& stated,
            std::size_t bytes_max) {
    if (stated && !is_stated(*stated, bytes_max)) issue(path, expected(bytes_max));
  }
  void owner(const std::optional<std::string>& person) {
    if (person && !known_.people.contains(*person)) {
      issue("/owner", "not a person who can sign in here");
    }
  }
  void applications(const std::optional<Names>& names) {
    if (!names) return;
    if (names->size() > applications_max) {
      issue("/applications", "more than " + std::to_string(applications_max));
      return;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names->size(); ++i) {
      const std::string at = "/applications/" + std::to_string(i);
      const std::string& name = (*names)[i];
      if (!known_.applications.contains(name)) issue(at, "there is no such application");
      if (!seen.insert(name).second) issue(at, "stands twice");
    }
  }
  void fields(const std::optional<Fields>& fields) {
    if (!fields) return;
    if (fields->size() > fields_max) {
      issue("/fields", "more than " + std::to_string(fields_max));
      return;
    }
    for (const auto& [name, value] : *fields) {
      if (!is_key(name) || name.size() > field_name_bytes_max) {
        issue("/fields", "a name has letters, digits and inner -._, at most " +
                             std::to_string(field_name_bytes_max));
      } else if (value.size() > field_value_bytes_max || !is_one_line(value)) {
        issue("/fields/" + name,
              "expected at most " + std::to_string(field_value_bytes_max) + " bytes in one line");
      }
    }
  }
  /// A key is of a system: without it nobody knows whose it is.
  void external(const WorkItem& item) {
    if (item.external_key.has_value() != item.external_system.has_value()) {
      issue("/external_key", "a key goes with the name of its system, and the other way round");
    }
    const auto& url = item.external_url;
    if (url && !url->starts_with("https://") && !url->starts_with("http://")) {
      issue("/external_url", "expected an address that starts with https://");
    }
  }
  [[nodiscard]] bool clean() const { return issues_.empty(); }
  std::unexpected<Refusal> refusal() { return refuse(invalid_work_item(std::move(issues_))); }

 private:
  const KnownNames& known_;
  JsonIssues issues_;
};

template <class Command>
void check_stated(Checking& checking, const Command& command) {
  checking.owner(command.owner);
  checking.applications(command.applications);
  checking.fields(command.fields);
  checking.line("/external_system", command.external_system, external_bytes_max);
  checking.line("/external_key", command.external_key, external_bytes_max);
  checking.line("/external_url", command.external_url, external_bytes_max);
  checking.text("/description", command.description, description_bytes_max);
}

/// Lists are sorted, so that the same is recognised.
template <class Command>
void take_stated(WorkItem& item, const Command& command) {
  if (command.priority) item.priority = *command.priority;
  if (command.owner) item.owner = command.owner;
  if (command.applications) {
    item.applications = *command.applications;
    std::ranges::sort(item.applications);
  }
  if (command.fields) {
    for (const auto& [name, value] : *command.fields) {
      if (value.empty()) {
        item.fields.erase(name);
      } else {
        item.fields[name] = value;
      }
    }
  }
  if (command.external_system) item.external_system = command.external_system;
  if (command.external_key) item.external_key = command.external_key;
  if (command.external_url) item.external_url = command.external_url;
}

void check_result(Checking& checking, const WorkItem& item) {
  checking.external(item);
  if (item.fields.size() > fields_max) {
    checking.issue("/fields", "more than " + std::to_string(fields_max) + " with those it has");
  }
}

}  // namespace

bool is_key(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (text.empty() || text.size() > key_bytes_max) return false;
  if (!is_plain(text.front()) || !is_plain(text.back())) return false;
  return std::ranges::all_of(
      text, [&](char c) { return is_plain(c) || c == '-' || c == '.' || c == '_'; });
}

Decided<WorkItem> create(const CreateWorkItem& command, std::string key,
                         const std::string& requester, const KnownNames& known) {
  Checking checking(known);
  checking.line("/title", std::string_view(command.title), title_bytes_max);
  // What looks like an id would be read as one.
  if (!is_key(key) || WorkItemId::parse(key)) {
    checking.issue(
        "/key", "expected letters, digits and inner -._, at most " + std::to_string(key_bytes_max));
  }
  check_stated(checking, command);
  WorkItem item;
  item.name = std::move(key);
  item.type = command.type;
  item.title = command.title;
  item.requested_by = requester;
  take_stated(item, command);
  check_result(checking, item);
  if (!checking.clean()) return checking.refusal();
  return item;
}

Decided<WorkItem> change(const WorkItem& item, const ChangeWorkItem& command,
                         const KnownNames& known) {
  Checking checking(known);
  checking.line("/title", command.title, title_bytes_max);
  checking.text("/note", command.note, note_bytes_max);
  check_stated(checking, command);
  WorkItem changed = item;
  take_stated(changed, command);
  if (command.title) changed.title = *command.title;
  check_result(checking, changed);
  if (!checking.clean()) return checking.refusal();
  if (command.state && *command.state != item.state) {
    if (!may_become(item.type, item.state, *command.state)) {
      return refuse(step_not_allowed(item, *command.state));
    }
    changed.state = *command.state;
  }
  return changed;
}

Decided<WorkItem> close(const WorkItem& item, const CloseWorkItem& command) {
  const KnownNames nothing_named;
  Checking checking(nothing_named);
  checking.text("/reason", command.reason, note_bytes_max);
  if (!is_closed(command.state)) checking.issue("/state", "expected done or rejected");
  if (!checking.clean()) return checking.refusal();
  if (item.state == command.state || !may_become(item.type, item.state, command.state)) {
    return refuse(step_not_allowed(item, command.state));
  }
  WorkItem closed = item;
  closed.state = command.state;
  return closed;
}

}  // namespace holdpoint::workitems

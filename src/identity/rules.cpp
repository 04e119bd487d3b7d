// See rules.hpp.
#include "identity/rules.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "identity/permissions.hpp"

namespace holdpoint::identity {
namespace {

constexpr std::array<std::string_view, 9> kReservedNames{
    "api", "audit", "ledger", "people", "schemas", "sessions", "system", "whoami", "workspaces"};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// C0, DEL and C1 controls. MUST be given valid UTF-8, where C1 is 0xC2 0x80 to 0xC2 0x9F.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  return false;
}

std::optional<std::string> name_flaw(std::string_view name, std::size_t bytes_max) {
  if (name.empty() || name.size() > bytes_max) {
    return "expected 1 to " + std::to_string(bytes_max) + " bytes";
  }
  if (!is_utf8(name) || has_control(name)) return "control characters are not allowed";
  if (name.front() == ' ' || name.back() == ' ') return "spaces at the ends are not allowed";
  return std::nullopt;
}

std::optional<std::string> email_flaw(std::string_view email) {
  if (email.size() < 3 || email.size() > email_bytes_max) return "expected 3 to 254 bytes";
  const auto at = email.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || at + 1 == email.size() ||
      email.find('@', at + 1) != std::string_view::npos) {
    return "expected a mail address, name@domain";
  }
  if (!is_utf8(email) || has_control(email) ||
      email.find_first_of(" \"(),:;<>[\\]") != email.npos) {
    return "expected a mail address without spaces, quotes and brackets";
  }
  return std::nullopt;
}

bool is_account_name(std::string_view name) {
  if (name.empty() || name.size() > service_account_name_bytes_max) return false;
  return std::ranges::all_of(name, [](char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  });
}

void note(JsonIssues& issues, std::string path, std::optional<std::string> flaw) {
  if (flaw) issues.push_back({std::move(path), std::move(*flaw), 0});
}

}  // namespace

JsonIssues flaws(const OpenSession& command) {
  JsonIssues issues;
  note(issues, "/email", email_flaw(command.email));
  if (command.password.empty() || command.password.size() > password_bytes_max) {
    note(issues, "/password", "expected 1 to 1024 bytes");
  }
  return issues;
}

JsonIssues flaws(const CreateWorkspace& command) {
  JsonIssues issues;
  if (!is_workspace_name(command.name)) {
    note(issues, "/name",
         "expected 2 to 39 of a-z, 0-9 and -, starting with a letter, and not a reserved word");
  }
  if (command.title) note(issues, "/title", name_flaw(*command.title, name_bytes_max));
  return issues;
}

JsonIssues flaws(const AddPerson& command) {
  JsonIssues issues;
  note(issues, "/name", name_flaw(command.name, name_bytes_max));
  note(issues, "/email", email_flaw(command.email));
  if (command.password) {
    note(issues, "/password", password_flaw(*command.password, command.name, command.email));
  }
  return issues;
}

JsonIssues flaws(const RenamePerson& command) {
  JsonIssues issues;
  note(issues, "/name", name_flaw(command.name, name_bytes_max));
  return issues;
}

JsonIssues flaws(const CreateServiceAccount& command) {
  JsonIssues issues;
  if (!is_account_name(command.name)) {
    note(issues, "/name", "expected 1 to 64 letters, digits, -, _ and .");
  }
  return issues;
}

JsonIssues flaws(const IssueToken& command) {
  JsonIssues issues;
  note(issues, "/name", name_flaw(command.name, token_name_bytes_max));
  if (command.scopes.empty() || command.scopes.size() > permissions().size()) {
    note(issues, "/scopes", "expected at least one permission, each once");
  }
  for (std::size_t i = 0; i < command.scopes.size() && i < permissions().size(); ++i) {
    if (find_permission(command.scopes[i]) == nullptr) {
      note(issues, "/scopes/" + std::to_string(i), "not a permission");
    }
  }
  if (command.expires_in) {
    const auto life = parse_duration(*command.expires_in);
    if (!life || *life < token_life_min || *life > token_life_max) {
      note(issues, "/expires_in", "expected a duration from 1m to 365d, such as 30d");
    }
  }
  return issues;
}

JsonIssues flaws(const AssignRole& command) {
  JsonIssues issues;
  if (find_role(command.role) == nullptr) {
    std::string names;
    for (const Role& role : roles()) names += (names.empty() ? "" : ", ") + std::string(role.name);
    note(issues, "/role", "expected one of: " + names);
  }
  const bool fits = command.actor_kind == ActorKind::person
                        ? PersonId::parse(command.actor_id).has_value()
                        : ServiceAccountId::parse(command.actor_id).has_value();
  if (!fits) note(issues, "/actor_id", "expected an id of that kind of actor");
  return issues;
}

std::optional<std::string> password_flaw(std::string_view password, std::string_view name,
                                         std::string_view email) {
  if (password.size() < password_bytes_min || password.size() > password_bytes_max) {
    return "expected 12 to 1024 bytes";
  }
  const std::string lowered = normal_email(password);
  if (lowered == normal_email(name) || lowered == normal_email(email)) {
    return "the name or mail address is not a password";
  }
  return std::nullopt;
}

bool is_workspace_name(std::string_view name) {
  if (name.size() < workspace_name_bytes_min || name.size() > workspace_name_bytes_max)
    return false;
  if (!is_lower(name.front())) return false;
  if (std::ranges::find(kReservedNames, name) != kReservedNames.end()) return false;
  return std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

std::string normal_email(std::string_view email) {
  std::string lowered(email);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

std::string presentable(std::string_view text, std::size_t bytes_max) {
  if (!is_utf8(text)) return {};
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (byte < 0x20 || byte == 0x7F) out[i] = ' ';
    if (byte == 0xC2 && static_cast<unsigned char>(out[i + 1]) < 0xA0) out.replace(i, 2, " ");
  }
  if (out.size() > bytes_max) {
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
    out.resize(end);
  }
  const auto first = out.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

Duration life_of(const IssueToken& command) {
  if (!command.expires_in) return token_life_default;
  const auto life = parse_duration(*command.expires_in);
  HP_ASSERT(life.has_value(), "ID-1: a token request is checked before it is decided");
  return *life;
}

}  // namespace holdpoint::identity

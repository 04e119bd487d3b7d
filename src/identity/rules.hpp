// What names, mail addresses, passwords and token requests must look like. Every flaw is told with
// its path, all of them at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "identity/commands.hpp"

namespace holdpoint::identity {

inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t email_bytes_max = 254;
inline constexpr std::size_t password_bytes_min = 12;
inline constexpr std::size_t password_bytes_max = 1024;
inline constexpr std::size_t workspace_name_bytes_min = 2;
inline constexpr std::size_t workspace_name_bytes_max = 39;
inline constexpr std::size_t service_account_name_bytes_max = 64;
inline constexpr std::size_t token_name_bytes_max = 100;
inline constexpr Duration token_life_min = Duration::minutes(1);
inline constexpr Duration token_life_max = Duration::days(365);
inline constexpr Duration token_life_default = Duration::days(30);

JsonIssues flaws(const OpenSession& command);
JsonIssues flaws(const CreateWorkspace& command);
JsonIssues flaws(const AddPerson& command);
JsonIssues flaws(const RenamePerson& command);
JsonIssues flaws(const CreateServiceAccount& command);
JsonIssues flaws(const IssueToken& command);
JsonIssues flaws(const AssignRole& command);

/// A password may not be the name or the mail address of who uses it, whatever the case.
std::optional<std::string> password_flaw(std::string_view password, std::string_view name,
                                         std::string_view email);

/// `[a-z][a-z0-9-]{1,38}`, and not a word that paths or the server use.
bool is_workspace_name(std::string_view name);
/// The form in which mail addresses are compared: ASCII letters lowered.
std::string normal_email(std::string_view email);
/// A name that commits or headers gave, made fit to be sealed and shown: control characters become
/// spaces, ends are trimmed, too long is cut at a character's end. May be empty.
std::string presentable(std::string_view text, std::size_t bytes_max);
/// The life a token asks for. MUST be given a command without flaws.
Duration life_of(const IssueToken& command);

}  // namespace holdpoint::identity

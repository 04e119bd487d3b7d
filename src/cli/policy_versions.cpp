// See policy_versions.hpp.
#include "cli/policy_versions.hpp"

#include <filesystem>

#include "cli/fields.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t revision_digits_max = 15;

struct Named {
  std::string name;      // "" for all
  std::string revision;  // digits, or "now"
};

Tried<Named> named(const std::string& argument) {
  const auto at = argument.rfind('@');
  Named out{argument.substr(0, at), argument.substr(at + 1)};
  const bool is_number = !out.revision.empty() && out.revision.size() <= revision_digits_max &&
                         out.revision.find_first_not_of("0123456789") == std::string::npos;
  if (is_number || out.revision == "now") return out;
  return wrong_use(
      "`" + argument + "` names neither a file nor a version.", "policy",
      "Write NAME@REVISION with a number of `holdpoint policy revisions`, or NAME@now.");
}

/// The entries of the bundle: what each is called and the digest of its text.
Tried<json::array> entries_of(const Named& wanted, Session& session) {
  const bool is_now = wanted.revision == "now";
  HP_TRY(const Answer answer,
         session.get(session.in_workspace(
             is_now ? std::vector<std::string>{"policies"}
                    : std::vector<std::string>{"policy-revisions", wanted.revision})));
  const json::array* entries = array_at(answer.document, is_now ? "items" : "manifest");
  if (entries == nullptr) return malformed("The answer holds no policies.", "GET policies");
  return *entries;
}

}  // namespace

bool names_version(const std::string& argument) {
  std::error_code error;
  return argument.find('@') != std::string::npos && !std::filesystem::exists(argument, error);
}

Tried<std::vector<Declaration>> versions_of(const std::string& argument, Session& session) {
  HP_TRY(const Named wanted, named(argument));
  HP_TRY(const json::array entries, entries_of(wanted, session));
  std::vector<Declaration> found;
  for (const json::value& entry : entries) {
    const auto* one = entry.if_object();
    if (one == nullptr) continue;
    const std::string name = shown_at(*one, "name");
    if (!wanted.name.empty() && name != wanted.name) continue;
    const auto digest = text_at(*one, "digest");
    if (!digest) return malformed("A policy of the answer has no digest.", "GET policies");
    HP_TRY(std::string text, session.get_bytes(session.in_workspace({"policy-versions", *digest})));
    found.push_back({name + "@" + wanted.revision, std::move(text)});
  }
  if (found.empty()) {
    return wrong_use("There is no such policy in that revision.", argument,
                     "See `holdpoint policy revisions` and `holdpoint policy list`.");
  }
  return found;
}

}  // namespace holdpoint::cli

// Telling what looks like a secret in a configuration. What is recorded stays for ever and is read
// by many, so the doubtful case is refused: whoever sends it can give the digest instead, which
// still shows a change.
#include <algorithm>
#include <array>

#include "catalog/configuration.hpp"

namespace holdpoint::catalog {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 20> kSecretWords{
    "password",         "passwords",  "passwd",    "pwd",        "passphrase",  "secret",
    "secrets",          "token",      "tokens",    "credential", "credentials", "apikey",
    "apikeys",          "privatekey", "accesskey", "secretkey",  "signingkey",  "encryptionkey",
    "connectionstring", "jwt"};
/// Together with a following "key" or "keys".
constexpr std::array<std::string_view, 7> kKeyOwners{"api",        "private", "access", "signing",
                                                     "encryption", "shared",  "master"};
/// A name that ends so tells of a secret and holds none: its place, its life, its rules.
constexpr std::array<std::string_view, 27> kHarmlessEnds{
    "ttl",    "seconds",  "minutes",  "hours",   "days",      "length",   "count",
    "limit",  "lifetime", "expiry",   "enabled", "required",  "rotation", "policy",
    "name",   "ref",      "file",     "path",    "url",       "uri",      "id",
    "issuer", "audience", "endpoint", "version", "algorithm", "type"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lowered(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// "DB_APIKey2" gives db, api, key: names are written in many ways.
Words words_of(std::string_view name) {
  Words words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c) && !is_lower(c)) {
      end_word();
      continue;
    }
    const bool after_lower = i > 0 && is_lower(name[i - 1]);
    const bool before_lower = i + 1 < name.size() && is_lower(name[i + 1]);
    if (is_upper(c) && (after_lower || before_lower)) end_word();
    word += lowered(c);
  }
  end_word();
  return words;
}

enum class Naming : std::uint8_t { silent, secret, about_a_secret };

Naming naming_of(std::string_view name) {
  const Words words = words_of(name);
  bool names_one = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    names_one |= is_one_of(kSecretWords, words[i]);
    if (i + 1 == words.size()) break;
    const std::string& next = words[i + 1];
    names_one |= (next == "key" || next == "keys") && is_one_of(kKeyOwners, words[i]);
    names_one |= words[i] == "connection" && next == "string";
  }
  if (!names_one) return Naming::silent;
  const bool counts = words.front() == "max" || words.front() == "min";
  return counts || is_one_of(kHarmlessEnds, words.back()) ? Naming::about_a_secret : Naming::secret;
}

bool is_digest(std::string_view text) {
  return text.starts_with("sha256:") && Digest::parse(text).has_value();
}

/// A private key in PEM, or a URL with a password in it (RFC 3986 §3.2.1).
bool has_form_of_secret(std::string_view text) {
  if (text.contains("PRIVATE KEY-----")) return true;
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view authority =
      text.substr(scheme + 3, text.find_first_of("/?# ", scheme + 3) - (scheme + 3));
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return false;
  const auto colon = authority.find(':');
  return colon < at && colon + 1 < at;
}

class Search {
 public:
  void object(const std::string& path, const json::object& members, Naming around) {
    for (const auto& member : members) {
      const Naming own = naming_of(member.key());
      value(path + pointer_step(member.key()), member.value(),
            own == Naming::silent ? around : own);
    }
  }
  JsonIssues take() { return std::move(issues_); }

 private:
  void value(const std::string& path, const json::value& value, Naming naming) {
    if (const auto* members = value.if_object()) return object(path, *members, naming);
    if (const auto* elements = value.if_array()) {
      for (std::size_t i = 0; i < elements->size(); ++i) {
        this->value(path + "/" + std::to_string(i), (*elements)[i], naming);
      }
      return;
    }
    if (const auto* text = value.if_string()) {
      if (text->empty() || is_digest(view(*text))) return;
      if (naming == Naming::secret || has_form_of_secret(view(*text))) found(path);
    } else if (value.is_number() && naming == Naming::secret) {
      found(path);
    }
  }
  void found(const std::string& path) {
    if (issues_.size() >= configuration_issues_max) return;
    issues_.push_back({path, "looks like a secret; give sha256: and the digest of its value", 0});
  }

  JsonIssues issues_;
};

}  // namespace

JsonIssues secrets_in(const json::object& document) {
  Search search;
  search.object("", document, Naming::silent);
  return search.take();
}

}  // namespace holdpoint::catalog

// Names of releases and digests of artifacts, as given on the command line.
#include "cli/release_ref.hpp"

#include "cli/local_file.hpp"

namespace holdpoint::cli {

Tried<ReleaseName> parse_release_name(const std::string& text) {
  const auto at = text.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
    return wrong_use("`" + text + "` does not name a release.", "release",
                     "Write APPLICATION@VERSION, such as billing@1.4.0.");
  }
  return ReleaseName{text.substr(0, at), text.substr(at + 1)};
}

Tried<std::string> checked_release_ref(const std::string& text) {
  if (text.starts_with("rel_") && text.find('@') == std::string::npos) return text;
  HP_TRY_VOID(parse_release_name(text));
  return text;
}

Tried<std::string> artifact_digest(const std::string& text) {
  if (text.starts_with("sha256:")) {
    const auto digest = Digest::parse(text);
    if (!digest) {
      return wrong_use("`" + text + "` is no SHA-256 digest.", "--artifact",
                       "Write sha256: and 64 hexadecimal digits.");
    }
    return digest->text();
  }
  HP_TRY(const HashedFile file, hash_file(text));
  return file.digest.text();
}

}  // namespace holdpoint::cli

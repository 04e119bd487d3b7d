// The refusals of releases: a closed set of codes, each with its next actor.
#include "releases/releases.hpp"

namespace holdpoint::releases {

Refusal release_exists(std::string_view application, std::string_view version) {
  Refusal refusal{RefusalKind::conflict, "release_exists",
                  "The release " + std::string(application) + "@" + std::string(version) +
                      " exists with other contents; a release never changes."};
  refusal.next.push_back({"whoever proposes the release", "propose it under another version", ""});
  return refusal;
}

Refusal release_not_found(std::string_view reference) {
  Refusal refusal{RefusalKind::not_found, "release_not_found",
                  "There is no release " + std::string(reference) + " in this workspace."};
  refusal.next.push_back({"the pipeline", "propose the release",
                          "holdpoint release create " + std::string(reference)});
  return refusal;
}

Refusal application_not_found(std::string_view application) {
  Refusal refusal{RefusalKind::invalid, "application_not_found",
                  "There is no application " + std::string(application) + " in this workspace."};
  refusal.issues.push_back({"/application", "not known here", 0});
  refusal.next.push_back({"workspace administrator", "apply a document for the application",
                          "holdpoint apply -f application.yaml"});
  return refusal;
}

Refusal application_retired(std::string_view application) {
  Refusal refusal{
      RefusalKind::conflict, "application_retired",
      "The application " + std::string(application) + " is retired; it takes no new release."};
  refusal.next.push_back({"workspace administrator", "apply its document with state: active",
                          "holdpoint apply -f application.yaml"});
  return refusal;
}

}  // namespace holdpoint::releases

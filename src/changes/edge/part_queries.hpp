// Who has a part in what is approved: whoever wrote, proposed, edited or asked for it (B5). A
// promotion and a change that brings out the same release leave the same people out.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "approvals/subject.hpp"
#include "engine/ports.hpp"
#include "releases/edge/release_queries.hpp"

namespace holdpoint::changes {

/// Writes to the content whom it finds; whoever is not known here is named there too.
class Parts {
 public:
  Parts(engine::Connection& tables, std::string_view workspace, approvals::SubjectContent& content)
      : tables_(tables), workspace_(workspace), content_(content) {}

  /// Everybody behind a commit, and whoever proposed the release built it.
  void add_release(const releases::Release& release, const releases::Contents& contents);
  /// The actor's own id tells its kind; people answer for a service account.
  void add_actor(const std::string& actor, approvals::Part part);
  /// Whoever recorded how the environment is configured for the application now.
  void add_configurer(std::string_view application, std::string_view environment);

 private:
  void add(const std::string& person, approvals::Part part);

  engine::Connection& tables_;
  std::string_view workspace_;
  approvals::SubjectContent& content_;
  std::set<std::pair<std::string, approvals::Part>> seen_;
  std::set<std::string> known_;
};

}  // namespace holdpoint::changes

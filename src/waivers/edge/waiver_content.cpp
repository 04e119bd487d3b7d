// A waiver as something that is approved: what is signed, and who had a part in it.
#include "catalog/edge/catalog_queries.hpp"
#include "identity/edge/person_queries.hpp"
#include "releases/edge/release_queries.hpp"
#include "waivers/edge/waivers_edge.hpp"

namespace holdpoint::waivers {
namespace {

using approvals::Part;
using approvals::SubjectContent;

void add_person(engine::Connection& tables, const std::string& person, Part part,
                SubjectContent& content) {
  const approvals::Involved involved{person, part};
  if (std::ranges::find(content.involved, involved) != content.involved.end()) return;
  content.involved.push_back(involved);
  const auto& unknown = content.unknown_people;
  const bool is_noted = std::ranges::find(unknown, person) != unknown.end();
  if (!is_noted && !identity::is_known_person(tables, person)) {
    content.unknown_people.push_back(person);
  }
}

/// Nobody approves an exception for what they wrote.
void add_contributors(engine::Connection& tables, const releases::Contents& contents,
                      SubjectContent& content) {
  for (const releases::Commit& commit : contents.commits) {
    add_person(tables, commit.author, Part::author, content);
    if (commit.committer) add_person(tables, *commit.committer, Part::committer, content);
    for (const std::string& person : commit.co_authors) {
      add_person(tables, person, Part::co_author, content);
    }
  }
}

}  // namespace

Result<std::optional<SubjectContent>> Register::content(engine::Connection& tables,
                                                        engine::ObjectStore& objects,
                                                        std::string_view workspace,
                                                        std::string_view id, Instant now) const {
  const auto waiver = find_waiver(tables, workspace, id);
  if (!waiver || !is_open(waiver->state) || waiver->expires_at <= now) return std::nullopt;
  const auto release = releases::find_release(tables, workspace, waiver->release);
  const auto application = catalog::Applications::find(tables, workspace, waiver->application);
  if (!release || !application) return std::nullopt;
  HP_TRY(const Presence present, presence(tables, objects, workspace, *waiver));
  if (present == Presence::gone) return std::nullopt;
  HP_TRY(const releases::Contents contents, releases::contents_of(objects, *release));

  SubjectContent content;
  content.digest = digest_of(*waiver);
  content.title = "waiver for " + title_of(*waiver) + " until " + waiver->expires_at.text();
  content.application = waiver->application;
  add_contributors(tables, contents, content);
  content.involved.push_back({waiver->owner, Part::owner});
  policy::ApprovalFacts& facts = content.facts;
  facts.now = {now};
  facts.subject = {std::string(subject_kind), std::string(id), waiver->requested_by, false};
  const catalog::Application& app = application->record;
  facts.application = {app.name, app.criticality, app.data_classes, app.owners};
  facts.flags = policy::flags_of(app.data_classes);
  return content;
}

}  // namespace holdpoint::waivers

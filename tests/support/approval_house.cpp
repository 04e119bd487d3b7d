// See approval_house.hpp.
#include "support/approval_house.hpp"

#include "base/assert.hpp"
#include "support/wall_clock.hpp"

namespace holdpoint::test {
namespace {

constexpr const char* catalog = R"(apiVersion: holdpoint/v1
kind: Application
metadata: {name: shop}
spec: {owners: [team:shop], criticality: critical, data_classes: [cardholder]}
---
apiVersion: holdpoint/v1
kind: Application
metadata: {name: blog}
spec: {owners: [team:blog], criticality: low}
---
apiVersion: holdpoint/v1
kind: Environment
metadata: {name: production}
spec: {order: 30, kind: production, requires_certification: false}
---
)";

}  // namespace

std::string code_of(const Reply& reply) { return reply.status < 300 ? "" : reply.text("code"); }

ApprovalHouse::ApprovalHouse() { apply(catalog + policy(2)); }

std::string ApprovalHouse::policy(int minimum, const std::string& more) {
  return R"(apiVersion: holdpoint/v1
kind: ApprovalPolicy
metadata: {name: changes, owner: team:compliance}
spec:
  match: has(environment.kind) && environment.kind == "production"
  requiredFields: [backout_plan]
)" + more +
         R"(  routes:
    - name: main
      when: flags.cardholder
      stages: [{name: board, roles: [approver], minimum: )" +
         std::to_string(minimum) + "}]\n";
}

Someone ApprovalHouse::person(const std::string& name, const std::string& role) {
  Someone out{.id = "", .token = "", .email = name + std::to_string(++people_) + "@house.example"};
  const Reply added = server.post(
      "/api/v1/people", json::serialize(json::object{
                            {"name", name}, {"email", out.email}, {"password", person_password}}));
  HP_ASSERT(added.status == 201, "TS-9: a person is added");
  out.id = added.text("id");
  const Reply assigned =
      server.post("/api/v1/main/role-assignments",
                  json::serialize(json::object{
                      {"actor_kind", "person"}, {"actor_id", out.id}, {"role", role}}));
  HP_ASSERT(assigned.status == 201, "TS-10: a role is assigned");
  assignments_[{out.id, role}] = assigned.text("id");
  out.token = sign_in(out);
  return out;
}

std::string ApprovalHouse::sign_in(const Someone& who) const {
  return server.sign_in_as(who.email);
}

Someone ApprovalHouse::account(const std::string& role) {
  const std::string token = server.token_of("main", role, {"approvals.read", "approvals.sign"});
  const Reply self = server.ask_as(token, {.target = "/api/v1/whoami"});
  return {std::string(view(self.document().at("actor").at("id").as_string())), token, ""};
}

void ApprovalHouse::take_role(const Someone& who, const std::string& role) const {
  const Reply gone =
      server.ask({.method = "DELETE",
                  .target = "/api/v1/main/role-assignments/" + assignments_.at({who.id, role})});
  HP_ASSERT(gone.status == 204, "TS-12: a role is taken away");
}

void ApprovalHouse::apply(const std::string& text) const {
  const Reply applied = server.ask({.method = "POST",
                                    .target = "/api/v1/main/apply",
                                    .body = text,
                                    .media = "application/yaml",
                                    .headers = {}});
  HP_ASSERT(applied.status == 200, "TS-13: documents come into force");
}

Reply ApprovalHouse::propose(const std::string& version, const std::vector<std::string>& authors,
                             const std::string& token) const {
  json::array commits;
  for (const std::string& author : authors) {
    const std::string sha = std::string(39, 'a') + std::to_string(commits.size());
    commits.push_back(json::object{
        {"sha", sha}, {"author", json::object{{"name", "Somebody"}, {"email", author}}}});
  }
  const json::object artifact{{"name", "shop.tar"}, {"digest", "sha256:" + std::string(64, '1')}};
  return server.ask_as(
      token, {.method = "POST",
              .target = "/api/v1/main/releases",
              .body = json::serialize(json::object{{"application", "shop"},
                                                   {"version", version},
                                                   {"commits", std::move(commits)},
                                                   {"artifacts", json::array{artifact}}})});
}

void ApprovalHouse::release(const std::string& version,
                            const std::vector<std::string>& authors) const {
  const Reply made = propose(version, authors, server.session());
  HP_ASSERT(made.status == 201, "TS-14: a release is proposed");
}

Reply ApprovalHouse::request_as(const std::string& token, const std::string& version,
                                const std::string& plan) const {
  return server.ask_as(
      token,
      {.method = "POST",
       .target = "/api/v1/main/approvals",
       .body = json::serialize(json::object{{"kind", "promotion"},
                                            {"id", "shop@" + version + "/production"},
                                            {"reason", ""},
                                            {"fields", json::object{{"backout_plan", plan}}}})});
}

std::string ApprovalHouse::request(const std::string& version) const {
  const Reply asked = request_as(server.session(), version);
  HP_ASSERT(asked.status == 201, "TS-15: an approval is asked for");
  return asked.text("id");
}

Reply ApprovalHouse::decide(const std::string& token, const std::string& id,
                            json::object decision) const {
  return server.ask_as(token, {.method = "POST",
                               .target = "/api/v1/main/approvals/" + id + "/decisions",
                               .body = json::serialize(decision)});
}

Reply ApprovalHouse::approve(const Someone& who, const std::string& id) const {
  return decide(who.token, id, {{"choice", "approve"}, {"digest", digest(id)}});
}

Reply ApprovalHouse::reject(const Someone& who, const std::string& id) const {
  return decide(who.token, id,
                {{"choice", "reject"}, {"digest", digest(id)}, {"reason", "it is not ready"}});
}

Reply ApprovalHouse::lend(const Someone& from, const Someone& to,
                          const std::vector<std::string>& roles) const {
  json::array named;
  for (const std::string& role : roles) named.emplace_back(role);
  return server.ask_as(
      from.token,
      {.method = "POST",
       .target = "/api/v1/main/delegations",
       .body = json::serialize(json::object{{"delegate", to.id},
                                            {"roles", std::move(named)},
                                            {"until", (now() + Duration::days(10)).text()},
                                            {"reason", "away"}})});
}

void ApprovalHouse::configure(const std::string& token, const std::string& value,
                              const std::string& application) const {
  const Reply recorded = server.ask_as(
      token, {.method = "POST",
              .target = "/api/v1/main/environments/production/configurations",
              .body = json::serialize(json::object{
                  {"application", application}, {"document", json::object{{"replicas", value}}}})});
  HP_ASSERT(recorded.status < 300, "TS-16: a configuration is recorded");
}

Reply ApprovalHouse::start(const std::string& token, const std::string& version) const {
  return server.ask_as(
      token, {.method = "POST",
              .target = "/api/v1/main/deployments",
              .body = json::serialize(json::object{
                  {"application", "shop"}, {"version", version}, {"environment", "production"}})});
}

json::value ApprovalHouse::shown(const std::string& id) const {
  return server.get("/api/v1/main/approvals/" + id).document();
}

std::string ApprovalHouse::state(const std::string& id) const {
  return std::string(view(shown(id).at("request").at("state").as_string()));
}

std::string ApprovalHouse::digest(const std::string& id) const {
  return std::string(view(shown(id).at("request").at("subject").at("digest").as_string()));
}

std::size_t ApprovalHouse::votes(const std::string& id) const {
  return shown(id).at("request").at("votes").as_array().size();
}

bool ApprovalHouse::is_open(const std::string& version) const {
  const Reply asked = server.get("/api/v1/main/gate?application=shop&version=" + version +
                                 "&environment=production");
  return asked.status == 200 && asked.text("decision") == "open";
}

}  // namespace holdpoint::test

// Certification over HTTP.
#include "base/text.hpp"
#include "certification/edge/certification_edge.hpp"
#include "engine/edge/object_sink.hpp"

namespace holdpoint::certification {
namespace {

namespace edge = engine::edge;

constexpr std::string_view kPemMedia = "application/x-pem-file";

/// A certification with the verdict it rests on.
struct CertificationView {
  CertificationId id;
  std::string release;
  std::string application;
  std::string version;
  State state{};
  Instant at;
  Digest evidence_digest;
  Digest criteria_digest;
  Digest facts_digest;
  std::optional<Digest> statement_digest;
  std::optional<CertificationId> superseded_by;
  std::optional<std::string> revoked_because;
  std::vector<std::string> obstacles;
  std::optional<Instant> unblocks_at;
  std::vector<CriteriaView> criteria;
};
HP_DESCRIBE(CertificationView, id, release, application, version, state, at, evidence_digest,
            criteria_digest, facts_digest, statement_digest, superseded_by, revoked_because,
            obstacles, unblocks_at, criteria)

struct Revocation {
  std::string reason;
};
HP_DESCRIBE(Revocation, reason)

/// The key that records are signed with, as verifiers take it. Its id is the envelopes' keyid.
struct KeyView {
  std::string key_id;
  std::string algorithm;
  std::string pem;
};
HP_DESCRIBE(KeyView, key_id, algorithm, pem)

Result<CertificationView> view_of(engine::ObjectStore& objects, const Certification& one) {
  HP_TRY(auto verdict, verdict_of(objects, one));
  CertificationView view{.id = one.id,
                         .release = one.release,
                         .application = one.application,
                         .version = one.version,
                         .state = one.state,
                         .at = one.at,
                         .evidence_digest = one.evidence_digest,
                         .criteria_digest = one.criteria_digest,
                         .facts_digest = one.facts_digest,
                         .statement_digest = one.statement_digest,
                         .superseded_by = one.superseded_by,
                         .revoked_because = one.revoked_because,
                         .obstacles = {},
                         .unblocks_at = verdict.unblocks_at,
                         .criteria = std::move(verdict.criteria)};
  for (const Obstacle obstacle : verdict.obstacles) {
    view.obstacles.emplace_back(sentence(obstacle));
  }
  return view;
}

class CertificationRoutes {
 public:
  CertificationRoutes(engine::Engine& engine, std::shared_ptr<Certifier> certifier)
      : engine_(engine), certifier_(std::move(certifier)) {}

  http::Response certify(const http::Request& request) const {
    const std::string reference(request.parameter("ref"));
    const bool may_revoke = edge::caller_of(request).may("certification.revoke");
    return edge::run(
        engine_, request, "certification.evaluate", [&](engine::Unit& unit) -> engine::Outcome {
          const auto release = releases::find_release(unit.tables(), unit.workspace(), reference);
          if (!release) return refuse(releases::release_not_found(reference));
          const auto standing =
              latest_certification(unit.tables(), unit.workspace(), release->id.text());
          if (standing && standing->state == State::revoked && !may_revoke) {
            return refuse(revocation_stands(release->name()));
          }
          return answer(unit, certifier_->certify(unit, *release, Occasion::asked));
        });
  }

  http::Response latest(const http::Request& request) const {
    const auto& workspace = edge::caller_of(request).workspace;
    const auto tables = engine_.read();
    const auto reference = request.parameter("ref");
    const auto release = releases::find_release(*tables, workspace, reference);
    if (!release) return edge::respond(releases::release_not_found(reference));
    const auto found = latest_certification(*tables, workspace, release->id.text());
    if (!found) return edge::respond(certification_not_found("of " + release->name()));
    return shown(*found);
  }

  http::Response get(const http::Request& request) const {
    return with(request, [this](const Certification& one) { return shown(one); });
  }

  http::Response key() const {
    const auto& key = certifier_->public_key();
    return edge::ok(KeyView{ledger::dsse_key_id(key), "ed25519", key.pem()});
  }

  http::Response key_file() const {
    auto response = http::text_response(200, certifier_->public_key().pem());
    response.set("Content-Type", kPemMedia);
    return response;
  }

  http::Response envelope(const http::Request& request) const {
    return with(request, [this](const Certification& one) {
      if (!one.envelope_digest) {
        return edge::respond(Refusal{RefusalKind::not_found, "not_certified",
                                     "A refused release has no signed record."});
      }
      return edge::object_response(engine_.ports().objects, *one.envelope_digest,
                                   "application/vnd.dsse.envelope.v1+json",
                                   one.id.text() + ".dsse.json");
    });
  }

  http::Response facts(const http::Request& request) const {
    return with(request, [this](const Certification& one) {
      return edge::object_response(engine_.ports().objects, one.facts_digest, "application/json",
                                   one.id.text() + ".facts.json");
    });
  }

  http::Response revoke(const http::Request& request) const {
    const auto body = edge::body_of<Revocation>(request);
    if (!body) return body.error();
    if (!is_stated(body->reason, revocation_reason_bytes_max)) {
      return edge::respond(reason_needed());
    }
    const std::string id(request.parameter("id"));
    return edge::run(engine_, request, "certification.revoke",
                     [&](engine::Unit& unit) -> engine::Outcome {
                       const auto found = get_certification(unit.tables(), unit.workspace(), id);
                       if (!found) return refuse(certification_not_found(id));
                       if (found->state != State::certified) {
                         return refuse(not_revocable(found->state));
                       }
                       unit.record({"release", found->release},
                                   CertificationRevoked{found->id, found->release, body->reason});
                       return answer(unit, *get_certification(unit.tables(), unit.workspace(), id));
                     });
  }

 private:
  template <class Then>
  http::Response with(const http::Request& request, Then&& then) const {
    const auto tables = engine_.read();
    const auto id = request.parameter("id");
    const auto found = get_certification(*tables, edge::caller_of(request).workspace, id);
    return found ? then(*found) : edge::respond(certification_not_found(id));
  }

  http::Response shown(const Certification& one) const {
    const auto view = view_of(engine_.ports().objects, one);
    return view ? edge::ok(*view) : edge::respond(view.error());
  }

  static engine::Outcome answer(engine::Unit& unit, const Certification& one) {
    const auto view = view_of(unit.objects(), one);
    if (!view) throw engine::StoreFailed(engine::StoreFailure::outside, view.error());
    return edge::answer(*view);
  }

  engine::Engine& engine_;
  std::shared_ptr<Certifier> certifier_;
};

/// Public: whoever is shown a record can verify it, and the server has one key for every workspace,
/// so that these tell nobody which workspaces there are.
std::vector<http::Route> key_rows(const std::shared_ptr<CertificationRoutes>& all) {
  http::Route key{.method = "GET",
                  .path = "/api/v1/{workspace}/certification-key",
                  .permission = "",
                  .summary = "The public key that certifications are signed with",
                  .operation_id = "get_certification_key",
                  .tag = "certification"};
  key.response = edge::schema_of<KeyView>();
  key.handler = [all](http::Request&) { return all->key(); };
  http::Route file{.method = "GET",
                   .path = "/api/v1/{workspace}/certification-key.pem",
                   .permission = "",
                   .summary = "The same key as a PEM file",
                   .operation_id = "get_certification_key_file",
                   .tag = "certification"};
  file.response_media = std::string(kPemMedia);
  file.handler = [all](http::Request&) { return all->key_file(); };
  return {std::move(key), std::move(file)};
}

http::Route row(std::string method, std::string path, std::string permission, std::string summary,
                std::string operation) {
  http::Route route{.method = std::move(method),
                    .path = "/api/v1/{workspace}/" + std::move(path),
                    .permission = std::move(permission),
                    .summary = std::move(summary),
                    .operation_id = std::move(operation),
                    .tag = "certification"};
  route.response = edge::schema_of<CertificationView>();
  route.statuses = {200, 404};
  return route;
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine, std::shared_ptr<Certifier> certifier) {
  auto all = std::make_shared<CertificationRoutes>(engine, std::move(certifier));
  auto certify = row("POST", "releases/{ref}/certification", "certification.evaluate",
                     "Judge the release now by the criteria in force", "certify_release");
  certify.body_bytes_max = 4'096;
  certify.mode = http::BodyMode::buffered;
  certify.handler = [all](http::Request& request) { return all->certify(request); };
  auto latest = row("GET", "releases/{ref}/certification", "certification.read",
                    "The certification that stands for a release", "get_release_certification");
  latest.handler = [all](http::Request& request) { return all->latest(request); };
  auto get = row("GET", "certifications/{id}", "certification.read", "One certification",
                 "get_certification");
  get.handler = [all](http::Request& request) { return all->get(request); };
  auto envelope = row("GET", "certifications/{id}/envelope", "certification.read",
                      "The signed record (DSSE)", "get_certification_envelope");
  envelope.response = nullptr;
  envelope.response_media = "application/vnd.dsse.envelope.v1+json";
  envelope.handler = [all](http::Request& request) { return all->envelope(request); };
  auto facts = row("GET", "certifications/{id}/facts", "certification.read",
                   "The facts that were judged", "get_certification_facts");
  facts.response = edge::schema_of<Facts>();
  facts.handler = [all](http::Request& request) { return all->facts(request); };
  auto revoke = row("POST", "certifications/{id}/revocation", "certification.revoke",
                    "Take a certification back, with a reason", "revoke_certification");
  revoke.request = edge::schema_of<Revocation>();
  revoke.statuses = {200, 404, 409, 422};
  revoke.body_bytes_max = 16'384;
  revoke.mode = http::BodyMode::buffered;
  revoke.handler = [all](http::Request& request) { return all->revoke(request); };
  std::vector<http::Route> rows{std::move(certify),  std::move(latest), std::move(get),
                                std::move(envelope), std::move(facts),  std::move(revoke)};
  for (auto& key_row : key_rows(all)) rows.push_back(std::move(key_row));
  return rows;
}

}  // namespace holdpoint::certification

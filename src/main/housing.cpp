// See housing.hpp.
#include "main/housing.hpp"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>

#include "approvals/edge/approvals_edge.hpp"
#include "approvals/edge/routed_requests_queries.hpp"
#include "catalog/edge/catalog_edge.hpp"
#include "catalog/edge/catalog_queries.hpp"
#include "certification/edge/effect_routes.hpp"
#include "changes/edge/changes_edge.hpp"
#include "compliance/edge/compliance_edge.hpp"
#include "deployments/edge/change_record.hpp"
#include "deployments/edge/gate_decision_queries.hpp"
#include "deployments/edge/segregation_route.hpp"
#include "engine/edge/apply.hpp"
#include "engine/edge/delivery_routes.hpp"
#include "engine/heads.hpp"
#include "engine/links.hpp"
#include "engine/outbox.hpp"
#include "evidence/edge/evidence_edge.hpp"
#include "identity/edge/appliers.hpp"
#include "identity/edge/module.hpp"
#include "identity/edge/people.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/edge/queries.hpp"
#include "identity/identity.hpp"
#include "incidents/edge/incidents_edge.hpp"
#include "integrations/alertmanager/alertmanager.hpp"
#include "ledger/edge/ledger_routes.hpp"
#include "main/document_subject.hpp"
#include "main/granted_proposals.hpp"
#include "main/linked_things.hpp"
#include "main/needs.hpp"
#include "metrics/edge/metrics_edge.hpp"
#include "notifications/edge/notifications_edge.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/crypto/heads.hpp"
#include "platform/crypto/keys.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/vault.hpp"
#include "platform/files/system_files.hpp"
#include "platform/log/json_log.hpp"
#include "platform/objects/directory.hpp"
#include "platform/random/system_random.hpp"
#include "platform/storage/sqlite.hpp"
#include "policy/edge/backtest_routes.hpp"
#include "policy/edge/past_activations.hpp"
#include "policy/edge/policy_edge.hpp"
#include "releases/edge/releases_edge.hpp"
#include "rollback/edge/rollback_edge.hpp"
#include "validation/edge/validation_edge.hpp"
#include "waivers/edge/waivers_edge.hpp"
#include "workitems/edge/workitems_edge.hpp"

namespace holdpoint::main {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReaders = 16;

Result<void> make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return fault(FaultKind::io, "data directory " + path.string(), error.message());
  return {};
}

/// The name is part of every log's origin, so it is fixed at the first start.
Result<std::string> server_name_of(const fs::path& directory, const std::string& wanted) {
  const fs::path file = directory / "server-name";
  std::string kept;
  if (std::ifstream in(file); in) std::getline(in, kept);
  if (!kept.empty()) {
    if (!wanted.empty() && wanted != kept) {
      return fault(FaultKind::invalid, "server name",
                   "this data directory belongs to " + kept + ", not to " + wanted +
                       "; the name is part of every signed head and cannot change");
    }
    return kept;
  }
  const std::string name = wanted.empty() ? "localhost" : wanted;
  if (!ledger::is_origin(name + "/system")) {
    return fault(FaultKind::invalid, "server name",
                 "'" + name + "' must be letters, digits and . - only");
  }
  std::ofstream out(file);
  out << name << "\n";
  out.flush();
  if (!out) return fault(FaultKind::io, "server name", "cannot write " + file.string());
  return name;
}

Result<Ed25519Key> load_key(const fs::path& path, engine::Random& random) {
  HP_TRY(auto seed, crypto::load_or_create_seed(path.string(), random));
  auto key = Ed25519Key::from_seed({reinterpret_cast<const char*>(seed.data()), seed.size()});
  seed.fill(0);
  HP_ASSERT(key.has_value(), "MA-1: a seed of 32 bytes is a key");
  return std::move(*key);
}

/// Every type of event is a topic that people can be told of, and what capabilities tell besides.
std::set<std::string> event_topics(const engine::Engine& engine) {
  std::set<std::string> topics = approvals::news_topics();
  topics.merge(rollback::news_topics());
  for (const engine::Module& module : engine.modules()) {
    for (const engine::EventType& type : module.events) topics.insert(type.type);
  }
  return topics;
}

/// A store in a temporary file, which is removed with it.
class ScratchStore final : public engine::Store {
 public:
  static Result<std::unique_ptr<engine::Store>> open() {
    std::string path = (fs::temp_directory_path() / "holdpoint-audit-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) {
      return fault(FaultKind::io, "audit", "cannot make a temporary directory");
    }
    auto scratch = std::make_unique<ScratchStore>();
    scratch->directory_ = path;
    HP_TRY(scratch->store_,
           storage::open_sqlite({.path = path + "/scratch.db", .readers_max = 1, .vfs = {}}));
    return scratch;
  }
  ~ScratchStore() override {
    store_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  engine::Connection& writer() override { return store_->writer(); }
  std::shared_ptr<engine::Connection> reader() override { return store_->reader(); }
  void checkpoint() override { store_->checkpoint(); }

 private:
  std::unique_ptr<engine::Store> store_;
  fs::path directory_;
};

template <class Id>
bool is_id(std::string_view text) {
  return Id::parse(text).has_value();
}

/// What a backtest takes again.
std::vector<policy::DecisionSource> past_decisions(const std::shared_ptr<approvals::Desk>& desk) {
  const auto list_requests = [desk](engine::Connection& tables, std::string_view workspace,
                                    const policy::DecisionPage& page) {
    return approvals::past_requests(tables, workspace, page, [&](std::string_view kind) {
      for (const approvals::SubjectSource& source : desk->sources()) {
        if (source.kind != kind) continue;
        return source.asked == approvals::AskedPolicies::all ? std::string() : "subject";
      }
      return std::string();
    });
  };
  return {{.decision = policy::DecisionKind::certification,
           .permission = "certification.read",
           .list = certification::past_certifications,
           .is_id = is_id<certification::CertificationId>,
           .hindered = certification::are_hindering},
          {.decision = policy::DecisionKind::deployment,
           .permission = "deployments.read",
           .list = deployments::past_deployments,
           .is_id = is_id<deployments::DeploymentId>},
          {.decision = policy::DecisionKind::activation,
           .permission = "policy.read",
           .list = policy::past_activations,
           .is_id = policy::is_revision_id},
          {.decision = policy::DecisionKind::approval,
           .permission = "approvals.read",
           .list = list_requests,
           .is_id = is_id<approvals::RequestId>}};
}

std::set<std::string, std::less<>> waived_violations(engine::Connection& tables,
                                                     std::string_view workspace,
                                                     std::string_view application,
                                                     std::string_view release, Instant now) {
  std::set<std::string, std::less<>> violations;
  for (auto& waiver : waivers::waivers_in_force(tables, workspace, application, release, now)) {
    violations.insert(std::move(waiver.violation));
  }
  return violations;
}

}  // namespace

struct Housing::Rooms {
  clock::SystemClock clock;
  random::SystemRandom random;
  std::unique_ptr<engine::Log> log;
  std::unique_ptr<engine::Store> store;
  std::unique_ptr<engine::ObjectStore> objects;
  std::unique_ptr<crypto::Vault> vault;
  std::unique_ptr<engine::HeadKeeper> heads;
  std::unique_ptr<engine::PasswordHasher> hasher;
  std::shared_ptr<identity::AccessTrail> trail = std::make_shared<identity::AccessTrail>();
  std::shared_ptr<policy::CriteriaLibrary> library;
  std::shared_ptr<certification::Certifier> certifier;
  std::shared_ptr<const Ed25519Key> export_key;
  std::shared_ptr<const notifications::Post> post;
  std::shared_ptr<notifications::Watch> watch = std::make_shared<notifications::Watch>();
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<identity::Access> access;
  std::unique_ptr<identity::Passwords> passwords;
  std::unique_ptr<identity::IdentityEdge> identity;
  std::shared_ptr<approvals::Desk> desk;
  std::shared_ptr<waivers::Register> waivers;
  std::shared_ptr<const changes::ChangeDesk> changes;
  std::shared_ptr<deployments::GateSource> gate_source;
  std::shared_ptr<deployments::Gate> gate;
  std::shared_ptr<const rollback::Desk> rollback;
  std::shared_ptr<engine::edge::EventFeed> feed;
  std::shared_ptr<engine::edge::AuditDesk> audit;

  Result<void> open_ports(const fs::path& directory, engine::LogLevel level) {
    HP_TRY_VOID(make_directory(directory));
    HP_TRY_VOID(make_directory(directory / "keys"));
    HP_TRY(log, log::open_log({.threshold = level, .path = {}}, clock));
    HP_TRY(store, storage::open_sqlite({.path = (directory / "holdpoint.db").string(),
                                        .readers_max = kReaders,
                                        .vfs = {}}));
    HP_TRY(objects,
           objects::open_directory(files::system_files(), (directory / "objects").string()));
    HP_TRY(vault, crypto::open_vault((directory / "keys").string(), random));
    HP_TRY(heads, crypto::open_heads(files::system_files(), (directory / "heads").string()));
    HP_TRY(hasher, crypto::argon2_passwords());
    return {};
  }

  Result<void> open_engine(const fs::path& directory, const HousingOptions& options) {
    HP_TRY(const std::string server_name, server_name_of(directory, options.server_name));
    HP_TRY(auto log_key, load_key(directory / "keys" / "log.seed", random));
    HP_TRY(auto signing_key, load_key(directory / "keys" / "certification.seed", random));
    HP_TRY(auto same_key, load_key(directory / "keys" / "certification.seed", random));
    export_key = std::make_shared<const Ed25519Key>(std::move(same_key));
    HP_TRY(auto schemas, policy::read_schemas(deployments::facts_schemas()));
    library = std::make_shared<policy::CriteriaLibrary>(std::move(schemas));
    certifier = std::make_shared<certification::Certifier>(
        library, std::move(signing_key), server_name, deployments::count_deployments);
    waivers = std::make_shared<waivers::Register>(waiver_needs(desk, engine));
    desk = std::make_shared<approvals::Desk>(library, subject_sources(waivers), telling());
    changes = std::make_shared<changes::ChangeDesk>(needs_of_changes(desk));
    gate_source = std::make_shared<deployments::GateSource>(library, approval_needs(desk),
                                                            change_needs(changes));
    rollback = std::make_shared<rollback::Desk>(library, rollback_needs(engine));
    std::vector<engine::Module> modules{engine::ledger_module(), engine::outbox_module(),
                                        engine::links_module(), identity::module(trail)};
    for (auto& module : catalog::modules()) modules.push_back(std::move(module));
    for (auto& module : workitems::modules()) modules.push_back(std::move(module));
    for (auto& module : documents::modules()) modules.push_back(std::move(module));
    modules.push_back(releases::module());
    modules.push_back(incidents::module());
    modules.push_back(evidence::module());
    for (auto& module : validation::modules()) modules.push_back(std::move(module));
    modules.push_back(policy::module());
    modules.push_back(approvals::module(desk));
    modules.push_back(waivers::module(waivers));
    modules.push_back(certification::module(certifier));
    for (auto& module : changes::modules()) modules.push_back(std::move(module));
    modules.push_back(deployments::module());
    for (auto& module : rollback::modules(rollback)) modules.push_back(std::move(module));
    modules.push_back(granted_proposals(library, desk));
    modules.push_back(planned_links());
    for (auto& module : notifications::modules(watch)) modules.push_back(std::move(module));
    for (auto& module : compliance::modules()) modules.push_back(std::move(module));
    HP_TRY(post, open_post(options.post));
    engine::EngineOptions engine_options;
    engine_options.server_name = server_name;
    engine_options.accept_rollback_because = options.accept_rollback_because;
    engine_options.channels = notifications::channels(post);
    engine_options.delivery_attempts_max = options.post.attempts_max;
    HP_TRY(engine, engine::Engine::open(std::move(modules),
                                        {*store, *objects, *vault, *heads, clock, random, *log},
                                        std::move(log_key), std::move(engine_options)));
    watch->load(*engine->read());
    return {};
  }

  Result<void> open_edges() {
    access = std::make_unique<identity::Access>(*engine, trail);
    HP_TRY(passwords, identity::Passwords::open(*engine, *hasher, trail));
    identity = std::make_unique<identity::IdentityEdge>(*engine, *access, *passwords);
    gate = std::make_shared<deployments::Gate>(*engine, gate_source);
    feed = std::make_shared<engine::edge::EventFeed>(
        *engine, [&access = *access](const engine::Caller& caller, std::string_view permission) {
          return access.still_admits(caller, permission);
        });
    audit = std::make_shared<engine::edge::AuditDesk>(*engine, ScratchStore::open,
                                                      compliance::record_verification);
    return {};
  }
};

Housing::Housing(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}

Housing::~Housing() { stop(); }

Result<std::unique_ptr<Housing>> Housing::open(const HousingOptions& options) {
  auto rooms = std::make_unique<Rooms>();
  const fs::path directory(options.data_directory);
  try {
    HP_TRY_VOID(rooms->open_ports(directory, options.log_level));
    HP_TRY_VOID(rooms->open_engine(directory, options));
    HP_TRY_VOID(rooms->open_edges());
  } catch (const engine::StoreFailed& failure) {
    return std::unexpected(failure.fault());
  }
  return std::unique_ptr<Housing>(new Housing(std::move(rooms)));
}

void Housing::start() { rooms_->engine->start(); }

void Housing::stop() {
  if (!rooms_ || !rooms_->engine) return;
  rooms_->feed->close_all();
  rooms_->trail->flush(*rooms_->engine);
  rooms_->engine->stop();
}

engine::Engine& Housing::engine() { return *rooms_->engine; }
engine::Log& Housing::log() { return *rooms_->log; }
identity::Access& Housing::access() { return *rooms_->access; }
identity::Passwords& Housing::passwords() { return *rooms_->passwords; }
deployments::Gate& Housing::gate() { return *rooms_->gate; }
engine::edge::EventFeed& Housing::feed() { return *rooms_->feed; }

std::vector<http::Route> Housing::routes() {
  engine::Engine& engine = *rooms_->engine;
  std::vector<http::Route> all;
  const auto add = [&all](std::vector<http::Route> rows) {
    for (auto& row : rows) all.push_back(std::move(row));
  };
  auto appliers = identity::appliers();
  for (auto& applier : catalog::appliers()) appliers.push_back(std::move(applier));
  appliers.push_back(policy::applier(rooms_->library, activation_needs(rooms_->desk)));
  for (auto& applier : changes::appliers()) appliers.push_back(std::move(applier));
  for (auto& applier : compliance::appliers()) appliers.push_back(std::move(applier));
  for (auto& applier : rollback::appliers()) appliers.push_back(std::move(applier));
  for (auto& applier :
       notifications::appliers({event_topics(engine), rooms_->post->webhook_scheme})) {
    appliers.push_back(std::move(applier));
  }
  releases::ReleaseNeeds needs;
  needs.resolve_contributor = [](engine::Unit& unit, const releases::Contributor& contributor) {
    return identity::resolve_contributor(unit, contributor.name, contributor.email).text();
  };
  needs.display_name = [&engine](engine::Connection& tables, std::string_view workspace,
                                 const ledger::Actor& actor) {
    return identity::display_name(engine, tables, workspace, actor.kind, actor.id);
  };
  needs.add_standing = deployments::add_standing;
  incidents::IncidentNeeds of_incidents{identity::is_active_person, needs.display_name};
  evidence::EvidenceNeeds of_evidence{waived_violations, needs.display_name};
  workitems::WorkItemNeeds of_work;
  of_work.person = [](engine::Unit& unit, std::string_view reference) {
    const auto person = identity::find_person_named(unit, reference);
    const bool is_active = person && identity::is_active_person(unit.tables(), person->text());
    return is_active ? std::optional(person->text()) : std::nullopt;
  };
  of_work.is_application = [](engine::Connection& tables, std::string_view workspace,
                              std::string_view name) {
    return catalog::Applications::find(tables, workspace, name).has_value();
  };
  of_work.display_name = needs.display_name;
  of_work.find_end = find_end;
  of_work.name_of_end = name_of_end;
  add(identity::routes(*rooms_->identity));
  add(engine::edge::apply_routes(engine, std::move(appliers)));
  add(catalog::routes(engine));
  add(workitems::routes(engine, std::move(of_work)));
  add(documents::routes(engine, document_needs(rooms_->desk, engine)));
  add(releases::routes(engine, std::move(needs)));
  add(incidents::routes(engine, std::move(of_incidents)));
  add(evidence::routes(engine));
  add(validation::routes(engine));
  add(evidence::triage_routes(engine, std::move(of_evidence)));
  add(policy::routes(engine, rooms_->library, activation_needs(rooms_->desk)));
  add(certification::routes(engine, rooms_->certifier));
  add(policy::backtest_routes(engine, rooms_->library, past_decisions(rooms_->desk)));
  add(certification::effect_routes(engine, rooms_->library));
  approvals::RouteNeeds of_approvals;
  of_approvals.check_password = [&identity = *rooms_->identity](const http::Request& request,
                                                                std::string_view password) {
    return identity::doubt_password(identity, request, password);
  };
  of_approvals.display_name = [&engine](engine::Connection& tables, std::string_view workspace,
                                        std::string_view kind, std::string_view id) {
    return identity::display_name(engine, tables, workspace, kind, id);
  };
  deployments::SegregationNeeds of_segregation;
  of_segregation.display_name = of_approvals.display_name;
  compliance::ComplianceNeeds of_compliance{of_approvals.display_name, rooms_->export_key};
  of_segregation.content = [desk = rooms_->desk](
                               engine::Connection& tables, engine::ObjectStore& objects,
                               std::string_view workspace, const approvals::Subject& subject,
                               Instant now) -> Result<std::optional<approvals::SubjectContent>> {
    for (const approvals::SubjectSource& source : desk->sources()) {
      if (source.kind == subject.kind)
        return source.read(tables, objects, workspace, subject.id, now);
    }
    return std::nullopt;
  };
  add({deployments::segregation_route(engine, std::move(of_segregation))});
  add(approvals::routes(engine, rooms_->desk, std::move(of_approvals)));
  add(waivers::routes(engine, rooms_->waivers));
  add(changes::routes(engine, rooms_->changes));
  add(changes::emergency_routes(engine, rooms_->changes));
  add(changes::override_routes(engine, rooms_->changes));
  add(compliance::routes(engine, of_compliance));
  add(metrics::routes(engine));
  add(deployments::routes(rooms_->gate));
  add(deployments::deployment_routes(engine, rooms_->gate_source));
  add(rollback::routes(engine, rooms_->rollback));
  add(rollback::health_routes(engine, rooms_->rollback));
  add(rollback::sighting_routes(engine, rooms_->rollback));
  add(integrations::alertmanager::routes(
      engine,
      [desk = rooms_->rollback](engine::Unit& unit, const rollback::AlertBatch& batch) {
        return desk->take_alerts(unit, batch);
      },
      engine::edge::schema_of<rollback::AlertsTaken>()));
  add(notifications::routes(engine));
  add(engine::edge::delivery_routes(engine));
  add(ledger::routes(engine));
  add(engine::edge::audit_routes(rooms_->audit));
  add(engine::edge::feed_routes(rooms_->feed));
  return all;
}

}  // namespace holdpoint::main

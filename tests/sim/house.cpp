// See house.hpp.
#include "sim/house.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "approvals/edge/approvals_edge.hpp"
#include "catalog/edge/catalog_edge.hpp"
#include "certification/edge/certification_edge.hpp"
#include "changes/edge/changes_edge.hpp"
#include "compliance/edge/compliance_edge.hpp"
#include "deployments/edge/change_record.hpp"
#include "deployments/edge/deployments_edge.hpp"
#include "engine/audit.hpp"
#include "engine/edge/apply.hpp"
#include "engine/edge/object_sink.hpp"
#include "engine/heads.hpp"
#include "engine/links.hpp"
#include "engine/outbox.hpp"
#include "evidence/edge/evidence_edge.hpp"
#include "identity/edge/access_trail.hpp"
#include "identity/edge/appliers.hpp"
#include "identity/edge/identity_edge.hpp"
#include "identity/edge/module.hpp"
#include "identity/edge/person_queries.hpp"
#include "identity/identity.hpp"
#include "incidents/edge/incidents_edge.hpp"
#include "main/needs.hpp"
#include "platform/http/router.hpp"
#include "platform/http/target.hpp"
#include "platform/storage/sqlite.hpp"
#include "policy/edge/policy_edge.hpp"
#include "releases/edge/releases_edge.hpp"
#include "support/awaited.hpp"
#include "support/plain_passwords.hpp"
#include "waivers/edge/waivers_edge.hpp"

namespace holdpoint::sim {
namespace {

constexpr std::string_view kWorkspace = "main";

class SilentLog final : public engine::Log {
 public:
  void write(engine::LogLevel, std::string_view, std::span<const Field>) override {}
};

/// The engine without its threads: a command that is waited for is run at once, or gathered with
/// others until the batch is complete.
class SteppedEngine final : public engine::Engine {
 public:
  explicit SteppedEngine(std::unique_ptr<engine::Engine> inner) : inner_(std::move(inner)) {}

  void start() override {}
  void stop() override { inner_->stop(); }
  std::size_t step() override {
    try {
      return inner_->step();
    } catch (const engine::StoreFailed&) {
      return 0;  // the power is off; every answer was given
    }
  }
  engine::Submission submit(engine::Command command, engine::OnResult on_result) override {
    const auto submission = inner_->submit(std::move(command), std::move(on_result));
    bool gathers = false;
    {
      const std::scoped_lock lock(mutex_);
      gathers = gathers_;
      ++submitted_;
    }
    changed_.notify_all();
    if (!gathers) step();
    return submission;
  }

  void gather() {
    const std::scoped_lock lock(mutex_);
    gathers_ = true;
    submitted_ = 0;
  }
  /// Waits until `count` commands were handed in, or the asker is done without one.
  void wait_for(std::size_t count, const bool& done) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return submitted_ >= count || done; });
  }
  std::size_t submitted() {
    const std::scoped_lock lock(mutex_);
    return submitted_;
  }
  void finished(bool& done) {
    {
      const std::scoped_lock lock(mutex_);
      done = true;
    }
    changed_.notify_all();
  }
  void run_gathered() {
    {
      const std::scoped_lock lock(mutex_);
      gathers_ = false;
    }
    step();
  }

  std::shared_ptr<engine::Connection> read() override { return inner_->read(); }
  std::optional<std::string> personal(engine::Connection& tables, std::string_view workspace,
                                      std::uint64_t seq, std::string_view person,
                                      std::string_view path) override {
    return inner_->personal(tables, workspace, seq, person, path);
  }
  [[nodiscard]] bool ready() const override { return inner_->ready(); }
  [[nodiscard]] engine::EngineCounters counters() const override { return inner_->counters(); }
  void on_commit(std::function<void(const std::vector<engine::Recorded>&)> listener) override {
    inner_->on_commit(std::move(listener));
  }
  [[nodiscard]] const std::vector<engine::Module>& modules() const override {
    return inner_->modules();
  }
  [[nodiscard]] const engine::Ports& ports() const override { return inner_->ports(); }
  [[nodiscard]] std::string origin(std::string_view workspace) const override {
    return inner_->origin(workspace);
  }
  [[nodiscard]] ledger::VerifierKey verifier_key(std::string_view workspace) const override {
    return inner_->verifier_key(workspace);
  }
  std::optional<engine::LogHead> head(std::string_view workspace) override {
    return inner_->head(workspace);
  }
  Result<std::string> checkpoint(std::string_view workspace) override {
    return inner_->checkpoint(workspace);
  }
  Result<engine::InclusionReceipt> receipt(std::string_view workspace,
                                           std::uint64_t index) override {
    return inner_->receipt(workspace, index);
  }
  Result<std::vector<Digest>> consistency(std::string_view workspace, std::uint64_t old_size,
                                          std::uint64_t new_size) override {
    return inner_->consistency(workspace, old_size, new_size);
  }

 private:
  std::unique_ptr<engine::Engine> inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool gathers_ = false;
  std::size_t submitted_ = 0;
};

Ed25519Key key_of(char letter) {
  auto key = Ed25519Key::from_seed(std::string(32, letter));
  HP_ASSERT(key.has_value(), "SI-1: a seed of 32 bytes is a key");
  return std::move(*key);
}

/// Somebody with every permission: what is tried here is what the permissions do not decide.
std::shared_ptr<const engine::Caller> caller_for(const Ask& ask) {
  auto caller = std::make_shared<engine::Caller>();
  const bool is_person = ask.actor.starts_with("per_");
  caller->actor = {is_person ? "person" : "service_account", ask.actor, std::nullopt, std::nullopt};
  caller->origin = {"192.0.2.9", "simulation"};
  caller->workspace = ask.target.starts_with("/api/v1/main/") ? kWorkspace : identity::kSystem;
  for (const auto& permission : identity::permissions()) {
    caller->permissions.emplace_back(permission.name);
  }
  return caller;
}

}  // namespace

struct House::Rooms {
  explicit Rooms(Ground& on) : ground(on) {}
  Ground& ground;
  SilentLog log;
  std::unique_ptr<engine::Store> store;
  std::shared_ptr<identity::AccessTrail> trail = std::make_shared<identity::AccessTrail>();
  std::shared_ptr<policy::CriteriaLibrary> library;
  std::shared_ptr<certification::Certifier> certifier;
  std::unique_ptr<engine::Engine> engine;
  SteppedEngine* stepped = nullptr;  // the same, as what it is
  std::shared_ptr<approvals::Desk> desk;
  std::shared_ptr<waivers::Register> waivers;
  std::shared_ptr<const changes::ChangeDesk> changes;
  std::shared_ptr<deployments::GateSource> gate_source;
  std::shared_ptr<deployments::Gate> gate;
  test::PlainPasswords hasher{ground.random};
  std::unique_ptr<identity::Access> access;
  std::unique_ptr<identity::Passwords> passwords;
  std::unique_ptr<identity::IdentityEdge> identity;
  std::unique_ptr<http::Router> router;

  Result<void> open() {
    HP_TRY(store, storage::open_sqlite({.path = "/main.db",
                                        .readers_max = 16,
                                        .wal_autocheckpoint_pages = 100,
                                        .vfs = ground.vfs.name()}));
    HP_TRY(auto schemas, policy::read_schemas(deployments::facts_schemas()));
    library = std::make_shared<policy::CriteriaLibrary>(std::move(schemas));
    certifier = std::make_shared<certification::Certifier>(library, key_of('c'), "sim.example",
                                                           deployments::count_deployments);
    waivers = std::make_shared<waivers::Register>(main::waiver_needs(desk, engine));
    desk = std::make_shared<approvals::Desk>(library, main::subject_sources(waivers),
                                             approvals::Telling{}, std::nullopt);
    changes = std::make_shared<changes::ChangeDesk>(main::needs_of_changes(desk));
    std::vector<engine::Module> modules{engine::ledger_module(), engine::outbox_module(),
                                        engine::links_module(), identity::module(trail)};
    for (auto& module : catalog::modules()) modules.push_back(std::move(module));
    modules.push_back(releases::module());
    modules.push_back(incidents::module());
    modules.push_back(evidence::module());
    modules.push_back(policy::module());
    modules.push_back(approvals::module(desk));
    modules.push_back(waivers::module(waivers));
    modules.push_back(certification::module(certifier));
    for (auto& module : changes::modules()) modules.push_back(std::move(module));
    modules.push_back(deployments::module());
    for (auto& module : compliance::modules()) modules.push_back(std::move(module));
    engine::EngineOptions options;
    options.server_name = "sim.example";
    HP_TRY(auto live, engine::Engine::open(std::move(modules),
                                           {*store, ground.objects, ground.vault, ground.heads,
                                            ground.clock, ground.random, log},
                                           key_of('l'), std::move(options)));
    auto steps = std::make_unique<SteppedEngine>(std::move(live));
    stepped = steps.get();
    engine = std::move(steps);
    access = std::make_unique<identity::Access>(*engine, trail);
    HP_TRY(passwords, identity::Passwords::open(*engine, hasher, trail));
    identity = std::make_unique<identity::IdentityEdge>(*engine, *access, *passwords);
    gate_source = std::make_shared<deployments::GateSource>(library, main::approval_needs(desk),
                                                            main::change_needs(changes));
    gate = std::make_shared<deployments::Gate>(*engine, gate_source);
    router = std::make_unique<http::Router>(routes());
    return {};
  }

  std::vector<http::Route> routes() {
    std::vector<http::Route> all;
    const auto add = [&all](std::vector<http::Route> rows) {
      for (auto& row : rows) all.push_back(std::move(row));
    };
    auto appliers = identity::appliers();
    for (auto& applier : catalog::appliers()) appliers.push_back(std::move(applier));
    for (auto& applier : changes::appliers()) appliers.push_back(std::move(applier));
    appliers.push_back(policy::applier(library));
    releases::ReleaseNeeds needs;
    needs.resolve_contributor = [](engine::Unit& unit, const releases::Contributor& contributor) {
      return identity::resolve_contributor(unit, contributor.name, contributor.email).text();
    };
    needs.display_name = [this](engine::Connection& tables, std::string_view workspace,
                                const ledger::Actor& actor) {
      return identity::display_name(*engine, tables, workspace, actor.kind, actor.id);
    };
    needs.add_standing = deployments::add_standing;
    add(engine::edge::apply_routes(*engine, std::move(appliers)));
    add(catalog::routes(*engine));
    add(releases::routes(*engine, needs));
    add(evidence::routes(*engine));
    add(policy::routes(*engine, library));
    add(certification::routes(*engine, certifier));
    add(deployments::routes(gate));
    add(deployments::deployment_routes(*engine, gate_source));
    add(identity::routes(*identity));
    add(incidents::routes(*engine, {[](engine::Connection& tables, std::string_view person) {
                                      return identity::is_active_person(tables, person);
                                    },
                                    needs.display_name}));
    approvals::RouteNeeds of_approvals;
    of_approvals.check_password = [](const http::Request&, std::string_view password) {
      const bool is_right = password == kPassword;
      return is_right ? std::nullopt
                      : std::optional(http::problem_response(403, "password_wrong", "No."));
    };
    of_approvals.display_name = [this](engine::Connection& tables, std::string_view workspace,
                                       std::string_view kind, std::string_view id) {
      return identity::display_name(*engine, tables, workspace, kind, id);
    };
    add(approvals::routes(*engine, desk, std::move(of_approvals)));
    add(waivers::routes(*engine, waivers));
    add(changes::routes(*engine, changes));
    add(changes::emergency_routes(*engine, changes));
    add(changes::override_routes(*engine, changes));
    return all;
  }

  Said answer(const Ask& ask) {
    http::Request request = request_of(ask);
    const auto found = router->match(request.method, request.segments);
    const auto* match = std::get_if<http::Router::Match>(&found);
    HP_ASSERT(match != nullptr, "SI-2: the workload asks for routes that exist");
    request.path_parameters = match->path_parameters;
    try {
      if (match->route->operation_id == "check_gate") {
        if (const auto at_once = gate->answer_at_once(request, kWorkspace)) {
          return {at_once->status, at_once->body};
        }
      }
      if (match->route->mode == http::BodyMode::streamed) {
        auto sink = engine::edge::ObjectSink::open(ground.objects);
        HP_ASSERT(sink.has_value() && (*sink)->write(request.body).has_value(),
                  "SI-3: objects in memory can be written");
        request.sink = std::move(*sink);
        request.body.clear();
      }
      const auto response = test::awaited(match->route->handler(request));
      return {response.status, response.body, response.header("Idempotency-Replayed").has_value()};
    } catch (const engine::StoreFailed&) {
      return {.status = 503};
    }
  }

  http::Request request_of(const Ask& ask) {
    http::Request request;
    request.method = ask.method;
    request.target = ask.target;
    request.body = ask.body;
    http::Target target;
    HP_ASSERT(http::parse_target(ask.target, target).has_value(), "SI-4: targets are well formed");
    request.path = target.path;
    request.segments = target.segments;
    request.parameters = target.parameters;
    if (!ask.idempotency_key.empty()) request.headers.add("Idempotency-Key", ask.idempotency_key);
    request.caller = caller_for(ask);
    return request;
  }
};

House::House() = default;
House::~House() = default;

std::pair<std::unique_ptr<House>, std::string> House::open(Ground& ground) {
  std::unique_ptr<House> house(new House);
  house->rooms_ = std::make_unique<Rooms>(ground);
  const auto opened = house->rooms_->open();
  if (!opened) return {nullptr, opened.error().text()};
  return {std::move(house), ""};
}

Said House::ask(const Ask& ask) { return rooms_->answer(ask); }

std::vector<Said> House::ask_together(const std::vector<Ask>& asks) {
  std::vector<Said> said(asks.size());
  std::deque<bool> done(asks.size(), false);
  std::vector<std::thread> askers;
  auto& engine = *rooms_->stepped;
  engine.gather();
  for (std::size_t i = 0; i < asks.size(); ++i) {
    const std::size_t before = engine.submitted();
    askers.emplace_back([&, i] {
      said[i] = rooms_->answer(asks[i]);
      engine.finished(done[i]);
    });
    engine.wait_for(before + 1, done[i]);
  }
  engine.run_gathered();
  for (std::thread& asker : askers) asker.join();
  return said;
}

void House::step() { rooms_->engine->step(); }

bool House::ready() const { return rooms_->engine->ready(); }

std::string House::checkpoint() { return rooms_->engine->checkpoint(kWorkspace).value_or(""); }

std::string House::inconsistency(const std::string& earlier, const std::string& later) {
  const std::vector<ledger::VerifierKey> keys{rooms_->engine->verifier_key(kWorkspace)};
  const auto from = ledger::open_checkpoint(earlier, keys);
  const auto to = ledger::open_checkpoint(later, keys);
  if (!from || !to) return "a checkpoint does not open";
  const auto proof =
      rooms_->engine->consistency(kWorkspace, from->checkpoint.size, to->checkpoint.size);
  if (!proof) return proof.error().text();
  const auto verified = ledger::verify_consistency(
      {from->checkpoint.size, from->checkpoint.root, to->checkpoint.size, to->checkpoint.root},
      *proof);
  return verified ? "" : std::string(ledger::sentence(verified.error()));
}

std::uint64_t House::entries() {
  const auto head = rooms_->engine->head(kWorkspace);
  return head ? head->size : 0;
}

std::vector<std::string> House::audit_findings() {
  test::CrashDisk disk(1);
  test::CrashVfs vfs(disk);
  auto scratch = storage::open_sqlite({.path = "/scratch.db", .readers_max = 1, .vfs = vfs.name()});
  if (!scratch) return {scratch.error().text()};
  auto report = engine::audit(*rooms_->engine, **scratch, [](std::string_view, std::uint64_t) {});
  if (!report) return {"the audit could not run: " + report.error().text()};
  return std::move(report->findings);
}

}  // namespace holdpoint::sim

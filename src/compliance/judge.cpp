// How each proof is told from the facts. Every function says what it found and names the records;
// where there is nothing to tell from, the finding stays without evidence.
#include <algorithm>

#include "base/assert.hpp"
#include "compliance/status.hpp"

namespace holdpoint::compliance {
namespace {

std::string counted(std::size_t count, std::string_view thing) {
  return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

std::int64_t days_between(Instant from, Instant until) {
  return (until - from).us / Duration::days(1).us;
}

class Judge {
 public:
  Judge(const Need& need, const ApplicationFacts& application, const WorkspaceFacts& facts)
      : need_(need), application_(application), facts_(facts) {
    out_.proof = need.proof;
    out_.application = application.application.name;
    out_.within_days = need.within_days;
  }

  Finding run() {
    switch (need_.proof) {
      case Proof::approvals: approvals(); break;
      case Proof::segregation: segregation(); break;
      case Proof::tests: of_kinds({evidence::Kind::tests}, "test results"); break;
      case Proof::scans: scans(); break;
      case Proof::components: of_kinds({evidence::Kind::sbom}, "bill of materials"); break;
      case Proof::provenance: provenance(); break;
      case Proof::audit_trail: verified_ledger("The ledger"); break;
      case Proof::access_reviews: access_reviews(); break;
      case Proof::verification: verification(); break;
      case Proof::exceptions: exceptions(); break;
      case Proof::incidents: incidents(); break;
      case Proof::policies: policies(); break;
      case Proof::environments: environments(); break;
      case Proof::retention: verified_ledger("Everything recorded"); break;
      case Proof::configuration: configuration(); break;
      case Proof::criteria: criteria(); break;
    }
    // What was left out may be otherwise.
    const bool is_good = out_.status == Status::satisfied || out_.status == Status::at_risk;
    if (is_good && (application_.is_cut || facts_.is_cut) && is_of_period()) {
      say(Status::no_evidence,
          "There is more in the period than is looked at: ask for a shorter one. " + out_.sentence);
    }
    return std::move(out_);
  }

 private:
  void say(Status status, std::string sentence) {
    out_.status = status;
    out_.sentence = std::move(sentence);
  }

  void name(std::string_view kind, std::string_view id, Instant at) {
    ++out_.records_total;
    if (out_.records.size() < refs_max) {
      out_.records.push_back({std::string(kind), std::string(id), at});
    }
  }

  [[nodiscard]] bool is_of_period() const {
    switch (need_.proof) {
      case Proof::approvals:
      case Proof::segregation:
      case Proof::tests:
      case Proof::scans:
      case Proof::components:
      case Proof::provenance:
      case Proof::verification:
      case Proof::exceptions:
      case Proof::incidents: return true;
      case Proof::audit_trail:
      case Proof::access_reviews:
      case Proof::policies:
      case Proof::environments:
      case Proof::retention:
      case Proof::configuration:
      case Proof::criteria: return false;
    }
    return true;
  }

  /// By its age, and what may still be.
  Status status_of_age(Instant at, std::int64_t days) const {
    const Duration age = facts_.now - at;
    const Duration allowed = Duration::days(days);
    if (age > allowed) return Status::failing;
    return age.us * 100 > allowed.us * at_risk_after_percent ? Status::at_risk : Status::satisfied;
  }

  void approvals() {
    std::size_t wrong = 0;
    for (const DeploymentFacts& one : application_.deployments) {
      if (one.certified || one.approved) continue;
      ++wrong;
      name("deployment", one.id, one.at);
    }
    std::size_t overdue = 0;
    for (const EmergencyFacts& one : application_.emergencies) {
      if (one.review_overdue || one.review_open) name("change", one.change, one.at);
      overdue += one.review_overdue ? 1 : 0;
    }
    if (wrong > 0) {
      return say(Status::failing, counted(wrong, "deployment") +
                                      " to production without a certification or an approval.");
    }
    if (overdue > 0) {
      return say(Status::failing,
                 counted(overdue, "emergency change") + " that nobody looked back at in time.");
    }
    if (application_.deployments.empty()) {
      return say(Status::no_evidence, "Nothing was deployed to production in the period.");
    }
    for (const DeploymentFacts& one : application_.deployments) {
      name("deployment", one.id, one.at);
    }
    const bool waits = std::ranges::any_of(application_.emergencies, &EmergencyFacts::review_open);
    say(waits ? Status::at_risk : Status::satisfied,
        counted(application_.deployments.size(), "deployment") +
            " to production, each certified or approved" +
            (waits ? "; an emergency waits to be looked back at." : "."));
  }

  void segregation() {
    std::size_t granted = 0;
    std::size_t alone = 0;
    std::int64_t refused = static_cast<std::int64_t>(application_.refused_starts.size());
    for (const RequestFacts& one : application_.requests) {
      refused += one.attempts_refused;
      if (!one.granted) continue;
      ++granted;
      const bool is_alone = one.signed_by_asker && !one.signed_by_others;
      alone += is_alone ? 1 : 0;
      if (is_alone) name("approval", one.id, one.at);
    }
    if (alone > 0) {
      return say(Status::failing,
                 counted(alone, "approval") + " signed by nobody but who asked for it.");
    }
    for (const RequestFacts& one : application_.requests) {
      if (one.granted || one.attempts_refused > 0) name("approval", one.id, one.at);
    }
    for (const Ref& one : application_.refused_starts) name(one.kind, one.id, one.at);
    if (granted == 0) {
      return say(Status::no_evidence, "Nothing was approved in the period.");
    }
    say(Status::satisfied, counted(granted, "approval") + " by others than who asked; " +
                               counted(static_cast<std::size_t>(refused), "attempt") + " refused.");
  }

  void scans() {
    if (!need_.kinds.empty()) return of_each(need_.kinds);
    of_kinds({evidence::Kind::sast, evidence::Kind::sca, evidence::Kind::secrets,
              evidence::Kind::iac, evidence::Kind::dast, evidence::Kind::license},
             "scan results");
  }

  void of_each(const std::vector<evidence::Kind>& kinds) {
    Status worst = Status::not_applicable;
    std::string sentence;
    for (const evidence::Kind kind : kinds) {
      of_kinds({kind}, std::string(describe::enum_text(kind)) + " results");
      if (worse(worst, out_.status) != worst) {
        worst = out_.status;
        sentence = out_.sentence;
      }
    }
    say(worst, std::move(sentence));
  }

  /// At least one whole report of those kinds of the release and of whatever else was shipped, none
  /// of them without a result or with failures, those of the release fresh enough.
  void of_kinds(const std::vector<evidence::Kind>& kinds, const std::string& what) {
    if (!application_.release) {
      return say(Status::no_evidence, "There is no release that was judged.");
    }
    const Held held = held_of(*application_.release, kinds);
    if (!is_whole(*application_.release, held)) return;
    for (const ReleaseFacts& other : application_.shipped) {
      const Held there = held_of(other, kinds);
      if (!is_whole(other, there)) return;
      if (there.oldest) continue;
      name("release", other.id, other.at);
      return say(Status::failing, other.name + " was deployed without " + what + ".");
    }
    const std::string& release = application_.release->name;
    if (!held.oldest) return say(Status::no_evidence, release + " has no " + what + ".");
    const std::int64_t days = std::max<std::int64_t>(days_between(*held.oldest, facts_.now), 0);
    const Status status =
        need_.within_days ? status_of_age(*held.oldest, *need_.within_days) : Status::satisfied;
    std::string sentence =
        release + " has " + what + ", " + counted(static_cast<std::size_t>(days), "day") + " old";
    if (status == Status::failing) sentence += "; too old";
    say(status, sentence + ".");
  }

  struct Held {
    std::optional<Instant> oldest;
    std::size_t broken = 0;
    std::int64_t failures = 0;
  };

  Held held_of(const ReleaseFacts& release, const std::vector<evidence::Kind>& kinds) {
    Held held;
    for (const HeldEvidence& one : release.evidence) {
      if (std::ranges::find(kinds, one.kind) == kinds.end()) continue;
      name("evidence", one.id, one.at);
      held.failures += one.failures;
      if (one.status != evidence::ReportStatus::complete) {
        ++held.broken;
      } else if (!held.oldest || one.at < *held.oldest) {
        held.oldest = one.at;
      }
    }
    return held;
  }

  /// Says what is wrong with what is there.
  bool is_whole(const ReleaseFacts& release, const Held& held) {
    if (held.broken > 0) {
      say(Status::failing, counted(held.broken, "report") + " of " + release.name +
                               " that did not run or could not be read.");
    } else if (held.failures > 0) {
      say(Status::failing, release.name + " has " +
                               counted(static_cast<std::size_t>(held.failures), "failed test") +
                               ".");
    }
    return held.broken == 0 && held.failures == 0;
  }

  void provenance() {
    if (application_.deployments.empty()) {
      if (!application_.release || !application_.release->certification) {
        return say(Status::no_evidence, "Nothing was certified or deployed in the period.");
      }
      const HeldCertification& held = *application_.release->certification;
      name("certification", held.id, held.at);
      return held.certified && held.is_signed
                 ? say(Status::satisfied, application_.release->name + " has a signed record.")
                 : say(Status::failing, application_.release->name + " is not certified.");
    }
    std::size_t unsigned_ones = 0;
    for (const DeploymentFacts& one : application_.deployments) {
      if (one.certified && one.has_artifact) continue;
      ++unsigned_ones;
      name("deployment", one.id, one.at);
    }
    if (unsigned_ones > 0) {
      return say(Status::failing, counted(unsigned_ones, "deployment") +
                                      " without an artifact of a certified release.");
    }
    for (const DeploymentFacts& one : application_.deployments) {
      name("deployment", one.id, one.at);
    }
    say(Status::satisfied, counted(application_.deployments.size(), "deployment") +
                               ", each of an artifact that a signed record names.");
  }

  void verified_ledger(const std::string& what) {
    if (!facts_.verification) {
      return say(Status::no_evidence, what + " was never verified from its beginning.");
    }
    const Verification& last = *facts_.verification;
    name("verification", last.id, last.at);
    if (last.findings > 0) {
      return say(Status::failing, "The last verification found " +
                                      counted(static_cast<std::size_t>(last.findings), "thing") +
                                      " wrong.");
    }
    const std::int64_t within = need_.within_days.value_or(verification_days_default);
    const Status status = status_of_age(last.at, within);
    say(status, what + " was verified on " + last.at.text() +
                    (status == Status::failing ? ", which is too long ago." : "."));
  }

  void access_reviews() {
    if (!facts_.access_review) {
      return say(Status::no_evidence, "No review of who may approve was ever closed.");
    }
    const AccessReviewFacts& last = *facts_.access_review;
    name("access_review", last.id, last.at);
    const std::int64_t within = need_.within_days.value_or(access_review_days_default);
    const Status status = status_of_age(last.at, within);
    if (status == Status::failing) {
      return say(status, "The last access review was closed on " + last.at.text() +
                             ", which is too long ago.");
    }
    if (last.unanswered > 0) {
      return say(Status::at_risk, "In the last access review nobody answered " +
                                      counted(static_cast<std::size_t>(last.unanswered), "right") +
                                      ".");
    }
    say(status, "Access was reviewed, closed on " + last.at.text() + ".");
  }

  void verification() {
    std::size_t late = 0;
    std::size_t waiting = 0;
    for (const DeploymentFacts& one : application_.deployments) {
      if (one.verified_at) continue;
      name("deployment", one.id, one.at);
      const Instant since = one.finished_at.value_or(one.at);
      ++(facts_.now - since > verification_within ? late : waiting);
    }
    if (late > 0) {
      return say(Status::failing, counted(late, "deployment") + " that nobody verified in a week.");
    }
    if (application_.deployments.empty()) {
      return say(Status::no_evidence, "Nothing was deployed to production in the period.");
    }
    for (const DeploymentFacts& one : application_.deployments) {
      if (one.verified_at) name("deployment", one.id, one.at);
    }
    if (waiting > 0) {
      return say(Status::at_risk, counted(waiting, "deployment") + " to be verified yet.");
    }
    say(Status::satisfied, counted(application_.deployments.size(), "deployment") +
                               ", each verified by somebody else.");
  }

  void exceptions() {
    std::size_t unapproved = 0;
    std::size_t ending = 0;
    for (const WaiverFacts& one : application_.waivers) {
      name("waiver", one.id, one.at);
      unapproved += one.approved ? 0 : 1;
      ending += one.expires_at - facts_.now < Duration::days(7) ? 1 : 0;
    }
    if (unapproved > 0) {
      return say(Status::failing, counted(unapproved, "waiver") + " in force without approval.");
    }
    if (!application_.release || !application_.release->certification) {
      return say(Status::no_evidence, "No release was judged, so nothing could be an exception.");
    }
    const HeldCertification& held = *application_.release->certification;
    name("certification", held.id, held.at);
    if (ending > 0) {
      return say(Status::at_risk, counted(ending, "waiver") + " that ends within a week.");
    }
    say(Status::satisfied, application_.waivers.empty()
                               ? "No exception is in force."
                               : counted(application_.waivers.size(), "waiver") +
                                     " in force, each approved and with an end.");
  }

  void incidents() {
    std::size_t mine = 0;
    std::size_t forgotten = 0;
    std::size_t open = 0;
    for (const IncidentFacts& one : facts_.incidents) {
      const bool is_mine = one.applications.empty() ||
                           std::ranges::find(one.applications, application_.application.name) !=
                               one.applications.end();
      if (!is_mine) continue;
      ++mine;
      name("incident", one.id, one.at);
      if (one.resolved_at) continue;
      ++open;
      forgotten += facts_.now - one.at > incident_open_max ? 1 : 0;
    }
    if (forgotten > 0) {
      return say(Status::failing, counted(forgotten, "incident") + " open for more than 14 days.");
    }
    if (mine == 0) return say(Status::no_evidence, "No incident was declared in the period.");
    say(open > 0 ? Status::at_risk : Status::satisfied,
        counted(mine, "incident") + ", " + std::to_string(open) + " of them open.");
  }

  void policies() {
    std::size_t enforced = 0;
    std::size_t overdue = 0;
    for (const PolicyFacts& one : facts_.criteria) {
      enforced += one.enforced ? 1 : 0;
      overdue += one.review_overdue ? 1 : 0;
      name("policy", one.name, one.at);
    }
    if (facts_.criteria.empty()) return say(Status::no_evidence, "No criteria are in force.");
    if (enforced == 0) return say(Status::failing, "Criteria are in force, and none is enforced.");
    if (overdue > 0) {
      return say(Status::at_risk,
                 counted(overdue, "document") + " of the criteria past the day of its review.");
    }
    say(Status::satisfied, counted(enforced, "document") + " of criteria enforced.");
  }

  void environments() {
    name("application", application_.application.name, facts_.now);
    const auto is_production = [](catalog::EnvironmentKind kind) {
      return kind == catalog::EnvironmentKind::production;
    };
    const auto production = std::ranges::count_if(application_.environments, is_production);
    const auto others = static_cast<std::ptrdiff_t>(application_.environments.size()) - production;
    if (production == 0) {
      return say(Status::no_evidence, "No environment of production is declared for it.");
    }
    if (others == 0) return say(Status::failing, "Nothing is declared before production.");
    say(Status::satisfied, "Production is declared apart from " +
                               counted(static_cast<std::size_t>(others), "environment") + ".");
  }

  void configuration() {
    if (application_.configurations.empty()) {
      return say(Status::no_evidence, "No environment of production is declared for it.");
    }
    for (const ConfigurationFacts& one : application_.configurations) {
      const std::string id = application_.application.name + "/" + one.environment;
      name("configuration", id, facts_.now);
      if (!one.recorded) {
        return say(Status::no_evidence,
                   "Its configuration in " + one.environment + " was never recorded.");
      }
      if (one.drifted) {
        return say(Status::failing,
                   "Its configuration in " + one.environment + " drifted since the certification.");
      }
    }
    say(Status::satisfied, "Its configuration in production is recorded, and did not drift.");
  }

  void criteria() {
    const std::string& wanted = *need_.criteria;
    if (!application_.release || !application_.release->certification) {
      return say(Status::no_evidence, "No release was judged.");
    }
    const HeldCertification& held = *application_.release->certification;
    name("certification", held.id, held.at);
    const auto found = std::ranges::find(held.criteria, wanted, &JudgedCriteria::name);
    if (found == held.criteria.end() || !found->enforced) {
      return say(Status::no_evidence,
                 application_.release->name + " was not judged by " + wanted + ", enforced.");
    }
    if (found->untold) {
      return say(Status::no_evidence,
                 application_.release->name + " has not shown yet what " + wanted + " asks for.");
    }
    if (!found->passed) {
      return say(Status::failing, application_.release->name + " does not pass " + wanted + ".");
    }
    const Status status =
        need_.within_days ? status_of_age(held.at, *need_.within_days) : Status::satisfied;
    say(status, application_.release->name + " passes " + wanted +
                    (status == Status::failing ? ", judged too long ago." : "."));
  }

  const Need& need_;
  const ApplicationFacts& application_;
  const WorkspaceFacts& facts_;
  Finding out_;
};

}  // namespace

Finding judge(const Need& need, const ApplicationFacts& application, const WorkspaceFacts& facts) {
  HP_ASSERT(need.proof != Proof::criteria || need.criteria.has_value(),
            "CO-3: a proof by criteria names them");
  return Judge(need, application, facts).run();
}

}  // namespace holdpoint::compliance

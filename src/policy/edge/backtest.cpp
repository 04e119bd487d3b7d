// See backtest.hpp.
#include "policy/edge/backtest.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "policy/edge/past.hpp"
#include "policy/routing_backtest.hpp"

namespace holdpoint::policy {
namespace {

constexpr std::size_t threads_max = 2;
constexpr std::size_t sets_kept_max = 500;
constexpr std::uint64_t facts_bytes_max = 64U << 20;

using Replayed = std::expected<Replay, std::string>;
using SteadyInstant = std::chrono::steady_clock::time_point;

/// The documents a decision is taken by, or why they cannot be had.
struct Sets {
  DocumentSets documents;
  std::string trouble;
};

/// One decision on its way: what is recorded, and what came out.
struct Job {
  const Past::Row* row = nullptr;
  PastDecision decision;
  Replayed replayed = std::unexpected(std::string("it was not judged"));
};

std::string sentence_of(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::not_found: return "its facts are not in the object store any more";
    case FaultKind::corrupt: return "its stored facts are damaged";
    case FaultKind::exhausted: return "its stored facts are larger than what is read";
    case FaultKind::io:
    case FaultKind::invalid:
    case FaultKind::timeout:
    case FaultKind::unavailable: break;
  }
  return "its stored facts could not be read";
}

/// As the document that was stored, which may be older than this program's facts.
std::expected<json::object, std::string> stored_facts(engine::ObjectStore& objects,
                                                      const Digest& digest) {
  const auto text = objects.read_all(digest, facts_bytes_max);
  if (!text) return std::unexpected(sentence_of(text.error()));
  auto facts = parse_json(*text, {.depth_max = 32, .bytes_max = facts_bytes_max});
  if (!facts || !facts->is_object()) {
    return std::unexpected(std::string("its stored facts are damaged"));
  }
  return std::move(facts->get_object());
}

/// Of each place that was decided about; of most decisions there is one.
std::expected<std::vector<json::object>, std::string> facts_of(engine::ObjectStore& objects,
                                                               const RecordedDecision& decision) {
  if (decision.told) return std::vector{*decision.told};
  if (!decision.facts) {
    return std::unexpected(std::string("it is from before facts were recorded with it"));
  }
  std::vector<Digest> digests{*decision.facts};
  digests.insert(digests.end(), decision.further_facts.begin(), decision.further_facts.end());
  std::vector<json::object> all;
  for (const Digest& digest : digests) {
    auto facts = stored_facts(objects, digest);
    if (!facts) return std::unexpected(std::move(facts).error());
    all.push_back(std::move(*facts));
  }
  return all;
}

Replayed replay_one(engine::ObjectStore& objects, const Sets& sets, Job& job) {
  if (!sets.trouble.empty()) return std::unexpected(sets.trouble);
  const auto facts = facts_of(objects, job.row->decision);
  if (!facts) return std::unexpected(facts.error());
  const DecisionSource& source = *job.row->source;
  const json::object& first = facts->front();
  job.decision.hindered = job.row->decision.hindered || (source.hindered && source.hindered(first));
  if (source.decision == DecisionKind::approval) {
    return replay_routing(job.decision, *facts, sets.documents);
  }
  return replay(job.decision, first, sets.documents);
}

/// Hands jobs out in their order, the first one always and no other after the deadline, so that
/// what was taken is what stands first.
class Queue {
 public:
  Queue(std::vector<Job>& jobs, SteadyInstant deadline) : jobs_(jobs), deadline_(deadline) {}

  Job* next() {
    const std::lock_guard lock(mutex_);
    const bool is_late = taken_ > 0 && std::chrono::steady_clock::now() >= deadline_;
    return is_late || taken_ == jobs_.size() ? nullptr : &jobs_[taken_++];
  }
  /// MUST be asked when no thread takes jobs any more.
  [[nodiscard]] std::size_t taken() const { return taken_; }

 private:
  std::vector<Job>& jobs_;
  const SteadyInstant deadline_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
};

/// The documents that decisions of one kind are tried by.
class Trial {
 public:
  Trial(DecisionKind decision, CriteriaLibrary& library, engine::ObjectStore& objects)
      : decision_(decision), library_(library), objects_(objects) {}

  void add(const TriedDocument& candidate) { candidates_.push_back(candidate); }

  /// Every decision is compared with the documents in force now.
  Result<void> compare_with_now(engine::Connection& tables, std::string_view workspace) {
    DocumentSet documents;
    for (const Policy& one : policies_in_force(tables, workspace, judges_of(decision_))) {
      HP_TRY(auto compiled, library_.compiled(one, objects_));
      const Mode mode = compiled.document().mode;
      documents.push_back({std::move(compiled), mode});
    }
    now_ = sets_of(std::move(documents));
    return {};
  }
  [[nodiscard]] bool compares_with_now() const { return now_.has_value(); }

  /// MUST NOT be called while sets are in use.
  void forget_some() {
    if (then_.size() > sets_kept_max) then_.clear();
  }

  /// Made once, by the thread that needs it first; the others wait, since they often need the same.
  const Sets& sets_for(const RecordedDecision& decision) {
    if (now_) return *now_;
    const std::lock_guard lock(mutex_);
    const auto found = then_.find(decision.documents_digest);
    if (found != then_.end()) return found->second;
    return then_.emplace(decision.documents_digest, sets_of_then(decision)).first->second;
  }

 private:
  Sets sets_of(DocumentSet documents) const {
    Sets sets;
    sets.documents.after = with_candidates(documents, candidates_);
    sets.documents.before = std::move(documents);
    return sets;
  }

  /// The documents of its time, as the record names them.
  Sets sets_of_then(const RecordedDecision& decision) {
    DocumentSet documents;
    for (const JudgedDocument& one : decision.documents) {
      Policy version;
      version.kind = kind_name(judges_of(decision_));
      version.name = one.name;
      version.digest = one.digest;
      version.document = one.document.digest;
      auto compiled = library_.compiled(version, objects_);
      if (!compiled) {
        return {{}, "the policy '" + one.name + "' of its time cannot be read any more"};
      }
      const Mode mode = compiled->document().mode;
      documents.push_back({std::move(*compiled), mode});
    }
    return sets_of(std::move(documents));
  }

  const DecisionKind decision_;
  CriteriaLibrary& library_;
  engine::ObjectStore& objects_;
  DocumentSet candidates_;
  std::optional<Sets> now_;
  std::mutex mutex_;
  std::map<Digest, Sets> then_;  // whose elements stay where they are
};

class Run {
 public:
  Run(engine::Engine& engine, CriteriaLibrary& library) : engine_(engine), library_(library) {}

  void add(DecisionKind decision, const TriedDocument& candidate) {
    trials_.try_emplace(decision, decision, library_, engine_.ports().objects)
        .first->second.add(candidate);
  }

  Result<void> compare_with_now(const std::string& workspace) {
    const auto tables = engine_.read();
    for (auto& [decision, trial] : trials_) {
      HP_TRY_VOID(trial.compare_with_now(*tables, workspace));
    }
    return {};
  }

  [[nodiscard]] bool tries(DecisionKind decision) const { return trials_.contains(decision); }

  Backtest go(Past& past, const BacktestBounds& bounds) {
    const SteadyInstant deadline =
        std::chrono::steady_clock::now() + std::chrono::microseconds(bounds.age_max.us);
    Backtest out;
    BacktestPosition reached = bounds.after;
    std::size_t left = bounds.limit;
    for (;;) {
      const auto rows = past.take(std::min(page_rows_max, left));
      const std::size_t tried = add(rows, deadline, out.report);
      for (std::size_t i = 0; i < tried; ++i) {
        reached[rows[i].source->decision] = rows[i].decision.id;
      }
      if (tried == rows.size() && !past.has_more()) return out;
      left -= tried;
      if (left == 0 || tried < rows.size() || std::chrono::steady_clock::now() >= deadline) {
        out.cut_at = std::move(reached);
        return out;
      }
    }
  }

 private:
  /// How many of the rows were tried before the deadline, one at least: those that stand first.
  std::size_t add(const std::vector<Past::Row>& rows, SteadyInstant deadline,
                  BacktestReport& report) {
    std::vector<Job> jobs;
    jobs.reserve(rows.size());
    for (auto& [decision, trial] : trials_) trial.forget_some();
    for (const Past::Row& row : rows) {
      Job job{.row = &row, .decision = {}};
      job.decision.kind = row.source->decision;
      job.decision.id = row.decision.id;
      job.decision.subject = row.decision.subject;
      job.decision.application = row.decision.application;
      job.decision.environment = row.decision.environment;
      job.decision.decided_at = row.decision.decided_at;
      job.decision.asks_readers_of = row.decision.asks_readers_of;
      if (!trial_of(row).compares_with_now()) job.decision.passed = row.decision.passed;
      jobs.push_back(std::move(job));
    }
    const std::size_t tried = replay_all(jobs, deadline);
    for (std::size_t i = 0; i < tried; ++i) {
      report.add(jobs[i].decision, std::move(jobs[i].replayed));
    }
    return tried;
  }

  /// Each thread takes the next job; a decision that cannot even be held in memory is one that was
  /// not replayed.
  std::size_t replay_all(std::vector<Job>& jobs, SteadyInstant deadline) {
    Queue queue(jobs, deadline);
    const auto work = [&] {
      while (Job* job = queue.next()) {
        try {
          const Sets& sets = trial_of(*job->row).sets_for(job->row->decision);
          job->replayed = replay_one(engine_.ports().objects, sets, *job);
        } catch (const std::exception&) {
          job->replayed = std::unexpected(std::string("judging it failed inside the server"));
        }
      }
    };
    {
      std::vector<std::jthread> threads;
      const std::size_t helpers = std::min(threads_max, jobs.size()) - (jobs.empty() ? 0 : 1);
      for (std::size_t i = 0; i < helpers; ++i) threads.emplace_back(work);
      work();
    }
    return queue.taken();
  }

  Trial& trial_of(const Past::Row& row) { return trials_.find(row.source->decision)->second; }

  engine::Engine& engine_;
  CriteriaLibrary& library_;
  std::map<DecisionKind, Trial> trials_;
};

}  // namespace

const DecisionSource* Backtester::source_of(Kind documents) const {
  const auto found = std::ranges::find_if(sources_, [&](const DecisionSource& source) {
    return judges_of(source.decision) == documents;
  });
  return found == sources_.end() ? nullptr : &*found;
}

Result<Backtest> Backtester::run(const std::string& workspace, const DocumentSet& candidates,
                                 Baseline baseline, const BacktestBounds& bounds) {
  Run run(engine_, *library_);
  for (const TriedDocument& candidate : candidates) {
    const DecisionSource* source = source_of(candidate.criteria.document().kind);
    if (source != nullptr) run.add(source->decision, candidate);
  }
  Past past(engine_, workspace, bounds);
  for (const DecisionSource& source : sources_) {
    if (run.tries(source.decision)) past.add(source);
  }
  if (baseline == Baseline::now) HP_TRY_VOID(run.compare_with_now(workspace));
  return run.go(past, bounds);
}

}  // namespace holdpoint::policy

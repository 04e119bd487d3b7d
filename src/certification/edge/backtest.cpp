// See backtest.hpp.
#include "certification/edge/backtest.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace holdpoint::certification {
namespace {

constexpr std::size_t page_rows_max = 250;
constexpr std::size_t threads_max = 2;
constexpr std::size_t sets_kept_max = 500;

using Replayed = std::expected<policy::Replay, std::string>;
using SteadyInstant = std::chrono::steady_clock::time_point;

/// The documents a decision is taken by, or why they cannot be had.
struct Sets {
  policy::DocumentSets documents;
  std::string trouble;
};

/// One decision on its way: what is recorded, and what came out.
struct Job {
  const Certification* certification = nullptr;
  policy::PastDecision decision;
  Replayed replayed = std::unexpected(std::string("it was not judged"));
};

bool names_no_artifact(const json::object& facts) {
  const auto* release = facts.if_contains("release");
  const auto* object = release == nullptr ? nullptr : release->if_object();
  const auto* artifacts = object == nullptr ? nullptr : object->if_contains("artifacts");
  return artifacts == nullptr || !artifacts->is_array() || artifacts->get_array().empty();
}

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

Replayed replay_one(engine::ObjectStore& objects, const Sets& sets, Job& job) {
  if (!sets.trouble.empty()) return std::unexpected(sets.trouble);
  const auto facts = facts_document_of(objects, *job.certification);
  if (!facts) return std::unexpected(sentence_of(facts.error()));
  job.decision.hindered = names_no_artifact(*facts);
  return policy::replay(job.decision, *facts, sets.documents);
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

class Run {
 public:
  Run(engine::Engine& engine, policy::CriteriaLibrary& library, const std::string& workspace,
      const policy::DocumentSet& candidates)
      : engine_(engine), library_(library), workspace_(workspace), candidates_(candidates) {}

  /// Every decision is compared with the documents in force now.
  Result<void> compare_with_now() {
    const auto tables = engine_.read();
    policy::DocumentSet documents;
    for (const policy::Policy& one : policy::criteria_in_force(*tables, workspace_)) {
      HP_TRY(auto compiled, library_.compiled(one, engine_.ports().objects));
      const policy::Mode mode = compiled.document().mode;
      documents.push_back({std::move(compiled), mode});
    }
    now_ = sets_of(std::move(documents));
    return {};
  }

  Backtest go(const BacktestBounds& bounds) {
    const SteadyInstant deadline =
        std::chrono::steady_clock::now() + std::chrono::microseconds(bounds.age_max.us);
    Backtest out;
    std::string after = bounds.after;
    std::size_t left = bounds.limit;
    for (;;) {
      // One row more tells whether decisions are left behind the bound.
      const std::size_t rows_max = std::min(page_rows_max, left);
      auto rows = page(bounds, after, rows_max + 1);
      const bool has_more = rows.size() > rows_max;
      if (has_more) rows.resize(rows_max);
      const std::size_t tried = add(rows, deadline, out.report);
      if (tried == rows.size() && !has_more) return out;
      after = rows[tried - 1].id.text();
      left -= tried;
      if (left == 0 || std::chrono::steady_clock::now() >= deadline) {
        out.cut_at = after;
        return out;
      }
    }
  }

 private:
  std::vector<Certification> page(const BacktestBounds& bounds, const std::string& after,
                                  std::size_t limit) {
    const auto tables = engine_.read();
    return list_decisions(*tables, workspace_,
                          {bounds.application, bounds.since, bounds.decisions, after, limit});
  }

  /// How many of the rows were tried before the deadline, one at least: those that stand first.
  std::size_t add(const std::vector<Certification>& rows, SteadyInstant deadline,
                  policy::BacktestReport& report) {
    std::vector<Job> jobs;
    jobs.reserve(rows.size());
    if (then_.size() > sets_kept_max) then_.clear();
    for (const Certification& row : rows) {
      Job job{.certification = &row, .decision = {}};
      job.decision.id = row.id.text();
      job.decision.subject = row.application + "@" + row.version;
      job.decision.application = row.application;
      job.decision.decided_at = row.at;
      if (!now_) job.decision.passed = was_issued(row);
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
          job->replayed = replay_one(engine_.ports().objects, sets_for(*job->certification), *job);
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

  Sets sets_of(policy::DocumentSet documents) const {
    Sets sets;
    sets.documents.after = policy::with_candidates(documents, candidates_);
    sets.documents.before = std::move(documents);
    return sets;
  }

  /// Made once, by the thread that needs it first; the others wait, since they often need the same.
  const Sets& sets_for(const Certification& row) {
    if (now_) return *now_;
    const std::lock_guard lock(sets_mutex_);
    const auto found = then_.find(row.criteria_digest);
    if (found != then_.end()) return found->second;
    return then_.emplace(row.criteria_digest, sets_of_then(row)).first->second;
  }

  /// The documents of its time, as the record names them.
  Sets sets_of_then(const Certification& row) {
    policy::DocumentSet documents;
    for (const JudgedCriteria& one : row.judged_by) {
      policy::Policy criteria;
      criteria.kind = policy::kind_name(policy::Kind::certification_criteria);
      criteria.name = one.name;
      criteria.digest = one.digest;
      criteria.document = one.document.digest;
      auto compiled = library_.compiled(criteria, engine_.ports().objects);
      if (!compiled) {
        return {{}, "the criteria '" + one.name + "' of its time cannot be read any more"};
      }
      const policy::Mode mode = compiled->document().mode;
      documents.push_back({std::move(*compiled), mode});
    }
    return sets_of(std::move(documents));
  }

  engine::Engine& engine_;
  policy::CriteriaLibrary& library_;
  const std::string& workspace_;
  const policy::DocumentSet& candidates_;
  std::optional<Sets> now_;
  std::mutex sets_mutex_;
  std::map<Digest, Sets> then_;  // whose elements stay where they are
};

}  // namespace

Result<Backtest> Backtester::run(const std::string& workspace,
                                 const policy::DocumentSet& candidates, Baseline baseline,
                                 const BacktestBounds& bounds) {
  Run run(engine_, *library_, workspace, candidates);
  if (baseline == Baseline::now) HP_TRY_VOID(run.compare_with_now());
  return run.go(bounds);
}

}  // namespace holdpoint::certification

// How each figure is told from the facts.
#include <algorithm>
#include <tuple>

#include "base/civil_date.hpp"
#include "metrics/metrics.hpp"

namespace holdpoint::metrics {
namespace {

constexpr std::int64_t whole_bp = 10'000;

/// The value below which `percent` of the sorted values lie, by the nearest rank.
std::int64_t rank_of(const std::vector<std::int64_t>& sorted, std::int64_t percent) {
  const auto count = static_cast<std::int64_t>(sorted.size());
  const std::int64_t rank = std::max<std::int64_t>(1, (count * percent + 99) / 100);
  return sorted[static_cast<std::size_t>(rank - 1)];
}

void name(Figure& figure, std::string_view kind, const std::string& id, Instant at) {
  ++figure.records_total;
  figure.records.push_back({std::string(kind), id, at});
}

void bound_records(Figure& figure) {
  std::ranges::sort(figure.records, [](const Record& a, const Record& b) {
    return std::tie(b.at, b.id) < std::tie(a.at, a.id);
  });
  if (figure.records.size() > records_max) figure.records.resize(records_max);
}

Figure share(FigureName name_of_figure, std::int64_t count, std::int64_t of) {
  Figure figure{.name = name_of_figure, .unit = Unit::basis_points};
  figure.count = count;
  figure.of = of;
  if (of > 0) figure.value = count * whole_bp / of;
  return figure;
}

Figure times(FigureName name_of_figure, std::vector<std::int64_t> values) {
  Figure figure{.name = name_of_figure, .unit = Unit::microseconds};
  figure.count = static_cast<std::int64_t>(values.size());
  figure.of = figure.count;
  if (values.empty()) return figure;
  std::ranges::sort(values);
  figure.value = rank_of(values, 50);
  figure.p90 = rank_of(values, 90);
  return figure;
}

class Telling {
 public:
  Telling(const Facts& facts, const Slice& slice) : facts_(facts), slice_(slice) {
    for (const Deployed& one : facts.deployed) {
      const bool is_there =
          slice.environment.empty() ? one.is_production : one.environment == slice.environment;
      if (is_there && is_mine(one.application) && slice.span.holds(one.at)) {
        deployed_.push_back(&one);
      }
    }
  }

  std::vector<Figure> run() const {
    std::vector<Figure> all{frequency(),   lead_time(), failures(),      restoring(),
                            governed(),    approvals(), first_attempt(), completeness(),
                            emergencies(), exceptions()};
    for (Figure& figure : all) bound_records(figure);
    return all;
  }

 private:
  [[nodiscard]] bool is_mine(const std::string& application) const {
    return slice_.applications.empty() || slice_.applications.contains(application);
  }

  [[nodiscard]] bool is_mine(const Changed& change) const {
    return slice_.applications.empty() ||
           std::ranges::any_of(change.applications, [&](const auto& one) { return is_mine(one); });
  }
  [[nodiscard]] bool is_mine(const Attempted& one) const { return is_mine(one.application); }
  [[nodiscard]] bool is_mine(const Judged& one) const { return is_mine(one.application); }

  [[nodiscard]] Figure frequency() const {
    Figure figure{.name = FigureName::deployment_frequency, .unit = Unit::per_day_milli};
    for (const Deployed* one : deployed_) {
      if (one->failed_at == one->at) continue;  // it never arrived
      ++figure.count;
      name(figure, "deployment", one->id, one->at);
    }
    const std::int64_t us = (slice_.span.until - slice_.span.from).us;
    const std::int64_t days = std::max<std::int64_t>(1, us / Duration::days(1).us);
    figure.of = days;
    figure.value = figure.count * 1'000 / days;
    return figure;
  }

  [[nodiscard]] Figure lead_time() const {
    std::vector<std::int64_t> values;
    std::vector<const Deployed*> counted;
    for (const Deployed* one : deployed_) {
      if (!one->proposed_at || one->failed_at == one->at) continue;
      values.push_back((one->at - *one->proposed_at).us);
      counted.push_back(one);
    }
    Figure figure = times(FigureName::lead_time, std::move(values));
    for (const Deployed* one : counted) name(figure, "deployment", one->id, one->at);
    return figure;
  }

  [[nodiscard]] Figure failures() const {
    const auto failed = std::ranges::count_if(
        deployed_, [](const Deployed* one) { return one->failed_at.has_value(); });
    Figure figure =
        share(FigureName::change_failure_rate, failed, static_cast<std::int64_t>(deployed_.size()));
    for (const Deployed* one : deployed_) {
      if (one->failed_at) name(figure, "deployment", one->id, *one->failed_at);
    }
    return figure;
  }

  /// The first moment at which it worked again: the incident's end, or the next deployment there
  /// that arrived.
  [[nodiscard]] std::optional<Instant> restored(const Deployed& failed) const {
    std::optional<Instant> first = failed.restored_at;
    for (const Deployed& one : facts_.deployed) {
      const bool is_same_place =
          one.application == failed.application && one.environment == failed.environment;
      if (!is_same_place || one.failed_at || one.at <= *failed.failed_at) continue;
      if (!first || one.at < *first) first = one.at;
    }
    return first;
  }

  [[nodiscard]] Figure restoring() const {
    std::vector<std::int64_t> values;
    std::vector<const Deployed*> counted;
    for (const Deployed* one : deployed_) {
      if (!one->failed_at) continue;
      const auto until = restored(*one);
      if (!until) continue;
      values.push_back((*until - *one->failed_at).us);
      counted.push_back(one);
    }
    const auto failed = std::ranges::count_if(
        deployed_, [](const Deployed* one) { return one->failed_at.has_value(); });
    Figure figure = times(FigureName::time_to_restore, std::move(values));
    figure.of = failed;  // what is not restored yet has no time
    for (const Deployed* one : counted) name(figure, "deployment", one->id, *one->failed_at);
    return figure;
  }

  [[nodiscard]] Figure governed() const {
    const auto count =
        std::ranges::count_if(deployed_, [](const Deployed* one) { return one->governed; });
    Figure figure =
        share(FigureName::governed_deployments, count, static_cast<std::int64_t>(deployed_.size()));
    for (const Deployed* one : deployed_) {
      if (one->governed) name(figure, "deployment", one->id, one->at);
    }
    return figure;
  }

  [[nodiscard]] Figure approvals() const {
    std::vector<std::int64_t> values;
    std::vector<const Approved*> counted;
    for (const Approved& one : facts_.approved) {
      const bool is_there = slice_.environment.empty() || one.environment == slice_.environment;
      if (!is_there || !is_mine(one.application) || !slice_.span.holds(one.granted_at)) continue;
      values.push_back((one.granted_at - one.requested_at).us);
      counted.push_back(&one);
    }
    Figure figure = times(FigureName::approval_cycle_time, std::move(values));
    for (const Approved* one : counted) name(figure, "approval", one->id, one->granted_at);
    return figure;
  }

  /// A share of what is of the slice; `counts` says which of it.
  template <class Fact, class Counts, class IdOf>
  Figure share_of(FigureName which, const std::vector<Fact>& facts, std::string_view kind,
                  IdOf&& id_of, Counts&& counts) const {
    std::int64_t of = 0;
    std::int64_t count = 0;
    std::vector<const Fact*> counted;
    for (const Fact& one : facts) {
      if (!is_mine(one) || !slice_.span.holds(one.at)) continue;
      const std::optional<bool> verdict = counts(one);
      if (!verdict) continue;
      ++of;
      if (!*verdict) continue;
      ++count;
      counted.push_back(&one);
    }
    Figure figure = share(which, count, of);
    for (const Fact* one : counted) name(figure, kind, id_of(*one), one->at);
    return figure;
  }

  [[nodiscard]] Figure first_attempt() const {
    return share_of(
        FigureName::first_attempt_pass_rate, facts_.attempted, "release",
        [](const Attempted& one) { return one.release; },
        [](const Attempted& one) { return std::optional(one.passed); });
  }

  [[nodiscard]] Figure completeness() const {
    return share_of(
        FigureName::evidence_completeness, facts_.judged, "certification",
        [](const Judged& one) { return one.id; },
        [](const Judged& one) { return std::optional(one.complete); });
  }

  [[nodiscard]] Figure emergencies() const {
    return share_of(
        FigureName::emergency_rate, facts_.changed, "change",
        [](const Changed& one) { return one.id; },
        [](const Changed& one) { return std::optional(one.emergency); });
  }

  [[nodiscard]] Figure exceptions() const {
    return share_of(
        FigureName::exception_rate, facts_.judged, "certification",
        [](const Judged& one) { return one.id; },
        [](const Judged& one) {
          return one.certified ? std::optional(one.excepted) : std::nullopt;
        });
  }

  const Facts& facts_;
  const Slice& slice_;
  std::vector<const Deployed*> deployed_;
};

}  // namespace

std::vector<Figure> figures_of(const Facts& facts, const Slice& slice) {
  return Telling(facts, slice).run();
}

std::vector<Span> months_of(const Span& span, std::size_t parts_max) {
  std::vector<Span> parts;
  constexpr std::int64_t day = Duration::days(1).us;
  Instant until = span.until;
  while (span.from < until && parts.size() < parts_max) {
    const Date last = civil_from_days(floor_div(until.us - 1, day));
    const Instant first{days_from_civil({last.year, last.month, 1}) * day};
    parts.push_back({std::max(first, span.from), until});
    until = first;
  }
  std::ranges::reverse(parts);
  return parts;
}

}  // namespace holdpoint::metrics

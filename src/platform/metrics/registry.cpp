// See registry.hpp.
#include "platform/metrics/registry.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "base/assert.hpp"

namespace holdpoint::metrics {
namespace {

bool is_name(const std::string& name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name[0]) && !name.starts_with("__") &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

struct Registry::State {
  enum class Kind : std::uint8_t { counter, gauge, histogram };

  /// Whether the series is shown; asserts what the program must have got right.
  bool admit(const Metric& metric, Kind kind) {
    HP_ASSERT(is_name(metric.name), "ME-1: a metric's name is one Prometheus allows");
    for (const auto& label : metric.labels) {
      HP_ASSERT(is_name(label.first), "ME-2: a label's name is one Prometheus allows");
    }
    const std::scoped_lock lock(mutex);
    const auto known = kinds.emplace(metric.name, kind).first;
    HP_ASSERT(known->second == kind, "ME-3: a metric's name has one kind");
    if (series.size() >= kSeries_max) return series.contains({metric.name, metric.labels});
    series.emplace(metric.name, metric.labels);
    return true;
  }

  std::mutex mutex;
  std::map<std::string, Kind> kinds;
  std::set<std::pair<std::string, Labels>> series;
  prometheus::Registry shown{prometheus::Registry::InsertBehavior::Merge};
  prometheus::Registry hidden{prometheus::Registry::InsertBehavior::Merge};
};

void Counter::add(double by) { series_->Increment(by); }
void Gauge::set(double value) { series_->Set(value); }
void Gauge::add(double by) { series_->Increment(by); }
void Histogram::observe(double value) { series_->Observe(value); }

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

Counter Registry::counter(const Metric& metric) {
  const bool shown = state_->admit(metric, State::Kind::counter);
  auto& family = prometheus::BuildCounter()
                     .Name(metric.name)
                     .Help(metric.help)
                     .Register(shown ? state_->shown : state_->hidden);
  return Counter(family.Add(shown ? metric.labels : Labels{}));
}

Gauge Registry::gauge(const Metric& metric) {
  const bool shown = state_->admit(metric, State::Kind::gauge);
  auto& family = prometheus::BuildGauge()
                     .Name(metric.name)
                     .Help(metric.help)
                     .Register(shown ? state_->shown : state_->hidden);
  return Gauge(family.Add(shown ? metric.labels : Labels{}));
}

Histogram Registry::histogram(const Metric& metric, const std::vector<double>& bounds) {
  HP_ASSERT(std::ranges::is_sorted(bounds), "ME-4: the bounds of buckets ascend");
  const bool shown = state_->admit(metric, State::Kind::histogram);
  auto& family = prometheus::BuildHistogram()
                     .Name(metric.name)
                     .Help(metric.help)
                     .Register(shown ? state_->shown : state_->hidden);
  return Histogram(family.Add(shown ? metric.labels : Labels{}, bounds));
}

std::string Registry::text() const {
  return prometheus::TextSerializer().Serialize(state_->shown.Collect());
}

}  // namespace holdpoint::metrics

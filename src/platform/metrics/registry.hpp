// Operational numbers in the Prometheus text format, over prometheus-cpp, which is named in the
// .cpp only. Ask for a series once and keep it: looking it up costs more than counting.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace holdpoint::metrics {

/// Series a registry holds; more are counted into one that is not shown, so that a label taken from
/// outside can never fill the memory.
inline constexpr std::size_t kSeries_max = 4096;

using Labels = std::map<std::string, std::string>;

/// The three kinds are small handles, valid while their registry lives, and safe for use from
/// several threads.
class Counter {
 public:
  /// `by` MUST NOT be negative.
  void add(double by = 1);

 private:
  friend class Registry;
  explicit Counter(prometheus::Counter& series) : series_(&series) {}
  prometheus::Counter* series_;
};

class Gauge {
 public:
  void set(double value);
  void add(double by);

 private:
  friend class Registry;
  explicit Gauge(prometheus::Gauge& series) : series_(&series) {}
  prometheus::Gauge* series_;
};

class Histogram {
 public:
  void observe(double value);

 private:
  friend class Registry;
  explicit Histogram(prometheus::Histogram& series) : series_(&series) {}
  prometheus::Histogram* series_;
};

/// What a metric is called and what it says; names are those Prometheus allows and one name has one
/// kind. Both MUST be so: they are constants of the program.
struct Metric {
  std::string name;
  std::string help;
  Labels labels;
};

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// The same metric twice is the same series.
  Counter counter(const Metric& metric);
  Gauge gauge(const Metric& metric);
  /// `bounds` are the upper bounds of the buckets, ascending.
  Histogram histogram(const Metric& metric, const std::vector<double>& bounds);

  /// Text exposition format 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdpoint::metrics

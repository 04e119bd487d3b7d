// Metrics in the Prometheus text format, and the bound on series.
#include "platform/metrics/registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::metrics {
namespace {

bool holds(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

TEST_CASE("counters, gauges and histograms are written as Prometheus reads them") {
  Registry registry;
  registry.counter({"holdpoint_commands_total", "Commands.", {{"type", "a\"b"}}}).add();
  registry.counter({"holdpoint_commands_total", "Commands.", {{"type", "a\"b"}}}).add(2);
  const Gauge queue = registry.gauge({"holdpoint_queue", "Waiting.", {}});
  Gauge(queue).set(5);
  Gauge(queue).add(-2);
  registry.histogram({"holdpoint_commit_seconds", "Commit.", {}}, {0.01, 0.1}).observe(0.05);
  const std::string text = registry.text();
  CHECK(holds(text, "# HELP holdpoint_commands_total Commands."));
  CHECK(holds(text, "# TYPE holdpoint_commands_total counter"));
  CHECK(holds(text, "holdpoint_commands_total{type=\"a\\\"b\"} 3"));
  CHECK(holds(text, "holdpoint_queue 3"));
  CHECK(holds(text, "holdpoint_commit_seconds_bucket{le=\"0.01\"} 0"));
  CHECK(holds(text, "holdpoint_commit_seconds_bucket{le=\"0.1\"} 1"));
  CHECK(holds(text, "holdpoint_commit_seconds_count 1"));
}

TEST_CASE("series beyond the bound are counted nowhere, and known ones still are") {
  Registry registry;
  const auto series = [&](std::size_t n) {
    return registry.counter({"holdpoint_requests_total", "R.", {{"path", std::to_string(n)}}});
  };
  for (std::size_t n = 0; n < kSeries_max + 100; ++n) series(n).add();
  series(0).add();
  const std::string text = registry.text();
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == kSeries_max + 2);
  CHECK(holds(text, "holdpoint_requests_total{path=\"0\"} 2"));
}

}  // namespace
}  // namespace holdpoint::metrics

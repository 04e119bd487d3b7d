// What every benchmark does the same way: read the steady clock, take medians over interleaved
// rounds, and print one table in which each row stands beside its limit or peer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace holdpoint::bench {

/// Seconds since some fixed moment.
inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The middle value, 0 of none.
double median(std::vector<double> values);
/// The value below which `share` (0 to 1) of the values lie, 0 of none.
double quantile(std::vector<double> values, double share);

/// Keeps the compiler from dropping a computed value.
template <class T>
inline void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

/// Runs `work` repeatedly for about `seconds_max` and gives the nanoseconds of one run.
template <class Work>
double nanoseconds_of(Work&& work, double seconds_max) {
  std::uint64_t runs = 0;
  std::uint64_t step = 1;
  const double start = now_s();
  double elapsed = 0;
  while (elapsed < seconds_max) {
    for (std::uint64_t i = 0; i < step; ++i) work();
    runs += step;
    elapsed = now_s() - start;
    if (elapsed < seconds_max / 16) step *= 2;
  }
  return elapsed * 1e9 / static_cast<double>(runs);
}

/// "1,234,567" or, below 100, with two decimals.
std::string number(double value);

/// A text table; the first column is left-aligned, the others right-aligned.
class Table {
 public:
  explicit Table(std::string title, std::vector<std::string> columns);
  void add(std::vector<std::string> row);
  void print() const;

 private:
  std::string title_;
  std::vector<std::vector<std::string>> rows_;
};

/// A whole number option from the environment, for example HP_BENCH_SECONDS.
int option(const char* name, int otherwise);

/// Says what is broken and ends the program with status 1.
[[noreturn]] void broken(const std::string& what);

}  // namespace holdpoint::bench

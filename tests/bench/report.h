// SPDX-License-Identifier: MIT
// What the programs have in common: samples beside Google Benchmark's own averages, because the
// targets speak of medians and of differences, and the table at the end of a run.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ntms::bench {

// Durations of single events, in seconds. Not thread-safe.
class Samples {
 public:
  void add(double seconds) { values_.push_back(seconds); }
  std::size_t count() const { return values_.size(); }
  // The value below which `share` (0 to 1) of the samples lie; 0 without samples.
  double percentile(double share) const;
  double median() const { return percentile(0.5); }

 private:
  std::vector<double> values_;
};

// One line of the table: something measured, what it is compared to, and what is wanted. Values are
// in `unit`; a value that is not there was not measured in this run.
struct Row {
  std::string name;
  std::optional<double> measured;
  std::optional<double> floor;
  std::string unit = "us";
  // At most so many times the floor, at most so much more than the floor, at most so much.
  std::optional<double> most_times{};
  std::optional<double> most_above{};
  std::optional<double> most{};
};

class Report {
 public:
  // The samples of a name, made at first use; the reference stays valid.
  Samples& samples(const std::string& name) { return samples_[name]; }

  // Median in units of 1/`per_second` seconds (1e6: microseconds), if there are samples.
  std::optional<double> median(const std::string& name, double per_second = 1e6) const;

  void add(Row row) { rows_.push_back(std::move(row)); }
  // A line of text under the table.
  void remark(std::string text) { remarks_.push_back(std::move(text)); }

  // Prints percentiles of all samples, the table, and the remarks to standard output.
  void print() const;

 private:
  std::map<std::string, Samples> samples_;
  std::vector<Row> rows_;
  std::vector<std::string> remarks_;
};

// Seconds that `work` takes.
template <class F>
double seconds_of(F&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Registers a benchmark whose iterations are timed one by one into `samples`. `work` returns the
// seconds an iteration took, so that it can prepare and clean up outside of them.
template <class F>
benchmark::internal::Benchmark* measure(const std::string& name, Samples& samples, F work) {
  return benchmark::RegisterBenchmark(name.c_str(),
                                      [&samples, work](benchmark::State& state) mutable {
                                        for ([[maybe_unused]] auto iteration : state) {
                                          const double seconds = work();
                                          state.SetIterationTime(seconds);
                                          samples.add(seconds);
                                        }
                                      })
      ->UseManualTime();
}

// Measures what one small append with fdatasync() costs in `directory` (the file is removed), as
// benchmark "disk/append_and_sync" with samples of that name.
void measure_disk(Report& report, const std::string& directory);

// Runs what is registered, by Google Benchmark's options in the command line. Repetitions of the
// benchmarks take turns in random order, so that a change of the machine's mood meets all of them;
// --benchmark_enable_random_interleaving=false turns that off.
void run(int argc, char** argv);

}  // namespace ntms::bench

// SPDX-License-Identifier: MIT
#include "bench/report.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace ntms::bench {
namespace {

std::string number(std::optional<double> value, const char* format = "%.1f") {
  if (!value) return "-";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, *value);
  return text.data();
}

std::string target_of(const Row& row) {
  std::string text;
  const auto add = [&text](const std::string& condition) {
    text += (text.empty() ? "<= " : ", <= ") + condition;
  };
  if (row.most_times) add(number(row.most_times) + " x floor");
  if (row.most_above) add("floor + " + number(row.most_above, "%.0f"));
  if (row.most) add(number(row.most, "%g"));
  return text.empty() ? "-" : text;
}

std::string verdict_of(const Row& row) {
  if (!row.most_times && !row.most_above && !row.most) return "-";
  if (!row.measured || ((row.most_times || row.most_above) && !row.floor)) return "not run";
  const bool over = (row.most_times && *row.measured > *row.most_times * *row.floor) ||
                    (row.most_above && *row.measured > *row.most_above + *row.floor) ||
                    (row.most && *row.measured > *row.most);
  return over ? "over" : "ok";
}

// A file that is closed and removed at the end of the scope.
class ScratchFile {
 public:
  explicit ScratchFile(std::string path)
      : path_(std::move(path)), fd_(open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path_);
  }
  ~ScratchFile() {
    close(fd_);
    unlink(path_.c_str());
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  int fd() const { return fd_; }

 private:
  std::string path_;
  int fd_;
};

}  // namespace

double Samples::percentile(double share) const {
  if (values_.empty()) return 0;
  std::vector<double> sorted = values_;
  const auto place =
      std::min(sorted.size() - 1,
               static_cast<std::size_t>(std::floor(share * static_cast<double>(sorted.size()))));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(place),
                   sorted.end());
  return sorted[place];
}

std::optional<double> Report::median(const std::string& name, double per_second) const {
  const auto found = samples_.find(name);
  if (found == samples_.end() || found->second.count() == 0) return std::nullopt;
  return found->second.median() * per_second;
}

void Report::print() const {
  std::printf("\n%-44s %7s %12s %12s %12s   (microseconds)\n", "samples", "count", "p50", "p95",
              "p99");
  for (const auto& [name, samples] : samples_) {
    if (samples.count() == 0) continue;
    std::printf("%-44s %7zu %12.1f %12.1f %12.1f\n", name.c_str(), samples.count(),
                samples.median() * 1e6, samples.percentile(0.95) * 1e6,
                samples.percentile(0.99) * 1e6);
  }
  std::printf("\n%-44s %12s %12s %7s  %-24s %s\n", "name", "measured", "floor", "ratio", "target",
              "verdict");
  for (const Row& row : rows_) {
    std::optional<double> ratio;
    if (row.measured && row.floor && *row.floor > 0) ratio = *row.measured / *row.floor;
    const std::string name = row.name + " (" + row.unit + ")";
    std::printf("%-44s %12s %12s %7s  %-24s %s\n", name.c_str(),
                number(row.measured, "%.2f").c_str(), number(row.floor, "%.2f").c_str(),
                number(ratio, "%.2f").c_str(), target_of(row).c_str(), verdict_of(row).c_str());
  }
  for (const std::string& remark : remarks_) std::printf("%s\n", remark.c_str());
  std::array<double, 3> load{};
  if (getloadavg(load.data(), 3) == 3) {
    std::printf("load average at the end: %.2f %.2f %.2f\n", load[0], load[1], load[2]);
  }
  std::fflush(stdout);
}

void measure_disk(Report& report, const std::string& directory) {
  auto file = std::make_shared<ScratchFile>(directory + "/append");
  measure("disk/append_and_sync", report.samples("disk/append_and_sync"), [file] {
    static const std::array<char, 4096> page{};
    return seconds_of([&] {
      if (write(file->fd(), page.data(), page.size()) < 0 || fdatasync(file->fd()) != 0) {
        throw std::system_error(errno, std::generic_category(), "append");
      }
    });
  })->Iterations(200);
}

void run(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + std::min(argc, 1));
  words.emplace_back("--benchmark_enable_random_interleaving=true");
  words.emplace_back("--benchmark_repetitions=5");
  words.emplace_back("--benchmark_report_aggregates_only=true");
  words.insert(words.end(), argv + std::min(argc, 1), argv + argc);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}

}  // namespace ntms::bench

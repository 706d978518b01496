// SPDX-License-Identifier: MIT
// What a durable request costs: an eject that is queued and cancelled again, beside the same rows
// written by bare SQLite on the same disk; and how many syncs eight threads share.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <latch>
#include <thread>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/floor_database.h"
#include "bench/report.h"
#include "bench/sync_counter.h"
#include "bench/work_directory.h"

namespace {

using namespace ntms::bench;

constexpr std::size_t kThreads = 8;
constexpr std::size_t kPerThread = 8;  // requests of a thread in a round
constexpr std::size_t kRound = kThreads * kPerThread;
constexpr int kIterations = 100;  // of each repetition
constexpr int kRounds = 4;        // likewise, of eight threads

// Runs `work(i)` for i from 0 to kRound on kThreads threads; the seconds from their common start to
// the end of the last.
template <class F>
double seconds_of_round(F work) {
  std::latch ready(kThreads + 1);
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      ready.arrive_and_wait();
      for (std::size_t i = 0; i < kPerThread; ++i) work(thread * kPerThread + i);
    });
  }
  ready.arrive_and_wait();
  return seconds_of([&] {
    for (std::thread& thread : threads) thread.join();
  });
}

// Eight threads queue a batch of 64 together and cancel it again.
class Crowd {
 public:
  Crowd(const Client& client, std::vector<NTMS_GUID> media)
      : client_(client), media_(std::move(media)) {}

  double round() {
    const double queued = counted([&](std::size_t i) {
      expect_success(EjectNtmsMedia(client_.session(), &media_[i], nullptr, NTMS_EJECT_QUEUE),
                     "QUEUE");
    });
    std::vector<NTMS_GUID> requests = client_.list(NTMS_LIBREQUEST);
    requests.erase(requests.begin(), requests.end() - kRound);
    const double cancelled = counted([&](std::size_t i) {
      expect_success(CancelNtmsLibraryRequest(client_.session(), &requests[i]), "CANCEL");
    });
    requests_ += 2 * kRound;
    return queued + cancelled;
  }

  std::optional<double> syncs_per_request() const {
    if (requests_ == 0) return std::nullopt;
    return static_cast<double>(syncs_) / static_cast<double>(requests_);
  }

 private:
  template <class F>
  double counted(F work) {
    const std::uint64_t before = wal_syncs();
    const double seconds = seconds_of_round(work);
    syncs_ += wal_syncs() - before;
    return seconds;
  }

  const Client& client_;
  std::vector<NTMS_GUID> media_;
  std::uint64_t syncs_ = 0;
  std::uint64_t requests_ = 0;
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const std::string uri =
      create(work.path() / "library.emu", {.slots = 100, .media = 80, .ports = kRound});
  const auto data = work.path() / "data";
  { const Client first(data, uri); }  // records the library
  FloorDatabase floor_database(data, work.path() / "floor");
  FloorRequests floor(floor_database);
  const Client client(data, uri);
  std::vector<NTMS_GUID> media = client.list(NTMS_PHYSICAL_MEDIA);
  media.resize(kRound);
  Crowd crowd(client, media);
  Report report;

  NTMS_GUID medium = media.front();
  Samples& cancels = report.samples("cancel/api");
  Samples& floor_cancels = report.samples("cancel/floor");
  measure("queue_eject/api", report.samples("queue_eject/api"), [&] {
    const double queued = seconds_of([&] {
      expect_success(EjectNtmsMedia(client.session(), &medium, nullptr, NTMS_EJECT_QUEUE), "QUEUE");
    });
    NTMS_GUID request = client.unfinished_request(medium, 1);
    cancels.add(seconds_of(
        [&] { expect_success(CancelNtmsLibraryRequest(client.session(), &request), "CANCEL"); }));
    return queued;
  })->Iterations(kIterations);
  measure("queue_eject/floor", report.samples("queue_eject/floor"), [&] {
    Bytes16 request{};
    const double queued = seconds_of([&] { request = floor.queue(bytes_of(medium)); });
    floor_cancels.add(seconds_of([&] { floor.cancel(bytes_of(medium), request); }));
    return queued;
  })->Iterations(kIterations);
  measure("eight_threads/api", report.samples("eight_threads/round_of_128"), [&] {
    return crowd.round();
  })->Iterations(kRounds);
  measure_disk(report, work.path());
  run(argc, argv);

  const auto add = [&](const char* name, const char* samples) {
    report.add({.name = name,
                .measured = report.median(std::string(samples) + "/api"),
                .floor = report.median(std::string(samples) + "/floor"),
                .most_times = 1.5});
  };
  add("1 queue an eject", "queue_eject");
  add("1 cancel it", "cancel");
  const auto round = report.median("eight_threads/round_of_128", 1);
  const auto queue_floor = report.median("queue_eject/floor", 1);
  const auto cancel_floor = report.median("cancel/floor", 1);
  Row rate{.name = "1 eight threads", .measured = {}, .floor = {}, .unit = "requests/s"};
  if (round) rate.measured = 2 * kRound / *round;
  if (queue_floor && cancel_floor) rate.floor = 2 / (*queue_floor + *cancel_floor);
  report.add(rate);
  report.add({.name = "1 eight threads",
              .measured = crowd.syncs_per_request(),
              .floor = 1.0,
              .unit = "WAL syncs/request",
              .most = 0.5});
  report.add({.name = "a 4 KiB append with fdatasync",
              .measured = report.median("disk/append_and_sync"),
              .floor = {}});
  report.print();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    bench(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

// SPDX-License-Identifier: MIT
// How well the arm and the drives are used: 1,000 mounts queued at once over four drives, each to
// be used for a drawn time and dismounted, on an emulated library with delays and a virtual clock.
// The engine does what it always does; the clock goes on only when nothing is left to do at its
// time. Beside the makespan stand the time that the busiest resource needs at least, and the
// makespan of a worker that carries out one request after the other.
#include <ntms/emulator.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/report.h"
#include "bench/work_directory.h"

namespace {

using namespace ntms::bench;

constexpr std::size_t kMounts = 1000;
constexpr std::size_t kDrives = 4;
constexpr std::uint16_t kFirstDrive = 256;
constexpr unsigned kSeed = 42;

// All times in milliseconds.
struct Load {
  const char* name;
  std::uint32_t move;
  std::uint32_t load;
  std::int64_t shortest_use;
  std::int64_t longest_use;
};
constexpr Load kRobotBound{"robot_bound", 15'000, 15'000, 1'000, 20'000};
constexpr Load kDriveBound{"drive_bound", 10'000, 20'000, 60'000, 600'000};

std::vector<std::int64_t> draw_uses(const Load& load) {
  std::mt19937 random(kSeed);
  std::vector<std::int64_t> uses(kMounts);
  // Not by a distribution of the standard library: those differ from one to the other.
  const auto span = static_cast<std::uint64_t>(load.longest_use - load.shortest_use + 1);
  for (auto& use : uses) use = load.shortest_use + static_cast<std::int64_t>(random() % span);
  return uses;
}

// What the arm, and the drives together, have to do at least: for each mount one motion of the arm,
// which keeps the drive too, then the load and the use.
double lower_bound(const Load& load, const std::vector<std::int64_t>& uses) {
  const auto arm = static_cast<double>(kMounts) * load.move;
  double drives = 0;
  for (const std::int64_t use : uses) {
    drives += static_cast<double>(use) + load.move + load.load;
  }
  return std::max(arm, drives / kDrives) / 1000;
}

// First come, first served, one request after the other, each to its end: the tape is loaded before
// the next request is begun.
double one_after_the_other(const Load& load, const std::vector<std::int64_t>& uses) {
  std::array<std::int64_t, kDrives> free_at{};
  std::int64_t worker = 0;
  for (const std::int64_t use : uses) {
    auto& drive = *std::min_element(free_at.begin(), free_at.end());
    worker = std::max(worker, drive) + load.move + load.load;
    drive = worker + use;
  }
  return static_cast<double>(*std::max_element(free_at.begin(), free_at.end())) / 1000;
}

// The applications, and the hand on the clock.
class Play {
 public:
  Play(const Client& client, const std::string& file, const Load& load)
      : client_(client), load_(load), uses_(draw_uses(load)), ids_(client.list(NTMS_DRIVE)) {
    ntms_emulator* opened = nullptr;
    check(ntms_emulator_open(file.c_str(), &opened), "opening the library");
    emulator_.reset(opened);
    set_durations(load.move, load.load);
    check(ntms_emulator_trace_last(emulator_.get(), &seen_), "reading the trace");
    sides_ = client.list(NTMS_PARTITION);
    if (sides_.size() != kMounts || ids_.size() != kDrives) {
      throw std::runtime_error("the library is not what it should be");
    }
    std::shuffle(sides_.begin(), sides_.end(), std::mt19937(kSeed));
  }

  // Seconds of the virtual clock from the first mount to the end of the last use.
  double run() {
    check(ntms_emulator_clock_now(emulator_.get(), &now_), "reading the clock");
    const std::int64_t start = now_;
    for (NTMS_GUID& side : sides_) {
      NTMS_GUID drive{};
      expect_success(MountNtmsMedia(client_.session(), &side, &drive, 1, NTMS_MOUNT_NOWAIT,
                                    NTMS_PRIORITY_NORMAL, 0, nullptr),
                     "queueing a mount");
    }
    while (used_ < kMounts) {
      do_what_is_due();
      if (used_ < kMounts) advance();
    }
    const double makespan = static_cast<double>(now_ - start) / 1000;
    empty_drives();
    return makespan;
  }

 private:
  enum class Stage { idle, arriving, loading, in_use };
  struct Drive {
    Stage stage = Stage::idle;
    std::int64_t until = 0;  // end of the stage
    NTMS_GUID side{};        // in use
  };

  static void check(int code, const char* doing) {
    if (code != NTMS_EMULATOR_OK) {
      throw std::runtime_error(std::string(doing) + ": " + ntms_emulator_strerror(code));
    }
  }

  void set_durations(std::uint32_t move, std::uint32_t load) {
    const ntms_emulator_durations durations{sizeof durations, move, load, 0, 0};
    check(ntms_emulator_set_durations(emulator_.get(), &durations), "setting durations");
  }

  // As it was before, at no time's cost.
  void empty_drives() {
    set_durations(0, 0);
    for (NTMS_GUID id : ids_) {
      wait_until([&] { return state_of(id) == NTMS_DRIVESTATE_DISMOUNTABLE; }, "the last dismount");
      expect_success(DismountNtmsDrive(client_.session(), &id), "emptying a drive");
      wait_until([&] { return state_of(id) == NTMS_DRIVESTATE_DISMOUNTED; }, "an empty drive");
    }
  }

  DWORD state_of(const NTMS_GUID& drive) const {
    return client_.get(drive, NTMS_DRIVE).Info.Drive.State;
  }

  void do_what_is_due() {
    for (bool again = true; again;) {
      again = false;
      for (std::size_t i = 0; i < kDrives; ++i) again = step(i) || again;
      if (is_work_for_the_arm()) {
        wait_until([&] { return see_new_motion(); }, "the arm to be used");
        again = true;
      }
    }
  }

  // The next stage of a drive, if its time has come.
  bool step(std::size_t index) {
    Drive& drive = drives_.at(index);
    if (drive.stage == Stage::idle || drive.until > now_) return false;
    switch (drive.stage) {
      case Stage::arriving:
        drive.stage = Stage::loading;
        drive.until += load_.load;
        return true;
      case Stage::loading:
        wait_until([&] { return is_loaded(index); }, "a drive to be seen ready");
        drive.stage = Stage::in_use;
        drive.until = now_ + uses_.at(loaded_++);
        return true;
      case Stage::in_use:
        expect_success(DismountNtmsMedia(client_.session(), &drive.side, 1, NTMS_DISMOUNT_DEFERRED),
                       "dismounting");
        drive.stage = Stage::idle;
        ++used_;
        return true;
      case Stage::idle:
        break;
    }
    return false;
  }

  bool is_loaded(std::size_t index) {
    const auto info = client_.get(ids_.at(index), NTMS_DRIVE).Info.Drive;
    if (info.State != NTMS_DRIVESTATE_LOADED) return false;
    if (same(info.SavedPartitionId, drives_.at(index).side)) return false;  // still the last one
    drives_.at(index).side = info.SavedPartitionId;
    return true;
  }

  // Whether an engine that leaves nothing undone uses the arm now.
  bool is_work_for_the_arm() const {
    return arm_until_ <= now_ && begun_ < kMounts &&
           std::any_of(drives_.begin(), drives_.end(),
                       [](const Drive& drive) { return drive.stage == Stage::idle; });
  }

  // Looks through the commands that have come since the last look.
  bool see_new_motion() {
    std::uint64_t last = 0;
    check(ntms_emulator_trace_last(emulator_.get(), &last), "reading the trace");
    bool any = false;
    for (; seen_ < last; ++seen_) {
      ntms_emulator_trace_entry entry{};
      entry.size = sizeof entry;
      check(ntms_emulator_trace(emulator_.get(), seen_ + 1, &entry), "reading the trace");
      const bool motion = entry.lun == 0 && (entry.cdb[0] == 0xA5 || entry.cdb[0] == 0xA6);
      if (!motion) continue;
      any = true;
      arm_until_ = entry.time + load_.move;
      const unsigned to = entry.cdb[6] * 256U + entry.cdb[7];
      if (to < kFirstDrive || to >= kFirstDrive + kDrives) continue;  // a drive is emptied
      Drive& drive = drives_.at(to - kFirstDrive);
      drive.stage = Stage::arriving;
      drive.until = arm_until_;
      ++begun_;
    }
    return any;
  }

  // To the next time at which something ends.
  void advance() {
    std::optional<std::int64_t> next;
    if (arm_until_ > now_) next = arm_until_;
    for (const Drive& drive : drives_) {
      if (drive.stage != Stage::idle) next = std::min(next.value_or(drive.until), drive.until);
    }
    if (!next) throw std::runtime_error("nothing goes on");
    check(ntms_emulator_clock_advance(emulator_.get(), *next - now_), "moving the clock");
    now_ = *next;
  }

  struct Closer {
    void operator()(ntms_emulator* emulator) const { ntms_emulator_close(emulator); }
  };

  const Client& client_;
  const Load load_;
  const std::vector<std::int64_t> uses_;
  const std::vector<NTMS_GUID> ids_;
  std::unique_ptr<ntms_emulator, Closer> emulator_;
  std::vector<NTMS_GUID> sides_;
  std::array<Drive, kDrives> drives_{};
  std::int64_t now_ = 0;
  std::int64_t arm_until_ = 0;
  std::uint64_t seen_ = 0;  // of the trace
  std::size_t begun_ = 0;
  std::size_t loaded_ = 0;
  std::size_t used_ = 0;
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const auto file = work.path() / "library.emu";
  const std::string uri = create(
      file,
      {.slots = kMounts + kDrives, .media = kMounts, .drives = kDrives, .virtual_clock = true});
  // One library for all: a process follows one virtual clock.
  const Client client(work.path() / "data", uri);
  Report report;
  for (const Load& load : {kRobotBound, kDriveBound}) {
    measure(std::string(load.name) + "/virtual", report.samples(load.name),
            [&, load] { return Play(client, file.string(), load).run(); })
        ->Iterations(1)
        ->Repetitions(1)
        ->Unit(benchmark::kSecond);
  }
  run(argc, argv);
  for (const Load& load : {kRobotBound, kDriveBound}) {
    const auto uses = draw_uses(load);
    const double bound = lower_bound(load, uses);
    report.add({.name = std::string("8 1,000 mounts, ") + load.name,
                .measured = report.median(load.name, 1),
                .floor = bound,
                .unit = "s",
                .most_times = 1.10});
    report.add({.name = "  one request after the other",
                .measured = one_after_the_other(load, uses),
                .floor = bound,
                .unit = "s"});
  }
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

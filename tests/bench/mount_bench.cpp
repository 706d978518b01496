// SPDX-License-Identifier: MIT
// The library's own time for a mount and its dismount, on an emulated library whose arm and drives
// need no time: MountNtmsMedia to the loaded drive, DismountNtmsMedia to the cartridge in its slot.
// The floor is what the robot needs for it: two MOVE MEDIUM to the same kind of library.
#include <cstdio>
#include <exception>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/raw_changer.h"
#include "bench/report.h"
#include "bench/sync_counter.h"
#include "bench/work_directory.h"

namespace {

using namespace ntms::bench;

constexpr int kCycles = 100;  // of each repetition
constexpr std::uint16_t kArm = 1;
constexpr std::uint16_t kFirstDrive = 256;
constexpr std::uint16_t kFirstSlot = 1024;

class Cycle {
 public:
  explicit Cycle(const Client& client)
      : client_(client), medium_(client.list(NTMS_PHYSICAL_MEDIA).front()) {
    for (const NTMS_GUID& side : client.list(NTMS_PARTITION)) {
      if (same(client.get(side, NTMS_PARTITION).Info.Partition.PhysicalMedia, medium_)) {
        side_ = side;
      }
    }
  }

  double mount() {
    return seconds_of([&] {
      NTMS_GUID drive{};
      expect_success(MountNtmsMedia(client_.session(), &side_, &drive, 1, NTMS_MOUNT_READ,
                                    NTMS_PRIORITY_NORMAL, INFINITE, nullptr),
                     "mounting");
    });
  }

  double dismount() {
    return seconds_of([&] {
      expect_success(DismountNtmsMedia(client_.session(), &side_, 1, NTMS_DISMOUNT_IMMEDIATE),
                     "dismounting");
      wait_until([&] { return client_.location_type(medium_) == NTMS_STORAGESLOT; }, "the way home",
                 std::chrono::microseconds(50));
    });
  }

 private:
  const Client& client_;
  NTMS_GUID medium_;
  NTMS_GUID side_{};
};

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const EmulatedLibrary library{.slots = 40, .media = 20};
  const std::string uri = create(work.path() / "library.emu", library);
  RawChanger raw(create(work.path() / "floor.emu", library));
  const Client client(work.path() / "data", uri);
  Cycle cycle(client);
  Report report;
  std::uint64_t syncs = 0;

  measure("mount_and_dismount/api", report.samples("mount_and_dismount/api"), [&] {
    const std::uint64_t before = wal_syncs();
    const double seconds = cycle.mount() + cycle.dismount();
    syncs += wal_syncs() - before;
    return seconds;
  })->Iterations(kCycles);
  measure("mount_and_dismount/floor", report.samples("mount_and_dismount/floor"), [&] {
    return seconds_of([&] {
      raw.move(kArm, kFirstSlot, kFirstDrive);
      raw.move(kArm, kFirstDrive, kFirstSlot);
    });
  })->Iterations(kCycles);
  measure_disk(report, work.path());
  run(argc, argv);

  report.add({.name = "7 mount and dismount",
              .measured = report.median("mount_and_dismount/api"),
              .floor = report.median("mount_and_dismount/floor")});
  report.add({.name = "a 4 KiB append with fdatasync",
              .measured = report.median("disk/append_and_sync"),
              .floor = {}});
  if (const auto median = report.median("mount_and_dismount/api", 1); median && *median > 0) {
    report.remark("cycles a second: " + std::to_string(static_cast<int>(1 / *median)));
    const std::size_t cycles = report.samples("mount_and_dismount/api").count();
    report.remark("syncs of the log for a cycle: " + std::to_string(syncs / cycles));
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

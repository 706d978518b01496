// SPDX-License-Identifier: MIT
// What the tests of cleaning share: a library whose last slot is the cleaner's.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {

class CleaningTest : public MovementOnEmulator {
 protected:
  static constexpr unsigned kCleanerSlot = 11;
  static constexpr const char* kCleaner = "CLN001L1";
  static constexpr unsigned kMinute = 60'000;  // milliseconds
  static constexpr unsigned kIsATape = 9999;   // no cleaner at all, whatever the label says
  static constexpr DWORD kPatience = 60'000;   // milliseconds, far more than a mount takes here

  NTMS_LIBRARYINFORMATION info() { return library_info().Info.Library; }
  Id drive_id(unsigned index = 0) { return Id(drive(index).ObjectGuid); }
  DWORD drive_state(unsigned index = 0) { return drive(index).Info.Drive.State; }
  Id cleaner() const { return medium_with(kCleaner); }
  bool is_in_drive(const Id& medium_id) { return media_info(medium_id).LocationType == NTMS_DRIVE; }
  Id drive_of(const Id& medium_id) { return Id(media_info(medium_id).Location); }

  void reserve_slot() {
    const Id slot_id(slot(kCleanerSlot).ObjectGuid);
    ASSERT_EQ(ReserveNtmsCleanerSlot(session(), library().get(), Id(slot_id).get()), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return Id(info().CleanerSlot) == slot_id; })) << picture();
  }

  // Brings a cleaner into the reserved slot: `told` cleanings by the caller's count, `true_uses` in
  // truth.
  void bring_cleaner(DWORD told = 20, const char* bar_code = kCleaner, unsigned true_uses = 50) {
    Id operation;
    ASSERT_EQ(
        InjectNtmsCleaner(session(), library().get(), operation.get(), told, NTMS_INJECT_START),
        ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_open_port());
    put(0, bar_code);
    if (true_uses != kIsATape) {
      ASSERT_EQ(ntms_emulator_set_cleaner(emulator().handle(), bar_code, true_uses),
                NTMS_EMULATOR_OK);
    }
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  }

  void start_with_cleaner(LibraryShape shape = {}, DWORD told = 20, unsigned true_uses = 50) {
    shape.ports = 1;
    ASSERT_NO_FATAL_FAILURE(start(shape));
    ASSERT_NO_FATAL_FAILURE(reserve_slot());
    ASSERT_NO_FATAL_FAILURE(bring_cleaner(told, kCleaner, true_uses));
  }

  void set_cleaning_time(unsigned milliseconds) {
    ntms_emulator_durations durations{};
    durations.size = sizeof durations;
    durations.clean_ms = milliseconds;
    ASSERT_EQ(ntms_emulator_set_durations(emulator().handle(), &durations), NTMS_EMULATOR_OK);
  }
  unsigned emulated_uses() {
    std::uint32_t uses = 0;
    EXPECT_EQ(ntms_emulator_cleaner_uses(emulator().handle(), kCleaner, &uses), NTMS_EMULATOR_OK);
    return uses;
  }
  // How many commands with this operation code the first drive has received.
  unsigned long long commands_of_drive(unsigned opcode) {
    std::uint64_t count = 0;
    EXPECT_EQ(ntms_emulator_command_count(emulator().handle(), 1, opcode, &count),
              NTMS_EMULATOR_OK);
    return count;
  }

  DWORD clean(unsigned index = 0) { return CleanNtmsDrive(session(), drive_id(index).get()); }
  // The cleanings of the library in the order in which they were queued.
  std::vector<Id> cleanings() {
    std::vector<Id> found;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
      if (rsm().request(id).OperationCode == NTMS_LM_CLEANDRIVE) found.push_back(id);
    }
    return found;
  }
  // The first of them that is not `except`.
  Id cleaning(const Id& except = {}) {
    for (const Id& id : cleanings()) {
      if (!(id == except)) return id;
    }
    return {};
  }

  std::vector<Id> cleaner_request_ids() {
    std::vector<Id> found;
    for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
      const auto request = rsm().get(id, NTMS_OPREQUEST).Info.OpRequest;
      if (request.Request == NTMS_OPREQ_CLEANER && request.State < NTMS_OPSTATE_REFUSED) {
        found.push_back(id);
      }
    }
    return found;
  }
  // The open requests for a cleaner.
  std::vector<NTMS_OPREQUESTINFORMATIONW> cleaner_requests() {
    std::vector<NTMS_OPREQUESTINFORMATIONW> found;
    for (const Id& id : cleaner_request_ids()) {
      found.push_back(rsm().get(id, NTMS_OPREQUEST).Info.OpRequest);
    }
    return found;
  }

  static bool has_change(const std::vector<Change>& all, const Change& wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
  }

  // Mounts the only side of a medium in any drive, and takes it out again.
  void mount(const Id& medium_id) {
    Id side = side_of(medium_id);
    Id chosen;
    ASSERT_EQ(MountNtmsMedia(session(), side.get(), chosen.get(), 1, NTMS_MOUNT_READ,
                             NTMS_PRIORITY_NORMAL, kPatience, nullptr),
              ERROR_SUCCESS)
        << picture();
  }
  void dismount(const Id& medium_id, DWORD options) {
    Id side = side_of(medium_id);
    ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, options), ERROR_SUCCESS);
  }
};

}  // namespace ntms::conformance

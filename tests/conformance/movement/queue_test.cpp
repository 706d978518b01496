// SPDX-License-Identifier: MIT
// The queue of a library: order by class, what waits holds nothing, libraries beside each other,
// and an early end in every state (contract: functions-library-control 0.3 and 8; concepts 15).
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class Queue : public MovementOnEmulator {
 protected:
  Id latest(DWORD operation) {
    Id found;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
      if (rsm().request(id).OperationCode == operation) found = id;
    }
    EXPECT_FALSE(found.is_null());
    return found;
  }
  Id take_inventory() {
    EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
    return latest(NTMS_LM_INVENTORY);
  }
  DWORD cancel(const Id& request) { return CancelNtmsLibraryRequest(session(), request.get()); }
  bool open_door() {
    return wait_until(
        [&] { return ntms_emulator_door_open(emulator().handle(), 0) == NTMS_EMULATOR_OK; });
  }
  void close_door() {
    EXPECT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  }
};

TEST_F(Queue, ClassBeforeTime) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  Id inject_operation = start_inject();
  const Id second = start_eject(medium(1));  // later, but an eject
  EXPECT_EQ(rsm().state(inject_operation), DWORD{NTMS_LM_QUEUED});
  EXPECT_EQ(rsm().state(second), DWORD{NTMS_LM_QUEUED});
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_extended(medium(1))) << picture();
  EXPECT_EQ(rsm().state(inject_operation), DWORD{NTMS_LM_QUEUED});
  take(medium(1));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_state(inject_operation, NTMS_LM_INPROCESS));
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &inject_operation), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_end(inject_operation));
}

TEST_F(Queue, TimeWithinAClass) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  std::vector<Id> operations;
  for (unsigned index = 0; index < 4; ++index) operations.push_back(start_eject(medium(3 - index)));
  for (unsigned index = 0; index < 4; ++index) {
    ASSERT_TRUE(wait_for_extended(medium(3 - index))) << picture();
    take(medium(3 - index));
    ASSERT_TRUE(wait_for_state(operations[index], NTMS_LM_PASSED));
  }
}

TEST_F(Queue, WhatWaitsForAPersonHoldsNothingElse) {
  ASSERT_NO_FATAL_FAILURE(create({.ports = 1}));
  ASSERT_TRUE(robot().foreign_move(kSlot, 7, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(open());
  put(0, "STRANGE1");
  const Id waiting = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(waiting, NTMS_LM_WAITING)) << "the port is full";
  const Id inventory = take_inventory();
  EXPECT_TRUE(wait_for_state(inventory, NTMS_LM_PASSED)) << picture();
  ASSERT_EQ(DismountNtmsDrive(session(), Id(drive(0).ObjectGuid).get()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(latest(NTMS_LM_DISMOUNT), NTMS_LM_PASSED)) << picture();
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, medium(3).get()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return rsm().get(medium(3)).Enabled == FALSE; }));
  EXPECT_EQ(rsm().state(waiting), DWORD{NTMS_LM_WAITING});
  emulator().take(0);
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  take(medium(0));
  EXPECT_TRUE(wait_for_state(waiting, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(Queue, LibrariesBesideEachOther) {
  ASSERT_NO_FATAL_FAILURE(create());
  EmulatorBackend& other = create_another({.media = 1, .bar_codes = {"OTHER1L8"}});
  ASSERT_NO_FATAL_FAILURE(open());
  const Id there = medium_with("OTHER1L8");
  const Id here_operation = start_eject(medium(0));
  const Id there_operation = start_eject(there);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_until([&] { return media_info(there).LocationType == NTMS_IEPORT; }))
      << "it does not wait for the operator at the first one" << picture();
  EXPECT_EQ(rsm().state(here_operation), DWORD{NTMS_LM_INPROCESS});
  ASSERT_TRUE(wait_until(
      [&] { return ntms_emulator_port_take(other.handle(), 0, nullptr) == NTMS_EMULATOR_OK; }));
  EXPECT_TRUE(wait_for_state(there_operation, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().state(here_operation), DWORD{NTMS_LM_INPROCESS});
  take(medium(0));
  EXPECT_TRUE(wait_for_state(here_operation, NTMS_LM_PASSED));
}

TEST_F(Queue, EarlyEndWhileTheLibraryIsOpen) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1, .doors = 1}));
  ASSERT_TRUE(open_door());
  const Id cancelled = start_eject(medium(0));
  const Id stopped = start_eject(medium(1));
  ASSERT_TRUE(wait_for_state(cancelled, NTMS_LM_WAITING)) << picture();
  ASSERT_EQ(cancel(cancelled), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(cancelled, NTMS_LM_CANCELLED));
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  Id operation = stopped;
  ASSERT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(stopped, NTMS_LM_STOPPED)) << picture();
  EXPECT_EQ(media_info(medium(1)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  close_door();
}

TEST_F(Queue, InjectEndsWhileTheLibraryIsOpen) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1, .doors = 1}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_TRUE(open_door());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING)) << picture();
  ASSERT_EQ(cancel(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_CANCELLED)) << "whether the door is closed or not";
  close_door();
  const Id again = start_inject();
  ASSERT_TRUE(wait_for_state(again, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null()) << "it had stayed in the port";
  EXPECT_TRUE(agree());
}

TEST_F(Queue, CleanerRequestsEndInTheQueue) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_EQ(ReserveNtmsCleanerSlot(session(), library().get(), Id(slot(11).ObjectGuid).get()),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !Id(library_info().Info.Library.CleanerSlot).is_null(); }));
  const Id eject = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  Id first;
  ASSERT_EQ(InjectNtmsCleaner(session(), library().get(), first.get(), 3, NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_EQ(InjectNtmsCleaner(session(), library().get(), first.get(), 3, NTMS_INJECT_STOP),
            ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(first), DWORD{NTMS_LM_STOPPED});
  Id second;
  ASSERT_EQ(InjectNtmsCleaner(session(), library().get(), second.get(), 3, NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_EQ(cancel(second), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(second), DWORD{NTMS_LM_CANCELLED});
  take(medium(0));
  EXPECT_TRUE(wait_for_state(eject, NTMS_LM_PASSED));
}

}  // namespace
}  // namespace ntms::conformance

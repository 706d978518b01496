// SPDX-License-Identifier: MIT
// AccessNtmsLibraryDoor and doors that nobody asked to open (contract: functions-library-control 3;
// concepts 9, 10, 11, 13.4).
#include <fstream>

#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

constexpr DWORD kActions[] = {NTMS_INVENTORY_NONE, NTMS_INVENTORY_FAST, NTMS_INVENTORY_OMID,
                              NTMS_INVENTORY_DEFAULT};

class Door : public MovementOnEmulator {
 protected:
  void start_with_doors(unsigned doors = 1, bool virtual_clock = false) {
    start({.doors = doors, .virtual_clock = virtual_clock});
  }
  // Queues door access; the request.
  Id access(DWORD action = NTMS_INVENTORY_FAST) {
    EXPECT_EQ(AccessNtmsLibraryDoor(session(), library().get(), action), ERROR_SUCCESS);
    return latest(NTMS_LM_DOORACCESS);
  }
  // The same, and waits until the doors are unlocked.
  Id begin_access(DWORD action = NTMS_INVENTORY_FAST) {
    const Id request = access(action);
    EXPECT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
    return request;
  }
  // The newest request of an operation.
  Id latest(DWORD operation) {
    Id found;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
      if (rsm().request(id).OperationCode == operation) found = id;
    }
    EXPECT_FALSE(found.is_null());
    return found;
  }
  // The operator opens a door as soon as it lets itself be opened.
  bool open_door(unsigned index = 0) {
    return wait_until(
        [&] { return ntms_emulator_door_open(emulator().handle(), index) == NTMS_EMULATOR_OK; });
  }
  void close_door(unsigned index = 0) {
    EXPECT_EQ(ntms_emulator_door_close(emulator().handle(), index), NTMS_EMULATOR_OK);
  }
  void swap(unsigned first, unsigned second) {
    EXPECT_EQ(ntms_emulator_slot_swap(emulator().handle(), first, second), NTMS_EMULATOR_OK);
  }
  DWORD slot_state(unsigned index) { return slot(index).Info.StorageSlot.State; }
};

TEST_F(Door, TwoSwappedOneAddedOneRemoved) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id request = begin_access();
  EXPECT_EQ(rsm().state(request), NTMS_LM_INPROCESS);
  EXPECT_EQ(rsm().request(request).OperationOption, DWORD{NTMS_INVENTORY_FAST});
  ASSERT_TRUE(open_door());
  swap(0, 1);
  ASSERT_EQ(ntms_emulator_slot_put(emulator().handle(), 10, "NEW001L8"), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_slot_take(emulator().handle(), 4, nullptr), NTMS_EMULATOR_OK);
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(elements(NTMS_IEDOOR)[0].Info.IEDoor.State, DWORD{NTMS_DOORSTATE_CLOSED});
  EXPECT_TRUE(is_in_slot(medium(0), 1));
  EXPECT_TRUE(is_in_slot(medium(1), 0));
  EXPECT_FALSE(rsm().find(medium(4))) << "unidentified media are forgotten when they leave";
  EXPECT_TRUE(is_in_slot(medium_with("NEW001L8"), 10));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, library()).size(), 8U);
  EXPECT_EQ(rsm().state(latest(NTMS_LM_INVENTORY)), DWORD{NTMS_LM_PASSED});
  EXPECT_TRUE(emulator().locked());
  EXPECT_TRUE(agree());
}

TEST_F(Door, EveryInventoryAction) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  for (const DWORD action : kActions) {
    const long long before = last_change();
    const Id request = begin_access(action);
    ASSERT_TRUE(open_door());
    close_door();
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << action << picture();
    bool inventory = false;
    for (const Change& change : changes(before)) {
      inventory = inventory || (change.operation == NTMS_OBJ_INSERT &&
                                change.type == NTMS_LIBREQUEST && change.object != request);
    }
    EXPECT_EQ(inventory, action != NTMS_INVENTORY_NONE) << action;
    EXPECT_TRUE(agree_soon()) << "with the labels read too";
  }
}

TEST_F(Door, DefaultOfALibraryWithoutInventory) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  Info info = library_info();
  info.Info.Library.InventoryMethod = NTMS_INVENTORY_NONE;
  ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
  const Id request = begin_access(NTMS_INVENTORY_DEFAULT);
  ASSERT_TRUE(open_door());
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests + 1);
}

TEST_F(Door, WithoutInventoryTheNextMoveFindsOut) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id request = begin_access(NTMS_INVENTORY_NONE);
  ASSERT_TRUE(open_door());
  swap(0, 1);
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(text(media_info(medium(0)).szBarCode), robot().bar_code(0));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  uint32_t type = 99;
  uint32_t index = 0;
  ASSERT_EQ(ntms_emulator_find(emulator().handle(), robot().bar_code(0).c_str(), &type, &index),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(type, uint32_t{NTMS_EMULATOR_SHELF}) << "the right one was ejected";
  EXPECT_TRUE(agree());
}

TEST_F(Door, EverythingElseWaits) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id request = access();
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  const Id eject = start_eject(medium(0));
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  const Id inventory = latest(NTMS_LM_INVENTORY);
  ASSERT_TRUE(open_door());
  EXPECT_EQ(rsm().state(eject), DWORD{NTMS_LM_QUEUED});
  EXPECT_EQ(rsm().state(inventory), DWORD{NTMS_LM_QUEUED});
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_state(inventory, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(eject, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(Door, WaitsForWhatIsUnderWay) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id eject = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const Id request = access();
  const Id later = start_eject(medium(1));
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_QUEUED});
  take(medium(0));
  ASSERT_TRUE(wait_for_state(eject, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN)) << "door access comes before the next eject";
  EXPECT_EQ(rsm().state(later), DWORD{NTMS_LM_QUEUED});
  ASSERT_TRUE(open_door());
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(1));
  EXPECT_TRUE(wait_for_state(later, NTMS_LM_PASSED));
}

TEST_F(Door, SeveralDoorsAreOneAccess) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors(3));
  const Id request = access();
  ASSERT_TRUE(wait_until([&] {
    for (const Info& door : elements(NTMS_IEDOOR)) {
      if (door.Info.IEDoor.State != NTMS_DOORSTATE_OPEN) return false;
    }
    return true;
  }));
  ASSERT_TRUE(open_door(0));
  ASSERT_TRUE(open_door(2));
  close_door(0);
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_INPROCESS}) << "one is still open";
  close_door(2);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  for (const Info& door : elements(NTMS_IEDOOR)) {
    EXPECT_EQ(door.Info.IEDoor.State, DWORD{NTMS_DOORSTATE_CLOSED});
  }
}

TEST_F(Door, OpenTooLongAsksTheOperator) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors(1, true));
  EXPECT_EQ(elements(NTMS_IEDOOR)[0].Info.IEDoor.MaxOpenSecs, 1800);
  const Id request = begin_access();
  ASSERT_TRUE(open_door());
  emulator().advance(1'799'000);
  EXPECT_TRUE(service_requests().empty());
  emulator().advance(2'000);
  ASSERT_TRUE(wait_until([&] { return service_requests().size() == 1; }));
  EXPECT_EQ(service_requests()[0].Arg1Type, DWORD{NTMS_IEDOOR});
  EXPECT_EQ(Id(service_requests()[0].Arg1), Id(elements(NTMS_IEDOOR)[0].ObjectGuid));
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_INPROCESS});
  EXPECT_EQ(elements(NTMS_IEDOOR)[0].Info.IEDoor.State, DWORD{NTMS_DOORSTATE_OPEN});
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_TRUE(service_requests().empty()) << "the server has seen that it is done";
  EXPECT_EQ(service_requests(false)[0].State, DWORD{NTMS_OPSTATE_COMPLETE});
}

TEST_F(Door, ZeroSecondsAskAtOnce) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors(1, true));
  Info door = elements(NTMS_IEDOOR)[0];
  door.Info.IEDoor.MaxOpenSecs = 0;
  ASSERT_EQ(rsm().set(door), ERROR_SUCCESS);
  const Id request = access();
  ASSERT_TRUE(wait_until([&] { return service_requests().size() == 1; }));
  ASSERT_TRUE(open_door());
  close_door();
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
}

TEST_F(Door, CancelledWhileItWaitsForTheOperator) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id request = access();
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
  EXPECT_EQ(rsm().request(request).dwErrorCode, DWORD{ERROR_CANCELLED});
  EXPECT_TRUE(wait_for_door(NTMS_DOORSTATE_CLOSED));
  EXPECT_TRUE(wait_until([&] { return emulator().locked(); }));
  EXPECT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_LOCKED);
}

TEST_F(Door, CancelledInTheQueue) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id eject = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const Id request = access();
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_CANCELLED});
  take(medium(0));
  EXPECT_TRUE(wait_for_state(eject, NTMS_LM_PASSED));
}

TEST_F(Door, OpenedInTheMiddleOfTheQueue) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  ASSERT_TRUE(open_door()) << "nothing has locked it yet";
  const Id first = start_eject(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_WAITING)) << picture();
  EXPECT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  swap(0, 6);
  ASSERT_EQ(ntms_emulator_slot_take(emulator().handle(), 5, nullptr), NTMS_EMULATOR_OK);
  close_door();
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  EXPECT_EQ(elements(NTMS_IEDOOR)[0].Info.IEDoor.State, DWORD{NTMS_DOORSTATE_CLOSED});
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(1));
  EXPECT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(medium(5)));
  EXPECT_TRUE(is_in_slot(medium(6), 0));
  EXPECT_TRUE(agree());
}

TEST_F(Door, OpenedUnaskedTooLong) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors(1, true));
  ASSERT_TRUE(open_door());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  emulator().advance(1'801'000);
  ASSERT_TRUE(wait_until([&] { return service_requests().size() == 1; })) << picture();
  EXPECT_EQ(service_requests()[0].Arg1Type, DWORD{NTMS_IEDOOR});
  close_door();
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_TRUE(service_requests().empty());
}

TEST_F(Door, InventoryAndInjectWaitForAnOpenDoor) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1, .doors = 1}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_TRUE(open_door()) << "the port is unlocked, and so are the doors";
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING)) << picture();
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  const Id inventory = latest(NTMS_LM_INVENTORY);
  close_door();
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  ASSERT_TRUE(wait_for_state(inventory, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(Door, OpenBeforeItWasAskedFor) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  ASSERT_TRUE(open_door());
  const Id request = access();
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  swap(0, 9);
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_TRUE(is_in_slot(medium(0), 9));
}

TEST_F(Door, EveryCartridgeElsewhere) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  const Id request = begin_access();
  ASSERT_TRUE(open_door());
  for (unsigned index = 0; index < 4; ++index) swap(index, 7 - index);
  for (unsigned index = 0; index < 4; ++index) swap(index, 8 + index);
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, library()).size(), 8U);
  for (unsigned index = 0; index < 8; ++index) {
    EXPECT_TRUE(rsm().find(medium(index))) << index;
  }
  EXPECT_TRUE(agree());
}

TEST_F(Door, DrivesAreEmptiedWhereTheDoorsNeedIt) {
  ASSERT_NO_FATAL_FAILURE(create({.doors = 1}));
  std::ofstream(data() / "ntms.conf")
      << "device " << robot().uri() << " doors=1 empty-drives-for-doors=yes\n";
  ASSERT_TRUE(robot().foreign_move(kSlot, 3, kDrive, 1));
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NE(drive(1).Info.Drive.State, DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  const Id request = begin_access();
  EXPECT_EQ(drive(1).Info.Drive.State, DWORD{NTMS_DRIVESTATE_DISMOUNTED}) << picture();
  EXPECT_TRUE(is_in_slot(medium(3), 3));
  ASSERT_TRUE(open_door());
  close_door();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree());
}

TEST_F(Door, DoorsThatNothingLocks) {
  LibraryShape shape;
  shape.doors = 1;
  shape.doors_unlocked = true;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  ASSERT_TRUE(emulator().locked());
  ASSERT_TRUE(open_door()) << "PREVENT has no effect";
  swap(1, 2);
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_WAITING));
  close_door();
  ASSERT_TRUE(wait_for_extended(medium(1))) << picture();
  take(medium(1));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  const Id request = begin_access();
  ASSERT_TRUE(open_door());
  close_door();
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

class DoorErrors : public Door {
 protected:
  void expect_failure(const Id& of, DWORD action, DWORD code) {
    const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
    EXPECT_EQ(AccessNtmsLibraryDoor(session(), of.get(), action), code) << action;
    EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests);
  }
  void expect_failure_of_all(const Id& of, DWORD code) {
    for (const DWORD action : kActions) expect_failure(of, action, code);
  }
};

TEST_F(DoorErrors, InvalidHandle) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  for (HANDLE handle : {static_cast<HANDLE>(nullptr), INVALID_HANDLE_VALUE}) {
    EXPECT_EQ(AccessNtmsLibraryDoor(handle, library().get(), NTMS_INVENTORY_FAST),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(AccessNtmsLibraryDoor(handle, nullptr, 77), ERROR_INVALID_HANDLE);
  }
}

TEST_F(DoorErrors, MissingLibrary) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  EXPECT_EQ(AccessNtmsLibraryDoor(session(), nullptr, NTMS_INVENTORY_FAST),
            ERROR_INVALID_PARAMETER);
}

TEST_F(DoorErrors, UnknownActions) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  for (const DWORD action : {4U, 5U, 6U, 0xFFFFFFFFU}) {
    expect_failure(library(), action, ERROR_INVALID_PARAMETER);
    expect_failure(stranger(), action, ERROR_INVALID_PARAMETER);
  }
}

TEST_F(DoorErrors, UnknownLibrary) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  expect_failure_of_all(stranger(), ERROR_INVALID_LIBRARY);
  expect_failure_of_all(medium(0), ERROR_INVALID_LIBRARY);
}

TEST_F(DoorErrors, OfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  expect_failure_of_all(offline_library(), ERROR_LIBRARY_OFFLINE);
}

TEST_F(DoorErrors, LibraryIsNotPresent) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }));
  expect_failure_of_all(library(), ERROR_LIBRARY_OFFLINE);
}

TEST_F(DoorErrors, LibraryIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_with_doors());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  expect_failure_of_all(library(), ERROR_RESOURCE_DISABLED);
}

TEST_F(DoorErrors, LibraryWithoutDoor) {
  ASSERT_NO_FATAL_FAILURE(start({.doors = 0}));
  expect_failure_of_all(library(), ERROR_RESOURCE_NOT_PRESENT);
}

}  // namespace
}  // namespace ntms::conformance

// SPDX-License-Identifier: MIT
// DismountNtmsDrive for drives that somebody else has loaded (contract: functions-library-control
// 7; concepts 8).
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class DismountDrive : public MovementTest {
 protected:
  // The medium of slot `index` is put into the first drive by another program.
  void start_loaded(unsigned index = 0, LibraryShape shape = {}) {
    LibraryTest::create(shape, GetParam());
    load(index);
  }
  void load(unsigned index) {
    ASSERT_TRUE(robot().foreign_move(kSlot, index, kDrive, 0));
    open();
    ASSERT_TRUE(wait_until([&] { return drive_state() != NTMS_DRIVESTATE_DISMOUNTED; }));
  }
  DWORD drive_state() { return drive(0).Info.Drive.State; }
  DWORD dismount(unsigned index = 0) {
    return DismountNtmsDrive(session(), Id(drive(index).ObjectGuid).get());
  }
  Id request() {
    for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
      if (rsm().request(id).OperationCode == NTMS_LM_DISMOUNT) return id;
    }
    return {};
  }
};

TEST_P(DismountDrive, GoesBackToItsSlot) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(2));
  const Id m = medium_with(robot().bar_code(2));
  ASSERT_FALSE(m.is_null()) << picture();
  EXPECT_EQ(media_info(m).LocationType, DWORD{NTMS_DRIVE});
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  const Id dismounted = request();
  EXPECT_EQ(Id(rsm().request(dismounted).PhysMediaId), m);
  EXPECT_EQ(Id(rsm().request(dismounted).DriveId), Id(drive(0).ObjectGuid));
  EXPECT_EQ(rsm().request(dismounted).OperationOption, 0U);
  ASSERT_TRUE(wait_for_state(dismounted, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(is_in_slot(m, 2)) << picture();
  EXPECT_EQ(media_info(m).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_TRUE(agree());
}

TEST_P(DismountDrive, EmptyDrive) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(dismount(0), ERROR_INVALID_STATE);
  EXPECT_EQ(dismount(1), ERROR_INVALID_STATE);
  EXPECT_TRUE(request().is_null());
}

TEST_P(DismountDrive, TwiceIsOneTooMany) {
  ASSERT_NO_FATAL_FAILURE(start_loaded());
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  EXPECT_EQ(dismount(), ERROR_INVALID_STATE);
  EXPECT_TRUE(wait_for_state(request(), NTMS_LM_PASSED));
  EXPECT_EQ(dismount(), ERROR_INVALID_STATE) << "it is empty now";
  EXPECT_TRUE(agree());
}

NTMS_ON_BOTH_ROBOTS(DismountDrive);

class DismountDriveOnEmulator : public DismountDrive {
 protected:
  void start_loaded(unsigned index = 0, LibraryShape shape = {}) {
    LibraryTest::create(shape, Robot::emulator);
    load(index);
  }
  void start(const LibraryShape& shape = {}) { LibraryTest::start(shape, Robot::emulator); }
};

TEST_F(DismountDriveOnEmulator, DriveThatMustUnloadFirst) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0, {.unload_before_move = true}));
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree());
}

TEST_F(DismountDriveOnEmulator, HomeSlotTaken) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  ASSERT_TRUE(robot().foreign_move(kSlot, 1, kSlot, 0));
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_PASSED)) << picture();
  const Id m = medium_with(robot().bar_code(0));
  EXPECT_EQ(media_info(m).LocationType, DWORD{NTMS_STORAGESLOT});
  EXPECT_EQ(Id(media_info(m).HomeSlot), Id(media_info(m).Location));
  EXPECT_TRUE(agree());
}

TEST_F(DismountDriveOnEmulator, NoRoomAnywhere) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0, {.slots = 3, .media = 3}));
  ASSERT_EQ(ntms_emulator_load_slot(emulator().handle(), 0, "SLYONE01"), NTMS_EMULATOR_OK);
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !medium_with("SLYONE01").is_null(); }));
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(request()).dwErrorCode, DWORD{ERROR_LIBRARY_FULL});
  EXPECT_NE(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_TRUE(agree());
}

TEST_F(DismountDriveOnEmulator, RobotFails) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01);
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_FAILED));
  const Id m = medium_with(robot().bar_code(0));
  EXPECT_EQ(media_info(m).LocationType, DWORD{NTMS_DRIVE});
  EXPECT_NE(media_info(m).MediaState, DWORD{NTMS_MEDIASTATE_INUSE});
  EXPECT_TRUE(agree());
  sql("DELETE FROM library_request WHERE operation=17");
  EXPECT_EQ(dismount(), ERROR_SUCCESS) << "the next one may succeed";
}

TEST_F(DismountDriveOnEmulator, WaitsForAnOpenDoor) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0, {.doors = 1}));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_WAITING)) << picture();
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree());
}

TEST_F(DismountDriveOnEmulator, CancelledWhileItWaits) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0, {.doors = 1}));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(dismount(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request(), NTMS_LM_WAITING));
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), request().get()), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(request()), DWORD{NTMS_LM_CANCELLED});
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(drive_state() == NTMS_DRIVESTATE_DISMOUNTED, false);
}

TEST_F(DismountDriveOnEmulator, Errors) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  const Id d(drive(0).ObjectGuid);
  EXPECT_EQ(DismountNtmsDrive(nullptr, d.get()), ERROR_INVALID_HANDLE);
  EXPECT_EQ(DismountNtmsDrive(INVALID_HANDLE_VALUE, nullptr), ERROR_INVALID_HANDLE);
  EXPECT_EQ(DismountNtmsDrive(session(), nullptr), ERROR_INVALID_PARAMETER);
  for (const Id& id : {stranger(), Id{}, library(), medium_with(robot().bar_code(0))}) {
    EXPECT_EQ(DismountNtmsDrive(session(), id.get()), ERROR_INVALID_DRIVE);
  }
  EXPECT_TRUE(request().is_null());
}

TEST_F(DismountDriveOnEmulator, DriveDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  sql("UPDATE drive SET enabled=0");
  EXPECT_EQ(dismount(), ERROR_DEVICE_NOT_AVAILABLE);
}

TEST_F(DismountDriveOnEmulator, LibraryDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  EXPECT_EQ(dismount(), ERROR_DEVICE_NOT_AVAILABLE);
}

TEST_F(DismountDriveOnEmulator, LibraryIsNotPresent) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }));
  EXPECT_EQ(dismount(), ERROR_LIBRARY_OFFLINE);
}

TEST_F(DismountDriveOnEmulator, MediumInUse) {
  ASSERT_NO_FATAL_FAILURE(start_loaded(0));
  const Id m = medium_with(robot().bar_code(0));
  sql("UPDATE physical_medium SET media_state=1 WHERE bar_code='" + robot().bar_code(0) + "'");
  EXPECT_EQ(dismount(), ERROR_INVALID_STATE);
  EXPECT_EQ(media_info(m).MediaState, DWORD{NTMS_MEDIASTATE_INUSE});
}

}  // namespace
}  // namespace ntms::conformance

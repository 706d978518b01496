// SPDX-License-Identifier: MIT
// EjectNtmsMedia and cartridges in drives: in use, left by a deferred dismount, and FORCE
// (contract: functions-library-control 1, FORCE and Edge cases).
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class EjectForce : public LibraryTest {
 protected:
  // Medium 0 is in drive 0, put there by another program, before the session is opened.
  void start_with_medium_in_drive(LibraryShape shape = {}) {
    ASSERT_NO_FATAL_FAILURE(create(shape));
    ASSERT_NO_FATAL_FAILURE(open());  // to give every medium its identity in its slot
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kDrive, 0));
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_TRUE(wait_until([&] { return media_info(medium(0)).LocationType == NTMS_DRIVE; }))
        << picture();
    const DWORD state = media_info(medium(0)).MediaState;
    ASSERT_TRUE(state == NTMS_MEDIASTATE_MOUNTED || state == NTMS_MEDIASTATE_LOADED) << picture();
    ASSERT_TRUE(agree());
  }
};

TEST_F(EjectForce, MountedMediumIsBusyWithoutIt) {
  ASSERT_NO_FATAL_FAILURE(start_with_medium_in_drive());
  const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
  const DWORD state = media_info(medium(0)).MediaState;
  Id operation = stranger();
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_START, &operation), ERROR_BUSY);
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_BUSY);
  EXPECT_EQ(operation, stranger());
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests);
  EXPECT_EQ(media_info(medium(0)).MediaState, state);
}

TEST_F(EjectForce, TakesAMountedMedium) {
  ASSERT_NO_FATAL_FAILURE(start_with_medium_in_drive());
  const Id operation = start_eject(medium(0), NTMS_EJECT_FORCE);
  const auto request = rsm().request(operation);
  EXPECT_EQ(request.OperationCode, NTMS_LM_EJECT);
  EXPECT_EQ(request.OperationOption, 2U);
  EXPECT_EQ(Id(request.DriveId), Id(drive(0).ObjectGuid));
  EXPECT_EQ(Id(request.PhysMediaId), medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_DISMOUNTED);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_INUSE);
  EXPECT_TRUE(agree());
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(EjectForce, UnloadsTheDriveFirst) {
  LibraryShape shape;
  shape.unload_before_move = true;
  ASSERT_NO_FATAL_FAILURE(start_with_medium_in_drive(shape));
  const Id operation = start_eject(medium(0), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(EjectForce, StoppedGoesToItsSlot) {
  ASSERT_NO_FATAL_FAILURE(start_with_medium_in_drive());
  const Id operation = start_eject(medium(0), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(media_info(medium(0)).LocationType, NTMS_STORAGESLOT);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_TRUE(agree_soon());
}

TEST_F(EjectForce, WorksOnAnIdleMediumToo) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(1), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(1));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(EjectForce, LeavesThePendingBatchAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  ASSERT_EQ(rsm().eject(medium(1), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id operation = start_eject(medium(2), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(2)));
  take(medium(2));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().state(unfinished_request_of(medium(0))), NTMS_LM_QUEUED);
  EXPECT_EQ(rsm().state(unfinished_request_of(medium(1))), NTMS_LM_QUEUED);
  EXPECT_EQ(emulator().commands(0xA5), 1U);
}

TEST_F(EjectForce, DoesNotWaitBehindTheQueue) {
  LibraryShape shape;
  shape.virtual_clock = true;
  shape.ports = 4;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  emulator().set_move_time(1000);
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  const Id queued = start_eject(medium(1));
  const Id forced = start_eject(medium(2), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(100);
    return port_of(medium(2)) >= 0;
  })) << picture();
  EXPECT_LT(port_of(medium(1)), 0) << "the one queued before it came first";
  for (const Id& operation : {first, queued, forced}) {
    EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP);
  }
  for (const Id& operation : {first, queued, forced}) {
    EXPECT_TRUE(wait_until([&] {
      emulator().advance(1000);
      return rsm().state(operation) == NTMS_LM_STOPPED;
    })) << picture();
  }
}

// What a deferred dismount leaves behind: the drive DISMOUNTABLE, the medium IDLE.
constexpr const char* kDismountable =
    "UPDATE drive SET state=7 WHERE guid=(SELECT location FROM physical_medium WHERE "
    "bar_code='MED001L8'); UPDATE physical_medium SET media_state=0, mounted_side=NULL WHERE "
    "bar_code='MED001L8'";

TEST_F(EjectForce, DeferredDismountIsNotInUse) {
  ASSERT_NO_FATAL_FAILURE(start_with_medium_in_drive());
  ASSERT_NO_FATAL_FAILURE(reopen_with(kDismountable));
  ASSERT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_DISMOUNTABLE);
  const Id operation = start_eject(medium(0));
  EXPECT_EQ(Id(rsm().request(operation).DriveId), Id(drive(0).ObjectGuid));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_DISMOUNTED);
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(EjectForce, DriveDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_with_medium_in_drive());
  ASSERT_NO_FATAL_FAILURE(
      reopen_with(std::string(kDismountable) + "; UPDATE drive SET enabled=0 WHERE state=7"));
  Id operation = stranger();
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_START, &operation), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(operation, stranger());
  const Id forced = start_eject(medium(0), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(forced, NTMS_LM_PASSED));
}

TEST_F(EjectForce, OtherTestsStillHold) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, medium(0).get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return rsm().get(medium(0)).Enabled == FALSE; }));
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_FORCE, &operation), ERROR_MEDIA_NOT_AVAILABLE);
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  EXPECT_EQ(rsm().eject(medium(1), NTMS_EJECT_FORCE, &operation), ERROR_DEVICE_NOT_AVAILABLE);
  EXPECT_EQ(operation, stranger());
}

// Nobody used it when the eject was accepted; when its turn comes another program has it in a
// drive.
TEST_F(EjectForce, MountedOnlyAtRunTime) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().put(0, "GUEST1");
  emulator().put(1, "GUEST2");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kDrive, 1));
  ASSERT_TRUE(wait_until([&] { return !emulator().locked(); }));
  emulator().take(0);
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_FAILED);
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_UNABLE_TO_EJECT_MOUNTED_MEDIA);
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::conformance

// SPDX-License-Identifier: MIT
// Cartridges with two sides: mounting either, and what the arm does about it
// (functions-media-services 0.7, 1, 2 and 16; concepts 4, 6 and 8).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/media/two_sided_fixture.h"

namespace ntms::conformance {
namespace {

TEST_F(TwoSided, TheTypeTellsHowManySides) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  EXPECT_EQ(rsm().get(media_type(), NTMS_MEDIA_TYPE).Info.MediaType.NumberOfSides, 2U);
  EXPECT_EQ(media_info(medium(0)).dwNumberOfPartitions, 2U);
  ASSERT_EQ(sides(0).size(), 2U);
  for (const unsigned number : {0U, 1U}) {
    EXPECT_EQ(side_info(side(0, number)).Side, number);
    EXPECT_EQ(Id(side_info(side(0, number)).PhysicalMedia), medium(0));
  }
}

TEST_F(TwoSided, BothSidesInOneCall) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  std::vector<NTMS_GUID> wanted{side(0, 0).guid, side(0, 1).guid};
  std::vector<NTMS_GUID> drives(2);
  expect_refused(ERROR_INVALID_MEDIA, [&] {
    return MountNtmsMedia(session(), wanted.data(), drives.data(), 2, NTMS_MOUNT_READ, 0, kPatience,
                          nullptr);
  });
  ASSERT_NO_FATAL_FAILURE(mounted(0, 1));
  expect_refused(ERROR_INVALID_MEDIA,
                 [&] { return DismountNtmsMedia(session(), wanted.data(), 2, 0); });
}

TEST_F(TwoSided, WhatIsOnTheOtherSideIsNotMounted) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mounted(0, 1));
  Id other = side(0, 0);
  expect_refused(ERROR_INVALID_STATE,
                 [&] { return DismountNtmsMedia(session(), other.get(), 1, 0); });
  expect_refused(ERROR_BUSY, [&] { return mount(other, NTMS_MOUNT_ERROR_NOT_AVAILABLE); });
}

TEST_F(TwoSided, AnArmThatDoesNotTurn) {
  LibraryShape shape = two_sided();
  shape.turns_media = false;
  ASSERT_NO_FATAL_FAILURE(start_media(shape));
  const auto moves = emulator().commands(kMove);
  EXPECT_EQ(mount(side(0, 1)), ERROR_RESOURCE_NOT_AVAILABLE);
  EXPECT_EQ(rsm().request(last_request(NTMS_LM_MOUNT)).State, DWORD{NTMS_LM_FAILED});
  EXPECT_EQ(emulator().commands(kMove), moves);
  ASSERT_NO_FATAL_FAILURE(mounted(0, 0));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 0), NTMS_DISMOUNT_DEFERRED));
  EXPECT_EQ(mount(side(0, 1)), ERROR_RESOURCE_NOT_AVAILABLE);
  EXPECT_EQ(emulator().commands(kMove), moves + 1) << "the other side stays where it is";
  EXPECT_EQ(mount(side(1, 1)), ERROR_RESOURCE_NOT_AVAILABLE);
  EXPECT_EQ(emulator().commands(kMove), moves + 1) << "nothing is taken out for it";
  EXPECT_EQ(emulator().commands(kExchange), 0U);
  place(2, import_pool(), NTMS_PARTSTATE_IMPORT);
  EXPECT_EQ(move_to_free(2), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(free_label_request(2), NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(rsm().request(free_label_request(2)).dwErrorCode, DWORD{ERROR_RESOURCE_NOT_AVAILABLE});
  EXPECT_EQ(recorded(2, 0), "nothing") << "neither side has got a label";
  EXPECT_EQ(emulator().commands(kMove), moves + 1);
}

TEST_F(TwoSided, EachSideHoldsItsOwnData) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  for (const unsigned number : {0U, 1U}) {
    ASSERT_NO_FATAL_FAILURE(mounted(0, number));
    ASSERT_NO_FATAL_FAILURE(write("side " + std::to_string(number)));
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
    expect_home(0);
  }
  EXPECT_EQ(recorded(0, 0), "side 0");
  EXPECT_EQ(recorded(0, 1), "side 1");
  for (const unsigned number : {1U, 0U}) {
    ASSERT_NO_FATAL_FAILURE(expect_side(0, number));
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
    expect_home(0);
    EXPECT_EQ(side_info(side(0, number)).dwMountCount, 2U);
  }
}

TEST_F(TwoSided, OneSideIsComplete) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  set_side_state(side(0, 0), NTMS_PARTSTATE_COMPLETE);
  EXPECT_EQ(mount(side(0, 0)), ERROR_WRITE_PROTECT);
  EXPECT_EQ(mount(side(0, 1)), ERROR_SUCCESS);
}

TEST_F(TwoSided, OneSideIsDecommissioned) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  EXPECT_EQ(DecommissionNtmsMedia(session(), side(0, 1).get()), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_AVAILABLE});
  EXPECT_EQ(mount(side(0, 1)), ERROR_INVALID_STATE);
  EXPECT_EQ(mount(side(0, 0)), ERROR_SUCCESS);
  EXPECT_EQ(side_behind(allocated(app())), side(0, 0));
}

TEST_F(TwoSided, BothSidesMoveTogether) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated_side(app(), side(0, 1));
  Id other = created(NTMS_W("\\Other"));
  EXPECT_EQ(MoveToNtmsMediaPool(session(), medium(0).get(), other.get()), ERROR_SUCCESS);
  EXPECT_EQ(pool_of(0), other);
  EXPECT_EQ(Id(rsm().get(logical).Info.LogicalMedia.MediaPool), other);
  EXPECT_EQ(rsm().get(app()).Info.MediaPool.dwNumberOfLogicalMedia, 0U);
}

// What stays in the drive after a deferred dismount is there with one side only.
TEST_F(TwoSided, TheOtherSideOfWhatIsInTheDrive) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 0));
  for (const unsigned number : {0U, 1U}) {
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number), NTMS_DISMOUNT_DEFERRED));
    const Id deferred = last_request(NTMS_LM_DISMOUNT);
    EXPECT_EQ(rsm().state(deferred), DWORD{NTMS_LM_DEFERRED});
    const auto moves = emulator().commands(kMove);
    ASSERT_NO_FATAL_FAILURE(expect_side(0, number));
    EXPECT_EQ(emulator().commands(kMove), moves) << "the same side needs no move";
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number), NTMS_DISMOUNT_DEFERRED));
    ASSERT_NO_FATAL_FAILURE(expect_side(0, 1 - number));
    EXPECT_EQ(emulator().commands(kMove), moves + 2) << "home and back";
    EXPECT_EQ(rsm().state(deferred), DWORD{NTMS_LM_PASSED});
  }
}

TEST_F(TwoSided, InAnotherDrive) {
  LibraryShape shape = two_sided();
  shape.drives = 2;
  ASSERT_NO_FATAL_FAILURE(start_media(shape));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1), NTMS_DISMOUNT_DEFERRED));
  Id wanted = side(0, 0);
  Id drive_id = drive(1).ObjectGuid;
  ASSERT_EQ(MountNtmsMedia(session(), wanted.get(), drive_id.get(), 1,
                           NTMS_MOUNT_READ | NTMS_MOUNT_SPECIFIC_DRIVE, 0, kPatience, nullptr),
            ERROR_SUCCESS)
      << picture();
  EXPECT_EQ(emulator().side_up(kDrive, 1), 0U);
  EXPECT_EQ(drive(0).Info.Drive.State, DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_EQ(Id(drive(1).Info.Drive.SavedPartitionId), wanted);
  ASSERT_NO_FATAL_FAILURE(dismount(wanted));
  expect_home(0);
}

// A cartridge that is to be turned over does not change places with another one.
TEST_F(TwoSided, NoExchangeForWhatIsTurned) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  for (const unsigned index : {0U, 1U}) ASSERT_NO_FATAL_FAILURE(mark(index));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1), NTMS_DISMOUNT_DEFERRED));
  ASSERT_NO_FATAL_FAILURE(expect_side(1, 0));
  expect_home(0);
  ASSERT_NO_FATAL_FAILURE(dismount(side(1, 0), NTMS_DISMOUNT_DEFERRED));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 1));
  expect_home(1);
  EXPECT_EQ(emulator().commands(kExchange), 0U);
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1)));
  ASSERT_NO_FATAL_FAILURE(expect_side(1, 0));
  ASSERT_NO_FATAL_FAILURE(dismount(side(1, 0), NTMS_DISMOUNT_DEFERRED));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 0));
  EXPECT_EQ(emulator().commands(kExchange), 1U) << "two that keep their side up do";
}

TEST_F(TwoSided, DrivesThatMustUnloadFirst) {
  LibraryShape shape = two_sided();
  shape.unload_before_move = true;
  ASSERT_NO_FATAL_FAILURE(start_media(shape));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1), NTMS_DISMOUNT_DEFERRED));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 0));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 0)));
  expect_home(0);
}

TEST_F(TwoSided, EjectedFromTheDrive) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mounted(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1), NTMS_DISMOUNT_DEFERRED));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  EXPECT_EQ(emulator().side_up(kPort, 0), 0U);
  Id stopped = operation;
  ASSERT_EQ(EjectNtmsMedia(session(), medium(0).get(), stopped.get(), NTMS_EJECT_STOP),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  expect_home(0);
}

TEST_F(TwoSided, TheDriveIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mounted(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1), NTMS_DISMOUNT_DEFERRED));
  Id drive_id = drive(0).ObjectGuid;
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_DRIVE, drive_id.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet()) << picture();
  expect_home(0);
}

// Another program has brought the cartridge home without turning it back.
TEST_F(TwoSided, TheOtherSideIsUpInTheSlot) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  for (const unsigned number : {0U, 1U}) {
    ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kDrive, 0));
    ASSERT_TRUE(robot().foreign_move(kDrive, 0, kSlot, 0));
    ASSERT_EQ(emulator().side_up(kSlot, 0), 1U);
    ASSERT_NO_FATAL_FAILURE(take_inventory());
    ASSERT_NO_FATAL_FAILURE(expect_side(0, number));
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
    expect_home(0);
  }
}

// An arm that does not turn in place: nothing is mounted with the wrong side up.
TEST_F(TwoSided, TheSlotCannotBeStraightened) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kDrive, 0));
  ASSERT_TRUE(robot().foreign_move(kDrive, 0, kSlot, 0));
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 5, 0x24, 0x00);
  EXPECT_NE(mount(side(0, 0)), ERROR_SUCCESS);
  EXPECT_TRUE(is_in_slot(medium(0), 0)) << picture();
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_TRUE(agree_soon());
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 0)) << "it can be tried again";
}

TEST_F(TwoSided, TheOtherSideIsUpInTheSlotOfWhatIsEjected) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kDrive, 0));
  ASSERT_TRUE(robot().foreign_move(kDrive, 0, kSlot, 0));
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  EXPECT_EQ(emulator().side_up(kPort, 0), 0U);
  ASSERT_EQ(EjectNtmsMedia(session(), medium(0).get(), operation.get(), NTMS_EJECT_STOP),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  expect_home(0);
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 1));
}

// Another program has turned over what stayed in the drive.
TEST_F(TwoSided, TheOtherSideIsUpInTheDrive) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(mark(0));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 0));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 0), NTMS_DISMOUNT_DEFERRED));
  ASSERT_TRUE(emulator().foreign_turn(kDrive, 0, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), side(0, 1));
  ASSERT_NO_FATAL_FAILURE(expect_side(0, 0));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 0)));
  expect_home(0);
}

// The owner of the robot died between a move that turns the cartridge over and its record.
class TwoSidedTakeOver : public TwoSided {
 protected:
  // A mount of side 1 that has chosen its drive and written down the move.
  void leave_one() {
    ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
    ASSERT_NO_FATAL_FAILURE(mark(0));
    ASSERT_NO_FATAL_FAILURE(mounted(1, 0));
    wanted_ = side(0, 1);
    ASSERT_EQ(mount(wanted_, NTMS_MOUNT_READ | NTMS_MOUNT_NOWAIT), ERROR_SUCCESS);
    request_ = last_request(NTMS_LM_MOUNT);
    ASSERT_TRUE(wait_for_state(request_, NTMS_LM_WAITING));
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    ASSERT_TRUE(robot().foreign_move(kDrive, 0, kSlot, 1));
    sql("UPDATE library_request SET state=1, phase=1, drive=(SELECT guid FROM drive),"
        " source=(SELECT element_address FROM slot WHERE number=1),"
        " target=(SELECT element_address FROM drive) WHERE guid=" +
        blob(request_));
  }
  void expect_mounted(unsigned long long moves) {
    moves += emulator().commands(kMove);
    rsm() = Rsm::open();
    ASSERT_TRUE(wait_for_state(request_, NTMS_LM_PASSED)) << picture();
    EXPECT_EQ(emulator().commands(kMove), moves);
    EXPECT_EQ(Id(media_info(medium(0)).MountedPartition), wanted_);
    EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), wanted_);
    EXPECT_EQ(read(), "side 1");
    ASSERT_NO_FATAL_FAILURE(dismount(wanted_));
    expect_home(0);
  }

 private:
  Id request_;
  Id wanted_;
};

TEST_F(TwoSidedTakeOver, KilledBeforeTheMove) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  expect_mounted(1);
}

TEST_F(TwoSidedTakeOver, KilledAfterTheMove) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kDrive, 0));
  expect_mounted(0);
}

// Moved by somebody else since, without being turned over.
TEST_F(TwoSidedTakeOver, TheWrongSideIsInTheDrive) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kDrive, 0));
  expect_mounted(2);
}

}  // namespace
}  // namespace ntms::conformance

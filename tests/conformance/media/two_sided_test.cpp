// SPDX-License-Identifier: MIT
// Cartridges with two sides in a library whose arm turns them over (functions-media-services 0.7,
// 1, 2, 3 and 16; concepts 4, 6 and 12; media-labels 5.3 and 7). What is on each side is written
// and read through the drive, and looked at in the emulator.
#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "conformance/media/media_fixture.h"
#include "conformance/movement/tape_session.h"

namespace ntms::conformance {
namespace {

constexpr DWORD kPatience = 60'000;  // milliseconds
constexpr unsigned kMove = 0xA5;
constexpr unsigned kExchange = 0xA6;

// The first block of a side with an ANSI volume label.
std::string volume_label(const std::string& serial) {
  std::string label(80, ' ');
  label.replace(0, 4, "VOL1");
  label.replace(4, serial.size(), serial);
  label[79] = '4';
  return label;
}

LibraryShape two_sided() {
  LibraryShape shape{.slots = 6, .drives = 1, .ports = 1, .media = 3};
  shape.two_sided = true;
  return shape;
}

class TwoSided : public MediaTest {
 protected:
  DWORD mount(const Id& side_id, DWORD options = NTMS_MOUNT_READ | NTMS_MOUNT_WRITE) const {
    Id id = side_id;
    Id drive_id;
    return MountNtmsMedia(session(), id.get(), drive_id.get(), 1, options, NTMS_PRIORITY_NORMAL,
                          kPatience, nullptr);
  }
  void dismount(const Id& side_id, DWORD options = NTMS_DISMOUNT_IMMEDIATE) {
    Id id = side_id;
    ASSERT_EQ(DismountNtmsMedia(session(), id.get(), 1, options), ERROR_SUCCESS) << picture();
    const Id cartridge(side_info(side_id).PhysicalMedia);
    ASSERT_TRUE(wait_until([&] {
      return media_info(cartridge).MediaState == static_cast<DWORD>(NTMS_MEDIASTATE_IDLE);
    })) << picture();
  }
  void mounted(unsigned index, unsigned number) {
    ASSERT_EQ(mount(side(index, number)), ERROR_SUCCESS) << picture();
    EXPECT_EQ(emulator().side_up(kDrive, 0), number);
    EXPECT_EQ(Id(media_info(medium(index)).MountedPartition), side(index, number));
    EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), side(index, number));
  }
  // The cartridge is in its slot with side 0 up, and the drive is empty.
  void expect_home(unsigned index) {
    EXPECT_TRUE(is_in_slot(medium(index), index)) << picture();
    EXPECT_EQ(emulator().side_up(kSlot, index), 0U);
    EXPECT_TRUE(Id(media_info(medium(index)).MountedPartition).is_null());
    EXPECT_TRUE(agree_soon());
  }

  TapeSession tape() { return TapeSession(text(drive(0).Info.Drive.szDeviceName)); }
  void write(const std::string& words) {
    TapeSession session = tape();
    ASSERT_TRUE(session.set_variable_blocks());
    ASSERT_TRUE(session.rewind());
    ASSERT_TRUE(session.write(Bytes(words.begin(), words.end())));
  }
  std::string read() {
    TapeSession session = tape();
    if (!session.set_variable_blocks() || !session.rewind()) return "no tape";
    const auto block = session.read(4096);
    return block ? std::string(block->begin(), block->end()) : "nothing";
  }
  // The first block on a side, past the drive.
  std::string recorded(unsigned index, unsigned number) {
    std::vector<char> block(4096);
    std::size_t length = 0;
    if (ntms_emulator_tape_read(emulator().handle(), robot().bar_code(index).c_str(), number, 0,
                                block.data(), block.size(), &length) != NTMS_EMULATOR_OK) {
      return "nothing";
    }
    return {block.data(), length};
  }
  void record(unsigned index, unsigned number, const std::string& words) {
    ASSERT_EQ(ntms_emulator_tape_append(emulator().handle(), robot().bar_code(index).c_str(),
                                        number, words.data(), words.size()),
              NTMS_EMULATOR_OK);
  }
  // Each side of the cartridge says which one it is.
  void mark(unsigned index) {
    ASSERT_NO_FATAL_FAILURE(record(index, 0, "side 0"));
    ASSERT_NO_FATAL_FAILURE(record(index, 1, "side 1"));
  }
  void expect_side(unsigned index, unsigned number) {
    ASSERT_NO_FATAL_FAILURE(mounted(index, number));
    EXPECT_EQ(read(), "side " + std::to_string(number));
  }
  void take_inventory() {
    Id id = library();
    ASSERT_EQ(InventoryNtmsLibrary(session(), id.get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_quiet()) << picture();
  }
  Id last_request(DWORD operation) {
    Id last;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (rsm().request(id).OperationCode == operation) last = id;
    }
    return last;
  }
  std::vector<BYTE> label_id(unsigned index, unsigned number) {
    const auto info = side_info(side(index, number));
    return {info.OmidLabelId, info.OmidLabelId + info.dwOmidLabelIdLength};
  }
  DWORD move_to_free(unsigned index) {
    return MoveToNtmsMediaPool(session(), medium(index).get(), Id(free_pool()).get());
  }
};

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

// ---- What others have done --------------------------------------------------------------------

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

// Somebody has turned the cartridge over where the robot does not see it.
class TwoSidedUnseen : public TwoSided {
 protected:
  void turn_unseen() {
    ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kSlot, 5));
    ASSERT_TRUE(robot().foreign_move(kSlot, 5, kSlot, 0));
    ASSERT_EQ(emulator().side_up(kSlot, 0), 1U);
    ASSERT_NO_FATAL_FAILURE(take_inventory());
  }
};

TEST_F(TwoSidedUnseen, ItsLabelTells) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(record(0, 0, volume_label("AAA000")));
  ASSERT_NO_FATAL_FAILURE(record(0, 1, volume_label("AAA001")));
  for (const unsigned number : {0U, 1U}) {
    sql("UPDATE side SET omid_type='ANSI VOL1', omid_id=CAST('AAA00" + std::to_string(number) +
        "' AS BLOB) WHERE guid=" + blob(side(0, number)));
  }
  for (const unsigned number : {0U, 1U}) {
    ASSERT_NO_FATAL_FAILURE(turn_unseen());
    const auto moves = emulator().commands(kMove);
    ASSERT_NO_FATAL_FAILURE(mounted(0, number));
    EXPECT_EQ(read(), volume_label("AAA00" + std::to_string(number)));
    EXPECT_EQ(emulator().commands(kMove), moves + 4) << "in, home, turned there, and in";
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
    expect_home(0);
  }
}

// The free labels of both sides have the same identifier.
TEST_F(TwoSidedUnseen, ItsFreeLabelTells) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  ASSERT_NO_FATAL_FAILURE(turn_unseen());
  ASSERT_NO_FATAL_FAILURE(mounted(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1)));
  expect_home(0);
}

// A cartridge that shows the same label on both sides is not turned over forever.
TEST_F(TwoSidedUnseen, BothSidesShowTheLabelOfOne) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  for (const unsigned number : {0U, 1U}) {
    ASSERT_NO_FATAL_FAILURE(record(0, number, volume_label("AAA000")));
    sql("UPDATE side SET omid_type='ANSI VOL1', omid_id=CAST('AAA00" + std::to_string(number) +
        "' AS BLOB) WHERE guid=" + blob(side(0, number)));
  }
  EXPECT_EQ(mount(side(0, 1)), ERROR_INVALID_MEDIA);
  EXPECT_EQ(mount(side(0, 0)), ERROR_SUCCESS);
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

// ---- Labels -----------------------------------------------------------------------------------

TEST_F(TwoSided, FreeLabelsOnBothSides) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS);
  EXPECT_TRUE(Id(rsm().request(free_label_request(0)).PartitionId).is_null()) << "both";
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(pool_of(0), free_pool());
  expect_home(0);
  const auto id = label_id(0, 0);
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(label_id(0, 1), id) << "the same on both sides";
  for (const unsigned number : {0U, 1U}) {
    EXPECT_EQ(state_of(0, number), DWORD{NTMS_PARTSTATE_AVAILABLE});
    std::string narrow;
    for (const char c : recorded(0, number)) {
      if (c != '\0') narrow += c;
    }
    EXPECT_NE(narrow.find("|MED001L8|" + std::to_string(number + 1) + "|"), std::string::npos);
  }
  // Taken from there with both sides.
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  EXPECT_EQ(pool_of(0), app());
  EXPECT_EQ(side_behind(logical), side(0, 0));
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_RESERVED});
  for (const unsigned number : {1U, 0U}) {
    ASSERT_NO_FATAL_FAILURE(mounted(0, number)) << "the label is the recorded one";
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
  }
}

// The arm fails when the cartridge has been labelled on one side.
TEST_F(TwoSided, TheSecondFreeLabelIsNotWritten) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 3);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(pool_of(0), import_pool());
  for (const unsigned number : {0U, 1U}) {
    EXPECT_EQ(state_of(0, number), DWORD{NTMS_PARTSTATE_UNPREPARED});
  }
  EXPECT_EQ(label_id(0, 0).size(), 16U) << "what is on the first side is known";
  EXPECT_TRUE(label_id(0, 1).empty());
  expect_home(0);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS) << "it can be repeated";
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(label_id(0, 0), label_id(0, 1));
  EXPECT_EQ(pool_of(0), free_pool());
}

class TwoSidedIdentity : public TwoSided {
 protected:
  TwoSidedIdentity() { test::set_environment("NTMS_IDENTIFY", "yes"); }

  std::string label_of(unsigned index, unsigned number) {
    const auto id = label_id(index, number);
    return {id.begin(), id.end()};
  }
  // All sides have been read, and the cartridge is at home.
  bool identified(unsigned index) {
    return state_of(index, 1) != DWORD{NTMS_PARTSTATE_UNKNOWN} &&
           is_in_slot(medium(index), index) &&
           media_info(medium(index)).MediaState == DWORD{NTMS_MEDIASTATE_IDLE};
  }
  DWORD identify(unsigned index) {
    return IdentifyNtmsSlot(session(), Id(slot(index).ObjectGuid).get(), 0);
  }
};

TEST_F(TwoSidedIdentity, BothSidesAreRead) {
  LibraryShape shape = two_sided();
  create(shape);
  record(0, 0, volume_label("AAA000"));
  record(0, 1, volume_label("AAA001"));
  record(1, 1, volume_label("BBB001"));
  open();
  ASSERT_TRUE(wait_until([&] { return identified(2); })) << picture();
  EXPECT_EQ(label_of(0, 0), "AAA000");
  EXPECT_EQ(label_of(0, 1), "AAA001");
  EXPECT_EQ(label_of(1, 0), "");
  EXPECT_EQ(label_of(1, 1), "BBB001");
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(1, 0), DWORD{NTMS_PARTSTATE_FOREIGN});
  EXPECT_EQ(state_of(1, 1), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(2, 1), DWORD{NTMS_PARTSTATE_FOREIGN});
  const auto pool_type = [&](unsigned index) {
    return rsm().get(pool_of(index), NTMS_MEDIA_POOL).Info.MediaPool.PoolType;
  };
  EXPECT_EQ(pool_type(0), DWORD{NTMS_POOLTYPE_IMPORT});
  EXPECT_EQ(pool_type(1), DWORD{NTMS_POOLTYPE_IMPORT}) << "for one label that is known";
  EXPECT_EQ(pool_type(2), DWORD{NTMS_POOLTYPE_FOREIGN});
  for (const unsigned index : {0U, 1U, 2U}) expect_home(index);
  EXPECT_EQ(label_of(0, 0), "AAA000");
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet());
  EXPECT_EQ(label_of(0, 1), "AAA001") << "as before";
}

// A side that has been identified proves which cartridge it is: what is on the other one is news
// about that side alone.
TEST_F(TwoSidedIdentity, ProvedByTheFirstSide) {
  LibraryShape shape = two_sided();
  shape.media = 1;
  create(shape);
  record(0, 0, volume_label("AAA000"));
  record(0, 1, volume_label("AAA001"));
  open();
  ASSERT_TRUE(wait_until([&] { return identified(0); })) << picture();
  const Id before = pool_of(0);
  set_side_state(side(0, 0), NTMS_PARTSTATE_ALLOCATED);
  set_side_state(side(0, 1), NTMS_PARTSTATE_UNKNOWN);
  sql("UPDATE side SET omid_type='', omid_id=x'' WHERE side=1");
  ASSERT_EQ(ntms_emulator_tape_erase(emulator().handle(), robot().bar_code(0).c_str(), 1),
            NTMS_EMULATOR_OK);
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return identified(0); })) << picture();
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_FOREIGN});
  EXPECT_EQ(pool_of(0), before) << "it belongs to somebody";
}

// A cartridge of the free pool on which somebody has written takes both sides with it.
TEST_F(TwoSidedIdentity, OneFreeLabelIsGone) {
  LibraryShape shape = two_sided();
  shape.media = 1;
  create(shape);
  open();
  ASSERT_TRUE(wait_until([&] { return identified(0); })) << picture();
  const WideString type = rsm().get(media_info(medium(0)).MediaType, NTMS_MEDIA_TYPE).szName;
  Id free = opened(NTMS_W("\\Free\\") + type);
  ASSERT_EQ(MoveToNtmsMediaPool(session(), medium(0).get(), free.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return pool_of(0) == free; })) << picture();
  ASSERT_EQ(ntms_emulator_tape_erase(emulator().handle(), robot().bar_code(0).c_str(), 0),
            NTMS_EMULATOR_OK);
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return state_of(0, 0) == DWORD{NTMS_PARTSTATE_FOREIGN}; }));
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_IMPORT}) << "its label is that of somebody";
  EXPECT_EQ(rsm().get(pool_of(0), NTMS_MEDIA_POOL).Info.MediaPool.PoolType,
            DWORD{NTMS_POOLTYPE_IMPORT});
}

TEST_F(TwoSidedIdentity, TheSecondSideIsNotReached) {
  LibraryShape shape = two_sided();
  shape.media = 1;
  create(shape);
  record(0, 0, volume_label("AAA000"));
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 3);
  open();
  const Id request = last_request(NTMS_LM_CLASSIFY);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(label_of(0, 0), "AAA000");
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_UNKNOWN});
  expect_home(0);
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return state_of(0, 1) == DWORD{NTMS_PARTSTATE_FOREIGN}; }));
}

TEST_F(TwoSidedIdentity, OnlyTheFirstSideWhereTheArmDoesNotTurn) {
  LibraryShape shape = two_sided();
  shape.turns_media = false;
  shape.media = 1;
  create(shape);
  record(0, 0, volume_label("AAA000"));
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_UNKNOWN});
}

// A cartridge that comes back without a bar code is known by the label on either side.
TEST_F(TwoSidedIdentity, KnownByItsSecondSide) {
  LibraryShape shape = two_sided();
  shape.bar_code_reader = false;
  shape.bar_codes = {"CART01"};
  shape.media = 1;
  create(shape);
  record(0, 1, volume_label("AAA001"));
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const Id before = rsm().list(NTMS_PHYSICAL_MEDIA).at(0);
  const auto sides_before = rsm().list(NTMS_PARTITION, before);
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  // It went with a magazine or the like: still somebody's, nobody knows where.
  sql("UPDATE side SET state=5 WHERE side=1");
  sql("UPDATE physical_medium SET location=NULL, home_slot=NULL, library="
      "(SELECT guid FROM library WHERE type=1)");
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return rsm().list(NTMS_PHYSICAL_MEDIA, library()).size() == 1; }));
  ASSERT_TRUE(wait_until([&] {
    return rsm().list(NTMS_PHYSICAL_MEDIA) == std::vector<Id>{before};
  })) << picture();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(Id(media_info(before).CurrentLibrary), library());
  EXPECT_EQ(rsm().list(NTMS_PARTITION, before), sides_before);
  EXPECT_EQ(side_info(sides_before.at(1)).State, DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(emulator().side_up(kSlot, 0), 0U);
}

}  // namespace
}  // namespace ntms::conformance

// SPDX-License-Identifier: MIT
// Mounts into drives that hold a cartridge nobody uses any more: one exchange where the robot can
// do it, two moves where it cannot, and the same end (functions-media-services 1, concepts 8).
#include <gtest/gtest.h>

#include <future>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

constexpr unsigned kMove = 0xA5;
constexpr unsigned kExchange = 0xA6;
constexpr DWORD kPatience = 60'000;  // milliseconds

class ExchangeTest : public RobotTest {
 protected:
  DWORD mount(unsigned index) const {
    Id side = side_of(medium(index));
    Id drive_id;
    return MountNtmsMedia(session(), side.get(), drive_id.get(), 1, NTMS_MOUNT_READ,
                          NTMS_PRIORITY_NORMAL, kPatience, nullptr);
  }
  // The cartridge stays in its drive.
  void leave_in_drive(unsigned index) {
    ASSERT_EQ(mount(index), ERROR_SUCCESS) << picture();
    Id side = side_of(medium(index));
    ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] {
      return drive(0).Info.Drive.State == NTMS_DRIVESTATE_DISMOUNTABLE;
    })) << picture();
  }
  void expect_changed_places(unsigned gone, unsigned slot_index, unsigned mounted) {
    EXPECT_TRUE(is_in_slot(medium(gone), slot_index)) << picture();
    EXPECT_EQ(media_info(medium(gone)).MediaState, static_cast<DWORD>(NTMS_MEDIASTATE_IDLE));
    EXPECT_TRUE(Id(media_info(medium(gone)).MountedPartition).is_null());
    const auto info = media_info(medium(mounted));
    EXPECT_EQ(info.MediaState, static_cast<DWORD>(NTMS_MEDIASTATE_LOADED));
    EXPECT_EQ(Id(info.Location), Id(drive(0).ObjectGuid));
    EXPECT_EQ(Id(info.HomeSlot), Id(slot(mounted).ObjectGuid));
    EXPECT_EQ(slot(mounted).Info.StorageSlot.State, static_cast<DWORD>(NTMS_SLOTSTATE_EMPTY));
    EXPECT_EQ(slot(slot_index).Info.StorageSlot.State, static_cast<DWORD>(NTMS_SLOTSTATE_FULL));
    EXPECT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_LOADED);
    EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), side_of(medium(mounted)));
    EXPECT_TRUE(agree_soon());
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      EXPECT_TRUE(wait_for_state(id, NTMS_LM_PASSED)) << picture();
    }
  }
  static LibraryShape one_drive() { return {.drives = 1}; }
  static void fail_exchange(EmulatorBackend& emulator, unsigned kind, unsigned key, unsigned asc,
                            unsigned ascq) {
    ntms_emulator_fault fault{};
    fault.size = sizeof fault;
    fault.opcode = kExchange;
    fault.nth = 1;
    fault.times = 1;
    fault.kind = kind;
    fault.sense_key = static_cast<std::uint8_t>(key);
    fault.asc = static_cast<std::uint8_t>(asc);
    fault.ascq = static_cast<std::uint8_t>(ascq);
    ASSERT_EQ(ntms_emulator_inject_fault(emulator.handle(), &fault), NTMS_EMULATOR_OK);
  }
};

TEST_P(ExchangeTest, TheSameEndOnEveryRobot) {
  start(one_drive());
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  expect_changed_places(0, 0, 1);
  Id side = side_of(medium(1));
  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  ASSERT_EQ(mount(0), ERROR_SUCCESS) << picture();
  expect_changed_places(1, 1, 0);
}

NTMS_ON_BOTH_ROBOTS(ExchangeTest);

class ExchangeOnEmulator : public ExchangeTest {
 protected:
  void start(const LibraryShape& shape) { LibraryTest::start(shape, Robot::emulator); }
};

TEST_F(ExchangeOnEmulator, OneCommandMovesBoth) {
  start(one_drive());
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  const auto moves = emulator().commands(kMove);
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().commands(kExchange), 1U);
  EXPECT_EQ(emulator().commands(kMove), moves);
  expect_changed_places(0, 0, 1);
}

TEST_F(ExchangeOnEmulator, DrivesThatMustUnloadFirst) {
  LibraryShape shape = one_drive();
  shape.unload_before_move = true;
  start(shape);
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().commands(kExchange), 1U);
  expect_changed_places(0, 0, 1);
}

TEST_F(ExchangeOnEmulator, WithoutBarCodesTheSlotsTell) {
  LibraryShape shape = one_drive();
  shape.bar_code_reader = false;
  shape.media = 2;
  start(shape);
  const auto media = rsm().list(NTMS_PHYSICAL_MEDIA);
  ASSERT_EQ(media.size(), 2U);
  for (const Id& id : media) {
    Id side = side_of(id);
    Id drive_id;
    ASSERT_EQ(MountNtmsMedia(session(), side.get(), drive_id.get(), 1, NTMS_MOUNT_READ, 0,
                             kPatience, nullptr),
              ERROR_SUCCESS)
        << picture();
    ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  }
  EXPECT_EQ(emulator().commands(kExchange), 1U);
  EXPECT_TRUE(is_in_slot(media[0], 0)) << picture();
  EXPECT_EQ(Id(media_info(media[1]).Location), Id(drive(0).ObjectGuid));
  EXPECT_TRUE(agree_soon());
}

TEST_F(ExchangeOnEmulator, RefusedOnceIsNotAskedForAgain) {
  start(one_drive());
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  fail_exchange(emulator(), NTMS_EMULATOR_FAIL_BEFORE, 5, 0x20, 0);
  const auto moves = emulator().commands(kMove);
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().commands(kExchange), 1U);
  EXPECT_EQ(emulator().commands(kMove), moves + 2);
  expect_changed_places(0, 0, 1);
  Id side = side_of(medium(1));
  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  ASSERT_EQ(mount(2), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().commands(kExchange), 1U);
  EXPECT_EQ(emulator().commands(kMove), moves + 4);
  expect_changed_places(1, 1, 2);
}

TEST_F(ExchangeOnEmulator, FailedWithoutEffectIsMadeByTwoMoves) {
  start(one_drive());
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  fail_exchange(emulator(), NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01);
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  expect_changed_places(0, 0, 1);
}

TEST_F(ExchangeOnEmulator, DoneThoughReportedAsFailed) {
  start(one_drive());
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  fail_exchange(emulator(), NTMS_EMULATOR_TIMEOUT_AFTER, 0, 0, 0);
  const auto moves = emulator().commands(kMove);
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().commands(kMove), moves) << "what the robot shows is believed";
  expect_changed_places(0, 0, 1);
}

// The arm keeps the one that is wanted: it is brought home, and the mount goes on.
TEST_F(ExchangeOnEmulator, StuckInTheArm) {
  start(one_drive());
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  fail_exchange(emulator(), NTMS_EMULATOR_TORN, 4, 0x15, 0x01);
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  expect_changed_places(0, 0, 1);
}

// Somebody has put another cartridge into the home slot: the one from the drive goes to a free
// slot.
TEST_F(ExchangeOnEmulator, TheHomeSlotIsTaken) {
  start({.slots = 3, .drives = 1, .media = 2});
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  ASSERT_EQ(ntms_emulator_load_slot(emulator().handle(), 0, "STRANGER"), NTMS_EMULATOR_OK);
  Id where = library();
  ASSERT_EQ(InventoryNtmsLibrary(session(), where.get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !medium_with("STRANGER").is_null(); }));
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  expect_changed_places(0, 2, 1);
}

// No slot is free but the one that becomes free: they change places.
TEST_F(ExchangeOnEmulator, AFullLibrarySwaps) {
  start({.slots = 2, .drives = 1, .media = 2});
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  ASSERT_EQ(ntms_emulator_load_slot(emulator().handle(), 0, "STRANGER"), NTMS_EMULATOR_OK);
  Id where = library();
  ASSERT_EQ(InventoryNtmsLibrary(session(), where.get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !medium_with("STRANGER").is_null(); }));
  ASSERT_EQ(mount(1), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().commands(kExchange), 1U);
  EXPECT_TRUE(is_in_slot(medium(0), 1)) << picture();
  EXPECT_EQ(Id(media_info(medium(0)).HomeSlot), Id(slot(1).ObjectGuid));
  EXPECT_EQ(media_info(medium(1)).MediaState, static_cast<DWORD>(NTMS_MEDIASTATE_LOADED));
  EXPECT_TRUE(agree_soon());
}

// An open door stops the exchange, not the request.
TEST_F(ExchangeOnEmulator, WaitsWhileADoorIsOpen) {
  LibraryShape shape = one_drive();
  shape.doors = 1;
  shape.doors_unlocked = true;
  start(shape);
  ASSERT_NO_FATAL_FAILURE(leave_in_drive(0));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  auto waiting = std::async(std::launch::async, [&] { return mount(1); });
  EXPECT_TRUE(wait_until([&] {
    const Id request = unfinished_request_of(medium(1));
    return !request.is_null() && rsm().state(request) == NTMS_LM_WAITING;
  })) << picture();
  EXPECT_EQ(emulator().commands(kExchange), 0U);
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(waiting.get(), ERROR_SUCCESS) << picture();
  expect_changed_places(0, 0, 1);
}

}  // namespace
}  // namespace ntms::conformance

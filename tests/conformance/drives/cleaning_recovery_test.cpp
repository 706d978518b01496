// SPDX-License-Identifier: MIT
// Cleanings that another owner has left at any point: the rows and the robot as a killed process
// leaves them, and what the next one makes of them (docs/architecture.md, The rows are the queue).
#include "conformance/drives/cleaning_fixture.h"

namespace ntms::conformance {
namespace {

// The private column `phase` of a request.
constexpr int kMoving = 1;
constexpr int kMovingHome = 3;
constexpr int kCleaning = 6;

class CleaningRecovery : public CleaningTest {
 protected:
  static constexpr const char* kRequest = " WHERE operation=15";

  // A cleaning that waits for the closing of the door, then the end of the session. What follows
  // changes its row and the place of the cleaner.
  void leave_one() {
    LibraryShape shape;
    shape.doors = 1;
    shape.doors_unlocked = true;  // injecting has locked them
    shape.bar_code_reader = reader_;
    shape.virtual_clock = true;
    ASSERT_NO_FATAL_FAILURE(start_with_known_cleaner(shape));
    ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
    ASSERT_EQ(clean(), ERROR_SUCCESS);
    request_ = cleaning();
    ASSERT_TRUE(wait_for_state(request_, NTMS_LM_WAITING)) << picture();
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  }

  // The cleaner is known by its place, so that robots without a reader can take part.
  void start_with_known_cleaner(const LibraryShape& shape) {
    LibraryShape with_port = shape;
    with_port.ports = 1;
    ASSERT_NO_FATAL_FAILURE(start(with_port));
    ASSERT_NO_FATAL_FAILURE(reserve_slot());
    ASSERT_NO_FATAL_FAILURE(bring_cleaner());
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA)) {
      if (Id(media_info(id).Location) == Id(slot(kCleanerSlot).ObjectGuid)) cleaner_id_ = id;
    }
    ASSERT_FALSE(cleaner_id_.is_null());
  }

  // What the last owner had written down before the arm moved, or after it.
  void write_down(int phase, bool home) {
    const std::string slot_address = "(SELECT element_address FROM slot WHERE number=12)";
    const std::string drive_address = "(SELECT element_address FROM drive WHERE number=1)";
    sql("UPDATE library_request SET state=1, phase=" + std::to_string(phase) +
        ", medium=(SELECT guid FROM physical_medium WHERE location="
        "(SELECT guid FROM slot WHERE number=12)), slot=(SELECT guid FROM slot WHERE number=12)"
        ", source=" +
        (home ? drive_address : slot_address) + ", target=" +
        (home ? slot_address : drive_address) + ", deadline=9000000000000000" + kRequest);
    sql("UPDATE drive SET state=6 WHERE number=1");
    sql("UPDATE physical_medium SET media_state=1 WHERE location="
        "(SELECT guid FROM slot WHERE number=12)");
  }
  // The cleaner is in the drive, as far as the database goes.
  void believe_in_drive() {
    sql("UPDATE slot SET state=2 WHERE number=12");
    sql("UPDATE physical_medium SET media_state=2, location_type=5, location="
        "(SELECT guid FROM drive WHERE number=1) WHERE location="
        "(SELECT guid FROM slot WHERE number=12)");
  }
  void move_to_drive() { ASSERT_TRUE(robot().foreign_move(2, kCleanerSlot, 4, 0)); }

  void expect_clean(DWORD uses) {
    rsm() = Rsm::open();
    ASSERT_TRUE(wait_for_state(request_, NTMS_LM_PASSED)) << picture();
    EXPECT_TRUE(is_in_slot(cleaner_id_, kCleanerSlot)) << picture();
    EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
    EXPECT_EQ(info().dwCleanerUsesRemaining, uses);
    EXPECT_NE(drive(0).Info.Drive.LastCleanedTs.wYear, 0U);
    EXPECT_TRUE(agree());
  }

  bool reader_ = true;
  Id request_;
  Id cleaner_id_;
};

TEST_F(CleaningRecovery, KilledBeforeTheArmMovedIn) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMoving, false);
  expect_clean(19);
}

TEST_F(CleaningRecovery, KilledAfterTheArmMovedIn) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMoving, false);
  ASSERT_NO_FATAL_FAILURE(move_to_drive());
  expect_clean(19);
}

TEST_F(CleaningRecovery, KilledWhileTheDriveCleaned) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kCleaning, false);
  believe_in_drive();
  ASSERT_NO_FATAL_FAILURE(move_to_drive());
  expect_clean(20);
}

TEST_F(CleaningRecovery, KilledBeforeTheArmMovedHome) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMovingHome, true);
  believe_in_drive();
  ASSERT_NO_FATAL_FAILURE(move_to_drive());
  expect_clean(20);
}

TEST_F(CleaningRecovery, KilledAfterTheArmMovedHome) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMovingHome, true);
  believe_in_drive();
  expect_clean(20);
}

TEST_F(CleaningRecovery, TheOutcomeIsRemembered) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMovingHome, true);
  sql("UPDATE library_request SET error_code=4333 WHERE operation=15");
  believe_in_drive();
  ASSERT_NO_FATAL_FAILURE(move_to_drive());
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_for_state(request_, NTMS_LM_WAITING)) << picture();
  EXPECT_TRUE(is_in_slot(cleaner_id_, kCleanerSlot));
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0U);
  EXPECT_EQ(cleaner_requests().size(), 1U);
}

TEST_F(CleaningRecovery, AnotherSessionGoesOn) {
  LibraryShape shape;
  shape.virtual_clock = true;
  shape.bar_code_reader = reader_;
  ASSERT_NO_FATAL_FAILURE(start_with_known_cleaner(shape));
  set_cleaning_time(kMinute);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  request_ = cleaning();
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner_id_); })) << picture();
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  emulator().advance(kMinute);
  expect_clean(19);
}

// Robots that read no labels.
class CleaningRecoveryBlind : public CleaningRecovery {
 protected:
  CleaningRecoveryBlind() { reader_ = false; }
};

TEST_F(CleaningRecoveryBlind, KilledBeforeTheArmMovedIn) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMoving, false);
  expect_clean(19);
}

TEST_F(CleaningRecoveryBlind, KilledWhileTheDriveCleaned) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kCleaning, false);
  believe_in_drive();
  ASSERT_NO_FATAL_FAILURE(move_to_drive());
  expect_clean(20);
}

TEST_F(CleaningRecoveryBlind, KilledAfterTheArmMovedHome) {
  ASSERT_NO_FATAL_FAILURE(leave_one());
  write_down(kMovingHome, true);
  believe_in_drive();
  expect_clean(20);
}

}  // namespace
}  // namespace ntms::conformance

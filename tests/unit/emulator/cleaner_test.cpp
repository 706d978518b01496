// SPDX-License-Identifier: MIT
// Cleaner cartridges, and drives that ask for them.
#include "support.h"

namespace ntms::emulator {
namespace {

class CleanerTest : public LibraryTest {
 protected:
  static constexpr std::uint32_t kMinute = 60'000;

  // A library whose first slot holds a cleaner that is good for `uses` cleanings of a minute.
  void make_cleaner(std::uint32_t uses) {
    geometry_.virtual_clock = 1;
    make();
    ASSERT_EQ(ntms_emulator_set_cleaner(emulator_, "TAPE00", uses), NTMS_EMULATOR_OK);
    durations(0, 0, 0, 0, kMinute);
    changer_ = unit(kChanger);
    drive_ = unit(kFirstDriveLun);
  }
  void insert() { ASSERT_EQ(said(changer_->execute(move(kSlot, kDrive))), "good"); }
  std::string ready() { return said(drive_->execute(test_unit_ready())); }
  void advance(std::int64_t milliseconds) {
    ASSERT_EQ(ntms_emulator_clock_advance(emulator_, milliseconds), NTMS_EMULATOR_OK);
  }
  std::uint32_t uses() {
    std::uint32_t left = 99;
    EXPECT_EQ(ntms_emulator_cleaner_uses(emulator_, "TAPE00", &left), NTMS_EMULATOR_OK);
    return left;
  }
  // The TapeAlert flags that are set, in the order of their numbers.
  std::vector<unsigned> alerts() {
    const auto reply = drive_->execute(command_of({0x4D, 0, 0x6E, 0, 0, 0, 0, 4, 0, 0}, 1024));
    EXPECT_EQ(said(reply), "good");
    std::vector<unsigned> set;
    for (unsigned flag = 1; flag <= 64; ++flag) {
      if (reply.data.at(4 + (flag - 1) * 5 + 4) != 0) set.push_back(flag);
    }
    return set;
  }

  std::unique_ptr<Device> changer_;
  std::unique_ptr<Device> drive_;
};

TEST_F(CleanerTest, CleansLetsGoAndWears) {
  ASSERT_NO_FATAL_FAILURE(make_cleaner(2));
  ASSERT_EQ(ntms_emulator_set_tape_alert(emulator_, 1, 20, 1), NTMS_EMULATOR_OK);
  insert();
  EXPECT_EQ(ready(), "2/30/03");
  EXPECT_EQ(said(drive_->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "2/30/03");
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 0).loaded, 1U);
  advance(kMinute - 1);
  EXPECT_EQ(ready(), "2/30/03");
  advance(1);
  EXPECT_EQ(ready(), "2/3A/00");
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 0).full, 1U);
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 0).loaded, 0U);
  EXPECT_EQ(uses(), 1U);
  EXPECT_TRUE(alerts().empty()) << "it asks no more";
  EXPECT_EQ(said(changer_->execute(move(kDrive, kSlot))), "good");
  EXPECT_EQ(ready(), "2/3A/00");
}

TEST_F(CleanerTest, ASpentOneIsComplainedOf) {
  ASSERT_NO_FATAL_FAILURE(make_cleaner(0));
  insert();
  EXPECT_EQ(ready(), "2/30/07");
  EXPECT_EQ(alerts(), std::vector<unsigned>{22});
  EXPECT_TRUE(alerts().empty()) << "told once";
  EXPECT_EQ(uses(), 0U);
  EXPECT_EQ(said(changer_->execute(move(kDrive, kSlot))), "good");
}

TEST_F(CleanerTest, OneThatStaysMustBeUnloaded) {
  geometry_.cleaner_stays = 1;
  geometry_.unload_before_move = 1;
  ASSERT_NO_FATAL_FAILURE(make_cleaner(5));
  insert();
  advance(kMinute);
  EXPECT_EQ(ready(), "2/04/02");
  EXPECT_EQ(said(changer_->execute(move(kDrive, kSlot))), "5/53/00");
  EXPECT_EQ(said(drive_->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "good");
  EXPECT_EQ(ready(), "2/3A/00");
  EXPECT_EQ(said(changer_->execute(move(kDrive, kSlot))), "good");
}

TEST_F(CleanerTest, OneThatLetsGoNeedsNoUnload) {
  geometry_.unload_before_move = 1;
  ASSERT_NO_FATAL_FAILURE(make_cleaner(5));
  insert();
  EXPECT_EQ(said(changer_->execute(move(kDrive, kSlot))), "5/53/00") << "it is at work";
  advance(kMinute);
  EXPECT_EQ(said(changer_->execute(move(kDrive, kSlot))), "good");
}

TEST_F(CleanerTest, TapesAreNone) {
  make();
  std::uint32_t left = 0;
  EXPECT_EQ(ntms_emulator_cleaner_uses(emulator_, "TAPE00", &left), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_cleaner_uses(emulator_, "NONE", &left), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_cleaner_uses(emulator_, "TAPE00", nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_set_cleaner(emulator_, "NONE", 1), NTMS_EMULATOR_NOT_FOUND);
}

}  // namespace
}  // namespace ntms::emulator

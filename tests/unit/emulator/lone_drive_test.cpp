// SPDX-License-Identifier: MIT
// A drive that stands alone, and the person who feeds it.
#include "support.h"

namespace ntms::emulator {
namespace {

class LoneDriveTest : public LibraryTest {
 protected:
  void make_drive() {
    geometry_.stand_alone = 1;
    make(0);
    drive_ = unit(0);
  }
  std::string ready() { return said(drive_->execute(test_unit_ready())); }
  std::string unload() { return said(drive_->execute(command_of({0x1B, 0, 0, 0, 0, 0}))); }
  int insert(const char* cartridge) { return ntms_emulator_drive_insert(emulator_, 0, cartridge); }
  int take() { return ntms_emulator_drive_take(emulator_, 0, nullptr); }

  std::unique_ptr<Device> drive_;
};

TEST_F(LoneDriveTest, AnswersAtBothNumbers) {
  ASSERT_NO_FATAL_FAILURE(make_drive());
  EXPECT_EQ(drive_->execute(command_of({0x12, 0, 0, 0, 36, 0}, 36)).data.at(0), 0x01);
  EXPECT_EQ(said(drive_->execute(move(kSlot, kDrive))), "5/20/00") << "there is no changer";
  const auto luns = drive_->execute(command_of({0xA0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}, 256));
  EXPECT_EQ(scsi::get_be32(luns.data, 0), 8U);
  auto other = Device::open(path_, 1, "default");
  ASSERT_TRUE(other);
  EXPECT_EQ(said((*other)->execute(test_unit_ready())), "2/3A/00") << "the same unit";
  std::uint32_t count = 99;
  EXPECT_EQ(ntms_emulator_count(emulator_, NTMS_EMULATOR_SLOT, &count), NTMS_EMULATOR_OK);
  EXPECT_EQ(count, 0U);
}

TEST_F(LoneDriveTest, FedByHand) {
  ASSERT_NO_FATAL_FAILURE(make_drive());
  EXPECT_EQ(ready(), "2/3A/00");
  EXPECT_EQ(take(), NTMS_EMULATOR_EMPTY);
  ASSERT_EQ(insert("MED001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(ready(), "6/28/00");
  EXPECT_EQ(ready(), "good");
  EXPECT_EQ(insert("MED002"), NTMS_EMULATOR_OCCUPIED);
  EXPECT_EQ(take(), NTMS_EMULATOR_LOCKED) << "the drive holds it";
  EXPECT_EQ(unload(), "good");
  EXPECT_EQ(ready(), "2/3A/00") << "what is ejected is not seen";
  EXPECT_EQ(place("MED001"), "drive 0") << "but there until somebody takes it";
  ASSERT_EQ(insert("MED001"), NTMS_EMULATOR_OK) << "pushed in again";
  EXPECT_EQ(ready(), "6/28/00");
  EXPECT_EQ(unload(), "good");
  EXPECT_EQ(take(), NTMS_EMULATOR_OK);
  EXPECT_EQ(place("MED001"), "shelf 0");
}

TEST_F(LoneDriveTest, EjectButton) {
  ASSERT_NO_FATAL_FAILURE(make_drive());
  EXPECT_EQ(ntms_emulator_drive_eject(emulator_, 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(insert("MED001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(ready(), "6/28/00");
  EXPECT_EQ(said(drive_->execute(prevent(true))), "good");
  EXPECT_EQ(ntms_emulator_drive_eject(emulator_, 0), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(said(drive_->execute(prevent(false))), "good");
  EXPECT_EQ(ntms_emulator_drive_eject(emulator_, 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(take(), NTMS_EMULATOR_OK);
}

TEST_F(LoneDriveTest, TheDrivesOfALibraryAreOutOfReach) {
  make();
  EXPECT_EQ(insert("MED001"), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_drive_eject(emulator_, 0), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(take(), NTMS_EMULATOR_INVALID);
}

}  // namespace
}  // namespace ntms::emulator

// SPDX-License-Identifier: MIT
// Magazines, and libraries that cannot lock their doors.
#include "support.h"

namespace ntms::emulator {
namespace {

class MagazineTest : public LibraryTest {
 protected:
  // Ten slots in three magazines: 0 to 2, 3 to 5, 6 to 9.
  void make_magazines() {
    geometry_.magazines = 3;
    make();
    changer_ = unit(kChanger);
  }

  std::string does(const scsi::Command& command) { return said(changer_->execute(command)); }
  int pull(std::uint32_t index) { return ntms_emulator_magazine_pull(emulator_, index); }
  int push(std::uint32_t index) { return ntms_emulator_magazine_push(emulator_, index); }

  // One character per slot: f full, e empty, x removed (no access, EXCEPT, 3B/12, not full).
  std::string slots() {
    const auto data = changer_->execute(element_status(2)).data;
    std::string text;
    for (std::size_t at = 16; at < data.size(); at += 52) {
      const int flags = data.at(at + 2);
      if (flags == 0x04 && data.at(at + 4) == 0x3B && data.at(at + 5) == 0x12) {
        text += data.at(at + 12) == 0 ? 'x' : '?';
      } else {
        text += flags == 0x09 ? 'f' : flags == 0x08 ? 'e' : '?';
      }
    }
    return text;
  }

  std::unique_ptr<Device> changer_;
};

TEST_F(MagazineTest, RefusesWhatThereIsNot) {
  geometry_.magazines = 11;
  EXPECT_EQ(ntms_emulator_create(path_.c_str(), &geometry_), NTMS_EMULATOR_INVALID);
  geometry_.magazines = 0;
  make();
  std::uint32_t pulled = 9;
  EXPECT_EQ(pull(0), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(push(0), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_magazine_is_pulled(emulator_, 0, &pulled), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(pulled, 9U);
}

TEST_F(MagazineTest, RefusesNullsAndIndicesOutOfRange) {
  make_magazines();
  std::uint32_t pulled = 9;
  EXPECT_EQ(pull(3), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(push(3), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_magazine_is_pulled(emulator_, 3, &pulled), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_magazine_is_pulled(emulator_, 0, nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_magazine_pull(nullptr, 0), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_magazine_push(nullptr, 0), NTMS_EMULATOR_INVALID);
}

TEST_F(MagazineTest, IsLockedWhileRemovalIsPreventedOrTheArmMoves) {
  geometry_.virtual_clock = 1;
  make_magazines();
  ASSERT_EQ(does(prevent(true)), "good");
  EXPECT_EQ(pull(0), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(does(prevent(false)), "good");
  durations(5000);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  ASSERT_EQ(does(move(kSlot, kDrive)), "timed out");
  EXPECT_EQ(pull(2), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 5000), NTMS_EMULATOR_OK);
  EXPECT_EQ(pull(2), NTMS_EMULATOR_OK);
}

TEST_F(MagazineTest, ItsSlotsAreAwayWithIt) {
  make_magazines();
  EXPECT_EQ(slots(), "fffffeeeee");
  ASSERT_EQ(pull(1), NTMS_EMULATOR_OK);
  ASSERT_EQ(pull(1), NTMS_EMULATOR_OK);
  std::uint32_t pulled = 0;
  ASSERT_EQ(ntms_emulator_magazine_is_pulled(emulator_, 1, &pulled), NTMS_EMULATOR_OK);
  EXPECT_EQ(pulled, 1U);
  EXPECT_EQ(slots(), "fffxxxeeee");
  EXPECT_EQ(does(test_unit_ready()), "good");
  EXPECT_EQ(place("TAPE03"), "slot 3");
  EXPECT_EQ(element(NTMS_EMULATOR_SLOT, 3).full, 1U);
  EXPECT_EQ(element(NTMS_EMULATOR_SLOT, 3).access, 0U);
  EXPECT_EQ(does(move(kSlot + 3, kDrive)), "5/3B/12");
  EXPECT_EQ(does(move(kSlot, kSlot + 5)), "5/3B/12");
  EXPECT_EQ(does(exchange(kSlot, kSlot + 3, kSlot)), "5/3B/12");
  EXPECT_EQ(does(command_of({0x2B, 0, 0, 0, 4, 3, 0, 0, 0, 0})), "5/3B/12");
  EXPECT_EQ(does(move(kSlot, kSlot + 9)), "good");  // the others are there
  ASSERT_EQ(push(1), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/00");
  ASSERT_EQ(push(1), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "good");
  EXPECT_EQ(slots(), "effffeeeef");
  ASSERT_EQ(pull(2), NTMS_EMULATOR_OK);
  EXPECT_EQ(slots(), "effffexxxx");  // the last one has the rest
}

TEST_F(MagazineTest, ItsSlotsAreReachedWithTheDoorsShut) {
  make_magazines();
  ASSERT_EQ(pull(1), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_slot_put(emulator_, 5, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_slot_put(emulator_, 6, "NEW002"), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(ntms_emulator_slot_take(emulator_, 4, nullptr), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_slot_take(emulator_, 0, nullptr), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 3, 5), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 3, 0), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 0, 3), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(does(test_unit_ready()), "good");
  ASSERT_EQ(push(1), NTMS_EMULATOR_OK);
  EXPECT_EQ(place("NEW001"), "slot 3");
  EXPECT_EQ(place("TAPE03"), "slot 5");
  EXPECT_EQ(place("TAPE04"), "shelf 0");
}

TEST_F(MagazineTest, DoorsThatCannotBeLocked) {
  geometry_.doors_unlocked = 1;
  geometry_.virtual_clock = 1;
  make_magazines();
  ASSERT_EQ(does(prevent(true)), "good");
  durations(5000);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  ASSERT_EQ(does(move(kSlot, kDrive)), "timed out");
  EXPECT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_LOCKED);  // the arm moves
  EXPECT_EQ(pull(0), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 5000), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(pull(0), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_LOCKED);
}

}  // namespace
}  // namespace ntms::emulator

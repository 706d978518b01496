// SPDX-License-Identifier: MIT
// The tape drive's command set, and the tapes as a tester sees them.
#include "support.h"

namespace ntms::emulator {
namespace {

class DriveTest : public LibraryTest {
 protected:
  // A library with TAPE00 loaded and all attentions taken.
  void load() {
    make();
    ASSERT_EQ(said(unit(kChanger)->execute(move(kSlot, kDrive))), "good");
    drive_ = unit(kFirstDriveLun);
    ASSERT_EQ(said(drive_->execute(test_unit_ready())), "good");
  }

  scsi::Reply send(std::initializer_list<int> cdb, std::size_t data_in = 0) {
    return drive_->execute(command_of(cdb, data_in));
  }

  scsi::Reply write(const std::string& block) {
    auto command = command_of({0x0A, 0, 0, 0, static_cast<int>(block.size()), 0});
    command.data_out.assign(block.begin(), block.end());
    return drive_->execute(command);
  }

  scsi::Reply read(int length, bool silent = false) {
    return send({0x08, silent ? 2 : 0, 0, 0, length, 0}, static_cast<std::size_t>(length));
  }

  static std::string text(const scsi::Reply& reply) {
    return {reply.data.begin(), reply.data.end()};
  }

  static std::int32_t information(const scsi::Reply& reply) {
    EXPECT_EQ(reply.sense.at(0), 0xF0);
    return static_cast<std::int32_t>(scsi::get_be32(reply.sense, 3));
  }

  std::uint32_t position() {
    return scsi::get_be32(send({0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 20).data, 4);
  }

  std::unique_ptr<Device> drive_;
};

TEST_F(DriveTest, RefusesWithoutATape) {
  make();
  drive_ = unit(kFirstDriveLun);
  EXPECT_EQ(said(drive_->execute(test_unit_ready())), "2/3A/00");
  EXPECT_EQ(said(write("x")), "2/3A/00");
  EXPECT_EQ(said(read(10)), "2/3A/00");
  EXPECT_EQ(said(send({0x1B, 0, 0, 0, 1, 0})), "2/3A/00");
  EXPECT_EQ(said(send({0xC0, 0, 0, 0, 0, 0})), "5/20/00");
  EXPECT_EQ(said(send({0xA5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})), "5/20/00");
}

TEST_F(DriveTest, TellsItsDensity) {
  make();
  drive_ = unit(kFirstDriveLun);
  const auto all = send({0x44, 0, 0, 0, 0, 0, 0, 1, 0, 0}, 256);
  ASSERT_EQ(said(all), "good");
  ASSERT_EQ(all.data.size(), 56U);
  EXPECT_EQ(scsi::get_be16(all.data, 0), 54U);
  EXPECT_EQ(all.data[4], 0x5A);
  EXPECT_EQ(scsi::get_be32(all.data, 16), 2'500'000U);
  EXPECT_EQ(said(send({0x44, 1, 0, 0, 0, 0, 0, 1, 0, 0}, 256)), "2/3A/00") << "of which tape?";
  EXPECT_EQ(said(send({0x44, 2, 0, 0, 0, 0, 0, 1, 0, 0}, 256)), "5/24/00");
}

TEST_F(DriveTest, RefusesWrongFieldsAndProtectedTapes) {
  load();
  EXPECT_EQ(said(send({0x08, 1, 0, 0, 1, 0}, 512)), "5/24/00");  // fixed without a block length
  EXPECT_EQ(said(send({0x11, 9, 0, 0, 1, 0})), "5/24/00");
  EXPECT_EQ(said(send({0x0A, 0, 0, 0, 5, 0})), "5/24/00");  // no data came
  ASSERT_EQ(ntms_emulator_set_write_protected(emulator_, "TAPE00", 1), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(write("x")), "7/27/00");
  EXPECT_EQ(said(send({0x10, 0, 0, 0, 1, 0})), "7/27/00");
  EXPECT_EQ(said(send({0x19, 1, 0, 0, 0, 0})), "7/27/00");
  EXPECT_EQ(send({0x1A, 0, 0, 0, 12, 0}, 12).data.at(2) & 0x80, 0x80);
}

TEST_F(DriveTest, WritesAndReadsBlocksOfAnyLength) {
  load();
  ASSERT_EQ(said(write("first")), "good");
  ASSERT_EQ(said(send({0x10, 0, 0, 0, 1, 0})), "good");
  ASSERT_EQ(said(write("second block")), "good");
  EXPECT_EQ(position(), 3U);
  ASSERT_EQ(said(send({0x01, 0, 0, 0, 0, 0})), "good");
  EXPECT_EQ(send({0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 20).data.at(0), 0x80);
  EXPECT_EQ(text(read(5)), "first");
  const auto mark = read(10);
  EXPECT_EQ(said(mark), "0/00/01");
  EXPECT_EQ(mark.sense[2], 0x80);
  EXPECT_EQ(information(mark), 10);
  const auto longer = read(20);
  EXPECT_EQ(longer.sense.at(2), 0x20);
  EXPECT_EQ(information(longer), 8);
  EXPECT_EQ(text(longer), "second block");
  const auto end = read(20);
  EXPECT_EQ(said(end), "8/00/05");
  EXPECT_EQ(position(), 3U);
  ASSERT_EQ(said(send({0x2B, 0, 0, 0, 0, 0, 2, 0, 0, 0})), "good");
  const auto shorter = read(6);
  EXPECT_EQ(text(shorter), "second");
  EXPECT_EQ(information(shorter), -6);
  ASSERT_EQ(said(send({0x2B, 0, 0, 0, 0, 0, 2, 0, 0, 0})), "good");
  EXPECT_EQ(said(read(6, true)), "good");
  EXPECT_EQ(said(send({0x2B, 0, 0, 0, 0, 0, 9, 0, 0, 0})), "8/00/05");
}

TEST_F(DriveTest, SpacesOverBlocksAndFilemarks) {
  load();
  for (const char* block : {"a", "b"}) ASSERT_EQ(said(write(block)), "good");
  ASSERT_EQ(said(send({0x10, 0, 0, 0, 2, 0})), "good");
  ASSERT_EQ(said(write("c")), "good");                     // a b | | c
  const auto back = send({0x11, 0, 0xFF, 0xFF, 0xFD, 0});  // three blocks back: c, then a mark
  EXPECT_EQ(said(back), "0/00/01");
  EXPECT_EQ(information(back), 2);
  EXPECT_EQ(position(), 3U);
  const auto start = send({0x11, 1, 0xFF, 0xFF, 0xFB, 0});
  EXPECT_EQ(said(start), "0/00/04");
  EXPECT_EQ(information(start), 4);
  EXPECT_EQ(said(send({0x11, 1, 0, 0, 2, 0})), "good");
  EXPECT_EQ(position(), 4U);
  const auto end = send({0x11, 0, 0, 0, 3, 0});
  EXPECT_EQ(said(end), "8/00/05");
  EXPECT_EQ(information(end), 2);
  ASSERT_EQ(said(send({0x01, 0, 0, 0, 0, 0})), "good");
  EXPECT_EQ(said(send({0x11, 3, 0, 0, 0, 0})), "good");
  EXPECT_EQ(position(), 5U);
}

TEST_F(DriveTest, FixedBlocks) {
  load();
  auto select = command_of({0x15, 0x10, 0, 0, 12, 0});
  select.data_out = {0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 0, 4};
  ASSERT_EQ(said(drive_->execute(select)), "good");
  EXPECT_EQ(send({0x1A, 0, 0, 0, 12, 0}, 12).data.at(11), 4);
  auto write = command_of({0x0A, 1, 0, 0, 2, 0});
  write.data_out = {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'};
  ASSERT_EQ(said(drive_->execute(write)), "good");
  EXPECT_EQ(position(), 2U);
  ASSERT_EQ(said(send({0x01, 0, 0, 0, 0, 0})), "good");
  const auto data = send({0x08, 1, 0, 0, 3, 0}, 12);
  EXPECT_EQ(said(data), "8/00/05");
  EXPECT_EQ(information(data), 1);
  EXPECT_EQ(text(data), "abcdefgh");
  select.data_out.resize(5);
  EXPECT_EQ(said(drive_->execute(select)), "5/1A/00");
  EXPECT_EQ(send({0x05, 0, 0, 0, 0, 0}, 6).data, (std::vector<std::uint8_t>{0, 0x80, 0, 0, 0, 1}));
}

TEST_F(DriveTest, WritingForgetsWhatFollows) {
  load();
  for (const char* block : {"a", "b", "c"}) ASSERT_EQ(said(write(block)), "good");
  ASSERT_EQ(said(send({0x2B, 0, 0, 0, 0, 0, 1, 0, 0, 0})), "good");
  ASSERT_EQ(said(write("x")), "good");
  EXPECT_EQ(said(read(1)), "8/00/05");
  ASSERT_EQ(said(send({0x01, 0, 0, 0, 0, 0})), "good");
  ASSERT_EQ(said(send({0x19, 1, 0, 0, 0, 0})), "good");
  EXPECT_EQ(said(read(1)), "8/00/05");
}

TEST_F(DriveTest, UnloadsAndLoadsAgain) {
  load();
  ASSERT_EQ(said(write("a")), "good");
  ASSERT_EQ(said(send({0x1B, 0, 0, 0, 0, 0})), "good");
  EXPECT_EQ(said(read(1)), "2/04/02");
  ASSERT_EQ(said(send({0x1B, 0, 0, 0, 1, 0})), "good");
  EXPECT_EQ(said(drive_->execute(test_unit_ready())), "6/28/00");
  EXPECT_EQ(text(read(1)), "a");
}

TEST_F(DriveTest, TestersReadAndWriteTapes) {
  make();
  const std::string block = "label";
  std::uint64_t count = 99;
  std::size_t length = 0;
  char buffer[16];
  EXPECT_EQ(ntms_emulator_tape_append(emulator_, "NOBODY", 0, "x", 1), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_tape_append(emulator_, "TAPE00", 1, "x", 1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_tape_append(emulator_, "TAPE00", 0, nullptr, 1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_tape_read(emulator_, "TAPE00", 0, 0, buffer, 16, &length),
            NTMS_EMULATOR_NOT_FOUND);
  ASSERT_EQ(ntms_emulator_tape_block_count(emulator_, "TAPE00", 0, &count), NTMS_EMULATOR_OK);
  EXPECT_EQ(count, 0U);
  ASSERT_EQ(ntms_emulator_tape_append(emulator_, "TAPE00", 0, block.data(), block.size()),
            NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_tape_append(emulator_, "TAPE00", 0, nullptr, 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(said(unit(kChanger)->execute(move(kSlot, kDrive))), "good");
  drive_ = unit(kFirstDriveLun);
  EXPECT_EQ(text(read(5)), block);
  EXPECT_EQ(said(read(5)), "0/00/01");
  ASSERT_EQ(said(write("more")), "good");
  EXPECT_EQ(ntms_emulator_tape_read(emulator_, "#1", 0, 2, buffer, 2, &length),
            NTMS_EMULATOR_TOO_SMALL);
  EXPECT_EQ(length, 4U);
  ASSERT_EQ(ntms_emulator_tape_read(emulator_, "#1", 0, 2, buffer, 16, &length), NTMS_EMULATOR_OK);
  EXPECT_EQ(std::string(buffer, length), "more");
  ASSERT_EQ(ntms_emulator_tape_erase(emulator_, "TAPE00", 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_tape_block_count(emulator_, "TAPE00", 0, &count), NTMS_EMULATOR_OK);
  EXPECT_EQ(count, 0U);
}

TEST_F(DriveTest, SidesAreSeparate) {
  geometry_.sides = 2;
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(ntms_emulator_tape_append(emulator_, "TAPE00", 1, "back", 4), NTMS_EMULATOR_OK);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  drive_ = unit(kFirstDriveLun);
  EXPECT_EQ(said(read(4)), "8/00/05");
  ASSERT_EQ(said(changer->execute(move(kDrive, kDrive, true))), "good");
  EXPECT_EQ(said(drive_->execute(test_unit_ready())), "6/28/00");
  EXPECT_EQ(text(read(4)), "back");
}

}  // namespace
}  // namespace ntms::emulator

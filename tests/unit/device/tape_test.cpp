// SPDX-License-Identifier: MIT
// Reading and writing the beginning of a tape.
#include "device/tape.h"

#include <gtest/gtest.h>

#include "device/win32_codes.h"
#include "scsi/density.h"
#include "unit/device/fake_changer.h"

namespace ntms::device {
namespace {

using testing::check;
using testing::FakeTransport;
using testing::good;
using testing::quick;
using testing::run;
using testing::undelivered;

using Bytes = std::vector<std::uint8_t>;

class TapeTest : public ::testing::Test {
 protected:
  TapeTest() {
    auto transport = std::make_unique<FakeTransport>();
    fake_ = transport.get();
    drive_.emplace(std::move(transport), quick());
  }

  // An answer to MODE SENSE.
  static scsi::Reply mode(bool write_protected, std::uint32_t block_length) {
    const auto byte = [&](int shift) { return static_cast<std::uint8_t>(block_length >> shift); };
    return good({11, 0, static_cast<std::uint8_t>(write_protected ? 0x90 : 0x10), 8, 0x58, 0, 0, 0,
                 0, byte(16), byte(8), byte(0)});
  }

  FakeTransport* fake_ = nullptr;
  std::optional<Drive> drive_;
};

TEST_F(TapeTest, FactsFromTheBlockDescriptor) {
  fake_->expect(scsi::kModeSense6, mode(true, 512));
  const auto facts = run(tape_facts(*drive_));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->density, 0x58);
  EXPECT_TRUE(facts->write_protected);
  EXPECT_EQ(facts->block_length, 512U);
}

TEST_F(TapeTest, CapacityOfTheTapesDensity) {
  // Two densities: the default one, and that of the tape.
  Bytes densities(4 + 2 * 52);
  densities[1] = 2 + 2 * 52;
  densities[4] = 0x5A;
  densities[6] = 0x20;
  densities[19] = 25;
  densities[56] = 0x58;
  densities[71] = 15;
  fake_->expect(scsi::kModeSense6, mode(false, 0));
  fake_->expect(scsi::kReportDensitySupport, good(densities));
  EXPECT_EQ(run(tape_facts(*drive_, true))->capacity, 15'000'000U);
  densities[56] = 0x46;
  fake_->expect(scsi::kModeSense6, mode(false, 0));
  fake_->expect(scsi::kReportDensitySupport, good(densities));
  EXPECT_EQ(run(tape_facts(*drive_, true))->capacity, 25'000'000U) << "the drive's default";
  densities.resize(100);
  fake_->expect(scsi::kModeSense6, mode(false, 0));
  fake_->expect(scsi::kReportDensitySupport, good(densities));
  EXPECT_EQ(run(tape_facts(*drive_, true))->capacity, 25'000'000U) << "the second one is cut off";
  fake_->expect(scsi::kModeSense6, mode(false, 0));
  fake_->expect(scsi::kReportDensitySupport, check(5, 0x20, 0));
  const auto facts = run(tape_facts(*drive_, true));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->capacity, 0U);
}

TEST_F(TapeTest, FactsWithoutABlockDescriptor) {
  fake_->expect(scsi::kModeSense6, good({3, 0, 0x10, 0}));
  const auto facts = run(tape_facts(*drive_));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->density, 0);
  EXPECT_FALSE(facts->write_protected);
  fake_->expect(scsi::kModeSense6, good({3, 0}));
  EXPECT_FALSE(run(tape_facts(*drive_))) << "too short to say anything";
}

TEST_F(TapeTest, ReadsOneBlockOfAnyLength) {
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kRead6, good({1, 2, 3}));
  fake_->expect(scsi::kRewind, good());
  const auto block = run(read_first_block(*drive_, 65536));
  ASSERT_TRUE(block && *block);
  EXPECT_EQ(**block, (Bytes{1, 2, 3}));
}

// Some drives call a shorter block an incorrect length whatever SILI says, and keep its data.
TEST_F(TapeTest, ReadsAgainWithTheLengthThatTheDriveTells) {
  constexpr std::uint8_t kSpace6 = 0x11;
  scsi::Reply incorrect = check(0, 0, 0);
  incorrect.sense = {0xF0, 0, 0x20, 0, 0, 0xFF, 0xFD, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kRead6, incorrect);
  fake_->expect(kSpace6, good());
  fake_->expect(scsi::kRead6, good({1, 2, 3}));
  fake_->expect(scsi::kRewind, good());
  const auto block = run(read_first_block(*drive_, 65536));
  ASSERT_TRUE(block && *block);
  EXPECT_EQ(**block, (Bytes{1, 2, 3}));
  ASSERT_EQ(fake_->commands.size(), 5U);
  EXPECT_EQ(scsi::get_be24(fake_->commands[2].cdb.bytes, 2), 0xFFFFFFU) << "one block back";
  EXPECT_EQ(scsi::get_be24(fake_->commands[3].cdb.bytes, 2), 3U);
}

TEST_F(TapeTest, ALongerBlockIsNotReadInPart) {
  scsi::Reply incorrect = check(0, 0, 0);
  incorrect.sense = {0xF0, 0, 0x20, 0xFF, 0xFF, 0xFF, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kRead6, incorrect);
  EXPECT_FALSE(run(read_first_block(*drive_, 65536)));
  EXPECT_EQ(fake_->commands.size(), 2U);
}

TEST_F(TapeTest, NothingIsOnABlankTape) {
  for (const auto& reply : {check(8, 0, 5), check(8, 0x14, 3), check(0, 0, 1)}) {
    fake_->expect(scsi::kRewind, good());
    fake_->expect(scsi::kRead6, reply);
    fake_->expect(scsi::kRewind, good());
    const auto block = run(read_first_block(*drive_, 65536));
    ASSERT_TRUE(block);
    EXPECT_FALSE(*block);
  }
}

TEST_F(TapeTest, ADriveOfFixedBlocksIsAskedForOne) {
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kRead6, check(5, 0x24, 0));
  fake_->expect(scsi::kModeSense6, mode(false, 512));
  fake_->expect(scsi::kRead6, good(Bytes(512, 7)));
  fake_->expect(scsi::kRewind, good());
  const auto block = run(read_first_block(*drive_, 65536));
  ASSERT_TRUE(block && *block);
  EXPECT_EQ((*block)->size(), 512U);
}

TEST_F(TapeTest, WhatCannotBeReadIsAnError) {
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kRead6, check(3, 0x11, 0));
  const auto block = run(read_first_block(*drive_, 65536));
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().code, kErrorMediumNotAccessible);
  fake_->expect(scsi::kRewind, check(2, 0x3A, 0));
  EXPECT_EQ(run(read_first_block(*drive_, 65536)).error().code, kErrorEmpty);
}

TEST_F(TapeTest, AProtectedTapeIsNotWritten) {
  fake_->expect(scsi::kModeSense6, mode(true, 0));
  EXPECT_EQ(run(write_first_block(*drive_, Bytes(1024))).error().code, kErrorWriteProtect);
}

TEST_F(TapeTest, WritesABlockAndAFilemark) {
  fake_->expect(scsi::kModeSense6, mode(false, 512));
  fake_->expect(scsi::kModeSelect6, good());
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kWrite6, good());
  fake_->expect(scsi::kWriteFilemarks6, good());
  fake_->expect(scsi::kRewind, good());
  EXPECT_TRUE(run(write_first_block(*drive_, Bytes(1024, 9))));
}

TEST_F(TapeTest, AfterALostLinkItBeginsAgain) {
  fake_->expect(scsi::kModeSense6, mode(false, 0));
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kWrite6, undelivered(scsi::Delivery::link_lost));
  fake_->expect(scsi::kRewind, good());
  fake_->expect(scsi::kWrite6, good());
  fake_->expect(scsi::kWriteFilemarks6, good());
  fake_->expect(scsi::kRewind, good());
  EXPECT_TRUE(run(write_first_block(*drive_, Bytes(1024, 9))));
}

TEST_F(TapeTest, AFailingTapeIsGivenUp) {
  fake_->expect(scsi::kModeSense6, mode(false, 0));
  for (int attempt = 0; attempt < 2; ++attempt) {
    fake_->expect(scsi::kRewind, good());
    fake_->expect(scsi::kWrite6, check(3, 0x0C, 0));
  }
  EXPECT_EQ(run(write_first_block(*drive_, Bytes(1024))).error().code, kErrorMediumNotAccessible);
}

}  // namespace
}  // namespace ntms::device

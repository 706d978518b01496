// SPDX-License-Identifier: MIT
// TAPE blocks, right and wrong (media-labels 5 and 8).
#include "labels/microsoft_tape_format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using ntms::Guid;
using ntms::labels::Block;
using ntms::labels::claim_microsoft_tape_format;
using ntms::labels::Label;
using ntms::labels::make_tape_block;
using ntms::labels::MediaLabelString;
using ntms::labels::same_medium;
using ntms::labels::TapeBlock;

constexpr std::int64_t kMoment = 1'000'000'000;  // 2001-09-09 01:46:40 UTC

TapeBlock ntbackup(std::uint16_t size = 1024) {
  TapeBlock tape;
  tape.block_size = size;
  tape.family = 0x12345678;
  tape.software = "Microsoft Backup";
  tape.name = "Media created 09.09.2001";
  tape.description = "weekly";
  tape.written = kMoment;
  return tape;
}

std::vector<std::uint8_t> made(const TapeBlock& tape) {
  auto block = make_tape_block(tape);
  EXPECT_TRUE(block) << (block ? "" : block.error().reason);
  return block ? *block : std::vector<std::uint8_t>();
}

void mend_checksum(std::vector<std::uint8_t>& block) {
  std::uint16_t sum = 0;
  for (std::size_t i = 0; i < 50; i += 2)
    sum ^= static_cast<std::uint16_t>(block[i] | block[i + 1] << 8);
  block[50] = static_cast<std::uint8_t>(sum);
  block[51] = static_cast<std::uint8_t>(sum >> 8);
}

TEST(MicrosoftTapeFormat, OtherBlocksAreNotClaimed) {
  EXPECT_FALSE(claim_microsoft_tape_format({}));
  EXPECT_FALSE(claim_microsoft_tape_format(std::vector<std::uint8_t>(1024)));
  auto block = made(ntbackup());
  EXPECT_FALSE(claim_microsoft_tape_format(Block(block).first(511)));
  EXPECT_FALSE(claim_microsoft_tape_format(Block(block).first(1023))) << "the block is cut";
  block[0] = 'X';
  mend_checksum(block);
  EXPECT_FALSE(claim_microsoft_tape_format(block));
}

TEST(MicrosoftTapeFormat, AnyFlippedBitOfTheHeaderIsNoticed) {
  const auto block = made(ntbackup(512));
  ASSERT_TRUE(claim_microsoft_tape_format(block));
  for (std::size_t bit = 0; bit < 52 * 8; ++bit) {
    auto damaged = block;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(claim_microsoft_tape_format(damaged)) << "bit " << bit;
  }
}

TEST(MicrosoftTapeFormat, ChecksumExampleOfTheFormat) {
  std::vector<std::uint8_t> block(512);
  const std::array<std::uint8_t, 12> begin{0x54, 0x41, 0x50, 0x45, 0, 0, 0, 0, 0, 2, 14, 0};
  std::copy(begin.begin(), begin.end(), block.begin());
  block[48] = 2;
  mend_checksum(block);
  EXPECT_EQ(block[50], 0x08);
  EXPECT_EQ(block[51], 0x06);
}

TEST(MicrosoftTapeFormat, TypeIsTheProgramAndInfoTheName) {
  for (const std::uint16_t size : {512, 1024}) {
    const auto label = claim_microsoft_tape_format(made(ntbackup(size)));
    ASSERT_TRUE(label);
    EXPECT_EQ(label->type, "Microsoft Backup");
    EXPECT_EQ(label->info, "Media created 09.09.2001");
    EXPECT_EQ(label->id.size(), 16U);
  }
}

TEST(MicrosoftTapeFormat, DigestOfTheBlockWhereNoIdIs) {
  TapeBlock tape = ntbackup(512);
  const auto first = claim_microsoft_tape_format(made(tape));
  tape.written += 1;
  const auto later = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(first && later);
  EXPECT_NE(first->id, later->id) << "the date is part of the block";
  // What follows the block on the tape is not.
  auto longer = made(ntbackup(512));
  longer.resize(65'536, 0xAA);
  const auto read_long = claim_microsoft_tape_format(longer);
  ASSERT_TRUE(read_long);
  EXPECT_EQ(read_long->id, first->id);
}

TEST(MicrosoftTapeFormat, IdFromTheMediaLabelString) {
  MediaLabelString text;
  text.vendor = "Some vendor";
  text.cartridge = "A00001L4";
  text.created = kMoment;
  text.id = *Guid::parse("12345678-9ABC-DEF0-1234-56789ABCDEF0");
  TapeBlock tape = ntbackup();
  tape.has_label = true;
  tape.description = to_text(text);
  EXPECT_EQ(tape.description,
            "MTF Media Label|1.0|Some_vendor||2001/09/09.01:46:40|A00001L4|1|"
            "12345678-9ABC-DEF0-1234-56789ABCDEF0|");
  const auto label = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->id, std::vector<std::uint8_t>(text.id.bytes.begin(), text.id.bytes.end()));
  tape.written += 3600;
  const auto later = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(later);
  EXPECT_TRUE(same_medium(*label, *later)) << "the date does not matter then";
}

TEST(MicrosoftTapeFormat, IdAnywhereInALabelWithoutFields) {
  TapeBlock tape = ntbackup();
  tape.has_label = true;
  tape.description = "id={12345678-9abc-def0-1234-56789abcdef0}";
  const auto label = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(label);
  const Guid id = *Guid::parse("12345678-9ABC-DEF0-1234-56789ABCDEF0");
  EXPECT_EQ(label->id, std::vector<std::uint8_t>(id.bytes.begin(), id.bytes.end()));
}

TEST(MicrosoftTapeFormat, LabelWithoutAnIdGetsADigest) {
  TapeBlock tape = ntbackup();
  tape.has_label = true;
  tape.description =
      "MTF Media Label|1.0|V|P|2001/09/09.01:46:40|A|1|none|12345678-9ABC-DEF0-1234-56789ABCDEF0|";
  const auto label = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->id, ntms::labels::digest(made(tape))) << "the domain's id is not the medium's";
}

TEST(MicrosoftTapeFormat, WithoutTheBitTheTextIsFree) {
  TapeBlock tape = ntbackup();
  tape.description = "12345678-9ABC-DEF0-1234-56789ABCDEF0";
  const auto label = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->id, ntms::labels::digest(made(tape)));
}

TEST(MicrosoftTapeFormat, AnsiAndUnicodeSayTheSame) {
  TapeBlock tape = ntbackup();
  const auto wide = claim_microsoft_tape_format(made(tape));
  tape.unicode = false;
  const auto narrow = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(wide && narrow);
  EXPECT_EQ(wide->type, narrow->type);
  EXPECT_EQ(wide->info, narrow->info);
}

TEST(MicrosoftTapeFormat, StringsOutsideOfTheBlockAreNotRead) {
  for (const std::size_t field : {68U, 72U, 80U}) {
    auto block = made(ntbackup(512));
    block[field] = 0xFF;
    block[field + 1] = 0xFF;
    EXPECT_FALSE(claim_microsoft_tape_format(block)) << field;
    block[field] = 4;
    block[field + 1] = 0;
    block[field + 2] = 0xFE;
    block[field + 3] = 0x01;  // 510: two bytes too far
    EXPECT_FALSE(claim_microsoft_tape_format(block)) << field;
  }
}

TEST(MicrosoftTapeFormat, AProgramMustBeNamed) {
  auto block = made(ntbackup(512));
  block[80] = block[81] = 0;
  EXPECT_FALSE(claim_microsoft_tape_format(block));
  TapeBlock tape = ntbackup();
  tape.software.clear();
  EXPECT_FALSE(make_tape_block(tape));
}

TEST(MicrosoftTapeFormat, LongNamesAreCutForTheDatabase) {
  TapeBlock tape = ntbackup();
  tape.software = std::string(70, 's');
  tape.name = std::string(300, 'n');
  tape.unicode = false;
  const auto label = claim_microsoft_tape_format(made(tape));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, std::string(63, 's'));
  EXPECT_EQ(label->info, std::string(255, 'n'));
}

TEST(MicrosoftTapeFormat, WhatDoesNotFitIsNotMade) {
  TapeBlock tape = ntbackup(512);
  tape.name = std::string(400, 'n');
  EXPECT_FALSE(make_tape_block(tape));
  tape = ntbackup(513);
  EXPECT_FALSE(make_tape_block(tape));
}

TEST(MicrosoftTapeFormat, AnyBytesAreSurvived) {
  std::mt19937 random(5);
  const auto block = made(ntbackup());
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = block;
    for (int i = 0; i < 4; ++i)
      damaged[52 + random() % (damaged.size() - 52)] = static_cast<std::uint8_t>(random());
    const auto label = claim_microsoft_tape_format(damaged);
    if (label) {
      EXPECT_FALSE(label->type.empty());
      EXPECT_EQ(label->id.size(), 16U);
    }
  }
}

}  // namespace

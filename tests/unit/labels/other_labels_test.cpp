// SPDX-License-Identifier: MIT
// The free label, volume labels, tar, and who claims first.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "labels/free_label.h"
#include "labels/microsoft_tape_format.h"
#include "labels/recognition.h"
#include "labels/tar.h"
#include "labels/volume_label.h"

namespace {

using ntms::Guid;
using ntms::labels::Block;
using ntms::labels::claim_free_label;
using ntms::labels::claim_tar;
using ntms::labels::claim_volume_label;
using ntms::labels::FreeLabel;
using ntms::labels::make_free_label;

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

FreeLabel some_free_label() {
  FreeLabel label;
  label.id = *Guid::parse("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
  label.bar_code = "MED001L8";
  label.name = "MED001L8";
  label.family = 7;
  label.written = 1'000'000'000;
  return label;
}

TEST(FreeLabelBlock, IsATapeBlockOfItsOwnType) {
  const Bytes block = make_free_label(some_free_label());
  ASSERT_EQ(block.size(), 1024U);
  const auto label = claim_free_label(block);
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, "Removable Storage Free Media");
  EXPECT_EQ(label->info, "MED001L8");
  const Guid id = some_free_label().id;
  EXPECT_EQ(label->id, Bytes(id.bytes.begin(), id.bytes.end()));
  const auto as_tape = ntms::labels::claim_microsoft_tape_format(block);
  ASSERT_TRUE(as_tape);
  EXPECT_TRUE(same_medium(*as_tape, *label));
}

TEST(FreeLabelBlock, AnyNameAndBarCodeFit) {
  FreeLabel label = some_free_label();
  std::string name;
  for (int i = 0; i < 200; ++i) name += "\xE6\x97\xA5";
  label.name = name;
  label.bar_code = name + "|with|bars";
  label.side = 1;
  const auto read = claim_free_label(make_free_label(label));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, Bytes(label.id.bytes.begin(), label.id.bytes.end()))
      << "the bar code must not shift the fields";
  EXPECT_EQ(read->info.size(), 63U * 3);
  label.name.clear();
  label.bar_code.clear();
  EXPECT_TRUE(claim_free_label(make_free_label(label)));
}

TEST(FreeLabelBlock, OtherTapesAreNotFree) {
  ntms::labels::TapeBlock tape;
  tape.software = "Microsoft Backup";
  EXPECT_FALSE(claim_free_label(*make_tape_block(tape)));
  EXPECT_FALSE(claim_free_label(Bytes(1024)));
}

std::string ansi_label(const std::string& identifier, const std::string& implementation,
                       const std::string& owner) {
  std::string text = "VOL1" + identifier;
  text.resize(24, ' ');
  text += implementation;
  text.resize(37, ' ');
  text += owner;
  text.resize(79, ' ');
  return text + "3";
}

TEST(VolumeLabel, TooShortOrOther) {
  EXPECT_FALSE(claim_volume_label({}));
  EXPECT_FALSE(claim_volume_label(bytes_of(ansi_label("A", "", "").substr(0, 79))));
  EXPECT_FALSE(claim_volume_label(bytes_of(std::string(80, ' '))));
  EXPECT_FALSE(claim_volume_label(bytes_of("HDR1" + std::string(76, ' '))));
}

TEST(VolumeLabel, Ansi) {
  const auto label = claim_volume_label(bytes_of(ansi_label("BK0017", "", "OPERATIONS")));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, "ANSI VOL1");
  EXPECT_EQ(label->id, bytes_of("BK0017"));
  EXPECT_EQ(label->info, "BK0017 OPERATIONS");
}

TEST(VolumeLabel, Ltfs) {
  const auto label = claim_volume_label(bytes_of(ansi_label("ABC123L", "LTFS", "")));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, "LTFS");
  EXPECT_EQ(label->id, bytes_of("ABC123"));
}

TEST(VolumeLabel, Ibm) {
  Bytes block(80, 0x40);  // blanks
  const Bytes begin{0xE5, 0xD6, 0xD3, 0xF1, 0xC1, 0xC2, 0xF0, 0xF0, 0xF7, 0xE9};
  std::copy(begin.begin(), begin.end(), block.begin());
  const Bytes owner{0xD6, 0xE6, 0xD5, 0xC5, 0xD9};
  std::copy(owner.begin(), owner.end(), block.begin() + 41);
  const auto label = claim_volume_label(block);
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, "IBM VOL1");
  EXPECT_EQ(label->id, bytes_of("AB007Z"));
  EXPECT_EQ(label->info, "AB007Z OWNER");
}

TEST(VolumeLabel, WithoutAnIdentifierTheLabelIsDigested) {
  const Bytes block = bytes_of(ansi_label("", "", "SOMEBODY"));
  const auto label = claim_volume_label(block);
  ASSERT_TRUE(label);
  EXPECT_EQ(label->id, ntms::labels::digest(block));
  EXPECT_EQ(label->info, "SOMEBODY");
}

Bytes tar_header(const std::string& name, bool signed_sum = false) {
  Bytes header(512);
  std::copy(name.begin(), name.end(), header.begin());
  const std::string size = "00000000017";
  std::copy(size.begin(), size.end(), header.begin() + 124);
  std::fill(header.begin() + 148, header.begin() + 156, ' ');
  long sum = 0;
  for (const std::uint8_t byte : header) sum += signed_sum ? static_cast<std::int8_t>(byte) : byte;
  char text[8];
  std::snprintf(text, sizeof text, "%06lo", static_cast<unsigned long>(sum));
  std::copy(text, text + 7, header.begin() + 148);
  return header;
}

TEST(Tar, WrongSumsAreNotClaimed) {
  EXPECT_FALSE(claim_tar({}));
  EXPECT_FALSE(claim_tar(Bytes(10'240))) << "the end of an archive is no beginning";
  Bytes header = tar_header("etc/passwd");
  header[0] ^= 1;
  EXPECT_FALSE(claim_tar(header));
  header = tar_header("etc/passwd");
  header[148] = 'x';
  EXPECT_FALSE(claim_tar(header));
  EXPECT_FALSE(claim_tar(Block(tar_header("a")).first(511)));
}

TEST(Tar, InfoIsTheFirstMember) {
  Bytes block = tar_header("etc/passwd");
  block.resize(10'240, 0x55);
  const auto label = claim_tar(block);
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, "tar");
  EXPECT_EQ(label->info, "etc/passwd");
  EXPECT_EQ(label->id.size(), 16U);
}

TEST(Tar, SumsOfSignedBytesAreKnown) {
  const auto label =
      claim_tar(tar_header("gr\xC3\xBC\xC3\x9F"
                           "e",
                           true));
  ASSERT_TRUE(label);
  EXPECT_EQ(label->info,
            "gr\xC3\xBC\xC3\x9F"
            "e");
}

TEST(Recognition, EachFormatByItsOwn) {
  const auto quiet = [](const std::string&) {};
  const ntms::labels::LabelLibraries none;
  ntms::labels::TapeBlock tape;
  tape.software = "Microsoft Backup";
  EXPECT_EQ(recognize(*make_tape_block(tape), none, quiet)->type, "Microsoft Backup");
  EXPECT_EQ(recognize(make_free_label(some_free_label()), none, quiet)->type,
            ntms::labels::kFreeMedia);
  EXPECT_EQ(recognize(tar_header("a"), none, quiet)->type, "tar");
  EXPECT_EQ(recognize(bytes_of(ansi_label("X", "", "")), none, quiet)->type, "ANSI VOL1");
  EXPECT_FALSE(recognize(Bytes(65'536, 0x42), none, quiet));
  EXPECT_FALSE(recognize({}, none, quiet));
}

}  // namespace

// SPDX-License-Identifier: MIT
// READ ELEMENT STATUS data as changers really send it.
#include "scsi/element_status.h"

#include <gtest/gtest.h>

#include "scsi/commands.h"
#include "unit/scsi/element_page.h"

namespace ntms::scsi {
namespace {

using testing::Buffer;
using testing::element;
using testing::page;
using testing::PageFormat;

constexpr ElementType kSlot = ElementType::storage;
constexpr ElementType kDrive = ElementType::data_transfer;
constexpr ElementType kPort = ElementType::import_export;

const PageFormat kTagged{.volume_tags = true};
const PageFormat kIdentified{.device_ids = true};

TEST(ElementStatus, ShorterThanHeaderIsAnError) {
  for (std::size_t size = 0; size < 8; ++size) {
    EXPECT_FALSE(parse_element_status(Buffer(size))) << size;
  }
  const auto empty = parse_element_status(Buffer(8));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->elements.empty());
}

TEST(ElementStatus, DescriptorLengthZeroIsAnErrorNotALoop) {
  for (std::uint8_t length = 0; length < 3; ++length) {
    Buffer data = testing::reply(kSlot, {element(kSlot, 1), element(kSlot, 2)});
    data[8 + 3] = length;
    const auto report = parse_element_status(data);
    ASSERT_FALSE(report) << int{length};
    EXPECT_EQ(report.error().code, 13U);
  }
}

TEST(ElementStatus, EmptyPageWithLengthZeroIsSkipped) {
  const Buffer empty{2, 0, 0, 0, 0, 0, 0, 0};
  const auto report =
      parse_element_status(testing::reply({empty, page(kDrive, {element(kDrive, 256)})}, 1));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 1U);
  EXPECT_EQ(report->elements[0].type, kDrive);
}

TEST(ElementStatus, ReadsEveryField) {
  ElementStatus port = element(kPort, 16, true, "ABC001L8", 0x1234);
  port.except = true;
  port.asc = 0x83;
  port.ascq = 0x02;
  port.import_enabled = true;
  port.placed_by_operator = true;
  port.inverted = true;
  const auto report = parse_element_status(testing::reply(kPort, {port}, kTagged));
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->volume_tags);
  EXPECT_FALSE(report->last_cut_short);
  ASSERT_EQ(report->elements.size(), 1U);
  const ElementStatus& read = report->elements[0];
  EXPECT_EQ(read.address, 16);
  EXPECT_TRUE(read.full);
  EXPECT_TRUE(read.access);
  EXPECT_TRUE(read.except);
  EXPECT_TRUE(read.import_enabled);
  EXPECT_FALSE(read.export_enabled);
  EXPECT_TRUE(read.placed_by_operator);
  EXPECT_EQ(read.asc, 0x83);
  EXPECT_EQ(read.ascq, 0x02);
  EXPECT_TRUE(read.inverted);
  EXPECT_EQ(read.source, 0x1234);
  EXPECT_EQ(read.volume_tag, "ABC001L8");
}

TEST(ElementStatus, PortBitsMeanNothingForSlots) {
  ElementStatus slot = element(kSlot, 1);
  slot.import_enabled = slot.export_enabled = slot.placed_by_operator = true;
  const auto report = parse_element_status(testing::reply(kSlot, {slot}));
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->elements[0].import_enabled);
  EXPECT_FALSE(report->elements[0].export_enabled);
  EXPECT_FALSE(report->elements[0].placed_by_operator);
}

TEST(ElementStatus, DescriptorsLongerThanTheStandardsAreSteppedOver) {
  const PageFormat format{.volume_tags = true, .extra = 32};
  const auto report = parse_element_status(
      testing::reply(kSlot, {element(kSlot, 1, true, "A"), element(kSlot, 2, true, "B")}, format));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 2U);
  EXPECT_EQ(report->elements[1].address, 2);
  EXPECT_EQ(report->elements[1].volume_tag, "B");
}

TEST(ElementStatus, DescriptorsShorterThanTheStandardsGiveWhatTheyHold) {
  const Buffer data{0, 1, 0, 2, 0, 0, 0, 16,  // header
                    2, 0, 0, 4, 0, 0, 0, 8,   // page with 4-byte descriptors
                    0, 1, 1, 0, 0, 2, 0, 0};
  const auto report = parse_element_status(data);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 2U);
  EXPECT_TRUE(report->elements[0].full);
  EXPECT_FALSE(report->elements[0].source);
  EXPECT_FALSE(report->elements[1].full);
}

TEST(ElementStatus, ExcessIsTrimmed) {
  Buffer data = testing::reply(kSlot, {element(kSlot, 1, true)});
  const Buffer stale = page(kSlot, {element(kSlot, 99, true)});
  data.insert(data.end(), stale.begin(), stale.end());
  const auto report = parse_element_status(data);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 1U);
  EXPECT_EQ(report->elements[0].address, 1);
}

// Every possible cut: nothing is read past the end, and what is reported is right.
TEST(ElementStatus, AnyCutGivesWhatIsThere) {
  const Buffer whole = testing::reply(
      kDrive, {element(kDrive, 256, true, "TAPE01", 7), element(kDrive, 257, true, "TAPE02", 8)},
      kTagged);
  for (std::size_t size = 8; size < whole.size(); ++size) {
    // An exact copy, so that a read past the end is seen by the address sanitizer.
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto report = parse_element_status(cut);
    ASSERT_TRUE(report) << size;
    const std::size_t arrived = size < 16 ? 0 : size - 16;
    EXPECT_EQ(report->elements.size(), (arrived + 48 - 3) / 48) << size;
    for (const ElementStatus& read : report->elements) {
      EXPECT_TRUE(read.full);
      const std::size_t at = read.address == 256 ? 0U : 48U;
      EXPECT_EQ(read.source.has_value(), arrived >= at + 12) << size;
      // The bar code of six characters is known to be whole when padding follows it.
      EXPECT_EQ(read.volume_tag.empty(), arrived < at + 12 + 7) << size;
      if (!read.volume_tag.empty()) {
        EXPECT_EQ(read.volume_tag, read.address == 256 ? "TAPE01" : "TAPE02");
      }
    }
    const bool inside = arrived % 48 >= 3;
    EXPECT_EQ(report->last_cut_short, inside) << size;
  }
}

TEST(ElementStatus, FirstOfDuplicateAddressesWins) {
  const auto report = parse_element_status(testing::reply(
      {page(kSlot, {element(kSlot, 1, true, "A"), element(kSlot, 1, false)}, kTagged),
       page(kSlot, {element(kSlot, 1, true, "C"), element(kSlot, 2, true, "D")}, kTagged)},
      4));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 2U);
  EXPECT_EQ(report->elements[0].volume_tag, "A");
  EXPECT_EQ(report->elements[1].volume_tag, "D");
}

TEST(ElementStatus, PagesOfUnknownTypesAreSkipped) {
  Buffer strange = page(kSlot, {element(kSlot, 500)});
  strange[0] = 0x0A;
  const auto report =
      parse_element_status(testing::reply({strange, page(kSlot, {element(kSlot, 1)})}, 2));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 1U);
  EXPECT_EQ(report->elements[0].address, 1);
}

TEST(ElementStatus, TagsAreTrimmedAndMadePrintable) {
  ElementStatus odd = element(kSlot, 1, true,
                              std::string("A\x01\xFF"
                                          "B"));
  ElementStatus nul = element(kSlot, 2, true, std::string("XY\0\0junk", 8));
  ElementStatus blank = element(kSlot, 3, true, "");
  const auto report = parse_element_status(testing::reply(kSlot, {odd, nul, blank}, kTagged));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->elements[0].volume_tag, "A??B");
  EXPECT_EQ(report->elements[1].volume_tag, "XY");
  EXPECT_EQ(report->elements[2].volume_tag, "");
  EXPECT_TRUE(report->elements[2].full);  // full without a bar code is a state of its own
}

TEST(ElementStatus, LoadedDriveWithoutSourceStaysUnknown) {
  const auto report =
      parse_element_status(testing::reply(kDrive, {element(kDrive, 256, true)}, kTagged));
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->elements[0].full);
  EXPECT_FALSE(report->elements[0].source);
}

TEST(ElementStatus, DriveIdentifiersInBothForms) {
  ElementStatus t10 = element(kDrive, 256);
  t10.device = DeviceIdentifier{2, 1, 0, "HP      Ultrium 8-SCSI  HU12345678"};
  ElementStatus serial = element(kDrive, 257);
  serial.device = DeviceIdentifier{2, 0, 0, "SN00042"};
  const auto report = parse_element_status(
      testing::reply(kDrive, {t10, serial, element(kDrive, 258)}, kIdentified));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 3U);
  EXPECT_EQ(report->elements[0].device, t10.device);
  EXPECT_EQ(report->elements[1].device, serial.device);
  EXPECT_FALSE(report->elements[2].device);  // length 0: the library does not know the drive
}

TEST(ElementStatus, ACutIdentifierIsNone) {
  ElementStatus drive = element(kDrive, 256);
  drive.device = DeviceIdentifier{2, 1, 0, "HP      Ultrium 8-SCSI  HU12345678"};
  Buffer data = testing::reply(kDrive, {drive}, kIdentified);
  data.resize(data.size() - 8);
  const auto report = parse_element_status(data);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 1U);
  EXPECT_FALSE(report->elements[0].device);
  EXPECT_TRUE(report->last_cut_short);
}

TEST(ElementStatus, BusAddressOfADrive) {
  Buffer data = testing::reply(kDrive, {element(kDrive, 256)});
  data[16 + 6] = 0x80 | 0x20 | 0x10 | 0x03;
  data[16 + 7] = 5;
  const auto report = parse_element_status(data);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->elements[0].scsi_id, 5);
  EXPECT_EQ(report->elements[0].scsi_lun, 3);
  EXPECT_TRUE(report->elements[0].other_bus);
}

// Captured from a software changer that cuts every reply by eight bytes.
TEST(ElementStatus, CapturedReplyWithIdentifiersEightBytesShort) {
  const std::string first = "TGT     ULTRIUM-TD8     DRV0001";
  Buffer data{0x01, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x6c, 0x04, 0x00, 0x00,
              0x32, 0x00, 0x00, 0x00, 0x64, 0x01, 0x00, 0,    0,    0,    0,
              0,    0,    0,    0,    0,    0,    0x02, 0x01, 0x00, 0x22};
  testing::append(data, first, 31);
  data.insert(data.end(), {0, 0, 0});
  data.insert(data.end(), {0x01, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x01, 0x00, 0x22});
  testing::append(data, first, 26);
  ASSERT_EQ(data.size(), 0x6cU);
  const auto report = parse_element_status(data);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 2U);
  ASSERT_TRUE(report->elements[0].device);
  EXPECT_EQ(report->elements[0].device->text, first);
  EXPECT_EQ(report->elements[1].address, 257);
  EXPECT_FALSE(report->elements[1].device);
}

// 1,260 descriptors of 52 bytes are the most that fit into a 16-bit byte counter.
TEST(ElementStatus, MoreElementsThanA16BitByteCount) {
  std::vector<ElementStatus> slots;
  for (std::uint16_t i = 0; i < 60000; ++i) slots.push_back(element(kSlot, i, i % 2 == 0, "T"));
  const auto report = parse_element_status(testing::reply(kSlot, slots, kTagged));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->elements.size(), 60000U);
  EXPECT_EQ(report->elements.back().address, 59999);
}

TEST(ElementStatus, RequestIsEncodedForOneType) {
  ElementStatusRequest request;
  request.type = kDrive;
  request.start = 0x0102;
  request.count = 0x03E8;
  request.volume_tags = true;
  Command command = read_element_status(request);
  EXPECT_EQ(Buffer(command.cdb.bytes.begin(), command.cdb.bytes.begin() + 12),
            (Buffer{0xB8, 0x14, 0x01, 0x02, 0x03, 0xE8, 0, 0, 0xFF, 0xFF, 0, 0}));
  EXPECT_EQ(command.data_in_length, 0xFFFFU);
  request.volume_tags = false;
  request.device_ids = true;
  request.without_motion = true;
  command = read_element_status(request);
  EXPECT_EQ(command.cdb.bytes[1], 0x04);
  EXPECT_EQ(command.cdb.bytes[6], 0x03);
}

}  // namespace
}  // namespace ntms::scsi

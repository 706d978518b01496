// SPDX-License-Identifier: MIT
// INQUIRY, mode pages, REPORT LUNS and sense data, whole and cut short.
#include <gtest/gtest.h>

#include <vector>

#include "scsi/inquiry.h"
#include "scsi/luns.h"
#include "scsi/mode_pages.h"
#include "scsi/sense.h"

namespace ntms::scsi {
namespace {

using Buffer = std::vector<std::uint8_t>;

void add_text(Buffer& buffer, const std::string& text) {
  buffer.insert(buffer.end(), text.begin(), text.end());
}

Buffer inquiry_of(std::uint8_t type) {
  Buffer data{type, 0x80, 5, 2, 31, 0, 0, 0};
  add_text(data, "QUANTUM ");
  add_text(data, "Scalar i3       ");
  add_text(data, "120G");
  return data;
}

TEST(Inquiry, ShortDataIsAnErrorOrGivesLess) {
  const Buffer whole = inquiry_of(8);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto inquiry = parse_inquiry(cut);
    ASSERT_EQ(inquiry.has_value(), size >= 5) << size;
    if (inquiry && size >= 16) {
      EXPECT_EQ(inquiry->vendor, "QUANTUM");
    }
    if (inquiry && size < 33) {
      EXPECT_TRUE(inquiry->revision.empty());
    }
  }
}

TEST(Inquiry, ReadsTheIdentity) {
  const auto inquiry = parse_inquiry(inquiry_of(0x28));
  ASSERT_TRUE(inquiry);
  EXPECT_EQ(inquiry->qualifier, 1);
  EXPECT_EQ(inquiry->device_type, 8);
  EXPECT_TRUE(inquiry->removable);
  EXPECT_EQ(inquiry->product, "Scalar i3");
  EXPECT_EQ(inquiry->revision, "120G");
}

TEST(Inquiry, SerialNumberIsTrimmedAtBothEnds) {
  Buffer page{8, 0x80, 0, 12};
  add_text(page, "    CHG0001 stale");
  EXPECT_EQ(*parse_serial_number(page), "CHG0001");
  page.resize(9);
  EXPECT_EQ(*parse_serial_number(page), "C");
  EXPECT_FALSE(parse_serial_number(Buffer{8, 0x80, 0}));
  EXPECT_FALSE(parse_serial_number(Buffer{8, 0x00, 0, 0}));
}

TEST(Inquiry, DesignatorsOfEveryKind) {
  Buffer page{1, 0x83, 0, 0, 0x02, 0x01, 0, 20};
  add_text(page, "IBM     ULT3580-TD8 ");
  page.insert(page.end(), {0x01, 0x03, 0, 4, 0x50, 0x01, 0xAB, 0xCD});
  page.insert(page.end(), {0x01, 0x14, 0, 2, 0x00, 0x01});
  page[3] = static_cast<std::uint8_t>(page.size() - 4);
  const auto designators = parse_device_identification(page);
  ASSERT_TRUE(designators);
  ASSERT_EQ(designators->size(), 3U);
  EXPECT_EQ((*designators)[0], (DeviceIdentifier{2, 1, 0, "IBM     ULT3580-TD8"}));
  EXPECT_EQ((*designators)[1], (DeviceIdentifier{1, 3, 0, "5001ABCD"}));
  EXPECT_EQ((*designators)[2].association, 1);

  page.resize(page.size() - 1);  // the last one is cut off
  EXPECT_EQ(parse_device_identification(page)->size(), 2U);
  EXPECT_FALSE(parse_device_identification(Buffer{}));
}

TEST(Inquiry, DesignatorOfLengthZeroIsNotALoop) {
  const Buffer page{1, 0x83, 0, 8, 2, 1, 0, 0, 2, 0, 0, 0};
  ASSERT_TRUE(parse_device_identification(page));
  EXPECT_TRUE(parse_device_identification(page)->empty());
}

const Buffer kAddresses{0x1D, 18, 0, 1, 0, 1, 4, 0, 0, 3, 0, 16, 0, 2, 1, 0, 0, 2, 0, 0};

Buffer mode_reply(ModeSense form, const Buffer& page, std::size_t descriptors = 0) {
  Buffer data(form == ModeSense::six ? 4 : 8);
  data[form == ModeSense::six ? 3 : 7] = static_cast<std::uint8_t>(descriptors);
  data.resize(data.size() + descriptors);
  data.insert(data.end(), page.begin(), page.end());
  data[form == ModeSense::six ? 0 : 1] =
      static_cast<std::uint8_t>(data.size() - (form == ModeSense::six ? 1 : 2));
  return data;
}

TEST(ModePages, ElementAddressesInBothForms) {
  for (const ModeSense form : {ModeSense::six, ModeSense::ten}) {
    const Buffer data = mode_reply(form, kAddresses, 8);
    const auto page = find_mode_page(data, form, kElementAddressAssignmentPage);
    ASSERT_TRUE(page);
    const auto addresses = parse_element_address_assignment(*page);
    ASSERT_TRUE(addresses);
    EXPECT_EQ(addresses->transport, (ElementRange{1, 1}));
    EXPECT_EQ(addresses->storage, (ElementRange{1024, 3}));
    EXPECT_EQ(addresses->of(ElementType::import_export), (ElementRange{16, 2}));
    EXPECT_EQ(addresses->of(ElementType::data_transfer), (ElementRange{256, 2}));
  }
}

TEST(ModePages, AnyCutIsAnErrorNotAnOverrun) {
  const Buffer whole = mode_reply(ModeSense::ten, kAddresses);
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto page = find_mode_page(cut, ModeSense::ten, kElementAddressAssignmentPage);
    if (page) {
      EXPECT_FALSE(parse_element_address_assignment(*page)) << size;
    }
  }
}

TEST(ModePages, OtherPagesAreSteppedOver) {
  Buffer pages{0x9E, 2, 0, 0};                          // another page, PS set
  pages.insert(pages.end(), {0x5D, 0x01, 0, 2, 9, 9});  // a subpage of 1Dh
  pages.insert(pages.end(), kAddresses.begin(), kAddresses.end());
  const Buffer data = mode_reply(ModeSense::six, pages);
  const auto page = find_mode_page(data, ModeSense::six, kElementAddressAssignmentPage);
  ASSERT_TRUE(page);
  EXPECT_TRUE(parse_element_address_assignment(*page));
  EXPECT_FALSE(find_mode_page(data, ModeSense::six, kDeviceCapabilitiesPage));
}

TEST(ModePages, Capabilities) {
  Buffer page{0x1F, 18, 0x0E, 0, 0x00, 0x0C, 0x0A, 0x0E, 0, 0, 0, 0, 0, 0x08, 0, 0x02, 0, 0, 0, 0};
  const auto capabilities = parse_device_capabilities(page);
  ASSERT_TRUE(capabilities);
  EXPECT_FALSE(capabilities->can_store(ElementType::transport));
  EXPECT_TRUE(capabilities->can_store(ElementType::storage));
  EXPECT_TRUE(capabilities->can_move(ElementType::storage, ElementType::data_transfer));
  EXPECT_FALSE(capabilities->can_move(ElementType::storage, ElementType::storage));
  EXPECT_TRUE(capabilities->can_exchange(ElementType::storage, ElementType::data_transfer));
  EXPECT_TRUE(capabilities->can_exchange(ElementType::data_transfer, ElementType::storage));
  page.resize(8);
  EXPECT_FALSE(parse_device_capabilities(page)->can_exchange(ElementType::storage,
                                                             ElementType::data_transfer));
  page.resize(7);
  EXPECT_FALSE(parse_device_capabilities(page));
}

TEST(ModePages, TransportGeometry) {
  Buffer page{0x1E, 4, 0x01, 0, 0x00, 1};
  EXPECT_TRUE(*parse_transport_rotates(page));
  page[2] = 0xFE;  // other bits
  EXPECT_FALSE(*parse_transport_rotates(page));
  page.resize(2);
  EXPECT_FALSE(parse_transport_rotates(page));
  EXPECT_FALSE(parse_transport_rotates(Buffer{0x1F, 2, 0x01, 0}));
}

TEST(ElementRange, HoldsNoAddressBeyondItsEnd) {
  EXPECT_FALSE((ElementRange{10, 0}).contains(10));
  EXPECT_TRUE((ElementRange{10, 2}).contains(11));
  EXPECT_FALSE((ElementRange{10, 2}).contains(12));
  EXPECT_FALSE((ElementRange{10, 2}).contains(9));
  EXPECT_FALSE((ElementRange{0xFFFF, 1}).contains(0x10000));
}

TEST(ReportLuns, SingleLevelAddresses) {
  Buffer data{0, 0, 0, 32, 0, 0, 0, 0};
  data.insert(data.end(), {0x00, 1, 0, 0, 0, 0, 0, 0});
  data.insert(data.end(), {0x41, 0x02, 0, 0, 0, 0, 0, 0});
  data.insert(data.end(), {0xC1, 0x02, 0, 0, 0, 0, 0, 0});  // extended: left out
  data.insert(data.end(), {0x00, 9, 0, 0, 0, 0, 0});        // cut short
  EXPECT_EQ(*parse_report_luns(data), (std::vector<std::uint16_t>{1, 0x102}));
  data[3] = 8;
  EXPECT_EQ(*parse_report_luns(data), (std::vector<std::uint16_t>{1}));
  EXPECT_FALSE(parse_report_luns(Buffer(7)));
}

TEST(Sense, BothFormats) {
  Buffer fixed(18);
  fixed[0] = 0xF0;
  fixed[2] = 0x25;
  fixed[12] = 0x3B;
  fixed[13] = 0x0E;
  const Sense sense = parse_sense(fixed);
  EXPECT_TRUE(sense.is(5, 0x3B, 0x0E));
  EXPECT_FALSE(sense.deferred);
  EXPECT_EQ(to_string(sense), "5/3B/0E medium source element empty");
  EXPECT_EQ(parse_sense(Buffer{0x72, 5, 0x3B, 0x0E, 0, 0, 0, 0}), sense);
  EXPECT_TRUE(parse_sense(Buffer{0x73, 4, 0x15, 0x01}).deferred);
  EXPECT_EQ(to_string(parse_sense(Buffer{0x73, 4, 0x15, 0x01})),
            "4/15/01 mechanical positioning error (deferred)");
}

TEST(Sense, CutShortOrUnknown) {
  EXPECT_FALSE(parse_sense({}).valid);
  EXPECT_FALSE(parse_sense(Buffer{0x70, 0}).valid);
  EXPECT_FALSE(parse_sense(Buffer{0x72}).valid);
  EXPECT_FALSE(parse_sense(Buffer{0x7F, 2, 3, 4}).valid);
  EXPECT_EQ(to_string(parse_sense({})), "no sense data");
  const Sense short_one = parse_sense(Buffer{0x70, 0, 2});
  EXPECT_TRUE(short_one.is(2, 0, 0));
  EXPECT_EQ(to_string(short_one), "2/00/00 not ready");
  EXPECT_EQ(to_string(parse_sense(Buffer{0x72, 4, 0xEE, 0x01})), "4/EE/01 hardware error");
}

}  // namespace
}  // namespace ntms::scsi

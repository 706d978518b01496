// SPDX-License-Identifier: MIT
// Malformed names first, then what well-formed ones mean.
#include "transport/spti_uri.h"

#include <gtest/gtest.h>

#include "ntms/win32_types.h"
#include "transport/open.h"

namespace ntms::transport {
namespace {

class MalformedSpti : public testing::TestWithParam<const char*> {};
TEST_P(MalformedSpti, IsRefusedWithAReason) {
  const auto parsed = parse_spti_uri(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_NE(parsed.error().reason.find("names no device"), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(
    Uri, MalformedSpti,
    testing::Values("", "spti", "spti:", "spti:Changer0", "spti:\\\\.\\", "spti:\\\\.\\Changer",
                    "spti:\\\\.\\Changer-1", "spti:\\\\.\\Changer+1", "spti:\\\\.\\Changer01",
                    "spti:\\\\.\\Changer10000", "spti:\\\\.\\Changer0 ",
                    "spti:\\\\.\\Changer0:", "spti:\\\\.\\Changer0:1:2:3", "spti:\\\\.\\Tapes0",
                    "spti:\\\\.\\CdRom0", "spti:\\\\.\\PhysicalDrive0", "spti:\\\\?\\Changer0",
                    "spti:\\\\.\\Scsi2", "spti:\\\\.\\Scsi2:", "spti:\\\\.\\Scsi2:0:4",
                    "spti:\\\\.\\Scsi2:0:4:", "spti:\\\\.\\Scsi2:0:4:1:0",
                    "spti:\\\\.\\Scsi2:0:256:1", "spti:\\\\.\\Scsi2:0::1",
                    "spti:\\\\.\\Scsi2:0:04:1", "SPTI:\\\\.\\Changer0", "sg:/dev/sg0",
                    "spti://./Changer0"));

TEST(SptiUri, TakesDevicesApart) {
  EXPECT_EQ(*parse_spti_uri("spti:\\\\.\\Changer0"), (SptiUri{SptiClass::changer, 0, {}}));
  EXPECT_EQ(*parse_spti_uri("spti:\\\\.\\Tape17"), (SptiUri{SptiClass::tape, 17, {}}));
  EXPECT_EQ(*parse_spti_uri("spti:\\\\.\\Scsi2:0:4:1"), (SptiUri{SptiClass::port, 2, {0, 4, 1}}));
  EXPECT_EQ(*parse_spti_uri("spti:\\\\.\\cHANGER9999"), (SptiUri{SptiClass::changer, 9999, {}}));
  EXPECT_EQ(*parse_spti_uri("spti:\\\\.\\SCSI0:255:255:255"),
            (SptiUri{SptiClass::port, 0, {255, 255, 255}}));
}

TEST(SptiUri, TheCanonicalTextParsesBack) {
  for (const SptiUri& uri : {SptiUri{SptiClass::changer, 3, {}}, SptiUri{SptiClass::tape, 0, {}},
                             SptiUri{SptiClass::port, 2, {1, 4, 7}}}) {
    EXPECT_EQ(*parse_spti_uri(format_uri(uri)), uri);
  }
  EXPECT_EQ(format_uri(*parse_spti_uri("spti:\\\\.\\tape1")), "spti:\\\\.\\Tape1");
  EXPECT_EQ(format_uri(SptiUri{SptiClass::port, 2, {1, 4, 7}}), "spti:\\\\.\\Scsi2:1:4:7");
}

TEST(SptiUri, NamesTheDeviceObject) {
  EXPECT_EQ(spti_device_name({SptiClass::changer, 3, {}}), "\\\\.\\Changer3");
  EXPECT_EQ(spti_device_name({SptiClass::tape, 0, {}}), "\\\\.\\Tape0");
  EXPECT_EQ(spti_device_name({SptiClass::port, 2, {1, 4, 7}}), "\\\\.\\Scsi2:");
}

TEST(DeviceName, IsWhatAnApplicationOpens) {
  EXPECT_EQ(device_name("spti:\\\\.\\tape1"), "\\\\.\\Tape1");
  EXPECT_EQ(device_name("spti:\\\\.\\Scsi2:1:4:7"), "spti:\\\\.\\Scsi2:1:4:7");
  EXPECT_EQ(device_name("emulator:/x#1"), "emulator:/x#1");
}

}  // namespace
}  // namespace ntms::transport

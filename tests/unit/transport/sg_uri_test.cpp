// SPDX-License-Identifier: MIT
#include "transport/sg_uri.h"

#include <gtest/gtest.h>

#include "ntms/win32_types.h"
#include "scsi/commands.h"

namespace ntms::transport {
namespace {

class MalformedSgUri : public testing::TestWithParam<const char*> {};

TEST_P(MalformedSgUri, IsRefusedInWords) {
  const auto parsed = parse_sg_uri(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_NE(parsed.error().reason.find(GetParam()), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, MalformedSgUri,
                         testing::Values("", "sg", "sg:", "sg:sg3", "sg:/", "sg:/dev/",
                                         "sg:dev/sg3", "sg:/dev/sg 3", "sg:/dev/sg3\n",
                                         "SG:/dev/sg3", "sg:changer", "sg:changer=",
                                         "sg:changer=A B", "sg:tape=", "sg:tape=\t", "sg:drive=1",
                                         "sg:disk=1", "sg:=1", "spti:\\\\.\\Changer0", "/dev/sg3"));

TEST(SgUri, NamesANodeOrASerialNumber) {
  EXPECT_EQ(*parse_sg_uri("sg:/dev/sg3"), (SgUri{"/dev/sg3", 0, ""}));
  EXPECT_EQ(*parse_sg_uri("sg:/dev/tape/by-path/pci-0000:00:03.0-changer"),
            (SgUri{"/dev/tape/by-path/pci-0000:00:03.0-changer", 0, ""}));
  EXPECT_EQ(*parse_sg_uri("sg:changer=L/1=2"), (SgUri{"", scsi::kTypeChanger, "L/1=2"}));
  EXPECT_EQ(*parse_sg_uri("sg:tape=HU19"), (SgUri{"", scsi::kTypeTape, "HU19"}));
  for (const char* text : {"sg:/dev/sg3", "sg:changer=LIB1", "sg:tape=HU19"}) {
    EXPECT_EQ(format_uri(*parse_sg_uri(text)), text);
  }
}

TEST(SgUri, NotEverySerialNumberFits) {
  EXPECT_FALSE(fits_sg_uri(""));
  EXPECT_FALSE(fits_sg_uri("A B"));
  EXPECT_FALSE(fits_sg_uri(std::string(253, 'A')));
  EXPECT_TRUE(fits_sg_uri(std::string(252, 'A')));
  EXPECT_FALSE(parse_sg_uri("sg:tape=" + std::string(253, 'A')));
}

}  // namespace
}  // namespace ntms::transport

// SPDX-License-Identifier: MIT
// Malformed names first, then what well-formed ones mean.
#include "transport/uri.h"

#include <gtest/gtest.h>

#include <string>

#include "ntms/win32_types.h"
#include "transport/open.h"

namespace ntms::transport {
namespace {

class MalformedIscsi : public testing::TestWithParam<std::string> {};
TEST_P(MalformedIscsi, IsRefusedWithAReason) {
  const auto parsed = parse_iscsi_uri(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_NE(parsed.error().reason.find("names no device"), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(
    Uri, MalformedIscsi,
    testing::Values("", "iscsi", "iscsi:", "iscsi:/", "iscsi://", "iscsi:///", "iscsi:////",
                    "iscsi://host", "iscsi://host/", "iscsi://host/iqn.x", "iscsi://host/iqn.x/",
                    "iscsi://host//1", "iscsi:///iqn.x/1", "iscsi://host:/iqn.x/1",
                    "iscsi://host:0/iqn.x/1", "iscsi://host:65536/iqn.x/1",
                    "iscsi://host:-1/iqn.x/1", "iscsi://host:1x/iqn.x/1",
                    "iscsi://host:99999999999999999999/iqn.x/1", "iscsi://host/iqn.x/-1",
                    "iscsi://host/iqn.x/+1", "iscsi://host/iqn.x/1 ", "iscsi://host/iqn.x/0x1",
                    "iscsi://host/iqn.x/16384", "iscsi://host/iqn.x/99999999999999999999",
                    "iscsi://host/iqn/x/1", "iscsi://ho st/iqn.x/1", "iscsi://host/iqn x/1",
                    "iscsi://user%secret@host/iqn.x/1", "iscsi://user@host/iqn.x/1",
                    "iscsi://[::1/iqn.x/1", "iscsi://[]/iqn.x/1", "iscsi://[::1]3260/iqn.x/1",
                    "iscsi://[::1]:/iqn.x/1", "iscsi://::1/iqn.x/1", "iscsi://a]b/iqn.x/1",
                    "iscsi://host/iqn\n.x/1", "ISCSI://host/iqn.x/1", "emulator:x",
                    "iscsi://host/" + std::string(224, 'a') + "/1"));

class MalformedEmulator : public testing::TestWithParam<std::string> {};
TEST_P(MalformedEmulator, IsRefusedWithAReason) {
  const auto parsed = parse_emulator_uri(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
}
INSTANTIATE_TEST_SUITE_P(Uri, MalformedEmulator,
                         testing::Values("", "emulator", "emulator:", "emulator:#1",
                                         "emulator:?initiator=a", "emulator:/x#", "emulator:/x#one",
                                         "emulator:/x#-1", "emulator:/x#1#2", "emulator:/x#16384",
                                         "emulator:/x?", "emulator:/x?initiator=",
                                         "emulator:/x?initiator", "emulator:/x?host=a",
                                         "emulator:/x?initiator=a b", "emulator:/x?initiator=a&b=c",
                                         "emulator:/x?initiator=a?b", "emulator:/x#1?initiator=a",
                                         "emulator:/x\n", "Emulator:/x", "iscsi://host/iqn.x/1"));

TEST(Uri, TakesAnIscsiUriApart) {
  EXPECT_EQ(*parse_iscsi_uri("iscsi://127.0.0.1:3261/iqn.2026-01.org.x:y/2"),
            (IscsiUri{"127.0.0.1", 3261, "iqn.2026-01.org.x:y", 2}));
  EXPECT_EQ(*parse_iscsi_uri("iscsi://host/iqn.x/0"), (IscsiUri{"host", 3260, "iqn.x", 0}));
  EXPECT_EQ(*parse_iscsi_uri("iscsi://[fe80::1]/iqn.x/16383"),
            (IscsiUri{"fe80::1", 3260, "iqn.x", 16383}));
  EXPECT_EQ(*parse_iscsi_uri("iscsi://[::1]:65535/iqn.x/1"), (IscsiUri{"::1", 65535, "iqn.x", 1}));
}

TEST(Uri, TakesAnEmulatorUriApart) {
  EXPECT_EQ(*parse_emulator_uri("emulator:/tmp/a library.db"),
            (EmulatorUri{"/tmp/a library.db", "", 0}));
  EXPECT_EQ(*parse_emulator_uri("emulator:C:\\x\\lib.db#3"), (EmulatorUri{"C:\\x\\lib.db", "", 3}));
  EXPECT_EQ(*parse_emulator_uri("emulator:lib?initiator=host-b"),
            (EmulatorUri{"lib", "host-b", 0}));
  EXPECT_EQ(*parse_emulator_uri("emulator:lib?initiator=iqn.x:a=b#2"),
            (EmulatorUri{"lib", "iqn.x:a=b", 2}));
}

TEST(Uri, TheCanonicalTextParsesBack) {
  for (const IscsiUri& uri :
       {IscsiUri{"::1", 1, "iqn.x", 1}, IscsiUri{"host", 3260, "iqn.x:y", 16383}}) {
    EXPECT_EQ(*parse_iscsi_uri(format_uri(uri)), uri);
  }
  for (const EmulatorUri& uri : {EmulatorUri{"a", "", 0}, EmulatorUri{"a", "b", 0},
                                 EmulatorUri{"a", "", 1}, EmulatorUri{"/a b", "c", 16383}}) {
    EXPECT_EQ(*parse_emulator_uri(format_uri(uri)), uri);
  }
  EXPECT_EQ(format_uri(IscsiUri{"::1", 3260, "iqn.x", 1}), "iscsi://[::1]:3260/iqn.x/1");
  EXPECT_EQ(format_uri(EmulatorUri{"a", "b", 2}), "emulator:a?initiator=b#2");
}

TEST(SiblingUri, NamesAnotherLunOfTheSameTarget) {
  EXPECT_EQ(*sibling_uri("iscsi://host/iqn.x/1", 2), "iscsi://host:3260/iqn.x/2");
  EXPECT_EQ(*sibling_uri("emulator:/x", 2), "emulator:/x#2");
  EXPECT_EQ(*sibling_uri("emulator:/x?initiator=b#2", 0), "emulator:/x?initiator=b");
}

TEST(SiblingUri, RefusesWhatHasNone) {
  const auto code = [](std::string_view uri, unsigned lun) {
    return sibling_uri(uri, lun).error().code;
  };
  EXPECT_EQ(code("iscsi://host/iqn.x/1", 16384),
            static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_EQ(code("iscsi://host", 1), static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_EQ(code("emulator:", 1), static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_EQ(code("", 1), static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_EQ(code("tape:/x", 1), static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
  EXPECT_EQ(code("sg:/dev/sg3", 1), static_cast<std::uint32_t>(ERROR_NOT_SUPPORTED));
  EXPECT_EQ(code("spti:\\\\.\\Changer0", 1), static_cast<std::uint32_t>(ERROR_NOT_SUPPORTED));
}

}  // namespace
}  // namespace ntms::transport

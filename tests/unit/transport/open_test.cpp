// SPDX-License-Identifier: MIT
// What opens, and the reasons why the rest does not.
#include "transport/open.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "ntms/win32_types.h"

namespace ntms::transport {
namespace {

std::uint32_t open_error(std::string_view uri) {
  boost::asio::io_context context;
  const auto opened = open_transport(context.get_executor(), uri);
  if (opened) return ERROR_SUCCESS;
  EXPECT_FALSE(opened.error().reason.empty());
  return opened.error().code;
}

TEST(OpenTransport, RefusesWhatNamesNoDevice) {
  for (const char* uri : {"", ":", "x", "/dev/sg3", "tape:/x", "emulator:", "emulator:x#y",
                          " iscsi://host/iqn.x/1"}) {
    EXPECT_EQ(open_error(uri), static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER)) << uri;
  }
#ifndef _WIN32  // where there is no iSCSI at all
  for (const char* uri : {"iscsi:", "iscsi://host", "sg:", "sg:sg3", "sg:changer="}) {
    EXPECT_EQ(open_error(uri), static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER)) << uri;
  }
#endif
}

TEST(OpenTransport, SaysWhichKindsThisBuildLacks) {
#ifndef NTMS_HAVE_SG
  EXPECT_EQ(open_error("sg:/dev/sg3"), static_cast<std::uint32_t>(ERROR_NOT_SUPPORTED));
#endif
#ifndef _WIN32
  EXPECT_EQ(open_error("spti:\\\\.\\Changer0"), static_cast<std::uint32_t>(ERROR_NOT_SUPPORTED));
#endif
}

TEST(OpenTransport, NamesTheDeviceCanonicallyWithoutTouchingIt) {
  boost::asio::io_context context;
#ifdef NTMS_HAVE_ISCSI
  const auto iscsi = open_transport(context.get_executor(), "iscsi://no-such-host/iqn.x/1");
  ASSERT_TRUE(iscsi);
  EXPECT_EQ((*iscsi)->uri(), "iscsi://no-such-host:3260/iqn.x/1");
#endif
#ifdef NTMS_HAVE_SG
  const auto generic = open_transport(context.get_executor(), "sg:/dev/no-such-node");
  ASSERT_TRUE(generic);
  EXPECT_EQ((*generic)->uri(), "sg:/dev/no-such-node");
  EXPECT_EQ(device_name("sg:tape=NO-SUCH-DRIVE"), "sg:tape=NO-SUCH-DRIVE");
#endif
  const auto emulated = open_transport(context.get_executor(), "emulator:/no/such/file#0");
  ASSERT_TRUE(emulated);
  EXPECT_EQ((*emulated)->uri(), "emulator:/no/such/file");
  EXPECT_EQ((*emulated)->poll_interval(), std::chrono::milliseconds(20));
}

TEST(IsSameDevice, WhenTheNamesAreEqual) {
  EXPECT_TRUE(is_same_device("emulator:/x", "emulator:/x"));
  EXPECT_FALSE(is_same_device("emulator:/x", "emulator:/y"));
  EXPECT_FALSE(is_same_device("sg:changer=NO-SUCH-CHANGER", "sg:/dev/no-such-node"));
}

}  // namespace
}  // namespace ntms::transport

// SPDX-License-Identifier: MIT
// Failures first, then what is sent, then what is made of what comes back.
#include "transport/sg_packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <limits>

#include "fake_sg.h"
#include "ntms/win32_types.h"
#include "support.h"

namespace ntms::transport::test {
namespace {

using scsi::Delivery;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
  int error;
  Delivery delivery;
  std::uint8_t status;
  std::uint32_t code;
};

class SgFailure : public testing::TestWithParam<Case> {};

TEST_P(SgFailure, MeansWhatIsKnownOfTheCommand) {
  const Case& expected = GetParam();
  const auto reply = sg_reply_to_failure(expected.error);
  EXPECT_EQ(reply.delivery, expected.delivery);
  EXPECT_EQ(reply.status, expected.status);
  EXPECT_EQ(reply.code, expected.code);
  EXPECT_EQ(reply.detail.empty(), expected.delivery == Delivery::delivered);
}

INSTANTIATE_TEST_SUITE_P(
    All, SgFailure,
    testing::Values(Case{ENODEV, Delivery::link_lost, 0, 0}, Case{ENXIO, Delivery::link_lost, 0, 0},
                    Case{EIO, Delivery::link_lost, 0, 0}, Case{EINTR, Delivery::link_lost, 0, 0},
                    Case{EBADF, Delivery::link_lost, 0, 0},
                    Case{ETIMEDOUT, Delivery::timed_out, 0, 0},
                    Case{EACCES, Delivery::not_sent, 0, ERROR_ACCESS_DENIED},
                    Case{EPERM, Delivery::not_sent, 0, ERROR_ACCESS_DENIED},
                    Case{EINVAL, Delivery::not_sent, 0, 0}, Case{ENOMEM, Delivery::not_sent, 0, 0},
                    Case{EFAULT, Delivery::not_sent, 0, 0},
                    Case{EMSGSIZE, Delivery::not_sent, 0, 0},
                    Case{ENOTTY, Delivery::not_sent, 0, 0},
                    Case{EBUSY, Delivery::delivered, scsi::kStatusBusy, 0},
                    Case{EAGAIN, Delivery::delivered, scsi::kStatusBusy, 0},
                    Case{EDOM, Delivery::delivered, scsi::kStatusBusy, 0}));

TEST(SgOpenFailure, SaysWhatToDo) {
  for (const int error : {EACCES, EPERM}) {
    const auto denied = sg_reply_to_open_failure("/dev/sg3", error);
    EXPECT_EQ(denied.delivery, Delivery::not_sent);
    EXPECT_EQ(denied.code, static_cast<std::uint32_t>(ERROR_ACCESS_DENIED));
    EXPECT_THAT(denied.detail, testing::StartsWith("/dev/sg3: no permission"));
    EXPECT_THAT(denied.detail, HasSubstr("group"));
    EXPECT_THAT(denied.detail, HasSubstr("udev"));
  }
  const auto busy = sg_reply_to_open_failure("/dev/sg3", EBUSY);
  EXPECT_EQ(busy.delivery, Delivery::not_sent);
  EXPECT_EQ(busy.code, static_cast<std::uint32_t>(ERROR_BUSY));
  for (const int error : {ENOENT, ENODEV, ENXIO, ENOTTY, EMFILE}) {
    const auto missing = sg_reply_to_open_failure("/dev/sg3", error);
    EXPECT_EQ(missing.delivery, Delivery::not_sent);
    EXPECT_EQ(missing.code, 0U);
    EXPECT_THAT(missing.detail, testing::StartsWith("/dev/sg3: "));
  }
}

struct Answer {
  unsigned status;
  unsigned host;
  unsigned driver;
  Delivery delivery;
  std::uint8_t expected;  // status
};

class SgAnswer : public testing::TestWithParam<Answer> {};

TEST_P(SgAnswer, WithoutSenseDataMeansWhatTheLayersSay) {
  const Answer& answer = GetParam();
  SgPacket packet(inquiry());
  packet.header().status = static_cast<unsigned char>(answer.status);
  packet.header().host_status = static_cast<unsigned short>(answer.host);
  packet.header().driver_status = static_cast<unsigned short>(answer.driver);
  const auto reply = packet.reply();
  EXPECT_EQ(reply.delivery, answer.delivery);
  EXPECT_EQ(reply.status, answer.expected);
  EXPECT_THAT(reply.sense, IsEmpty());
  EXPECT_EQ(reply.detail.empty(), answer.delivery == Delivery::delivered);
}

INSTANTIATE_TEST_SUITE_P(
    All, SgAnswer,
    testing::Values(
        Answer{0, 0x01, 0, Delivery::link_lost, 0}, Answer{0, 0x02, 0, Delivery::delivered, 0x08},
        Answer{0, 0x03, 0, Delivery::timed_out, 0}, Answer{0, 0x03, 0x06, Delivery::timed_out, 0},
        Answer{0, 0x00, 0x06, Delivery::timed_out, 0},
        Answer{0, 0x00, 0x16, Delivery::timed_out, 0},  // with a suggestion in the upper half
        Answer{0, 0x00, 0x01, Delivery::delivered, 0x08},
        Answer{0, 0x04, 0, Delivery::link_lost, 0}, Answer{0, 0x05, 0, Delivery::link_lost, 0},
        Answer{0, 0x06, 0, Delivery::link_lost, 0}, Answer{0, 0x07, 0, Delivery::link_lost, 0},
        Answer{0, 0x08, 0, Delivery::link_lost, 0}, Answer{0, 0x0B, 0, Delivery::link_lost, 0},
        Answer{0, 0x0D, 0, Delivery::link_lost, 0}, Answer{0, 0x0E, 0, Delivery::link_lost, 0},
        Answer{0, 0x0F, 0, Delivery::link_lost, 0}, Answer{0, 0x77, 0, Delivery::link_lost, 0},
        Answer{0, 0x00, 0x07, Delivery::link_lost, 0},
        // The device has answered.
        Answer{0x02, 0x00, 0, Delivery::delivered, 0x02},
        Answer{0x02, 0x07, 0x08, Delivery::delivered, 0x02},
        Answer{0x00, 0x00, 0x08, Delivery::delivered, 0x02},
        Answer{0x08, 0x00, 0, Delivery::delivered, 0x08},
        Answer{0x18, 0x11, 0, Delivery::delivered, 0x18},
        Answer{0x28, 0x00, 0, Delivery::delivered, 0x28},
        Answer{0x00, 0x00, 0, Delivery::delivered, 0x00},
        Answer{0x81, 0x00, 0, Delivery::delivered, 0x00}));  // bits that are not the status

TEST(SgPacket, SenseDataCountWhateverTheAdapterCallsIt) {
  struct Layers {
    unsigned char status;
    unsigned short host;
    unsigned char reported;  // bytes of sense data
  };
  for (const Layers& layers : {Layers{0x02, 0, 18}, Layers{0x02, 0x07, 18}, Layers{0x02, 0x07, 0},
                               Layers{0, 0x07, 18}, Layers{0, 0x03, 18}, Layers{0x02, 0, 200}}) {
    SgPacket packet(inquiry());
    answer_sense(packet.header(), 5, 0x3B, 0x0E);
    packet.header().status = layers.status;
    packet.header().host_status = layers.host;
    packet.header().sb_len_wr = layers.reported;
    const auto reply = packet.reply();
    EXPECT_EQ(reply.delivery, Delivery::delivered);
    EXPECT_EQ(reply.status, scsi::kStatusCheckCondition);
    EXPECT_EQ(reply.sense.size(), 18U);
    EXPECT_EQ(sense_of(reply), "5/3B/0E");
    EXPECT_THAT(reply.data, IsEmpty());
  }
}

TEST(SgPacket, AnErrorHasNoDataARemarkHas) {
  for (const unsigned key : {5U, 6U, 4U}) {
    SgPacket packet(inquiry());
    answer(packet.header(), std::vector<std::uint8_t>(96, 7));
    answer_sense(packet.header(), key, 0x20, 0);
    EXPECT_THAT(packet.reply().data, IsEmpty()) << key;
  }
  for (const unsigned key : {0U, 1U}) {
    SgPacket packet(inquiry());
    answer(packet.header(), {1, 2, 3});
    answer_sense(packet.header(), key, 0x5D, 0);
    EXPECT_THAT(packet.reply().data, ElementsAre(1, 2, 3)) << key;
  }
}

// How many bytes count when a device sends `sent` of 96 and the adapter says that `missing` are.
std::size_t received(std::size_t sent, int missing) {
  SgPacket packet(inquiry(96));
  answer(packet.header(), std::vector<std::uint8_t>(sent, 0));
  packet.header().resid = missing;
  return packet.reply().data.size();
}

TEST(SgPacket, WhatIsMissingIsBelievedWhenItCanBe) {
  EXPECT_EQ(received(36, 60), 36U);
  EXPECT_EQ(received(0, 96), 0U);
  EXPECT_EQ(received(36, 0), 96U);    // an adapter without residuals
  EXPECT_EQ(received(36, 200), 96U);  // more than was asked for
  EXPECT_EQ(received(36, -60), 96U);  // nonsense
}

TEST(SgPacket, GoesOutWithAllThatTheDriverNeeds) {
  auto command = inquiry(96);
  command.timeout = std::chrono::milliseconds(1234);
  SgPacket packet(command);
  const sg_io_hdr_t& header = packet.header();
  EXPECT_EQ(header.interface_id, 'S');
  EXPECT_EQ(header.dxfer_direction, SG_DXFER_FROM_DEV);
  EXPECT_EQ(header.dxfer_len, 96U);
  EXPECT_EQ(header.cmd_len, 6U);
  EXPECT_EQ(std::memcmp(header.cmdp, command.cdb.bytes.data(), 6), 0);
  EXPECT_EQ(header.timeout, 1234U);
  EXPECT_GE(header.mx_sb_len, 96U);
  EXPECT_EQ(header.iovec_count, 0U);
}

TEST(SgPacket, SendsDataAndNoneIsReadBack) {
  auto command = transport::test::command({0x15, 0x10, 0, 0, 4, 0});
  command.data_out = {1, 2, 3, 4};
  command.timeout = std::chrono::hours(24 * 365);
  SgPacket packet(command);
  const sg_io_hdr_t& header = packet.header();
  EXPECT_EQ(header.dxfer_direction, SG_DXFER_TO_DEV);
  ASSERT_EQ(header.dxfer_len, 4U);
  EXPECT_EQ(std::memcmp(header.dxferp, command.data_out.data(), 4), 0);
  EXPECT_EQ(header.timeout, static_cast<unsigned>(std::numeric_limits<int>::max()));
  EXPECT_THAT(packet.reply().data, IsEmpty());
  SgPacket none(test_unit_ready());
  EXPECT_EQ(none.header().dxfer_direction, SG_DXFER_NONE);
  EXPECT_EQ(none.header().dxfer_len, 0U);
}

}  // namespace
}  // namespace ntms::transport::test

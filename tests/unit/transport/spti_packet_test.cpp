// SPDX-License-Identifier: MIT
// Failures first, then what is sent, then what is made of what comes back.
#include "transport/spti_packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "fake_spti_control.h"
#include "ntms/win32_types.h"
#include "support.h"
#include "transport/received.h"

namespace ntms::transport::test {
namespace {

using scsi::Delivery;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t kStatus = 2;  // where ScsiStatus is
constexpr SptiAddress kHere{};

// Where the sense data are.
std::size_t sense_at(std::span<const std::uint8_t> packet) {
  return le32(packet, kOwnLayout.sense);
}

// Fixed-format sense data as long as their length says.
void put_sense(std::span<std::uint8_t> packet, unsigned key, unsigned asc, unsigned ascq) {
  packet[kStatus] = scsi::kStatusCheckCondition;
  const auto sense = packet.subspan(sense_at(packet));
  sense[0] = 0x70;
  sense[2] = static_cast<std::uint8_t>(key);
  sense[7] = 10;
  sense[12] = static_cast<std::uint8_t>(asc);
  sense[13] = static_cast<std::uint8_t>(ascq);
}

struct FailureCase {
  std::uint32_t error;
  Delivery delivery;
};
class Failure : public testing::TestWithParam<FailureCase> {};
TEST_P(Failure, SaysHowFarTheCommandCame) {
  const SptiPacket packet(test_unit_ready(), kHere, SptiMethod::direct, 0);
  const auto reply = packet.reply_to_failure(GetParam().error);
  EXPECT_EQ(reply.delivery, GetParam().delivery);
  EXPECT_THAT(reply.detail, testing::HasSubstr(std::to_string(GetParam().error)));
  EXPECT_THAT(reply.data, IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Win32, Failure,
    testing::Values(FailureCase{1, Delivery::not_sent},      // ERROR_INVALID_FUNCTION
                    FailureCase{2, Delivery::link_lost},     // ERROR_FILE_NOT_FOUND
                    FailureCase{5, Delivery::not_sent},      // ERROR_ACCESS_DENIED
                    FailureCase{6, Delivery::link_lost},     // ERROR_INVALID_HANDLE
                    FailureCase{21, Delivery::link_lost},    // ERROR_NOT_READY
                    FailureCase{32, Delivery::not_sent},     // ERROR_SHARING_VIOLATION
                    FailureCase{55, Delivery::link_lost},    // ERROR_DEV_NOT_EXIST
                    FailureCase{87, Delivery::not_sent},     // ERROR_INVALID_PARAMETER
                    FailureCase{121, Delivery::timed_out},   // ERROR_SEM_TIMEOUT
                    FailureCase{433, Delivery::link_lost},   // ERROR_NO_SUCH_DEVICE
                    FailureCase{995, Delivery::link_lost},   // ERROR_OPERATION_ABORTED
                    FailureCase{1117, Delivery::link_lost},  // ERROR_IO_DEVICE
                    FailureCase{1167, Delivery::link_lost},  // ERROR_DEVICE_NOT_CONNECTED
                    FailureCase{1450, Delivery::not_sent},   // ERROR_NO_SYSTEM_RESOURCES
                    FailureCase{1460, Delivery::timed_out},  // ERROR_TIMEOUT
                    FailureCase{1617, Delivery::link_lost},  // ERROR_DEVICE_REMOVED
                    // What nobody knows may have taken effect.
                    FailureCase{4242, Delivery::link_lost}));

TEST(SptiPacket, ADriverWithoutRoomIsABusyDevice) {
  const SptiPacket packet(test_unit_ready(), kHere, SptiMethod::direct, 0);
  const auto reply = packet.reply_to_failure(170);  // ERROR_BUSY
  EXPECT_EQ(reply.delivery, Delivery::delivered);
  EXPECT_EQ(reply.status, scsi::kStatusBusy);
}

TEST(SptiPacket, SenseDataCountMoreThanTheDriversError) {
  SptiPacket packet(inquiry(), kHere, SptiMethod::direct, 0);
  put_sense(packet.bytes(), 5, 0x3B, 0x0D);
  const auto reply = packet.reply_to_failure(1117);
  EXPECT_EQ(reply.delivery, Delivery::delivered);
  EXPECT_EQ(sense_of(reply), "5/3B/0D");
}

TEST(SptiPacket, OpeningSaysWhoMayHaveTheDevice) {
  const auto denied = reply_to_open_failure("\\\\.\\Changer0", 5);
  EXPECT_EQ(denied.delivery, Delivery::not_sent);
  EXPECT_EQ(denied.code, static_cast<std::uint32_t>(ERROR_ACCESS_DENIED));
  EXPECT_THAT(denied.detail, testing::StartsWith("\\\\.\\Changer0: "));
  EXPECT_THAT(denied.detail, testing::HasSubstr("administrator"));
  const auto taken = reply_to_open_failure("\\\\.\\Changer0", 32);
  EXPECT_EQ(taken.code, static_cast<std::uint32_t>(ERROR_BUSY));
  EXPECT_THAT(taken.detail, testing::HasSubstr("another program"));
  const auto missing = reply_to_open_failure("\\\\.\\Changer0", 2);
  EXPECT_EQ(missing.delivery, Delivery::not_sent);
  EXPECT_EQ(missing.code, 0U);
}

// The layouts of ntddscsi.h; spti_control_win32.cpp compares them with the header itself.
TEST(SptiPacket, HasTheLayoutOf32BitProcesses) {
  scsi::Command command = move_medium(0x0102, 0x0304, 0x0506);
  command.timeout = std::chrono::milliseconds(1001);
  SptiPacket packet(command, {1, 2, 3}, SptiMethod::direct, 0, 4);
  EXPECT_EQ(packet.code(), 0x0004D014U);
  const auto bytes = packet.bytes();
  ASSERT_EQ(bytes.size(), 48U + 64U);
  EXPECT_THAT(bytes.first(44), ElementsAre(44, 0, 0, 1, 2, 3, 12, 64, 2, 0, 0, 0,  // 2: no data
                                           0, 0, 0, 0, 2, 0, 0, 0,   // no bytes, two seconds
                                           0, 0, 0, 0, 48, 0, 0, 0,  // no buffer, the sense data
                                           0xA5, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(SptiPacket, HasTheLayoutOf64BitProcesses) {
  scsi::Command command = inquiry(36);
  command.timeout = std::chrono::hours(1);
  SptiPacket packet(command, {}, SptiMethod::buffered, 0, 8);
  EXPECT_EQ(packet.code(), 0x0004D004U);
  const auto bytes = packet.bytes();
  ASSERT_EQ(bytes.size(), 56U + 64U + 36U);
  EXPECT_THAT(bytes.first(56),
              ElementsAre(56, 0, 0, 0, 0, 0, 6, 64, 1, 0, 0, 0,  // 1: data in
                          36, 0, 0, 0, 0x10, 0x0E, 0, 0,         // 36 bytes, 3600 seconds
                          0, 0, 0, 0, 120, 0, 0, 0, 0, 0, 0, 0,  // the data behind all
                          56, 0, 0, 0,                           // the sense data
                          0x12, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  // 16 of CDB
                          0, 0, 0, 0));
}

TEST(SptiPacket, ATimeOutIsAlwaysSetAndNeverOverflows) {
  const auto seconds = [](std::chrono::milliseconds timeout) {
    scsi::Command command = test_unit_ready();
    command.timeout = timeout;
    SptiPacket packet(command, kHere, SptiMethod::direct, 0);
    return le32(packet.bytes(), 16);
  };
  EXPECT_EQ(seconds(std::chrono::milliseconds(1)), 1U);
  EXPECT_EQ(seconds(std::chrono::milliseconds(1000)), 1U);
  EXPECT_EQ(seconds(std::chrono::minutes(15)), 900U);
  EXPECT_EQ(seconds(std::chrono::milliseconds::max()), 2147483U);
}

TEST(SptiPacket, DataToTheDeviceAreHandedOver) {
  for (const SptiMethod method : {SptiMethod::direct, SptiMethod::buffered}) {
    scsi::Command command = test_unit_ready();
    command.data_out = {1, 2, 3, 4, 5};
    SptiPacket packet(command, kHere, method, 0);
    EXPECT_EQ(packet.bytes()[8], 0);  // data out
    EXPECT_EQ(le32(packet.bytes(), 12), 5U);
    EXPECT_THAT(data_of(packet.bytes(), method == SptiMethod::direct), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(packet.reply().data, IsEmpty());
  }
}

TEST(SptiPacket, TheBufferIsAlignedAsTheAdapterNeedsIt) {
  for (const std::size_t mask : {0U, 1U, 3U, 7U, 511U, 4095U, 8191U, 65535U}) {
    SptiPacket packet(inquiry(), kHere, SptiMethod::direct, mask);
    const auto data = data_of(packet.bytes(), true);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data.data()) & mask, 0U) << mask;
  }
}

// A reply of `sent` bytes into a buffer of 96, of which the adapter says it transferred `reported`.
std::size_t received(std::size_t sent, std::size_t reported) {
  SptiPacket packet(inquiry(96), kHere, SptiMethod::direct, 0);
  const auto data = data_of(packet.bytes(), true);
  std::fill_n(data.begin(), sent, std::uint8_t{0});
  put_le32(packet.bytes(), 12, static_cast<std::uint32_t>(reported));
  const auto reply = packet.reply();
  EXPECT_EQ(reply.delivery, Delivery::delivered);
  return reply.data.size();
}

TEST(SptiPacket, WhatTheAdapterSaysItTransferredMustBeBorneOutByTheBuffer) {
  EXPECT_EQ(received(36, 36), 36U);
  EXPECT_EQ(received(36, 96), 36U);   // all of the buffer, as adapters without residuals say
  EXPECT_EQ(received(36, 60), 36U);   // what was left over instead
  EXPECT_EQ(received(96, 0), 96U);    // likewise
  EXPECT_EQ(received(36, 200), 36U);  // more than there was room for
  EXPECT_EQ(received(36, 8), 36U);    // less than came
  EXPECT_EQ(received(0, 96), 0U);
  EXPECT_EQ(received(0, 0), 0U);
}

TEST(SptiPacket, DataThatLookLikeAnUntouchedBufferAreDataIfTheAdapterSaysSo) {
  std::vector<std::uint8_t> buffer(96);
  fill_untouched(buffer);
  std::fill_n(buffer.begin(), 30, std::uint8_t{0});
  EXPECT_EQ(bytes_received(buffer, 36), 36U);
  EXPECT_EQ(bytes_received(buffer, 45), 45U);
  EXPECT_EQ(bytes_received(buffer, 46), 30U);  // no more than chance would explain
}

TEST(SptiPacket, AnErrorHasNoDataARemarkHas) {
  SptiPacket failed(inquiry(96), kHere, SptiMethod::buffered, 0);
  std::fill_n(data_of(failed.bytes(), false).begin(), 96, std::uint8_t{7});
  put_sense(failed.bytes(), 5, 0x20, 0);
  EXPECT_EQ(sense_of(failed.reply()), "5/20/00");
  EXPECT_THAT(failed.reply().data, IsEmpty());
  SptiPacket recovered(inquiry(96), kHere, SptiMethod::buffered, 0);
  std::fill_n(data_of(recovered.bytes(), false).begin(), 96, std::uint8_t{7});
  put_sense(recovered.bytes(), 1, 0x17, 1);
  EXPECT_EQ(sense_of(recovered.reply()), "1/17/01");
  EXPECT_EQ(recovered.reply().data.size(), 96U);
}

TEST(SptiPacket, SenseDataAreAsLongAsTheySay) {
  SptiPacket packet(test_unit_ready(), kHere, SptiMethod::direct, 0);
  put_sense(packet.bytes(), 6, 0x29, 0);
  EXPECT_EQ(packet.reply().sense.size(), 18U);
  packet.bytes()[sense_at(packet.bytes()) + 7] = 255;
  EXPECT_EQ(packet.reply().sense.size(), 64U);  // no more than there is room for
}

TEST(SptiPacket, WithoutSenseDataThereAreNone) {
  SptiPacket packet(test_unit_ready(), kHere, SptiMethod::direct, 0);
  packet.bytes()[kStatus] = scsi::kStatusCheckCondition;
  EXPECT_THAT(packet.reply().sense, IsEmpty());
  // Without CHECK CONDITION they belong to nothing.
  put_sense(packet.bytes(), 6, 0x29, 0);
  packet.bytes()[kStatus] = scsi::kStatusReservationConflict;
  EXPECT_EQ(packet.reply().status, scsi::kStatusReservationConflict);
  EXPECT_THAT(packet.reply().sense, IsEmpty());
}

}  // namespace
}  // namespace ntms::transport::test

// SPDX-License-Identifier: MIT
// Opening, losing and finding again devices of Windows, played by fake_spti_control.h.
#include "transport/spti_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "fake_spti_control.h"
#include "ntms/win32_types.h"
#include "support.h"

namespace ntms::transport::test {
namespace {

using scsi::Delivery;
using testing::ElementsAre;

constexpr const char* kChanger = "\\\\.\\Changer0";
constexpr const char* kTape = "\\\\.\\Tape1";
constexpr const char* kPort = "\\\\.\\Scsi2:";

const SptiUri kChangerUri{SptiClass::changer, 0, {}};
const SptiUri kTapeUri{SptiClass::tape, 1, {}};
const SptiUri kPortUri{SptiClass::port, 2, {0, 4, 1}};

bool is_command(std::uint32_t code) {
  return code == kIoctlScsiPassThrough || code == kIoctlScsiPassThroughDirect;
}

// Answers every command with one byte and knows nothing else.
std::uint32_t plain_device(std::uint32_t code, std::span<std::uint8_t> packet) {
  return is_command(code) ? answer(code, packet, {0x08}) : 1;
}

class Spti : public testing::Test {
 protected:
  scsi::Reply send(SptiTransport& transport, const scsi::Command& command = inquiry()) {
    return loop.execute(transport, command);
  }

  FakeSystem system;
  Loop loop;
};

TEST_F(Spti, ADeviceThatIsNotThereIsNotSentUntilItIs) {
  SptiTransport transport(kChangerUri, system.factory());
  const auto missing = send(transport);
  EXPECT_EQ(missing.delivery, Delivery::not_sent);
  EXPECT_EQ(missing.code, 0U);
  EXPECT_THAT(missing.detail, testing::StartsWith(kChanger));
  system.add(kChanger, plain_device);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
}

TEST_F(Spti, WithoutPermissionTheCodeSaysSo) {
  system.add(kChanger, plain_device, 5);
  SptiTransport transport(kChangerUri, system.factory());
  const auto denied = send(transport);
  EXPECT_EQ(denied.delivery, Delivery::not_sent);
  EXPECT_EQ(denied.code, static_cast<std::uint32_t>(ERROR_ACCESS_DENIED));
}

TEST_F(Spti, WhatAnotherProgramHasIsBusy) {
  system.add(kTape, plain_device, 32);
  SptiTransport transport(kTapeUri, system.factory());
  EXPECT_EQ(send(transport).code, static_cast<std::uint32_t>(ERROR_BUSY));
}

TEST_F(Spti, ImpossibleCommandsReachNoDevice) {
  system.add(kChanger, plain_device);
  SptiTransport transport(kChangerUri, system.factory());
  auto command = inquiry();
  command.cdb.length = 7;
  EXPECT_EQ(send(transport, command).delivery, Delivery::not_sent);
  EXPECT_TRUE(system.opened().empty());
}

TEST_F(Spti, ADeviceThatVanishesIsALostLinkAndIsOpenedAgain) {
  system.add(kChanger, plain_device);
  SptiTransport transport(kChangerUri, system.factory());
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  system.remove(kChanger);
  const auto lost = send(transport);
  EXPECT_EQ(lost.delivery, Delivery::link_lost);
  EXPECT_THAT(lost.detail, testing::StartsWith(kChanger));
  EXPECT_EQ(system.open_handles(), 0);
  EXPECT_EQ(send(transport).delivery, Delivery::not_sent);
  system.add(kChanger, plain_device);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
}

TEST_F(Spti, ATimeOutIsNotRepeatedAndTheDeviceIsOpenedAgain) {
  std::atomic<int> commands = 0;
  system.add(kChanger, [&](std::uint32_t code, std::span<std::uint8_t>) -> std::uint32_t {
    if (!is_command(code)) return 1;
    ++commands;
    return 121;
  });
  SptiTransport transport(kChangerUri, system.factory());
  EXPECT_EQ(send(transport, move_medium(1, 1024, 1025)).delivery, Delivery::timed_out);
  EXPECT_EQ(commands, 1);
  EXPECT_EQ(system.open_handles(), 0);
}

TEST_F(Spti, AChangerStaysOpenForThisProcessAlone) {
  system.add(kChanger, plain_device);
  SptiTransport transport(kChangerUri, system.factory());
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_THAT(system.opened(), ElementsAre(FakeSystem::Opened{kChanger, SptiAccess::exclusive}));
  EXPECT_EQ(system.open_handles(), 1);
}

TEST_F(Spti, ATapeDriveIsLeftToTheApplicationsBetweenCommands) {
  system.add(kTape, plain_device);
  SptiTransport transport(kTapeUri, system.factory());
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_EQ(system.open_handles(), 0);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_THAT(system.opened(), ElementsAre(FakeSystem::Opened{kTape, SptiAccess::shared},
                                           FakeSystem::Opened{kTape, SptiAccess::shared}));
}

TEST_F(Spti, BehindAPortTheUnitIsAddressed) {
  std::vector<std::uint8_t> address;
  system.add(kPort, [&](std::uint32_t code, std::span<std::uint8_t> packet) -> std::uint32_t {
    if (is_command(code)) address.assign(packet.begin() + 3, packet.begin() + 6);
    return plain_device(code, packet);
  });
  SptiTransport transport(kPortUri, system.factory());
  EXPECT_EQ(transport.uri(), "spti:\\\\.\\Scsi2:0:4:1");
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_THAT(address, ElementsAre(0, 4, 1));
  EXPECT_THAT(system.opened(), ElementsAre(FakeSystem::Opened{kPort, SptiAccess::shared}));
  EXPECT_EQ(system.open_handles(), 1);
}

TEST_F(Spti, ADriverWithoutDirectTransfersIsUsedWithout) {
  std::vector<std::uint32_t> codes;
  system.add(kChanger, [&](std::uint32_t code, std::span<std::uint8_t> packet) -> std::uint32_t {
    if (!is_command(code)) return 1;
    codes.push_back(code);
    return code == kIoctlScsiPassThroughDirect ? 50 : answer(code, packet, {1, 2, 3});
  });
  SptiTransport transport(kChangerUri, system.factory());
  EXPECT_THAT(send(transport).data, ElementsAre(1, 2, 3));
  EXPECT_THAT(send(transport).data, ElementsAre(1, 2, 3));
  EXPECT_THAT(codes, ElementsAre(kIoctlScsiPassThroughDirect, kIoctlScsiPassThrough,
                                 kIoctlScsiPassThrough));
}

TEST_F(Spti, ADriverWithoutPassThroughIsNotSent) {
  system.add(kChanger, [](std::uint32_t, std::span<std::uint8_t>) -> std::uint32_t { return 1; });
  SptiTransport transport(kChangerUri, system.factory());
  EXPECT_EQ(send(transport).delivery, Delivery::not_sent);
}

// STORAGE_ADAPTER_DESCRIPTOR with the two members that count.
FakeDevice device_behind(std::uint32_t max_transfer, std::uint32_t mask, std::uintptr_t& buffer) {
  return [=, &buffer](std::uint32_t code, std::span<std::uint8_t> packet) -> std::uint32_t {
    if (code == kIoctlStorageQueryProperty) {
      put_le32(packet, 8, max_transfer);
      put_le32(packet, 16, mask);
      return 0;
    }
    buffer = reinterpret_cast<std::uintptr_t>(data_of(packet, true).data());
    return plain_device(code, packet);
  };
}

TEST_F(Spti, MoreThanTheAdapterTransfersIsNotSent) {
  std::uintptr_t buffer = 0;
  system.add(kChanger, device_behind(64, 0, buffer));
  SptiTransport transport(kChangerUri, system.factory());
  EXPECT_EQ(send(transport, inquiry(65)).delivery, Delivery::not_sent);
  EXPECT_EQ(send(transport, inquiry(64)).delivery, Delivery::delivered);
}

TEST_F(Spti, TheAdaptersAlignmentIsObeyedUnlessItIsNonsense) {
  std::uintptr_t buffer = 0;
  system.add(kChanger, device_behind(0, 16383, buffer));
  SptiTransport strict(kChangerUri, system.factory());
  EXPECT_EQ(send(strict).delivery, Delivery::delivered);
  EXPECT_EQ(buffer % 16384, 0U);
  system.add(kChanger, device_behind(0, 0xFFFFFFFF, buffer));
  SptiTransport odd(kChangerUri, system.factory());
  EXPECT_EQ(send(odd).delivery, Delivery::delivered);
}

}  // namespace
}  // namespace ntms::transport::test

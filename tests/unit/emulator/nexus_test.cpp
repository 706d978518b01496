// SPDX-License-Identifier: MIT
// What the library keeps per initiator: unit attentions, PREVENT, reservations.
#include "support.h"

namespace ntms::emulator {
namespace {

class NexusTest : public LibraryTest {};

TEST_F(NexusTest, EveryInitiatorMeetsEveryUnitOnce) {
  make();
  const auto a = unit(kChanger, "a");
  const auto b = unit(kChanger, "b");
  EXPECT_EQ(said(a->execute(test_unit_ready())), "good");
  EXPECT_EQ(said(b->execute(test_unit_ready())), "good");
  EXPECT_EQ(said(unit(kFirstDriveLun, "a")->execute(test_unit_ready())), "2/3A/00");
  auto again = Device::open(path_, kChanger, "a");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(said((*again)->execute(test_unit_ready())), "good");
}

TEST_F(NexusTest, ExemptCommandsLeaveTheAttentionWaiting) {
  make();
  auto device = Device::open(path_, kChanger, "a");
  ASSERT_TRUE(device.has_value());
  EXPECT_EQ(said((*device)->execute(command_of({0x12, 0, 0, 0, 36, 0}, 36))), "good");
  EXPECT_EQ(said((*device)->execute(command_of({0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0}, 64))),
            "good");
  EXPECT_EQ(said((*device)->execute(move(kSlot, kDrive))), "6/29/00");
  EXPECT_EQ(place("TAPE00"), "slot 0");
}

TEST_F(NexusTest, RequestSenseReportsAndClears) {
  make();
  auto device = Device::open(path_, kChanger, "a");
  ASSERT_TRUE(device.has_value());
  const auto request = command_of({0x03, 0, 0, 0, 18, 0}, 18);
  const auto first = (*device)->execute(request);
  ASSERT_EQ(first.data.size(), 18U);
  EXPECT_EQ(first.data[2], 6);
  EXPECT_EQ(first.data[12], 0x29);
  EXPECT_EQ((*device)->execute(request).data.at(2), 0);
  EXPECT_EQ(said((*device)->execute(test_unit_ready())), "good");
}

TEST_F(NexusTest, AttentionsWaitInOrderForEverybody) {
  make();
  const auto a = unit(kChanger, "a");
  const auto b = unit(kChanger, "b");
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_door_close(emulator_, 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_port_take(emulator_, 0, nullptr), NTMS_EMULATOR_OK);
  for (const auto& device : {a.get(), b.get()}) {
    EXPECT_EQ(said(device->execute(test_unit_ready())), "6/28/01");
    EXPECT_EQ(said(device->execute(test_unit_ready())), "6/28/00");
    EXPECT_EQ(said(device->execute(test_unit_ready())), "good");
  }
}

TEST_F(NexusTest, PreventBelongsToItsInitiator) {
  make();
  const auto a = unit(kChanger, "a");
  const auto b = unit(kChanger, "b");
  ASSERT_EQ(said(a->execute(prevent(true))), "good");
  ASSERT_EQ(said(b->execute(prevent(true))), "good");
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(said(a->execute(prevent(false))), "good");
  std::uint32_t prevented = 0;
  ASSERT_EQ(ntms_emulator_removal_prevented(emulator_, kChanger, &prevented), NTMS_EMULATOR_OK);
  EXPECT_EQ(prevented, 1U);
  ASSERT_EQ(said(b->execute(prevent(false))), "good");
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_OK);
}

TEST_F(NexusTest, ReservationsShutOthersOut) {
  make();
  const auto a = unit(kChanger, "a");
  const auto b = unit(kChanger, "b");
  const auto release = command_of({0x17, 0, 0, 0, 0, 0});
  ASSERT_EQ(said(a->execute(command_of({0x16, 0, 0, 0, 0, 0}))), "good");
  EXPECT_EQ(said(b->execute(test_unit_ready())), "conflict");
  EXPECT_EQ(said(b->execute(command_of({0x16, 0, 0, 0, 0, 0}))), "conflict");
  EXPECT_EQ(said(b->execute(release)), "good");
  EXPECT_EQ(said(b->execute(move(kSlot, kDrive))), "conflict");
  EXPECT_EQ(said(b->execute(command_of({0x12, 0, 0, 0, 36, 0}, 36))), "good");
  EXPECT_EQ(said(b->execute(prevent(false))), "good");
  EXPECT_EQ(said(b->execute(prevent(true))), "conflict");
  EXPECT_EQ(said(a->execute(test_unit_ready())), "good");
  ASSERT_EQ(said(a->execute(command_of({0x57, 0, 0, 0, 0, 0, 0, 0, 0, 0}))), "good");
  EXPECT_EQ(said(b->execute(test_unit_ready())), "good");
}

}  // namespace
}  // namespace ntms::emulator

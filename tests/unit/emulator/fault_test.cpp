// SPDX-License-Identifier: MIT
// Faults of every kind, the trace, and the counters.
#include "support.h"

namespace ntms::emulator {
namespace {

class FaultTest : public LibraryTest {
 protected:
  static constexpr std::uint32_t kMove = 0xA5;
};

TEST_F(FaultTest, FailBeforeHasNoEffectAndHappensOnce) {
  make();
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_FAIL_BEFORE, kMove, {4, 0x15, 0x01});
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "good");
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "4/15/01");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
}

TEST_F(FaultTest, FailAfterHasItsEffect) {
  make();
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_FAIL_AFTER, kMove, {4, 0x15, 0x01});
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "4/15/01");
  EXPECT_EQ(place("TAPE00"), "drive 0");
  fault(NTMS_EMULATOR_FAIL_AFTER, kMove, {4, 0x15, 0x01});
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "5/3B/0E");
}

TEST_F(FaultTest, TimeOutsAnswerPromptly) {
  make();
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_TIMEOUT_BEFORE, kMove);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "timed out");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, kMove);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "timed out");
  EXPECT_EQ(place("TAPE00"), "drive 0");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST_F(FaultTest, LinkIsLost) {
  make();
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_LINK_LOST_BEFORE, kMove);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "link lost");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  fault(NTMS_EMULATOR_LINK_LOST_AFTER, kMove);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "link lost");
  EXPECT_EQ(place("TAPE00"), "drive 0");
  ASSERT_EQ(ntms_emulator_set_online(emulator_, 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(command_of({0x12, 0, 0, 0, 36, 0}, 36))), "link lost");
  ASSERT_EQ(ntms_emulator_set_online(emulator_, 1), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "good");
}

TEST_F(FaultTest, OtherStatuses) {
  make();
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_BUSY, kMove);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "busy");
  fault(NTMS_EMULATOR_RESERVATION_CONFLICT, kMove);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "conflict");
  EXPECT_EQ(place("TAPE00"), "slot 0");
}

TEST_F(FaultTest, TornMoveLeavesTheCartridgeInTheArm) {
  make();
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_TORN, kMove, {4, 0x15, 0x01});
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "4/15/01");
  EXPECT_EQ(place("TAPE00"), "transport 0");
  EXPECT_EQ(changer->execute(element_status(1)).data.at(16 + 2) & 1, 1);
  EXPECT_EQ(said(changer->execute(move(kSlot + 1, kDrive))), "5/3B/0D");
  EXPECT_EQ(said(changer->execute(move(kTransport, kSlot))), "good");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  fault(NTMS_EMULATOR_TORN, 0xA6, {4, 0x15, 0x01});
  EXPECT_EQ(said(changer->execute(exchange(kSlot, kSlot + 1, kSlot))), "4/15/01");
  EXPECT_EQ(place("TAPE00"), "transport 0");
  EXPECT_EQ(place("TAPE01"), "slot 1");
  fault(NTMS_EMULATOR_TORN, 0x00, {4, 0x44, 0x00});
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "4/44/00");
}

TEST_F(FaultTest, StrikesTheNthAndAsOftenAsAsked) {
  make();
  const auto changer = unit(kChanger);
  const auto drive = unit(kFirstDriveLun);
  fault(NTMS_EMULATOR_FAIL_BEFORE, NTMS_EMULATOR_ANY_OPCODE, {4, 0x44, 0}, 3, 2, kChanger);
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/3A/00");
  for (const char* expected : {"good", "good", "4/44/00", "4/44/00", "good"}) {
    EXPECT_EQ(said(changer->execute(test_unit_ready())), expected);
  }
  fault(NTMS_EMULATOR_FAIL_BEFORE, 0x00, {4, 0x44, 0}, 1, NTMS_EMULATOR_UNTIL_CLEARED);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(said(changer->execute(test_unit_ready())), "4/44/00");
  ASSERT_EQ(ntms_emulator_clear_faults(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "good");
}

TEST_F(FaultTest, UnitAttentionsDoNotUseUpFaults) {
  make();
  auto device = Device::open(path_, kChanger, "new");
  ASSERT_TRUE(device.has_value());
  fault(NTMS_EMULATOR_FAIL_BEFORE, 0x00, {4, 0x44, 0});
  EXPECT_EQ(said((*device)->execute(test_unit_ready())), "6/29/00");
  EXPECT_EQ(said((*device)->execute(test_unit_ready())), "4/44/00");
}

TEST_F(FaultTest, ArgumentsAreChecked) {
  make();
  ntms_emulator_fault values{};
  EXPECT_EQ(ntms_emulator_inject_fault(emulator_, &values), NTMS_EMULATOR_INVALID);
  values.size = sizeof values;
  EXPECT_EQ(ntms_emulator_inject_fault(emulator_, &values), NTMS_EMULATOR_INVALID);
  values.kind = NTMS_EMULATOR_BUSY;
  values.opcode = 0x100;
  EXPECT_EQ(ntms_emulator_inject_fault(emulator_, &values), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_inject_fault(nullptr, &values), NTMS_EMULATOR_INVALID);
}

TEST_F(FaultTest, TraceAndCountersTellWhatWasAsked) {
  make();
  const auto changer = unit(kChanger, "somebody");
  ASSERT_EQ(said(changer->execute(move(kSlot + 9, kDrive))), "5/3B/0E");
  std::uint64_t last = 0;
  ASSERT_EQ(ntms_emulator_trace_last(emulator_, &last), NTMS_EMULATOR_OK);
  EXPECT_EQ(last, 2U);
  ntms_emulator_trace_entry entry{};
  entry.size = sizeof entry;
  ASSERT_EQ(ntms_emulator_trace(emulator_, last, &entry), NTMS_EMULATOR_OK);
  EXPECT_STREQ(entry.initiator, "somebody");
  EXPECT_EQ(entry.cdb_length, 12U);
  EXPECT_EQ(entry.cdb[0], kMove);
  EXPECT_EQ(entry.delivery, static_cast<std::uint32_t>(NTMS_EMULATOR_DELIVERED));
  EXPECT_EQ(entry.status, 2U);
  EXPECT_EQ(entry.sense_key, 5);
  EXPECT_EQ(entry.asc, 0x3B);
  EXPECT_EQ(ntms_emulator_trace(emulator_, last + 1, &entry), NTMS_EMULATOR_NOT_FOUND);
  std::uint64_t count = 0;
  ASSERT_EQ(ntms_emulator_command_count(emulator_, kChanger, kMove, &count), NTMS_EMULATOR_OK);
  EXPECT_EQ(count, 1U);
  ASSERT_EQ(ntms_emulator_command_count(emulator_, kFirstDriveLun, kMove, &count),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(count, 0U);
}

TEST_F(FaultTest, TraceForgetsTheOldest) {
  make();
  const auto changer = unit(kChanger);
  for (int i = 0; i < 4096; ++i) ASSERT_EQ(said(changer->execute(test_unit_ready())), "good");
  ntms_emulator_trace_entry entry{};
  entry.size = sizeof entry;
  EXPECT_EQ(ntms_emulator_trace(emulator_, 1, &entry), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_trace(emulator_, 2, &entry), NTMS_EMULATOR_OK);
}

}  // namespace
}  // namespace ntms::emulator

// SPDX-License-Identifier: MIT
// The kinds of ports, and what an extended port reports of itself.
#include "support.h"

namespace ntms::emulator {
namespace {

// Flags of an element descriptor.
constexpr int kFull = 0x01;
constexpr int kExcept = 0x04;
constexpr int kAccess = 0x08;

class PortsTest : public LibraryTest {
 protected:
  void make_ports(std::uint32_t kind, bool unreported = false) {
    geometry_.port_kind = kind;
    geometry_.port_unreported = unreported ? 1 : 0;
    make();
    changer_ = unit(kChanger);
  }

  std::string does(const scsi::Command& command) { return said(changer_->execute(command)); }

  // FULL, ACCESS, EXCEPT and the additional sense of a port, as e.g. "full access" or "except
  // 3B/11".
  std::string report(unsigned port) {
    const auto data = changer_->execute(element_status(3, kPort + port, 1)).data;
    const int flags = data.at(16 + 2);
    std::string text;
    if ((flags & kFull) != 0) text += "full ";
    if ((flags & kAccess) != 0) text += "access ";
    if ((flags & kExcept) != 0) text += "except ";
    char sense[16];
    std::snprintf(sense, sizeof sense, "%02X/%02X", data.at(16 + 4), data.at(16 + 5));
    if (sense != std::string("00/00")) text += sense;
    if (data.at(16 + 12) != 0) text += "tag";  // the volume tag
    return text;
  }

  int put(unsigned port, const char* name) { return ntms_emulator_port_put(emulator_, port, name); }
  int take(unsigned port) { return ntms_emulator_port_take(emulator_, port, nullptr); }

  std::unique_ptr<Device> changer_;
  const scsi::Command open_ = command_of({0x1B, 0, 0, kPort, 0, 0});
  const scsi::Command close_ = command_of({0x1B, 0, 0, kPort, 1, 0});
};

TEST_F(PortsTest, OnlyMotorizedPortsKnowTheOpenCommand) {
  for (const std::uint32_t kind :
       {NTMS_EMULATOR_PORT_LOCKABLE, NTMS_EMULATOR_PORT_UNLOCKED, NTMS_EMULATOR_PORT_MOVE_EXTENDS,
        NTMS_EMULATOR_PORT_BY_HAND, NTMS_EMULATOR_PORT_PASS_THROUGH}) {
    make_ports(kind);
    EXPECT_EQ(does(open_), "5/20/00") << kind;
    EXPECT_EQ(does(close_), "5/20/00") << kind;
    ntms_emulator_close(emulator_);
    emulator_ = nullptr;
    changer_.reset();
    ASSERT_TRUE(std::filesystem::remove(path_));
  }
}

TEST_F(PortsTest, OnlyAStationCanBePulledOut) {
  make_ports(NTMS_EMULATOR_PORT_LOCKABLE);
  EXPECT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_port_pull_out(nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_port_push_in(nullptr), NTMS_EMULATOR_INVALID);
}

TEST_F(PortsTest, ALibraryWithoutPortsHasNoStation) {
  geometry_.ports = 0;
  make_ports(NTMS_EMULATOR_PORT_BY_HAND);
  EXPECT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_INVALID);
}

TEST_F(PortsTest, AMoveExtendsThePortAndAnotherRetractsIt) {
  make_ports(NTMS_EMULATOR_PORT_MOVE_EXTENDS);
  ASSERT_EQ(does(prevent(true)), "good");
  EXPECT_EQ(put(0, "NEW001"), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(take(0), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(does(move(kSlot, kPort)), "good");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 1U);
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 1).extended, 0U);
  EXPECT_EQ(report(0), "full access tag");  // the arm is not refused
  EXPECT_EQ(does(move(kSlot + 1, kPort)), "5/3B/0D");
  ASSERT_EQ(does(move(kPort, kSlot)), "good");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 0U);

  ASSERT_EQ(does(move(kSlot, kPort)), "good");
  EXPECT_EQ(take(0), NTMS_EMULATOR_OK);  // it is extended: removal being prevented does not matter
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(put(0, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(does(command_of({0x2B, 0, 0, 0, 0, kPort, 0, 0, 0, 0})), "good");
  ASSERT_EQ(does(move(kPort, kSlot + 8)), "good");
  EXPECT_EQ(place("NEW001"), "slot 8");
  EXPECT_EQ(put(0, "NEW002"), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(does(prevent(false)), "good");
  EXPECT_EQ(put(0, "NEW002"), NTMS_EMULATOR_OK);  // opened by hand
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 0U);
}

TEST_F(PortsTest, TheOperatorPushesInWhatAMoveExtended) {
  make_ports(NTMS_EMULATOR_PORT_MOVE_EXTENDS);
  ASSERT_EQ(does(prevent(true)), "good");
  ASSERT_EQ(does(exchange(kSlot, kSlot + 1, kPort + 1)), "good");
  EXPECT_EQ(place("TAPE01"), "port 1");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 1).extended, 1U);
  EXPECT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 1).extended, 0U);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "good");
  EXPECT_EQ(take(1), NTMS_EMULATOR_LOCKED);
}

TEST_F(PortsTest, ATornMoveDoesNotExtend) {
  make_ports(NTMS_EMULATOR_PORT_MOVE_EXTENDS);
  fault(NTMS_EMULATOR_TORN, 0xA5);
  EXPECT_EQ(does(move(kSlot, kPort)), "4/15/01");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 0U);
  EXPECT_EQ(does(move(kTransport, kPort)), "good");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 1U);
}

TEST_F(PortsTest, TheStationIsPulledOutByHand) {
  make_ports(NTMS_EMULATOR_PORT_BY_HAND);
  ASSERT_EQ(does(move(kSlot, kPort)), "good");
  EXPECT_EQ(take(0), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(put(1, "NEW001"), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(does(prevent(true)), "good");
  EXPECT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(does(prevent(false)), "good");
  ASSERT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 1U);
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 1).extended, 1U);
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 1).access, 0U);
  EXPECT_EQ(report(0), "full tag");
  EXPECT_EQ(does(move(kPort, kDrive)), "5/3B/11");
  EXPECT_EQ(does(move(kSlot + 1, kPort + 1)), "5/3B/11");
  EXPECT_EQ(does(exchange(kSlot + 1, kPort, kSlot + 1)), "5/3B/11");
  EXPECT_EQ(take(0), NTMS_EMULATOR_OK);
  EXPECT_EQ(put(0, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(put(1, "NEW002"), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "good");  // nothing shows before it is back
  ASSERT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(does(test_unit_ready()), "good");
  EXPECT_EQ(take(0), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(does(move(kPort, kDrive)), "good");
}

TEST_F(PortsTest, TheStationStaysInWhileTheArmIsAtAPort) {
  geometry_.virtual_clock = 1;
  make_ports(NTMS_EMULATOR_PORT_BY_HAND);
  durations(5000);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  ASSERT_EQ(does(move(kSlot, kPort + 1)), "timed out");  // and goes on
  EXPECT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 5000), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_OK);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  ASSERT_EQ(does(move(kSlot + 1, kSlot + 9)), "timed out");  // elsewhere
  EXPECT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_OK);
}

TEST_F(PortsTest, WhatTheRobotDeliversFallsThrough) {
  make_ports(NTMS_EMULATOR_PORT_PASS_THROUGH);
  ASSERT_EQ(does(move(kSlot, kPort)), "good");
  EXPECT_EQ(place("TAPE00"), "shelf 0");
  EXPECT_EQ(report(0), "access ");
  ASSERT_EQ(does(exchange(kSlot + 1, kSlot + 2, kPort)), "good");
  EXPECT_EQ(place("TAPE01"), "slot 2");
  EXPECT_EQ(place("TAPE02"), "shelf 0");
  // What the operator puts in stays.
  ASSERT_EQ(put(0, "TAPE00"), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(report(0), "full access tag");
  EXPECT_EQ(does(move(kSlot + 3, kPort)), "5/3B/0D");
  ASSERT_EQ(does(prevent(true)), "good");
  EXPECT_EQ(take(0), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(does(move(kPort, kSlot)), "good");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  // The ports are not among the elements that can hold media.
  const auto page = changer_->execute(command_of({0x1A, 8, 0x1F, 0, 255, 0}, 255));
  ASSERT_EQ(page.data.size(), 4U + 20);
  EXPECT_EQ(page.data[4 + 2], 0x0A);
  EXPECT_EQ(page.data[4 + 5], 0x0E);  // but moves go there
}

TEST_F(PortsTest, ATimedDeliveryFallsThroughAtItsEnd) {
  geometry_.virtual_clock = 1;
  make_ports(NTMS_EMULATOR_PORT_PASS_THROUGH);
  durations(5000);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  ASSERT_EQ(does(move(kSlot, kPort)), "timed out");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 5000), NTMS_EMULATOR_OK);
  EXPECT_EQ(place("TAPE00"), "shelf 0");
}

TEST_F(PortsTest, AnExtendedMotorizedPortMayKeepItsContentBack) {
  make_ports(NTMS_EMULATOR_PORT_MOTORIZED, true);
  ASSERT_EQ(does(move(kSlot, kPort)), "good");
  EXPECT_EQ(report(0), "full access tag");
  ASSERT_EQ(does(open_), "good");
  EXPECT_EQ(report(0), "except 3B/11");
  EXPECT_EQ(report(1), "access ");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).full, 1U);  // the tester sees it
  ASSERT_EQ(take(0), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(report(0), "except 3B/11");
  ASSERT_EQ(does(close_), "good");
  EXPECT_EQ(report(0), "access ");
}

TEST_F(PortsTest, AStationThatIsOutMayKeepItsContentBack) {
  make_ports(NTMS_EMULATOR_PORT_BY_HAND, true);
  ASSERT_EQ(ntms_emulator_port_pull_out(emulator_), NTMS_EMULATOR_OK);
  ASSERT_EQ(put(1, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(report(0), "except 3B/11");
  EXPECT_EQ(report(1), "except 3B/11");
  ASSERT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(report(1), "full access tag");
}

TEST_F(PortsTest, APortThatAMoveExtendedMayKeepItsContentBack) {
  make_ports(NTMS_EMULATOR_PORT_MOVE_EXTENDS, true);
  ASSERT_EQ(does(move(kSlot, kPort)), "good");
  EXPECT_EQ(report(0), "except 3B/11");
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).access, 0U);
  ASSERT_EQ(ntms_emulator_port_push_in(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(does(test_unit_ready()), "6/28/01");
  EXPECT_EQ(report(0), "full access tag");
  ASSERT_EQ(does(move(kPort, kSlot)), "good");
  EXPECT_EQ(report(0), "access ");
}

}  // namespace
}  // namespace ntms::emulator

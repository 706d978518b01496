// SPDX-License-Identifier: MIT
// Opening, losing and finding again units of Linux, played by fake_sg.h.
#include "transport/sg_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "fake_sg.h"
#include "ntms/win32_types.h"
#include "support.h"

namespace ntms::transport::test {
namespace {

using scsi::Delivery;
using testing::ElementsAre;
using testing::HasSubstr;

int plain_device(sg_io_hdr_t& header) {
  return answer(header, {0x08});
}

scsi::Command prevent(bool locked) {
  return command({0x1E, 0, 0, 0, locked ? 1U : 0U, 0});
}

class Sg : public testing::Test {
 protected:
  Sg() {
    tree.add("sg1", {"2:0:0:1", 1, "HP", "DRIVE", "HU1", "nst0"});
    tree.add("sg3", {"2:0:0:3", 8, "HP", "LIBRARY", "LIB1", ""});
  }

  std::unique_ptr<SgTransport> changer(std::chrono::milliseconds patience = {}) {
    return std::make_unique<SgTransport>(*parse_sg_uri("sg:changer=LIB1"), nodes.factory(),
                                         tree.places(), SgPatience{patience, patience});
  }
  std::unique_ptr<SgTransport> named(const std::string& node) {
    return std::make_unique<SgTransport>(*parse_sg_uri(tree.uri(node)), nodes.factory(),
                                         tree.places(), SgPatience{});
  }
  scsi::Reply send(const std::unique_ptr<SgTransport>& transport,
                   const scsi::Command& command = inquiry()) {
    return loop.execute(*transport, command);
  }
  FakeNodes::Opened shared(const std::string& node) { return {tree.node(node), SgAccess::shared}; }
  FakeNodes::Opened alone(const std::string& node) {
    return {tree.node(node), SgAccess::exclusive};
  }

  FakeTree tree;
  FakeNodes nodes;
  Loop loop;
};

TEST_F(Sg, AUnitThatIsNotThereIsNotSentUntilItIs) {
  tree.remove("sg3", "2:0:0:3");
  const auto transport = changer();
  EXPECT_EQ(transport->uri(), "sg:changer=LIB1");
  const auto missing = send(transport);
  EXPECT_EQ(missing.delivery, Delivery::not_sent);
  EXPECT_EQ(missing.code, 0U);
  EXPECT_THAT(missing.detail, testing::StartsWith("sg:changer=LIB1: "));
  EXPECT_TRUE(nodes.opened().empty());
  tree.add("sg9", {"4:0:0:3", 8, "HP", "LIBRARY", "LIB1", ""});
  nodes.add(tree.node("sg9"), plain_device);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
}

TEST_F(Sg, WithoutPermissionTheCodeSaysSoAndTheWordsWhatToDo) {
  nodes.add(tree.node("sg3"), plain_device, EACCES);
  const auto denied = send(changer());
  EXPECT_EQ(denied.delivery, Delivery::not_sent);
  EXPECT_EQ(denied.code, static_cast<std::uint32_t>(ERROR_ACCESS_DENIED));
  EXPECT_THAT(denied.detail, HasSubstr("sg3"));
  EXPECT_THAT(denied.detail, HasSubstr("group"));
}

TEST_F(Sg, WhatAnotherProgramKeepsIsBusy) {
  nodes.add(tree.node("sg3"), plain_device, EBUSY);
  const auto transport = changer();
  EXPECT_EQ(send(transport, move_medium(1, 1001, 256)).code,
            static_cast<std::uint32_t>(ERROR_BUSY));
  nodes.add(tree.node("sg3"), plain_device);
  EXPECT_EQ(send(transport, move_medium(1, 1001, 256)).delivery, Delivery::delivered);
}

TEST_F(Sg, WhoeverHasItForAMomentIsWaitedFor) {
  nodes.add(tree.node("sg3"), plain_device, EBUSY);
  const auto transport = changer(std::chrono::seconds(60));
  auto moved = loop.start(transport->execute(move_medium(1, 1001, 256)));
  while (nodes.opened().size() < 2) std::this_thread::yield();
  nodes.add(tree.node("sg3"), plain_device);
  EXPECT_EQ(moved.get().delivery, Delivery::delivered);
}

// A command to a unit that the kernel has blocked would wait with it.
TEST_F(Sg, WhatTheKernelHasOffLineIsNotSentUntilItRuns) {
  nodes.add(tree.node("sg3"), plain_device);
  tree.set_state("2:0:0:3", "blocked");
  const auto blocked = send(changer());
  EXPECT_EQ(blocked.delivery, Delivery::not_sent);
  EXPECT_EQ(blocked.code, 0U);
  EXPECT_THAT(blocked.detail, HasSubstr("state blocked"));
  EXPECT_TRUE(nodes.opened().empty());
  const auto transport = changer(std::chrono::seconds(60));
  auto sent = loop.start(transport->execute(inquiry()));
  tree.set_state("2:0:0:3", "running");
  EXPECT_EQ(sent.get().delivery, Delivery::delivered);
}

TEST_F(Sg, WhenOnePathIsOffLineTheOtherIsTaken) {
  tree.add("sg5", {"3:0:0:3", 8, "HP", "LIBRARY", "LIB1", ""});
  nodes.add(tree.node("sg3"), plain_device);
  nodes.add(tree.node("sg5"), plain_device);
  tree.set_state("2:0:0:3", "offline");
  EXPECT_EQ(send(changer()).delivery, Delivery::delivered);
  EXPECT_THAT(nodes.opened(), ElementsAre(shared("sg5")));
}

TEST_F(Sg, ImpossibleCommandsReachNoUnit) {
  nodes.add(tree.node("sg3"), plain_device);
  auto command = inquiry();
  command.cdb.length = 7;
  EXPECT_EQ(send(changer(), command).delivery, Delivery::not_sent);
  EXPECT_TRUE(nodes.opened().empty());
}

TEST_F(Sg, ATimeOutIsNotRepeatedAndTheUnitIsOpenedAgain) {
  std::atomic<int> commands = 0;
  nodes.add(tree.node("sg3"), [&](sg_io_hdr_t& header) {
    ++commands;
    header.host_status = 3;
    return 0;
  });
  const auto timed_out = send(changer(), move_medium(1, 1001, 256));
  EXPECT_EQ(timed_out.delivery, Delivery::timed_out);
  EXPECT_THAT(timed_out.detail, testing::StartsWith(tree.node("sg3")));
  EXPECT_EQ(commands, 1);
  EXPECT_EQ(nodes.open_files(), 0);
}

TEST_F(Sg, AUnitThatVanishesIsALostLinkAndIsFoundUnderItsNewNumber) {
  nodes.add(tree.node("sg3"), plain_device);
  const auto transport = changer();
  EXPECT_EQ(send(transport, prevent(true)).delivery, Delivery::delivered);
  nodes.remove(tree.node("sg3"));
  tree.remove("sg3", "2:0:0:3");
  const auto lost = send(transport);
  EXPECT_EQ(lost.delivery, Delivery::link_lost);
  EXPECT_THAT(lost.detail, testing::StartsWith(tree.node("sg3")));
  EXPECT_EQ(nodes.open_files(), 0);
  EXPECT_EQ(send(transport).delivery, Delivery::not_sent);
  tree.add("sg4", {"2:0:0:3", 8, "HP", "LIBRARY", "LIB1", ""});
  nodes.add(tree.node("sg4"), plain_device);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_EQ(nodes.opened().back(), shared("sg4"));
}

TEST_F(Sg, WhenOnePathCannotBeOpenedTheOtherIsTaken) {
  tree.add("sg5", {"3:0:0:3", 8, "HP", "LIBRARY", "LIB1", ""});
  nodes.add(tree.node("sg3"), plain_device, ENXIO);
  nodes.add(tree.node("sg5"), plain_device);
  EXPECT_EQ(send(changer()).delivery, Delivery::delivered);
  EXPECT_THAT(nodes.opened(), ElementsAre(shared("sg3"), shared("sg5")));
}

TEST_F(Sg, AskingAChangerKeepsItFromNobody) {
  nodes.add(tree.node("sg3"), plain_device);
  const auto transport = changer();
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_EQ(send(transport, read_element_status(2)).delivery, Delivery::delivered);
  EXPECT_EQ(nodes.open_files(), 0);
  EXPECT_THAT(nodes.opened(), ElementsAre(shared("sg3"), shared("sg3")));
}

TEST_F(Sg, FromTheFirstMotionOnTheChangerIsThisProcessesAlone) {
  nodes.add(tree.node("sg3"), plain_device);
  const auto transport = changer();
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_EQ(send(transport, move_medium(1, 1001, 256)).delivery, Delivery::delivered);
  EXPECT_EQ(send(transport).delivery, Delivery::delivered);
  EXPECT_EQ(nodes.open_files(), 1);
  EXPECT_THAT(nodes.opened(), ElementsAre(shared("sg3"), alone("sg3")));
}

TEST_F(Sg, UntilRemovalIsAllowedAgain) {
  nodes.add(tree.node("sg3"), plain_device);
  const auto transport = changer();
  EXPECT_EQ(send(transport, prevent(false)).delivery, Delivery::delivered);
  EXPECT_EQ(send(transport, prevent(true)).delivery, Delivery::delivered);
  EXPECT_EQ(nodes.open_files(), 1);
  EXPECT_EQ(send(transport, prevent(false)).delivery, Delivery::delivered);
  EXPECT_EQ(nodes.open_files(), 0);
  EXPECT_THAT(nodes.opened(), ElementsAre(shared("sg3"), alone("sg3")));
}

TEST_F(Sg, ATapeDriveIsTheApplicationsBetweenCommandsAndBesideThem) {
  nodes.add(tree.node("sg1"), plain_device);
  const auto transport = named("nst0");
  EXPECT_EQ(send(transport, prevent(true)).delivery, Delivery::delivered);
  EXPECT_EQ(send(transport, command({0x1B, 0, 0, 0, 0, 0})).delivery, Delivery::delivered);
  EXPECT_EQ(nodes.open_files(), 0);
  EXPECT_THAT(nodes.opened(), ElementsAre(shared("sg1"), shared("sg1")));
}

TEST_F(Sg, WhatTheDriverRefusesIsSaidWithItsNode) {
  nodes.add(tree.node("sg3"), [](sg_io_hdr_t&) { return EINVAL; });
  const auto refused = send(changer());
  EXPECT_EQ(refused.delivery, Delivery::not_sent);
  EXPECT_THAT(refused.detail, testing::StartsWith(tree.node("sg3") + ": "));
}

TEST_F(Sg, AFileThatIsNoNodeIsSaidToBeNone) {
  SgTransport transport(*parse_sg_uri(tree.uri("sg3")), make_system_sg_control, tree.places());
  const auto reply = loop.execute(transport, inquiry());
  EXPECT_EQ(reply.delivery, Delivery::not_sent);
  EXPECT_THAT(reply.detail, HasSubstr("no node of the SCSI generic driver"));
}

}  // namespace
}  // namespace ntms::transport::test

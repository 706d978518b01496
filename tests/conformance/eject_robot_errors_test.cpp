// SPDX-License-Identifier: MIT
// Ejects when the robot fails: every move ends with a record that agrees with the robot (contract:
// functions-library-control 1, Edge cases).
#include <algorithm>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class EjectRobotErrors : public LibraryTest {
 protected:
  // The move fails without effect: the request has failed and the cartridge is where it was.
  Id expect_failed_at_home(unsigned kind, unsigned key, unsigned asc, unsigned ascq) {
    emulator().fail_move(kind, key, asc, ascq);
    const Id operation = start_eject(medium(0));
    if (!wait_for_end(operation)) return operation;
    EXPECT_EQ(rsm().state(operation), NTMS_LM_FAILED);
    EXPECT_NE(rsm().request(operation).dwErrorCode, ERROR_SUCCESS);
    EXPECT_TRUE(is_in_slot(medium(0), 0));
    EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
    EXPECT_TRUE(agree_soon());
    return operation;
  }
  // The move has happened although the answer says otherwise or is missing: the eject goes on.
  void expect_out(unsigned kind, unsigned key = 0, unsigned asc = 0, unsigned ascq = 0) {
    emulator().fail_move(kind, key, asc, ascq);
    const Id operation = start_eject(medium(0));
    ASSERT_TRUE(wait_for_extended(medium(0)));
    EXPECT_TRUE(agree());
    take(medium(0));
    EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
    EXPECT_EQ(emulator().commands(0xA5), 1U) << "a move is not repeated blindly";
    EXPECT_TRUE(agree());
  }
};

TEST_F(EjectRobotErrors, HardwareFault) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_failed_at_home(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01);
  const auto posted = service_requests();
  ASSERT_EQ(posted.size(), 1U) << "a person is asked to look at the library";
  EXPECT_EQ(posted[0].Arg1Type, NTMS_LIBRARY);
  EXPECT_EQ(Id(posted[0].Arg1), library());
}

TEST_F(EjectRobotErrors, MoveRefused) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_failed_at_home(NTMS_EMULATOR_FAIL_BEFORE, 5, 0x53, 0x02);
}

TEST_F(EjectRobotErrors, MoveAborted) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_failed_at_home(NTMS_EMULATOR_FAIL_BEFORE, 0xB, 0x00, 0x00);
}

TEST_F(EjectRobotErrors, LibraryWorksAfterAFailure) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_failed_at_home(NTMS_EMULATOR_FAIL_BEFORE, 5, 0x53, 0x02);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(EjectRobotErrors, MovedInSpiteOfAnError) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_out(NTMS_EMULATOR_FAIL_AFTER, 4, 0x15, 0x01);
}

TEST_F(EjectRobotErrors, MovedWithoutAnAnswer) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_out(NTMS_EMULATOR_TIMEOUT_AFTER);
}

TEST_F(EjectRobotErrors, MovedBeforeTheLinkBroke) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_out(NTMS_EMULATOR_LINK_LOST_AFTER);
}

TEST_F(EjectRobotErrors, LinkBrokeBeforeTheMove) {
  ASSERT_NO_FATAL_FAILURE(start());
  emulator().fail_move(NTMS_EMULATOR_LINK_LOST_BEFORE);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] {
    return rsm().state(operation) == NTMS_LM_FAILED || port_of(medium(0)) >= 0;
  })) << picture();
  // Whichever it is, the record is true.
  EXPECT_TRUE(agree_soon());
  if (rsm().state(operation) == NTMS_LM_FAILED) {
    EXPECT_TRUE(is_in_slot(medium(0), 0));
    EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  }
}

TEST_F(EjectRobotErrors, LeftInTheArm) {
  ASSERT_NO_FATAL_FAILURE(start());
  emulator().fail_move(NTMS_EMULATOR_TORN, 4, 0x15, 0x01);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_FAILED);
  EXPECT_NE(rsm().request(operation).dwErrorCode, ERROR_SUCCESS);
  ASSERT_TRUE(rsm().find(medium(0))) << "a cartridge in the arm has not left the library";
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(Id(media_info(medium(0)).CurrentLibrary), library());
  EXPECT_FALSE(service_requests(false).empty()) << "the operator was told";
  // What the arm holds is brought home without anybody's help.
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  EXPECT_TRUE(wait_until([&] { return service_requests().empty(); })) << "it works again";
  EXPECT_TRUE(wait_until([&] { return library_ready(library()); }));
  EXPECT_TRUE(agree_soon());
}

// The arm cannot put away what it holds: the operator is asked, and the next inventory tries again.
TEST_F(EjectRobotErrors, LeftInTheArmTwice) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 8, .media = 8}));
  emulator().fail_move(NTMS_EMULATOR_TORN, 4, 0x15, 0x01);
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 2);  // putting it away fails too
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) >= 2; }));
  ASSERT_TRUE(rsm().find(medium(0)));
  EXPECT_TRUE(wait_until([&] { return !service_requests().empty(); }));
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  EXPECT_TRUE(wait_until([&] { return service_requests().empty(); }));
  EXPECT_TRUE(agree_soon());
}

// The second move of a batch fails: the first cartridge is out all the same.
TEST_F(EjectRobotErrors, OneOfABatch) {
  ASSERT_NO_FATAL_FAILURE(start());
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 2);
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_until([&] {
    return rsm().state(first) == NTMS_LM_FAILED || rsm().state(second) == NTMS_LM_FAILED;
  })) << picture();
  const unsigned out = rsm().state(first) == NTMS_LM_FAILED ? 1 : 0;
  ASSERT_TRUE(wait_for_extended(medium(out)));
  EXPECT_TRUE(agree_soon());
  take(medium(out));
  EXPECT_TRUE(wait_for_state(out == 0 ? first : second, NTMS_LM_PASSED));
  EXPECT_TRUE(is_in_slot(medium(1 - out), 1 - out));
  EXPECT_EQ(media_info(medium(1 - out)).MediaState, NTMS_MEDIASTATE_IDLE);
}

// Moved by hand since the last look: another cartridge must not be ejected in its place.
TEST_F(EjectRobotErrors, AnotherCartridgeInTheSlot) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kSlot, 11));
  ASSERT_TRUE(emulator().foreign_move(kSlot, 1, kSlot, 0));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] {
    return rsm().state(operation) == NTMS_LM_FAILED || port_of(medium(0)) >= 0;
  })) << picture();
  EXPECT_TRUE(agree_soon());
  const auto elements = robot().truth();
  EXPECT_TRUE(std::none_of(elements.begin(), elements.end(), [&](const Element& element) {
    return element.type == kPort && element.full && element.bar_code != robot().bar_code(0);
  })) << "a wrong cartridge is in the port";
}

// The unit attention of a door that was open: look again before moving anything.
TEST_F(EjectRobotErrors, UnitAttentionBeforeTheMove) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kSlot, 11));
  ASSERT_EQ(ntms_emulator_raise_attention(emulator().handle(), 0, 0x28, 0x00), NTMS_EMULATOR_OK);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0))) << "found in its new slot";
  EXPECT_TRUE(agree());
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_F(EjectRobotErrors, DoorOpen) {
  LibraryShape shape;
  shape.doors = 1;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  ASSERT_TRUE(wait_until([&] {
    return ntms_emulator_door_open(emulator().handle(), 0) == NTMS_EMULATOR_OK;
  })) << "the door is not locked while nothing is done";
  const Id operation = start_eject(medium(0));
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_until([&] {
    return rsm().state(operation) == NTMS_LM_FAILED || port_of(medium(0)) >= 0;
  })) << picture();
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::conformance

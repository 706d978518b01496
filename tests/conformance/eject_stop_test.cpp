// SPDX-License-Identifier: MIT
// EjectNtmsMedia with STOP, in every state an eject can be in (contract: functions-library-control
// 1, STOP).
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class EjectStop : public LibraryTest {
 protected:
  DWORD stop(const Id& operation) {
    return EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP);
  }
  // With a clock of its own the arm stays under way until the test lets time go on.
  void start_slow() {
    LibraryShape shape;
    shape.virtual_clock = true;
    ASSERT_NO_FATAL_FAILURE(start(shape));
    emulator().set_move_time(1000);
  }
  bool advance_until_end(const Id& operation) {
    const bool ended = wait_until([&] {
      emulator().advance(1000);
      const DWORD state = rsm().state(operation);
      return state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS && state != NTMS_LM_WAITING;
    });
    EXPECT_TRUE(ended) << picture();
    return ended;
  }
  bool arm_moves() {
    const bool moves = wait_until([&] { return emulator().commands(0xA5) > 0; });
    EXPECT_TRUE(moves) << picture();
    return moves;
  }
};

TEST_F(EjectStop, QueuedBehindAnother) {
  ASSERT_NO_FATAL_FAILURE(start_slow());
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(arm_moves());
  const Id second = start_eject(medium(1));
  EXPECT_EQ(rsm().state(second), NTMS_LM_QUEUED);
  EXPECT_EQ(stop(second), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(100);
    return rsm().state(second) == NTMS_LM_STOPPED;
  })) << picture();
  EXPECT_TRUE(is_in_slot(medium(1), 1));
  EXPECT_EQ(media_info(medium(1)).MediaState, NTMS_MEDIASTATE_IDLE);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return port_of(medium(0)) >= 0;
  }));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  EXPECT_EQ(emulator().commands(0xA5), 1U) << "the stopped one was not moved";
  EXPECT_TRUE(agree());
}

TEST_F(EjectStop, DuringTheMove) {
  ASSERT_NO_FATAL_FAILURE(start_slow());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(arm_moves());
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  EXPECT_EQ(stop(operation), ERROR_SUCCESS) << "signalled; the arm finishes its move";
  ASSERT_TRUE(advance_until_end(operation));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_STOPPED);
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_TRUE(agree_soon());
}

TEST_F(EjectStop, WaitingForARoomInThePort) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().put(0, "GUEST1");
  emulator().put(1, "GUEST2");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  EXPECT_EQ(stop(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(emulator().commands(0xA5), 0U);
  EXPECT_TRUE(agree_soon());
}

TEST_F(EjectStop, ByAnotherSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  Rsm other = Rsm::open(NTMS_W("another"));
  EXPECT_EQ(EjectNtmsMedia(other.handle(), nullptr, operation.get(), NTMS_EJECT_STOP),
            ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
}

TEST_F(EjectStop, IgnoresTheMediumGiven) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  Id nobody = stranger();
  EXPECT_EQ(EjectNtmsMedia(session(), nobody.get(), operation.get(), NTMS_EJECT_STOP),
            ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
}

TEST_F(EjectStop, TwiceAndFinished) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(stop(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(stop(operation), ERROR_INVALID_OPERATION);
  const Id taken = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(1));
  ASSERT_TRUE(wait_for_state(taken, NTMS_LM_PASSED));
  EXPECT_EQ(stop(taken), ERROR_INVALID_OPERATION);
  EXPECT_EQ(rsm().state(taken), NTMS_LM_PASSED);
}

// One of the batch is taken, one is still in the port when the stop comes.
TEST_F(EjectStop, OfABatchHalfTaken) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  EXPECT_EQ(stop(second), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_STOPPED));
  EXPECT_EQ(rsm().state(first), NTMS_LM_PASSED);
  EXPECT_TRUE(is_in_slot(medium(1), 1));
  EXPECT_TRUE(agree_soon());
}

TEST_F(EjectStop, OfABatchStopsAllMembers) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  EXPECT_EQ(stop(second), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_STOPPED));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(is_in_slot(medium(1), 1));
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_TRUE(agree_soon());
}

// The home slot was filled by somebody else meanwhile: any free one will do.
TEST_F(EjectStop, HomeSlotTaken) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(emulator().foreign_move(kSlot, 7, kSlot, 0));
  EXPECT_EQ(stop(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  const auto info = media_info(medium(0));
  EXPECT_EQ(info.LocationType, NTMS_STORAGESLOT);
  EXPECT_EQ(info.MediaState, NTMS_MEDIASTATE_IDLE);
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::conformance

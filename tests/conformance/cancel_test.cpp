// SPDX-License-Identifier: MIT
// CancelNtmsLibraryRequest (contract: functions-library-control 8).

#include <algorithm>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Cancel : public LibraryTest {
 protected:
  DWORD cancel(const Id& request) { return CancelNtmsLibraryRequest(session(), request.get()); }

  void expect_cancelled(const Id& request, const Id& m, unsigned slot_index) {
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
    EXPECT_EQ(rsm().request(request).dwErrorCode, ERROR_CANCELLED);
    EXPECT_NE(rsm().request(request).TimeCompleted.wYear, 0);
    EXPECT_TRUE(is_in_slot(m, slot_index));
    EXPECT_EQ(media_info(m).MediaState, NTMS_MEDIASTATE_IDLE);
    EXPECT_TRUE(agree_soon());
  }
  void start_slow() {
    LibraryShape shape;
    shape.virtual_clock = true;
    ASSERT_NO_FATAL_FAILURE(start(shape));
    emulator().set_move_time(1000);
  }
};

TEST_F(Cancel, HeldMemberOfABatch) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id request = unfinished_request_of(medium(0));
  const long long baseline = last_change();
  EXPECT_EQ(cancel(request), ERROR_SUCCESS);
  ASSERT_NO_FATAL_FAILURE(expect_cancelled(request, medium(0), 0));
  // The cancellation is a request of its own.
  Id removal;
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    if (rsm().request(id).OperationCode == NTMS_LM_REMOVE) removal = id;
  }
  ASSERT_FALSE(removal.is_null());
  EXPECT_EQ(Id(rsm().request(removal).WorkItemId), request);
  EXPECT_EQ(Id(rsm().request(removal).Library), library());
  EXPECT_TRUE(wait_for_state(removal, NTMS_LM_PASSED));
  const auto log = changes(baseline);
  EXPECT_GE(
      std::count(log.begin(), log.end(), Change{NTMS_EVENT_COMPLETE, NTMS_LIBREQUEST, request}), 1)
      << describe(log);
}

TEST_F(Cancel, QueuedBehindAnother) {
  ASSERT_NO_FATAL_FAILURE(start_slow());
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  const Id second = start_eject(medium(1));
  EXPECT_EQ(cancel(second), ERROR_SUCCESS) << "also while the library is busy";
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(100);
    return rsm().state(second) == NTMS_LM_CANCELLED;
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
}

TEST_F(Cancel, WaitingForRoomInThePort) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().put(0, "GUEST1");
  emulator().put(1, "GUEST2");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  EXPECT_EQ(cancel(operation), ERROR_SUCCESS);
  expect_cancelled(operation, medium(0), 0);
}

// In the port and waiting for the operator: as a stop, with another end state.
TEST_F(Cancel, InThePort) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(cancel(operation), ERROR_SUCCESS);
  expect_cancelled(operation, medium(0), 0);
}

TEST_F(Cancel, DuringTheMoveIsDenied) {
  ASSERT_NO_FATAL_FAILURE(start_slow());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  EXPECT_EQ(cancel(operation), ERROR_ACCESS_DENIED);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return port_of(medium(0)) >= 0;
  }));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(Cancel, UnknownRequest) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto requests = rsm().list(NTMS_LIBREQUEST);
  for (const Id& id : {stranger(), Id{}, medium(0), library()}) {
    EXPECT_EQ(cancel(id), ERROR_OBJECT_NOT_FOUND);
  }
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), requests);
}

TEST_F(Cancel, FinishedRequest) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(cancel(operation), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(rsm().state(operation), NTMS_LM_PASSED);
  ASSERT_EQ(rsm().eject(medium(1), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id held = unfinished_request_of(medium(1));
  ASSERT_EQ(cancel(held), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(held, NTMS_LM_CANCELLED));
  EXPECT_EQ(cancel(held), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(Cancel, MissingPointer) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(CancelNtmsLibraryRequest(session(), nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(Cancel, InvalidHandle) {
  EXPECT_EQ(CancelNtmsLibraryRequest(nullptr, stranger().get()), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CancelNtmsLibraryRequest(INVALID_HANDLE_VALUE, nullptr), ERROR_INVALID_HANDLE);
}

#ifndef _WIN32  // there is no second user to become
TEST_F(Cancel, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id request = unfinished_request_of(medium(0));
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  user->write_line("cancel " + request.hex());
  EXPECT_EQ(user->read_line(), "cancel 5");
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(rsm().state(request), NTMS_LM_QUEUED);
}
#endif

TEST_F(Cancel, RequestOfAnotherSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  Rsm other = Rsm::open(NTMS_W("another"));
  ASSERT_EQ(other.eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id request = unfinished_request_of(medium(0));
  EXPECT_EQ(cancel(request), ERROR_SUCCESS);
  expect_cancelled(request, medium(0), 0);
}

}  // namespace
}  // namespace ntms::conformance

// SPDX-License-Identifier: MIT
// EjectNtmsMedia with QUEUE and the START of a batch (contract: functions-library-control 1).
#include <algorithm>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class EjectBatch : public RobotTest {
 protected:
  DWORD queue(const Id& m) { return rsm().eject(m, NTMS_EJECT_QUEUE, nullptr); }
  DWORD start_batch(Id* operation) {
    return EjectNtmsMedia(session(), nullptr, operation->get(), NTMS_EJECT_START);
  }
  void take_and_pass(const Id& m, const Id& request) {
    ASSERT_TRUE(wait_for_extended(m));
    take(m);
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  }
  // Nothing moves: shown by the library doing something else afterwards.
  void let_the_library_work() {
    const auto before = rsm().list(NTMS_LIBREQUEST);
    ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (std::find(before.begin(), before.end(), id) == before.end()) {
        ASSERT_TRUE(wait_for_state(id, NTMS_LM_PASSED));
      }
    }
  }
};

class EjectBatchOnEmulator : public EjectBatch {};

TEST_P(EjectBatch, AsLargeAsThePort) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  EXPECT_EQ(second, unfinished_request_of(medium(1))) << "the request of the medium given";
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  EXPECT_TRUE(agree());
  take(medium(0));
  take(medium(1));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(medium(0)));
  EXPECT_FALSE(rsm().find(medium(1)));
  EXPECT_TRUE(agree_soon());
}

TEST_P(EjectBatch, OneMoreThanThePortHolds) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  ASSERT_EQ(queue(medium(1)), ERROR_SUCCESS);
  const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
  EXPECT_EQ(queue(medium(2)), ERROR_BUSY);
  Id operation = stranger();
  EXPECT_EQ(rsm().eject(medium(2), NTMS_EJECT_START, &operation), ERROR_BUSY);
  EXPECT_EQ(operation, stranger()) << "not written";
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests);
  EXPECT_EQ(media_info(medium(2)).MediaState, NTMS_MEDIASTATE_IDLE);
  // Those queued before stay queued, and can be started.
  EXPECT_EQ(rsm().state(unfinished_request_of(medium(0))), NTMS_LM_QUEUED);
  EXPECT_EQ(rsm().state(unfinished_request_of(medium(1))), NTMS_LM_QUEUED);
  const Id first = unfinished_request_of(medium(0));
  EXPECT_EQ(start_batch(&operation), ERROR_SUCCESS);
  EXPECT_EQ(operation, unfinished_request_of(medium(1))) << "the last one queued";
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), first));
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(1), operation));
  EXPECT_TRUE(is_in_slot(medium(2), 2));
  EXPECT_TRUE(agree_soon());
}

TEST_P(EjectBatchOnEmulator, IsHeldBackAndVisible) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id untouched = stranger();
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, &untouched), ERROR_SUCCESS);
  EXPECT_EQ(untouched, stranger()) << "neither read nor written";
  const Id request = unfinished_request_of(medium(0));
  ASSERT_FALSE(request.is_null());
  EXPECT_EQ(rsm().request(request).OperationCode, NTMS_LM_EJECT);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_INUSE);
  ASSERT_NO_FATAL_FAILURE(let_the_library_work());
  EXPECT_EQ(rsm().state(request), NTMS_LM_QUEUED);
  EXPECT_EQ(emulator().commands(0xA5), 0U);
  EXPECT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
}

TEST_P(EjectBatchOnEmulator, PortIsOpenedOnce) {
  LibraryShape shape;
  shape.ports = 4;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  for (unsigned i = 0; i < 3; ++i) ASSERT_EQ(queue(medium(i)), ERROR_SUCCESS);
  const Id operation = start_eject(medium(3));
  for (unsigned i = 0; i < 4; ++i) ASSERT_TRUE(wait_for_extended(medium(i)));
  std::uint64_t last = 0;
  ASSERT_EQ(ntms_emulator_trace_last(emulator().handle(), &last), NTMS_EMULATOR_OK);
  std::vector<unsigned> story;  // moves and unlockings
  for (std::uint64_t sequence = 1; sequence <= last; ++sequence) {
    ntms_emulator_trace_entry entry{};
    entry.size = sizeof entry;
    if (ntms_emulator_trace(emulator().handle(), sequence, &entry) != NTMS_EMULATOR_OK) continue;
    if (entry.lun != 0) continue;
    if (entry.cdb[0] == 0xA5) story.push_back(0xA5);
    if (entry.cdb[0] == 0x1E && (entry.cdb[4] & 3) == 0 && !story.empty()) story.push_back(0x1E);
  }
  ASSERT_GE(story.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(story[i], 0xA5U) << "unlocked between two moves";
  for (unsigned i = 0; i < 4; ++i) take(medium(i));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_until([&] { return unfinished_request_of(medium(0)).is_null(); }));
  EXPECT_TRUE(agree_soon());
}

TEST_P(EjectBatchOnEmulator, QueuedTwice) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
  EXPECT_EQ(queue(medium(0)), ERROR_BUSY);
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests);
}

TEST_P(EjectBatchOnEmulator, StartedWithAMemberOfIt) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  ASSERT_EQ(queue(medium(1)), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = unfinished_request_of(medium(1));
  const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
  const Id operation = start_eject(medium(1));
  EXPECT_EQ(operation, second);
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests) << "no second request for a member";
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), first));
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(1), second));
}

TEST_P(EjectBatchOnEmulator, ZeroIdMeansTheBatch) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  const Id request = unfinished_request_of(medium(0));
  EXPECT_EQ(start_eject(Id{}), request);
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), request));
}

TEST_P(EjectBatchOnEmulator, NoBatchAtAll) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  EXPECT_EQ(start_batch(&operation), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(operation, stranger());
  // Nor one that has been started.
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  ASSERT_EQ(start_batch(&operation), ERROR_SUCCESS);
  Id second = stranger();
  EXPECT_EQ(start_batch(&second), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(second, stranger());
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), operation));
  EXPECT_EQ(start_batch(&second), ERROR_INVALID_PARAMETER);
}

TEST_P(EjectBatchOnEmulator, OfAnotherSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  Rsm other = Rsm::open(NTMS_W("another"));
  ASSERT_EQ(other.eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(unfinished_request_of(medium(0))), NTMS_LM_QUEUED)
      << "the batch is the library's, not the session's";
  Id operation;
  EXPECT_EQ(start_batch(&operation), ERROR_SUCCESS) << "the only batch";
  EXPECT_EQ(operation, unfinished_request_of(medium(0)));
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), operation));
}

TEST_P(EjectBatchOnEmulator, OneOfTwoLibraries) {
  ASSERT_NO_FATAL_FAILURE(create());
  LibraryShape shape;
  shape.bar_codes = {"OTHER1L8", "OTHER2L8"};
  shape.media = 2;
  create_another(shape);
  ASSERT_NO_FATAL_FAILURE(open());
  const Id there = medium_with("OTHER1L8");
  Rsm other = Rsm::open(NTMS_W("another"));
  ASSERT_EQ(other.eject(there, NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  ASSERT_EQ(other.eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  // Two batches, and this session queued neither.
  Id operation = stranger();
  EXPECT_EQ(start_batch(&operation), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(operation, stranger());
  // The library the session last queued a medium for.
  const Id here = unfinished_request_of(medium(0));
  EXPECT_EQ(EjectNtmsMedia(other.handle(), nullptr, operation.get(), NTMS_EJECT_START),
            ERROR_SUCCESS);
  EXPECT_EQ(operation, here);
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), here));
  EXPECT_EQ(rsm().state(unfinished_request_of(there)), NTMS_LM_QUEUED);
}

TEST_P(EjectBatchOnEmulator, EveryMemberCancelled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  ASSERT_EQ(queue(medium(1)), ERROR_SUCCESS);
  for (unsigned i = 0; i < 2; ++i) {
    const Id request = unfinished_request_of(medium(i));
    EXPECT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
    EXPECT_EQ(rsm().request(request).dwErrorCode, ERROR_CANCELLED);
    EXPECT_EQ(media_info(medium(i)).MediaState, NTMS_MEDIASTATE_IDLE);
  }
  Id operation;
  EXPECT_EQ(start_batch(&operation), ERROR_INVALID_PARAMETER) << "nothing is left of it";
  EXPECT_EQ(queue(medium(0)), ERROR_SUCCESS) << "and there is room again";
}

// The port is partly occupied when the batch is carried out: the rest waits for room.
TEST_P(EjectBatchOnEmulator, LargerThanTheFreePartOfThePort) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().put(0, "GUEST1");
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_WAITING));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  emulator().take(0);  // the guest
  ASSERT_TRUE(wait_until([&] { return port_of(medium(1)) == 0; })) << picture();
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(0));
  take(medium(1));
  EXPECT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_P(EjectBatchOnEmulator, SurvivesTheLastSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(queue(medium(0)), ERROR_SUCCESS);
  const Id request = unfinished_request_of(medium(0));
  ASSERT_NO_FATAL_FAILURE(reopen_with(""));
  EXPECT_EQ(rsm().state(request), NTMS_LM_QUEUED) << "a change of owner is no restart";
  Id operation;
  EXPECT_EQ(start_batch(&operation), ERROR_SUCCESS);
  EXPECT_EQ(operation, request);
  ASSERT_NO_FATAL_FAILURE(take_and_pass(medium(0), request));
}

NTMS_ON_BOTH_ROBOTS(EjectBatch);
INSTANTIATE_TEST_SUITE_P(On, EjectBatchOnEmulator, ::testing::Values(Robot::emulator), robot_name);

}  // namespace
}  // namespace ntms::conformance

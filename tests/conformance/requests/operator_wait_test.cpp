// SPDX-License-Identifier: MIT
// Waiting for the answer to an operator request (contract: functions-session 4).
#include <memory>
#include <vector>

#include "conformance/library_fixture.h"
#include "conformance/requests/blocked_calls.h"

namespace ntms::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class OperatorWait : public DataDirectoryTest {
 protected:
  Id submit() {
    Id id;
    EXPECT_EQ(SubmitNtmsOperatorRequestW(rsm_.handle(), NTMS_OPREQ_MESSAGE, NTMS_W("look"), nullptr,
                                         nullptr, id.get()),
              ERROR_SUCCESS);
    return id;
  }
  DWORD wait(const Id& id, DWORD timeout) {
    return WaitForNtmsOperatorRequest(rsm_.handle(), id.get(), timeout);
  }
  std::unique_ptr<BlockedCall> waiting(HANDLE session, const Id& id, DWORD timeout = INFINITE) {
    return std::make_unique<BlockedCall>(
        [=] { return WaitForNtmsOperatorRequest(session, id.get(), timeout); });
  }
  DWORD cancel(const Id& id) { return CancelNtmsOperatorRequest(rsm_.handle(), id.get()); }
  DWORD satisfy(const Id& id) { return SatisfyNtmsOperatorRequest(rsm_.handle(), id.get()); }

  Rsm rsm_ = Rsm::open();
};

TEST_F(OperatorWait, MissingPointer) {
  EXPECT_EQ(WaitForNtmsOperatorRequest(rsm_.handle(), nullptr, 0), ERROR_INVALID_PARAMETER);
}

TEST_F(OperatorWait, UnknownRequest) {
  for (const Id& id : {stranger(), Id{}, rsm_.list(NTMS_COMPUTER).at(0)}) {
    EXPECT_EQ(wait(id, 0), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(wait(id, INFINITE), ERROR_OBJECT_NOT_FOUND);
  }
}

TEST_F(OperatorWait, TimeOut) {
  const Id id = submit();
  EXPECT_EQ(wait(id, 0), ERROR_TIMEOUT);
  const auto begin = steady_clock::now();
  EXPECT_EQ(wait(id, 70), ERROR_TIMEOUT);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(70));
  EXPECT_EQ(rsm_.get(id).Info.OpRequest.State, DWORD{NTMS_OPSTATE_SUBMITTED}) << "it stays open";
}

TEST_F(OperatorWait, FinishedBefore) {
  const Id done = submit();
  ASSERT_EQ(satisfy(done), ERROR_SUCCESS);
  const Id refused = submit();
  ASSERT_EQ(cancel(refused), ERROR_SUCCESS);
  for (const DWORD timeout : {DWORD{0}, DWORD{1000}, DWORD{INFINITE}}) {
    EXPECT_EQ(wait(done, timeout), ERROR_SUCCESS);
    EXPECT_EQ(wait(refused, timeout), ERROR_CANCELLED);
  }
}

TEST_F(OperatorWait, SatisfiedReleasesEverybody) {
  const Id id = submit();
  std::vector<std::unique_ptr<BlockedCall>> waiters;
  waiters.reserve(4);
  for (int i = 0; i < 3; ++i) waiters.push_back(waiting(rsm_.handle(), id));
  waiters.push_back(waiting(rsm_.handle(), id, 20000));
  EXPECT_TRUE(waiters.front()->is_waiting());
  ASSERT_EQ(satisfy(id), ERROR_SUCCESS);
  for (const auto& waiter : waiters) EXPECT_EQ(waiter->code(), ERROR_SUCCESS);
}

TEST_F(OperatorWait, RefusedReleasesEverybody) {
  const Id id = submit();
  const Id other = submit();
  const auto first = waiting(rsm_.handle(), id);
  const auto second = waiting(rsm_.handle(), id, 20000);
  const auto unconcerned = waiting(rsm_.handle(), other);
  ASSERT_EQ(cancel(id), ERROR_SUCCESS);
  EXPECT_EQ(first->code(), ERROR_CANCELLED);
  EXPECT_EQ(second->code(), ERROR_CANCELLED);
  EXPECT_TRUE(unconcerned->is_waiting());
  ASSERT_EQ(satisfy(other), ERROR_SUCCESS);
  EXPECT_EQ(unconcerned->code(), ERROR_SUCCESS);
}

TEST_F(OperatorWait, DeletedWhileWaiting) {
  const Id id = submit();
  const auto waiter = waiting(rsm_.handle(), id);
  EXPECT_TRUE(waiter->is_waiting());
  sql("DELETE FROM operator_request");
  EXPECT_EQ(waiter->code(), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(OperatorWait, SessionClosedWhileWaiting) {
  const Id id = submit();
  Rsm other = Rsm::open();
  const auto waiter = waiting(other.handle(), id);
  const auto unconcerned = waiting(rsm_.handle(), id);
  EXPECT_TRUE(waiter->is_waiting());
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(waiter->code(), ERROR_CANCELLED);
  EXPECT_TRUE(unconcerned->is_waiting());
  EXPECT_EQ(satisfy(id), ERROR_SUCCESS);
  EXPECT_EQ(unconcerned->code(), ERROR_SUCCESS);
}

// The last close waits for those who wait, and the next session finds everything in order.
TEST_F(OperatorWait, LastSessionClosedWhileWaiting) {
  for (int round = 0; round < 5; ++round) {
    const Id id = submit();
    const auto waiter = waiting(rsm_.handle(), id);
    EXPECT_TRUE(waiter->is_waiting());
    const auto begin = steady_clock::now();
    EXPECT_EQ(rsm_.close(), ERROR_SUCCESS);
    EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(5));
    EXPECT_EQ(waiter->code(), ERROR_CANCELLED);
    rsm_ = Rsm::open();
    EXPECT_EQ(wait(id, 0), ERROR_TIMEOUT) << "the request is still open";
  }
}

TEST_F(OperatorWait, DatabaseFailure) {
  const Id id = submit();
  sql("ALTER TABLE operator_request RENAME TO hidden");
  EXPECT_EQ(wait(id, 1000), ERROR_DATABASE_FAILURE);
  sql("ALTER TABLE hidden RENAME TO operator_request");
  EXPECT_EQ(wait(id, 0), ERROR_TIMEOUT);
}

}  // namespace
}  // namespace ntms::conformance

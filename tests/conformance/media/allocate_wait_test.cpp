// SPDX-License-Identifier: MIT
// Allocation that waits for the operator to bring new media (contract: functions-media-services 3,
// concepts 16).
#include <memory>

#include "conformance/media/media_fixture.h"
#include "conformance/requests/blocked_calls.h"

namespace ntms::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class AllocateWait : public MediaTest {
 protected:
  // An allocation from the pool in a thread of its own, of which the operator knows.
  std::unique_ptr<BlockedCall> waiting(DWORD timeout = INFINITE) {
    const HANDLE handle = session();
    auto call = std::make_unique<BlockedCall>([=, this] {
      return AllocateNtmsMedia(handle, app().get(), nullptr, logical_.get(), 0, timeout, nullptr);
    });
    EXPECT_TRUE(wait_until([&] { return new_media_requests().size() == 1; }));
    return call;
  }
  Id request() {
    const auto open = new_media_requests();
    EXPECT_EQ(open.size(), 1U);
    return open.empty() ? Id{} : open.front();
  }

  Id logical_ = stranger();
};

TEST_F(AllocateWait, AsksTheOperator) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const auto call = waiting();
  const Id asked = request();
  const auto info = rsm().get(asked, NTMS_OPREQUEST).Info.OpRequest;
  EXPECT_EQ(info.Arg1Type, DWORD{NTMS_MEDIA_POOL});
  EXPECT_EQ(Id(info.Arg1), app());
  EXPECT_EQ(info.Arg2Type, DWORD{NTMS_UNKNOWN});
  EXPECT_EQ(text(info.szApplication), "conformance");
  EXPECT_TRUE(call->is_waiting());
  EXPECT_EQ(CancelNtmsOperatorRequest(session(), asked.get()), ERROR_SUCCESS);
  EXPECT_EQ(call->code(), ERROR_CANCELLED);
  EXPECT_TRUE(logical_.is_null());
  EXPECT_EQ(rsm().get(asked, NTMS_OPREQUEST).Info.OpRequest.State, DWORD{NTMS_OPSTATE_REFUSED});
}

TEST_F(AllocateWait, TimeOut) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const auto begin = steady_clock::now();
  EXPECT_EQ(allocate(app(), nullptr, &logical_, 0, 90), ERROR_TIMEOUT);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(90));
  EXPECT_TRUE(logical_.is_null());
  EXPECT_TRUE(rsm().list(NTMS_OPREQUEST).empty()) << "the operator is not asked any more";
}

TEST_F(AllocateWait, SomethingBecomesAvailable) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id first = allocated(app());
  const auto call = waiting();
  EXPECT_TRUE(call->is_waiting());
  EXPECT_EQ(deallocate(first), ERROR_SUCCESS);
  EXPECT_EQ(call->code(), ERROR_SUCCESS);
  EXPECT_EQ(side_behind(logical_), side(0));
  EXPECT_TRUE(rsm().list(NTMS_OPREQUEST).empty());
}

TEST_F(AllocateWait, SomethingBecomesAvailableInTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  const auto call = waiting();
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  EXPECT_EQ(call->code(), ERROR_SUCCESS);
  EXPECT_EQ(pool_of(0), app());
}

TEST_F(AllocateWait, SatisfiedWithoutMediaAsksAgain) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const auto call = waiting();
  const Id asked = request();
  EXPECT_EQ(SatisfyNtmsOperatorRequest(session(), asked.get()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] {
    const auto open = new_media_requests();
    return open.size() == 1 && !(open.front() == asked);
  }));
  EXPECT_FALSE(rsm().find(asked, NTMS_OPREQUEST)) << "the one that was answered is gone";
  EXPECT_TRUE(call->is_waiting());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  EXPECT_EQ(call->code(), ERROR_SUCCESS);
}

TEST_F(AllocateWait, SessionClosed) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Rsm other = Rsm::open();
  const HANDLE handle = other.handle();
  BlockedCall call([&] {
    return AllocateNtmsMedia(handle, app().get(), nullptr, logical_.get(), 0, INFINITE, nullptr);
  });
  ASSERT_TRUE(wait_until([&] { return new_media_requests().size() == 1; }));
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(call.code(), ERROR_CANCELLED);
  EXPECT_TRUE(rsm().list(NTMS_OPREQUEST).empty());
}

TEST_F(AllocateWait, PoolDeleted) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const auto call = waiting();
  EXPECT_EQ(DeleteNtmsMediaPool(session(), app().get()), ERROR_SUCCESS);
  EXPECT_EQ(call->code(), ERROR_INVALID_MEDIA_POOL);
  EXPECT_TRUE(new_media_requests().empty());
}

TEST_F(AllocateWait, EachWaitsForItsOwn) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Id ids[3];
  std::vector<std::unique_ptr<BlockedCall>> calls;
  for (Id& id : ids) {
    calls.push_back(
        std::make_unique<BlockedCall>([&] { return allocate(app(), nullptr, &id, 0, INFINITE); }));
  }
  ASSERT_TRUE(wait_until([&] { return new_media_requests().size() == 3; }));
  for (unsigned i = 0; i < 3; ++i) place(i, app(), NTMS_PARTSTATE_AVAILABLE);
  for (auto& call : calls) EXPECT_EQ(call->code(), ERROR_SUCCESS);
  EXPECT_FALSE(ids[0] == ids[1] || ids[1] == ids[2] || ids[0] == ids[2]);
  EXPECT_TRUE(rsm().list(NTMS_OPREQUEST).empty());
}

// What was named is not waited for.
TEST_F(AllocateWait, OnlyForAnySide) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id wanted = side(0);
  EXPECT_EQ(allocate(app(), &wanted, &logical_, 0, INFINITE), ERROR_MEDIA_UNAVAILABLE);
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  Id logical = allocated(app());
  EXPECT_EQ(allocate(app(), nullptr, &logical, NTMS_ALLOCATE_NEXT, INFINITE),
            ERROR_MEDIA_UNAVAILABLE);
}

}  // namespace
}  // namespace ntms::conformance

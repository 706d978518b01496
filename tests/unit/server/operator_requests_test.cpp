// SPDX-License-Identifier: MIT
// The life of requests to move a medium (functions-session 3, concepts 16).
#include "server/operator_requests.h"

#include "operations/requests.h"
#include "unit/server/object_fixture.h"

namespace ntms::server::test {
namespace {

class MoveMediaTest : public ObjectTest {
 protected:
  OperatorRequests requests() { return {*database_, *session_}; }
  Guid submit(const Guid& medium, const Guid& library) {
    const auto submitted = requests().submit(
        {.request = NTMS_OPREQ_MOVEMEDIA, .message = {}, .arg1 = medium, .arg2 = library});
    EXPECT_TRUE(submitted);
    return submitted ? *submitted : Guid{};
  }
  void arrive(const Guid& medium, const Guid& library) {
    const auto done = database_->write([&](store::Writer& writer) -> Result<void> {
      auto moved = writer.find<model::PhysicalMedium>(medium);
      moved->library = library;
      writer.update(*moved);
      operations::complete_move_media(writer, medium);
      return {};
    });
    EXPECT_TRUE(done);
  }
  std::uint32_t state(const Guid& request) { return stored<model::OperatorRequest>(request).state; }
  std::uint32_t media_state(const Guid& medium) {
    return stored<model::PhysicalMedium>(medium).media_state;
  }
};

TEST_F(MoveMediaTest, IsNotTheServersOwn) {
  const auto request = stored<model::OperatorRequest>(submit(medium_.id, offline_.id));
  EXPECT_FALSE(request.by_system);
  EXPECT_EQ(request.user, "tester");
  EXPECT_EQ(request.submitted, now_);
  EXPECT_EQ(request.answered, 0);
}

TEST_F(MoveMediaTest, IsCompleteWhenTheMediumArrives) {
  const Guid here = submit(offline_medium_.id, library_.id);
  const Guid again = submit(offline_medium_.id, library_.id);
  const Guid other = submit(medium_.id, offline_.id);
  now_ += 1000;
  arrive(offline_medium_.id, library_.id);
  EXPECT_EQ(state(here), DWORD{NTMS_OPSTATE_COMPLETE});
  EXPECT_EQ(stored<model::OperatorRequest>(here).answered, now_);
  EXPECT_EQ(state(again), DWORD{NTMS_OPSTATE_COMPLETE});
  EXPECT_EQ(media_state(offline_medium_.id), DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(state(other), DWORD{NTMS_OPSTATE_SUBMITTED});
  EXPECT_EQ(media_state(medium_.id), DWORD{NTMS_MEDIASTATE_OPREQ});
  EXPECT_EQ(code(requests().satisfy(here)), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(MoveMediaTest, StaysOpenWhenTheMediumIsElsewhere) {
  const Guid request = submit(offline_medium_.id, library_.id);
  arrive(offline_medium_.id, offline_.id);
  EXPECT_EQ(state(request), DWORD{NTMS_OPSTATE_SUBMITTED});
  EXPECT_EQ(media_state(offline_medium_.id), DWORD{NTMS_MEDIASTATE_OPREQ});
}

TEST_F(MoveMediaTest, NothingHappensWithoutRequestsOrMedium) {
  const auto before = number("SELECT count(*) FROM change WHERE type=17");
  const auto done = database_->write([&](store::Writer& writer) -> Result<void> {
    operations::complete_move_media(writer, Guid::make());
    operations::complete_move_media(writer, medium_.id);
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=17"), before);
  EXPECT_EQ(media_state(medium_.id), DWORD{NTMS_MEDIASTATE_IDLE});
}

TEST_F(MoveMediaTest, OutcomeOfAClosedSession) {
  const Guid request = submit(medium_.id, offline_.id);
  EXPECT_FALSE(requests().outcome(request)) << "open";
  open_.close();
  const auto outcome = requests().outcome(request);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(code(*outcome), ERROR_CANCELLED);
}

}  // namespace
}  // namespace ntms::server::test

// SPDX-License-Identifier: MIT
// The last close: in time, and with nothing lost (contract: functions-session 2, concepts 20).
#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class LastClose : public LibraryTest {
 protected:
  static std::chrono::steady_clock::duration timed_close(Rsm& rsm) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(rsm.close(), ERROR_SUCCESS);
    return std::chrono::steady_clock::now() - begin;
  }
};

TEST_F(LastClose, WithAMoveInFlight) {
  ASSERT_NO_FATAL_FAILURE(start());
  emulator().set_move_time(8000);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  EXPECT_LT(timed_close(rsm()), std::chrono::milliseconds(5500));
  // The outcome of the move is not lost, whoever sees its end.
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(emulator().commands(0xA5), 1U) << "the move was not repeated";
  EXPECT_TRUE(agree_soon());
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(LastClose, WithACartridgeInThePort) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_LT(timed_close(rsm()), std::chrono::seconds(5));
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS) << "not a restart: the request goes on";
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

// The operator took it while no process was there.
TEST_F(LastClose, TakenWhileNobodyLooked) {
  LibraryShape shape;
  shape.port_kind = NTMS_EMULATOR_PORT_UNLOCKED;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const auto index = static_cast<unsigned>(port_of(medium(0)));
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  emulator().take(index);
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(medium(0)));
  EXPECT_TRUE(agree_soon());
}

TEST_F(LastClose, LeavesNoThreadBehind) {
  ASSERT_NO_FATAL_FAILURE(create());
  const std::size_t before = test::own_threads();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_GT(test::own_threads(), before);
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return test::own_threads() <= before; }))
      << test::own_threads() << " of " << before;
}

TEST_F(LastClose, ManyTimes) {
  ASSERT_NO_FATAL_FAILURE(create());
  for (int round = 0; round < 10; ++round) {
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_TRUE(agree());
    ASSERT_LT(timed_close(rsm()), std::chrono::seconds(5));
  }
}

TEST_F(LastClose, WithTheRobotOutOfReach) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  Id operation;
  rsm().eject(medium(0), NTMS_EJECT_START, &operation);
  EXPECT_LT(timed_close(rsm()), std::chrono::milliseconds(5500));
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 1), NTMS_EMULATOR_OK);
}

}  // namespace
}  // namespace ntms::integration

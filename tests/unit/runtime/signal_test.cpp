// SPDX-License-Identifier: MIT
#include "runtime/signal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

namespace ntms::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

class SignalTest : public ::testing::Test {
 protected:
  asio::io_context io_;
  Clock clock_;
  Signal signal_{io_.get_executor(), clock_};
  bool woken_ = false;

  void wait(std::optional<std::int64_t> deadline, std::optional<milliseconds> look_again = {}) {
    asio::co_spawn(
        io_,
        [this, deadline, look_again]() -> asio::awaitable<void> {
          co_await signal_.wait(deadline, look_again);
          woken_ = true;
        },
        asio::detached);
  }
};

TEST_F(SignalTest, WaitsForANotificationWithoutADeadline) {
  wait({});
  io_.poll();
  EXPECT_FALSE(woken_);
  signal_.notify();
  io_.poll();
  EXPECT_TRUE(woken_);
}

TEST_F(SignalTest, RemembersANotificationOnce) {
  signal_.notify();
  wait({});
  io_.poll();
  EXPECT_TRUE(woken_);
  woken_ = false;
  wait({});
  io_.poll();
  EXPECT_FALSE(woken_);
}

TEST_F(SignalTest, ReturnsAtOnceWhenTheDeadlineHasPassed) {
  wait(clock_.now_ms());
  io_.poll();
  EXPECT_TRUE(woken_);
}

TEST_F(SignalTest, ReturnsToLookAgain) {
  wait({}, milliseconds(1));
  io_.run();
  EXPECT_TRUE(woken_);
}

TEST_F(SignalTest, FollowsAVirtualClock) {
  std::atomic<std::int64_t> now = 1000;
  clock_.follow([&] { return now.load(); });
  EXPECT_TRUE(clock_.is_virtual());
  EXPECT_EQ(clock_.utc_us(), 1000000);
  wait(300000);
  io_.poll();
  EXPECT_FALSE(woken_);
  now = 300000;
  io_.run();
  EXPECT_TRUE(woken_);
}

TEST(Clock, FollowsTheFirstVirtualClockOnly) {
  Clock clock;
  EXPECT_FALSE(clock.is_virtual());
  clock.follow([] { return std::int64_t{5}; });
  clock.follow([] { return std::int64_t{6}; });
  EXPECT_EQ(clock.now_ms(), 5);
}

TEST(AsyncMutex, HandsOverInTheOrderOfTheCalls) {
  asio::io_context io;
  AsyncMutex mutex(io.get_executor());
  std::vector<int> order;
  for (int i = 0; i < 4; ++i) {
    asio::co_spawn(
        io,
        [&, i]() -> asio::awaitable<void> {
          const auto guard = co_await mutex.lock();
          order.push_back(i);
          // Held across a wait: nobody else may come in between.
          asio::steady_timer pause(io, milliseconds(1));
          co_await pause.async_wait(asio::use_awaitable);
          order.push_back(i);
        },
        asio::detached);
  }
  io.run();
  EXPECT_EQ(order, (std::vector<int>{0, 0, 1, 1, 2, 2, 3, 3}));
}

}  // namespace
}  // namespace ntms::runtime

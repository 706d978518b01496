// SPDX-License-Identifier: MIT
// Waiting for an answer that the database will have.
#include "server/waiting.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace ntms::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Writes down how long it is asked to wait. Each wait ends at once, as if something had changed or,
// with `sleeps`, at the deadline.
struct Signal {
  std::uint64_t heard = 0;
  bool sleeps = false;
  std::vector<milliseconds> waits;

  std::uint64_t changes_heard() const { return heard; }
  std::uint64_t wait_for_change(std::uint64_t seen, steady_clock::time_point deadline) {
    EXPECT_EQ(seen, heard);
    const auto now = steady_clock::now();
    waits.push_back(std::chrono::duration_cast<milliseconds>(deadline - now));
    if (!sleeps) return ++heard;
    while (steady_clock::now() < deadline) {
    }
    return heard;
  }
};

// Answers at the `nth` look.
struct Look {
  int nth;
  int looks = 0;
  std::optional<int> operator()() {
    return ++looks >= nth ? std::optional<int>(looks) : std::nullopt;
  }
};

TEST(WaitForAnswer, AtOnce) {
  for (const std::uint32_t timeout : {0U, 5U, 0xFFFFFFFFU}) {
    Signal signal;
    EXPECT_EQ(wait_for_answer(signal, timeout, Look{1}), 1);
    EXPECT_TRUE(signal.waits.empty());
  }
}

TEST(WaitForAnswer, ZeroLooksOnce) {
  Signal signal;
  Look look{2};
  EXPECT_EQ(wait_for_answer(signal, 0, look), std::nullopt);
  EXPECT_EQ(look.looks, 1);
  EXPECT_TRUE(signal.waits.empty());
}

TEST(WaitForAnswer, LooksAfterEachChange) {
  Signal signal;
  EXPECT_EQ(wait_for_answer(signal, 60000, Look{5}), 5);
  EXPECT_EQ(signal.waits.size(), 4U);
  for (const milliseconds wait : signal.waits) EXPECT_LE(wait, milliseconds(60000));
}

TEST(WaitForAnswer, EndsInTime) {
  Signal signal;
  signal.sleeps = true;
  Look look{1000};
  const auto begin = steady_clock::now();
  EXPECT_EQ(wait_for_answer(signal, 30, look), std::nullopt);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(30));
  EXPECT_EQ(look.looks, 2) << "once more when the time is over";
}

// The longest times are no numbers that overflow.
TEST(WaitForAnswer, LongTimes) {
  for (const std::uint32_t timeout : {0xFFFFFFFEU, 0xFFFFFFFFU}) {
    Signal signal;
    EXPECT_EQ(wait_for_answer(signal, timeout, Look{3}), 3);
    ASSERT_EQ(signal.waits.size(), 2U);
    EXPECT_GT(signal.waits.front(), milliseconds(1000));
    EXPECT_LE(signal.waits.front(), std::chrono::hours(1));
  }
}

}  // namespace
}  // namespace ntms::server

// SPDX-License-Identifier: MIT
#include "platform/system.h"

#include <gtest/gtest.h>

#include <ctime>
#include <limits>
#include <random>

#include "unit/platform/child_process.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::platform {
namespace {

constexpr std::int64_t kSecond = 1000000;

TEST(System, TimesThatSystemtimeCannotHoldAreLimited) {
  const UtcTime first = to_utc_time(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(first, (UtcTime{1, 1, 1, 1, 0, 0, 0, 0}));
  const UtcTime last = to_utc_time(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(last, (UtcTime{30827, 12, last.day_of_week, 31, 23, 59, 59, 999}));
}

TEST(System, KnownDates) {
  EXPECT_EQ(to_utc_time(0), (UtcTime{1970, 1, 4, 1, 0, 0, 0, 0}));
  EXPECT_EQ(to_utc_time(999), (UtcTime{1970, 1, 4, 1, 0, 0, 0, 0}));
  EXPECT_EQ(to_utc_time(-1), (UtcTime{1969, 12, 3, 31, 23, 59, 59, 999}));
  EXPECT_EQ(to_utc_time(-1001), (UtcTime{1969, 12, 3, 31, 23, 59, 59, 998}));
  EXPECT_EQ(to_utc_time(-11644473600 * kSecond), (UtcTime{1601, 1, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(to_utc_time(951782400 * kSecond), (UtcTime{2000, 2, 2, 29, 0, 0, 0, 0}));
  EXPECT_EQ(to_utc_time(4107542399 * kSecond), (UtcTime{2100, 2, 0, 28, 23, 59, 59, 0}));
  EXPECT_EQ(to_utc_time(4107542400 * kSecond), (UtcTime{2100, 3, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(to_utc_time(1234567890123456), (UtcTime{2009, 2, 5, 13, 23, 31, 30, 123}));
  EXPECT_EQ(to_utc_time(253402300799999999), (UtcTime{9999, 12, 5, 31, 23, 59, 59, 999}));
}

TEST(System, AgreesWithTheCLibraryOverTenThousandYears) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> seconds(-60000000000, 250000000000);
  for (int i = 0; i < 20000; ++i) {
    const std::time_t time = seconds(random);
    std::tm wanted{};
    ASSERT_NE(gmtime_r(&time, &wanted), nullptr);
    const UtcTime got = to_utc_time(time * kSecond + 5999);
    ASSERT_EQ(got.year, wanted.tm_year + 1900) << time;
    ASSERT_EQ(got.month, wanted.tm_mon + 1) << time;
    ASSERT_EQ(got.day, wanted.tm_mday) << time;
    ASSERT_EQ(got.day_of_week, wanted.tm_wday) << time;
    ASSERT_EQ(got.hour, wanted.tm_hour) << time;
    ASSERT_EQ(got.minute, wanted.tm_min) << time;
    ASSERT_EQ(got.second, wanted.tm_sec) << time;
    ASSERT_EQ(got.millisecond, 5) << time;
  }
}

TEST(System, WallClockIsTheSystems) {
  const std::int64_t before = static_cast<std::int64_t>(std::time(nullptr)) - 1;
  const std::int64_t now = utc_microseconds() / kSecond;
  EXPECT_LE(before, now);
  EXPECT_LE(now, static_cast<std::int64_t>(std::time(nullptr)) + 1);
}

TEST(System, MonotonicTimeAndBootAreTheSameInEveryProcess) {
  const auto before = monotonic();
  const std::string boot = boot_identity();
  EXPECT_FALSE(boot.empty());
  test::ChildProcess child([&](test::Turn&) {
    const auto inside = monotonic();
    return inside >= before && inside < before + std::chrono::minutes(1) && boot_identity() == boot
               ? 0
               : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_GE(monotonic(), before);
}

TEST(System, NamesAndNumbers) {
  EXPECT_FALSE(computer_name().empty());
  EXPECT_FALSE(user_name().empty());
  if (geteuid() == 0) {
    EXPECT_EQ(user_name(), "root");
    test::ChildProcess nameless(
        [](test::Turn&) { return setuid(54321) == 0 && user_name() == "54321" ? 0 : 1; });
    EXPECT_EQ(nameless.wait(), 0);
  }
  test::ChildProcess child([parent = process_id()](test::Turn&) {
    return process_id() != parent && process_id() == static_cast<std::uint32_t>(getpid()) ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(System, EnvironmentTellsUnsetFromEmpty) {
  {
    const test::ScopedEnvironment unset("NTMS_TEST_VARIABLE", nullptr);
    EXPECT_EQ(environment("NTMS_TEST_VARIABLE"), std::nullopt);
  }
  {
    const test::ScopedEnvironment empty("NTMS_TEST_VARIABLE", "");
    EXPECT_EQ(environment("NTMS_TEST_VARIABLE"), "");
  }
  const test::ScopedEnvironment set("NTMS_TEST_VARIABLE", "value");
  EXPECT_EQ(environment("NTMS_TEST_VARIABLE"), "value");
}

}  // namespace
}  // namespace ntms::platform

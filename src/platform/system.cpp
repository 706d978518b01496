// SPDX-License-Identifier: MIT
// The parts of system.h that the standard library answers.
#include "platform/system.h"

#include <algorithm>

namespace ntms::platform {

std::int64_t utc_microseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

UtcTime to_utc_time(std::int64_t microseconds) {
  namespace chrono = std::chrono;
  // Limited before the conversion: 64 bits of microseconds reach beyond the years chrono knows.
  constexpr chrono::sys_days kFirst{chrono::year{1} / 1 / 1};
  constexpr chrono::sys_days kLast{chrono::year{30827} / 12 / 31};
  // Divided by hand: chrono::floor overflows near the smallest value.
  constexpr std::int64_t kDay = chrono::microseconds{chrono::days{1}}.count();
  std::int64_t days = microseconds / kDay;
  std::int64_t rest = microseconds % kDay;
  if (rest < 0) {
    --days;
    rest += kDay;
  }
  chrono::sys_days day{chrono::days{days}};
  auto in_day = chrono::floor<chrono::milliseconds>(chrono::microseconds{rest});
  if (day < kFirst) {
    day = kFirst;
    in_day = chrono::milliseconds{0};
  } else if (day > kLast) {
    day = kLast;
    in_day = chrono::milliseconds{chrono::hours{24}} - chrono::milliseconds{1};
  }

  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss clock{in_day};
  const auto field = [](auto value) { return static_cast<std::uint16_t>(value); };
  UtcTime utc;
  utc.year = field(static_cast<int>(date.year()));
  utc.month = field(static_cast<unsigned>(date.month()));
  utc.day_of_week = field(chrono::weekday{day}.c_encoding());
  utc.day = field(static_cast<unsigned>(date.day()));
  utc.hour = field(clock.hours().count());
  utc.minute = field(clock.minutes().count());
  utc.second = field(clock.seconds().count());
  utc.millisecond = field(clock.subseconds().count());
  return utc;
}

}  // namespace ntms::platform

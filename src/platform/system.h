// SPDX-License-Identifier: MIT
// What the library asks the operating system about the time, the machine and the process.
// All functions may be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ntms::platform {

// The wall clock: microseconds since 1970-01-01 00:00 UTC. It may jump in both directions.
std::int64_t utc_microseconds();

// A clock that never jumps, counts while the machine sleeps, and reads the same in every process
// until the machine is restarted (see boot_identity()).
std::chrono::milliseconds monotonic();

// Names the current run of the machine: readings of monotonic() from different runs must not be
// compared. Empty when the system does not tell. On Windows it is the number of the start that the
// system keeps in its registry.
std::string boot_identity();

// The machine's name as it calls itself, not qualified by any lookup; "localhost" when it has none.
std::string computer_name();

// The account that the effective user belongs to; the number in decimal when it has no name.
std::string user_name();

std::uint32_t process_id();

// A calendar time in UTC with the fields of the Win32 SYSTEMTIME.
struct UtcTime {
  std::uint16_t year = 0;
  std::uint16_t month = 0;        // 1 to 12
  std::uint16_t day_of_week = 0;  // 0: Sunday
  std::uint16_t day = 0;          // 1 to 31
  std::uint16_t hour = 0;
  std::uint16_t minute = 0;
  std::uint16_t second = 0;
  std::uint16_t millisecond = 0;

  bool operator==(const UtcTime&) const = default;
};

// Microseconds since 1970-01-01 00:00 UTC (negative: before) in the proleptic Gregorian calendar,
// without leap seconds and without regard to any locale; rounds down to the millisecond.
// Times outside the years 1 to 30827 become the nearest time inside (30827 is SYSTEMTIME's last).
UtcTime to_utc_time(std::int64_t microseconds);

// The value of an environment variable; nothing when it is unset. An empty value is a value.
// Like getenv(), it must not run while the program changes its environment in another thread.
std::optional<std::string> environment(const char* name);

}  // namespace ntms::platform

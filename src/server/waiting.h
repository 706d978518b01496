// SPDX-License-Identifier: MIT
// How a call blocks: it looks into the database whenever something may have changed there, and
// never holds anything while it sleeps.
#pragma once

#include <ntmsapi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace ntms::server {

// Asks `look`, a callable without arguments that returns a std::optional, until it has an answer,
// and returns that; an answer without a value when `timeout` milliseconds of steady time are over
// (0: `look` is asked once; INFINITE: no limit). An answer that is there counts even when the time
// is over.
//   signal  tells of changes: `changes_heard()` is a number that differs after each of them,
//           `wait_for_change(seen, deadline)` returns when it differs from `seen` or at the
//           deadline (host::Server)
// Exceptions of `look` pass through. Any number of threads may wait with one signal.
template <class Signal, class Look>
auto wait_for_answer(Signal& signal, std::uint32_t timeout, Look&& look) {
  using std::chrono::steady_clock;
  constexpr std::chrono::hours kLongestSleep{1};  // far from where clocks overflow
  const bool endless = timeout == INFINITE;
  const auto end = steady_clock::now() + std::chrono::milliseconds(timeout);
  for (;;) {
    // Read before looking: what changes while `look` is at work ends the sleep at once.
    const std::uint64_t seen = signal.changes_heard();
    auto answer = look();
    if (answer) return answer;
    const auto now = steady_clock::now();
    if (!endless && now >= end) return answer;
    const auto longest = now + kLongestSleep;
    signal.wait_for_change(seen, endless ? longest : std::min(end, longest));
  }
}

}  // namespace ntms::server

// SPDX-License-Identifier: MIT
// The engine's two clocks: one for time-outs, one for recorded times. Injected everywhere, so that
// time-outs of minutes are tested in milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace ntms::runtime {

// Thread safety: all functions may be called from any thread.
class Clock {
 public:
  // Milliseconds of a clock that only goes forward and that all processes of this machine share
  // until it is started anew, so that a deadline written down by one means the same to another.
  std::int64_t now_ms() const;

  // The wall clock, microseconds since 1970-01-01 UTC. For recorded times only.
  std::int64_t utc_us() const;

  // Whether time is that of an emulated library.
  bool is_virtual() const;

  // From now on both clocks follow `utc_ms`, milliseconds since 1970-01-01 UTC of a clock that a
  // tester moves. Only the first call counts: one process follows one clock.
  void follow(std::function<std::int64_t()> utc_ms);

 private:
  std::shared_ptr<const std::function<std::int64_t()>> source() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const std::function<std::int64_t()>> virtual_;
};

}  // namespace ntms::runtime

// SPDX-License-Identifier: MIT
#include "runtime/clock.h"

#include "platform/system.h"

namespace ntms::runtime {

std::shared_ptr<const std::function<std::int64_t()>> Clock::source() const {
  const std::lock_guard lock(mutex_);
  return virtual_;
}

std::int64_t Clock::now_ms() const {
  const auto followed = source();
  return followed ? (*followed)() : platform::monotonic().count();
}

std::int64_t Clock::utc_us() const {
  const auto followed = source();
  return followed ? (*followed)() * 1000 : platform::utc_microseconds();
}

bool Clock::is_virtual() const {
  return source() != nullptr;
}

void Clock::follow(std::function<std::int64_t()> utc_ms) {
  const std::lock_guard lock(mutex_);
  if (!virtual_) {
    virtual_ = std::make_shared<const std::function<std::int64_t()>>(std::move(utc_ms));
  }
}

}  // namespace ntms::runtime

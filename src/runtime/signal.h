// SPDX-License-Identifier: MIT
// How a coroutine of the engine waits: until it is told, until a deadline, or until it is time to
// look at the device again, whichever comes first.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

#include "runtime/clock.h"

namespace ntms::runtime {

// One waiting place. Remembers a notification that comes before the wait. One coroutine waits at a
// time. Thread safety: to be used on the engine's thread only.
class Signal {
 public:
  // `clock` must outlive the signal.
  Signal(const boost::asio::any_io_executor& executor, const Clock& clock)
      : timer_(executor), clock_(clock) {}

  // Returns after notify(), when clock.now_ms() has reached `deadline`, or after `look_again` of
  // real time. Without both, only notify() ends the wait.
  boost::asio::awaitable<void> wait(std::optional<std::int64_t> deadline,
                                    std::optional<std::chrono::milliseconds> look_again = {});

  void notify();

 private:
  boost::asio::steady_timer timer_;
  const Clock& clock_;
  bool notified_ = false;
};

// Lets one coroutine after another hold something across its waits, first come, first served.
// A strand does not do that: it is given up at every co_await.
class AsyncMutex {
 public:
  class Guard {
   public:
    Guard() = default;
    explicit Guard(AsyncMutex* mutex) : mutex_(mutex) {}
    Guard(Guard&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Guard& operator=(Guard&& other) noexcept {
      std::swap(mutex_, other.mutex_);
      return *this;
    }
    ~Guard() { release(); }
    void release() {
      if (mutex_ != nullptr) std::exchange(mutex_, nullptr)->unlock();
    }

   private:
    AsyncMutex* mutex_ = nullptr;
  };

  explicit AsyncMutex(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  AsyncMutex(const AsyncMutex&) = delete;
  AsyncMutex& operator=(const AsyncMutex&) = delete;

  // Waits for its turn. The mutex must outlive the guard.
  boost::asio::awaitable<Guard> lock();

 private:
  struct Waiter;
  void unlock();

  boost::asio::any_io_executor executor_;
  bool held_ = false;
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace ntms::runtime

// SPDX-License-Identifier: MIT
#include "runtime/signal.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ntms::runtime {
namespace asio = boost::asio;
using std::chrono::milliseconds;

// A virtual clock is moved from outside and cannot wake anybody, so it is looked at this often.
constexpr milliseconds kVirtualTick{2};

asio::awaitable<void> Signal::wait(std::optional<std::int64_t> deadline,
                                   std::optional<milliseconds> look_again) {
  const auto started = std::chrono::steady_clock::now();
  while (!notified_) {
    auto pause = milliseconds::max();
    if (deadline) {
      const std::int64_t left = *deadline - clock_.now_ms();
      if (left <= 0) break;
      pause = clock_.is_virtual() ? kVirtualTick : milliseconds(left);
    }
    if (look_again) {
      const auto spent =
          std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
      if (spent >= *look_again) break;
      pause = std::min(pause, *look_again - spent);
    }
    if (pause == milliseconds::max()) {
      timer_.expires_at(asio::steady_timer::time_point::max());
    } else {
      timer_.expires_after(pause);
    }
    boost::system::error_code ignored;  // cancelled by notify(), which leaves its mark
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  notified_ = false;
}

void Signal::notify() {
  notified_ = true;
  timer_.cancel();
}

struct AsyncMutex::Waiter {
  explicit Waiter(const asio::any_io_executor& executor)
      : timer(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;
  Waiter* next = nullptr;
  bool turn = false;
};

asio::awaitable<AsyncMutex::Guard> AsyncMutex::lock() {
  if (!held_) {
    held_ = true;
    co_return Guard(this);
  }
  Waiter self(executor_);
  (last_ != nullptr ? last_->next : first_) = &self;
  last_ = &self;
  while (!self.turn) {
    boost::system::error_code ignored;  // cancelled when it is this waiter's turn
    co_await self.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return Guard(this);
}

void AsyncMutex::unlock() {
  Waiter* const next = first_;
  if (next == nullptr) {
    held_ = false;
    return;
  }
  first_ = next->next;
  if (first_ == nullptr) last_ = nullptr;
  next->turn = true;  // the mutex stays held: it is handed over
  next->timer.cancel();
}

}  // namespace ntms::runtime

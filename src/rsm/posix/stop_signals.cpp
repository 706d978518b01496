// SPDX-License-Identifier: MIT
// Signals on POSIX systems: blocked, and fetched when there is time for them.
#include "rsm/stop_signals.h"

#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <ctime>

namespace ntms::rsm {

struct StopSignals::Impl {
  sigset_t signals{};
  sigset_t before{};
  bool stopped = false;
};

StopSignals::StopSignals() : impl_(std::make_unique<Impl>()) {
  sigemptyset(&impl_->signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&impl_->signals, number);
    }
  }
  pthread_sigmask(SIG_BLOCK, &impl_->signals, &impl_->before);
}

StopSignals::~StopSignals() {
  pthread_sigmask(SIG_SETMASK, &impl_->before, nullptr);
}

bool StopSignals::wait_for(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!impl_->stopped) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        end - std::chrono::steady_clock::now());
    timespec limit{};
    if (left.count() > 0) {
      limit.tv_sec = static_cast<std::time_t>(left.count() / 1'000'000'000);
      limit.tv_nsec = static_cast<long>(left.count() % 1'000'000'000);
    }
    if (sigtimedwait(&impl_->signals, nullptr, &limit) > 0) {
      impl_->stopped = true;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void StopSignals::wait() {
  while (!wait_for(std::chrono::hours(24))) continue;
}

}  // namespace ntms::rsm

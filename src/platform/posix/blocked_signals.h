// SPDX-License-Identifier: MIT
// Signals held back for a while. Inside the platform layer only.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace ntms::platform {

// Blocks all signals of the calling thread while it lives, then restores the mask.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace ntms::platform

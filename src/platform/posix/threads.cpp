// SPDX-License-Identifier: MIT
#include "platform/threads.h"

#include <pthread.h>
#include <signal.h>

#include <utility>

#include "platform/posix/blocked_signals.h"
#include "platform/text.h"

namespace ntms::platform {

Thread start_thread(std::function<void()> body) {
  const BlockedSignals blocked;  // the new thread starts with its creator's mask
  return Thread(std::move(body));
}

void name_current_thread(const char* name) {
  char cut[16] = {};
  copy_ansi(name, cut, sizeof cut);
  pthread_setname_np(pthread_self(), cut);
}

}  // namespace ntms::platform

// SPDX-License-Identifier: MIT
// Being asked to end: Ctrl+C, a lost terminal, a service manager.
#pragma once

#include <chrono>
#include <csignal>

namespace ntms::rsm {

// While one exists, SIGINT, SIGTERM and SIGHUP no longer kill the process but are reported here
// (those that the process ignores, as under nohup, stay ignored). Make it before the first session
// opens, so that the threads of the library inherit the blocked signals, and destroy it, in the
// same thread, after the last has closed. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Waits until a signal arrives (true) or the time is over (false). After a signal every further
  // call returns true at once.
  bool wait_for(std::chrono::milliseconds time);

  // Waits until a signal arrives.
  void wait();

 private:
  sigset_t signals_{};
  sigset_t before_{};
  bool stopped_ = false;
};

}  // namespace ntms::rsm

// SPDX-License-Identifier: MIT
// Being asked to end: Ctrl+C, a lost terminal, a service manager.
#pragma once

#include <chrono>
#include <memory>

namespace ntms::rsm {

// While one exists, what would end the process is reported here instead: SIGINT, SIGTERM and SIGHUP
// on POSIX systems (those that the process ignores, as under nohup, stay ignored); Ctrl+C,
// Ctrl+Break, a closed console, logging off and shutting down on Windows, where for the last three
// the process ends after some seconds in any case. Make it before the first session opens, so that
// the threads of the library inherit the blocked signals, and destroy it, in the same thread, after
// the last has closed. One at a time.
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

  // As if a signal had arrived: for a service manager that calls instead of signalling. Does
  // nothing while there is no StopSignals. Any thread. Windows only.
  static void request();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ntms::rsm

// SPDX-License-Identifier: MIT
// A mutex for variables that live as long as the process.
#pragma once

#ifdef _WIN32
#include "ntms/win32_types.h"
#else
#include <mutex>
#endif

namespace ntms::platform {

// Initialised at compile time and never destroyed, so that it costs a program nothing at its start
// and cannot be gone too early at its end. Meets the standard's BasicLockable.
// Not std::mutex everywhere: mingw's has a constructor and a destructor that run.
#ifdef _WIN32
class StaticMutex {
 public:
  constexpr StaticMutex() = default;
  StaticMutex(const StaticMutex&) = delete;
  StaticMutex& operator=(const StaticMutex&) = delete;

  void lock() { AcquireSRWLockExclusive(&lock_); }
  void unlock() { ReleaseSRWLockExclusive(&lock_); }

 private:
  SRWLOCK lock_ = SRWLOCK_INIT;
};
#else
using StaticMutex = std::mutex;
#endif

}  // namespace ntms::platform

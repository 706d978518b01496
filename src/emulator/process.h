// SPDX-License-Identifier: MIT
// Telling whether the process that started something is still alive.
#pragma once

#include <cstdint>

namespace ntms::emulator {

// A process on this machine. The start time tells it from a later process of the same number.
struct ProcessId {
  std::int64_t number = 0;
  std::int64_t start = 0;  // in units of the system; 0 where it is not known
};

// The calling process. Thread-safe.
ProcessId this_process();

// Whether that process still runs; a zombie does not. Thread-safe. A process in another process
// namespace counts as dead.
bool is_alive(const ProcessId& process);

}  // namespace ntms::emulator

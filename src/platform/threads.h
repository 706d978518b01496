// SPDX-License-Identifier: MIT
// Threads of a guest in foreign programs.
#pragma once

#include <functional>
#include <thread>

namespace ntms::platform {

// Starts a thread in which all signals are blocked from its first instruction, so that the
// program's signal handlers never run in it. `body` must not let an exception escape. The caller
// joins. Throws std::system_error when no thread can be started. Thread safe.
std::thread start_thread(std::function<void()> body);

// Names the calling thread for debuggers; what the system has no room for is cut (15 bytes on
// Linux).
void name_current_thread(const char* name);

}  // namespace ntms::platform

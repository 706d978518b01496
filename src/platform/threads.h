// SPDX-License-Identifier: MIT
// Threads of a guest in foreign programs.
#pragma once

#include <functional>
#include <thread>
#include <utility>

namespace ntms::platform {

#ifdef _WIN32
// As std::thread, but a thread of it keeps the module with its code loaded until it has left it:
// programs may unload the DLL while a detached thread ends.
class Thread {
 public:
  Thread() = default;
  Thread(Thread&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Thread& operator=(Thread&& other) noexcept;
  ~Thread();

  bool joinable() const { return handle_ != nullptr; }
  void join();
  void detach();

 private:
  explicit Thread(void* handle) : handle_(handle) {}
  friend Thread start_thread(std::function<void()> body);

  void* handle_ = nullptr;  // the system's
};
#else
using Thread = std::thread;
#endif

// Starts a thread in which all signals (where there are any) are blocked from its first
// instruction, so that the program's signal handlers never run in it. `body` must not let an
// exception escape. The caller joins. Throws std::system_error when no thread can be started.
// Thread safe.
Thread start_thread(std::function<void()> body);

// Names the calling thread for debuggers; what the system has no room for is cut (15 bytes on
// Linux).
void name_current_thread(const char* name);

}  // namespace ntms::platform

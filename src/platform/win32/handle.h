// SPDX-License-Identifier: MIT
// An owned Windows handle. Inside the platform layer only.
#pragma once

#include <utility>

#include "ntms/win32_types.h"

namespace ntms::platform {

// Closes the handle when it goes. Not thread-safe.
class Handle {
 public:
  Handle() = default;
  // Takes what a Windows function returned; NULL and INVALID_HANDLE_VALUE are both no handle.
  explicit Handle(HANDLE handle) : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    other.reset();
    return *this;
  }
  ~Handle() { reset(); }

  explicit operator bool() const { return handle_ != nullptr; }
  HANDLE get() const { return handle_; }
  HANDLE release() { return std::exchange(handle_, nullptr); }
  void reset() {
    if (handle_ != nullptr) CloseHandle(std::exchange(handle_, nullptr));
  }

 private:
  HANDLE handle_ = nullptr;
};

}  // namespace ntms::platform

// SPDX-License-Identifier: MIT
// What the server knows about a session: who asks, and what is kept as long as it is open.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/guid.h"
#include "platform/identity.h"
#include "server/destination_names.h"

namespace ntms::server {

// Shared by the threads that use the session; the first members are fixed when it is opened, the
// rest may be used by any thread.
struct Session {
  Guid id = Guid::make();   // tells sessions of all processes apart
  std::string application;  // at most 63 characters; "RSM" when the caller gave none
  std::string user;
  std::string computer;
  platform::Standing standing = platform::Standing::none;

  // Whether CloseNtmsSession has been called: whoever still waits in the session's name gives up.
  bool is_closed() const { return closed_.load(std::memory_order_acquire); }
  void close() const { closed_.store(true, std::memory_order_release); }

  // The library this session last queued an eject for; null: none yet.
  Guid last_batch_library() const {
    const std::lock_guard lock(mutex_);
    return last_batch_library_;
  }
  void set_last_batch_library(const Guid& library) const {
    const std::lock_guard lock(mutex_);
    last_batch_library_ = library;
  }

  // Calls `use` with the computers that user interface messages of kind `type` (NTMS_UITYPE_INFO to
  // NTMS_UITYPE_ERR, nothing else) of this session go to, and returns its answer. Nobody else sees
  // or changes them meanwhile.
  template <class F>
  auto with_destinations(std::uint32_t type, F&& use) const {
    const std::lock_guard lock(mutex_);
    return use(destinations_.at(type - 1));
  }

 private:
  mutable std::atomic<bool> closed_{false};
  mutable std::mutex mutex_;
  mutable Guid last_batch_library_;
  mutable std::array<DestinationNames, 3> destinations_;
};

}  // namespace ntms::server

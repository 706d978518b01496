// SPDX-License-Identifier: MIT
// What the server knows about a session: who asks.
#pragma once

#include <mutex>
#include <string>

#include "base/guid.h"
#include "platform/identity.h"

namespace ntms::server {

// Shared by the threads that use the session; all but the last member are fixed when it is opened.
struct Session {
  std::string application;  // at most 63 characters; "RSM" when the caller gave none
  std::string user;
  std::string computer;
  platform::Standing standing = platform::Standing::none;

  // The library this session last queued an eject for; null: none yet.
  Guid last_batch_library() const {
    const std::lock_guard lock(mutex_);
    return last_batch_library_;
  }
  void set_last_batch_library(const Guid& library) const {
    const std::lock_guard lock(mutex_);
    last_batch_library_ = library;
  }

 private:
  mutable std::mutex mutex_;
  mutable Guid last_batch_library_;
};

}  // namespace ntms::server

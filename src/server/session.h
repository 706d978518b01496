// SPDX-License-Identifier: MIT
// What the server knows about a session: who asks, and what is kept as long as it is open.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/guid.h"
#include "platform/identity.h"
#include "server/destination_names.h"

namespace ntms::server {

// An open session. Shared by the threads that use it; the first members are fixed when it is
// opened, the rest may be used by any thread. It holds no rights: each call brings its own
// identity.
struct OpenSession {
  Guid id = Guid::make();   // tells sessions of all processes apart
  std::string application;  // at most 63 characters; "RSM" when the caller gave none
  std::string user;
  std::string computer;
  std::filesystem::path data_directory;

  // Whether CloseNtmsSession has been called: whoever still waits in the session's name gives up.
  bool is_closed() const { return closed_.load(std::memory_order_acquire); }
  void close() const { closed_.store(true, std::memory_order_release); }

  // The identity of the calling thread. Kept until a call has another one: who owns the data
  // directory is looked at then.
  std::shared_ptr<const platform::Identity> caller() const {
    auto key = platform::caller_key();
    const std::lock_guard lock(mutex_);
    if (!caller_ || key != caller_key_) {
      caller_ =
          std::make_shared<const platform::Identity>(platform::caller_identity(data_directory));
      caller_key_ = std::move(key);
    }
    return caller_;
  }

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
  mutable platform::IdentityKey caller_key_;
  mutable std::shared_ptr<const platform::Identity> caller_;
};

// A session as one call uses it: with the identity that the caller had when it began. Made on the
// caller's thread; afterwards any thread may use it, as the leader of a commit does.
class Session {
 public:
  // `open` must outlive the object.
  explicit Session(const OpenSession& open) : Session(open, open.caller()) {}
  Session(const OpenSession& open, std::shared_ptr<const platform::Identity> caller)
      : id(open.id),
        application(open.application),
        user(open.user),
        computer(open.computer),
        open_(open),
        caller_(std::move(caller)) {}

  const Guid& id;
  const std::string& application;
  const std::string& user;
  const std::string& computer;

  // Whose rights count.
  const platform::Identity& caller() const { return *caller_; }

  // As of OpenSession.
  bool is_closed() const { return open_.is_closed(); }
  Guid last_batch_library() const { return open_.last_batch_library(); }
  void set_last_batch_library(const Guid& library) const { open_.set_last_batch_library(library); }
  template <class F>
  auto with_destinations(std::uint32_t type, F&& use) const {
    return open_.with_destinations(type, std::forward<F>(use));
  }

 private:
  const OpenSession& open_;
  const std::shared_ptr<const platform::Identity> caller_;
};

}  // namespace ntms::server

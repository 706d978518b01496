// SPDX-License-Identifier: MIT
// Wake-ups between the processes that work with one data directory.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/error.h"

namespace ntms::platform {

// One process's bell. A wake-up says only "look at the database": several may be one call, and one
// may be lost, so that receivers also look by themselves now and then.
// On POSIX systems a port is a datagram socket "<pid>-<random>.sock" (mode 0660) in the folder
// "wake" of the data directory (created with mode 2770); a datagram of any content rings it. The
// sockets of dead processes are removed by the next one that rings.
// On Windows a port is a UDP socket on 127.0.0.1, made known by the empty file
// "<pid>-<random>-<port>.udp" in that folder, which goes with its process.
class WakePort {
 public:
  // `on_wake` is called on `executor`, whose execution context must outlive the port, once for each
  // burst of wake-ups. It may close or destroy the port, and must not throw.
  // `data_directory` must exist; its length does not matter.
  // Errors: ERROR_ACCESS_DENIED without permission, else ERROR_DATABASE_FAILURE and others as the
  // system's reason demands.
  static Result<std::unique_ptr<WakePort>> open(const boost::asio::any_io_executor& executor,
                                                const std::filesystem::path& data_directory,
                                                std::function<void()> on_wake);

  WakePort(const WakePort&) = delete;
  WakePort& operator=(const WakePort&) = delete;
  ~WakePort();  // closes

  // Wakes every other port of the data directory, also those of this process. Never waits; a
  // receiver that has not yet looked counts as woken. May be called from any thread, also after
  // close().
  void ring_all();

  // Ends the wake-ups and removes the port. Called on `executor` (a strand or a single thread), no
  // call of on_wake follows; from another thread, one that is on its way may still arrive.
  // Thread safe; again has no effect, nor has it in a forked child, where the port is still the
  // parent's (the executor is of no use there either).
  void close();

 private:
  struct Impl;
  explicit WakePort(std::shared_ptr<Impl> impl);

  std::shared_ptr<Impl> impl_;  // shared with the pending receive operation
};

}  // namespace ntms::platform

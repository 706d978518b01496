// SPDX-License-Identifier: MIT
// The one thread on which a device's calls run, for calls that may take far longer than they were
// asked to: a kernel that has lost the way to a device keeps a command until it has given up.
// Whoever sent the command has his answer in time; the thread is left to itself.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "platform/threads.h"
#include "scsi/transport.h"

namespace ntms::transport {

// Starts its thread at the first command; it takes none of the process's signals.
// Thread safety: execute() from any strand.
class DeviceThread {
 public:
  // Carries out one command, blocking. Owns whatever it uses: it may outlive this object.
  using Work = std::function<scsi::Reply(const scsi::Command&)>;

  // `grace`: how much longer than its time-out a command may take.
  DeviceThread(Work work, std::chrono::milliseconds grace);
  // Does not wait for a call that is under way: it goes on, and what it uses goes with its end.
  ~DeviceThread();
  DeviceThread(const DeviceThread&) = delete;
  DeviceThread& operator=(const DeviceThread&) = delete;

  // Carries out a command behind those that were given before. timed_out when it has begun and not
  // ended in time; from then on until it has ended, other commands are not_sent, as is a command
  // that cannot be sent at all or for which the system has no thread. `name` begins the words.
  // This object must outlive the coroutine.
  boost::asio::awaitable<scsi::Reply> execute(std::string name, scsi::Command command);

 private:
  struct Call;
  struct Shared;

  static void run(Shared& shared);
  std::string start();
  bool overdue() const;

  const std::chrono::milliseconds grace_;
  const std::shared_ptr<Shared> shared_;
  platform::Thread thread_;
};

}  // namespace ntms::transport

// SPDX-License-Identifier: MIT
// The one thread on which a device's blocking calls run, so that a hung device stalls only itself.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <mutex>
#include <string>

#include "platform/threads.h"
#include "scsi/transport.h"

namespace ntms::transport {

// Starts its thread at the first use. The thread takes none of the process's signals, which belong
// to the host program. Thread safety: executor() from any thread.
class BlockingThread {
 public:
  using Executor = boost::asio::io_context::executor_type;

  BlockingThread();
  // Waits for the call that is running, if any; those still waiting are never made.
  ~BlockingThread();
  BlockingThread(const BlockingThread&) = delete;
  BlockingThread& operator=(const BlockingThread&) = delete;

  // Where to post blocking work; it is done in order. Throws std::system_error when the system has
  // no thread to give.
  Executor executor();

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<Executor> work_;
  std::once_flag started_;
  platform::Thread thread_;
};

// Carries a command out by `run`, which blocks, on a device's thread. A command that no transport
// can send, or for which the system has no thread, is answered with the reason behind `name` and
// never reaches `run`. The thread, and whatever `run` refers to, must outlive the coroutine.
boost::asio::awaitable<scsi::Reply> execute_on(
    BlockingThread& thread, std::string name, scsi::Command command,
    std::function<scsi::Reply(const scsi::Command&)> run);

}  // namespace ntms::transport

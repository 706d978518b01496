// SPDX-License-Identifier: MIT
// The one thread on which a device's blocking calls run, so that a hung device stalls only itself.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <mutex>

#include "platform/threads.h"

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

}  // namespace ntms::transport

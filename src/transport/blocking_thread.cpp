// SPDX-License-Identifier: MIT
// An io_context of one thread, with the signals kept out.
#include "transport/blocking_thread.h"

namespace ntms::transport {

BlockingThread::BlockingThread() : context_(1), work_(context_.get_executor()) {}

BlockingThread::~BlockingThread() {
  work_.reset();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

BlockingThread::Executor BlockingThread::executor() {
  std::call_once(started_,
                 [this] { thread_ = platform::start_thread([this] { context_.run(); }); });
  return context_.get_executor();
}

}  // namespace ntms::transport

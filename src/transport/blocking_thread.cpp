// SPDX-License-Identifier: MIT
// An io_context of one thread, with the signals kept out.
#include "transport/blocking_thread.h"

#ifndef _WIN32
#include <pthread.h>
#include <signal.h>
#endif

namespace ntms::transport {
namespace {

// Blocks every signal in the calling thread, and so in the threads it starts, until destroyed.
class SignalsBlocked {
 public:
#ifdef _WIN32
  SignalsBlocked() = default;
#else
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
#endif
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

#ifndef _WIN32
 private:
  sigset_t before_{};
#endif
};

}  // namespace

BlockingThread::BlockingThread() : context_(1), work_(context_.get_executor()) {}

BlockingThread::~BlockingThread() {
  work_.reset();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

BlockingThread::Executor BlockingThread::executor() {
  std::call_once(started_, [this] {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { context_.run(); });
  });
  return context_.get_executor();
}

}  // namespace ntms::transport

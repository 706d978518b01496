// SPDX-License-Identifier: MIT
// An io_context of one thread, with the signals kept out.
#include "transport/blocking_thread.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "transport/check.h"

namespace ntms::transport {
namespace asio = boost::asio;

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

asio::awaitable<scsi::Reply> execute_on(BlockingThread& thread, std::string name,
                                        scsi::Command command,
                                        std::function<scsi::Reply(const scsi::Command&)> run) {
  std::optional<BlockingThread::Executor> executor;
  std::string reason = reason_not_to_send(command);
  if (reason.empty()) {
    try {
      executor = thread.executor();
    } catch (const std::system_error& error) {
      reason = name + ": no thread for the device: " + error.what();
    }
  }
  if (!executor) co_return not_sent(std::move(reason));
  // No capture: a coroutine's lambda may be gone before its frame. This frame outlives that one.
  auto work = [](const std::function<scsi::Reply(const scsi::Command&)>& call,
                 const scsi::Command& sent) -> asio::awaitable<scsi::Reply> {
    co_return call(sent);
  };
  co_return co_await asio::co_spawn(*executor, work(run, command), asio::use_awaitable);
}

}  // namespace ntms::transport

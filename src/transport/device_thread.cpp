// SPDX-License-Identifier: MIT
#include "transport/device_thread.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include "transport/check.h"

namespace asio = boost::asio;

namespace ntms::transport {

using std::chrono::steady_clock;

// One command, shared by the coroutine that waits for it and the thread.
struct DeviceThread::Call {
  scsi::Command command;

  std::mutex mutex;                       // guards what follows
  asio::steady_timer* waiting = nullptr;  // of the coroutine; null when nobody waits any more
  asio::any_io_executor executor;         // where the coroutine runs
  std::optional<steady_clock::time_point> begun;
  std::optional<scsi::Reply> reply;

  // Nobody waits from now on. The executor must not be touched later: it may be gone.
  void leave() {
    const std::lock_guard lock(mutex);
    waiting = nullptr;
    executor = {};
  }

  // False when nobody waits for it any more: then it must not be carried out.
  bool begin() {
    const std::lock_guard lock(mutex);
    if (waiting == nullptr) return false;
    begun = steady_clock::now();
    return true;
  }
};

struct DeviceThread::Shared {
  explicit Shared(Work to_do) : work(std::move(to_do)) {}

  const Work work;
  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::deque<std::shared_ptr<Call>> calls;
  bool busy = false;
  bool overdue = false;  // the call under way has been given up
  bool closed = false;
};

DeviceThread::DeviceThread(Work work, std::chrono::milliseconds grace)
    : grace_(grace), shared_(std::make_shared<Shared>(std::move(work))) {}

DeviceThread::~DeviceThread() {
  bool busy = false;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->closed = true;
    busy = shared_->busy;
  }
  shared_->changed.notify_all();
  if (!thread_.joinable()) return;
  busy ? thread_.detach() : thread_.join();
}

// Why there is no thread; empty when there is one.
std::string DeviceThread::start() {
  const std::lock_guard lock(shared_->mutex);
  if (thread_.joinable()) return {};
  try {
    thread_ = platform::start_thread([shared = shared_] { run(*shared); });
  } catch (const std::system_error& error) {
    return std::string("no thread for the device: ") + error.what();
  }
  return {};
}

void DeviceThread::run(Shared& shared) {
  for (;;) {
    std::shared_ptr<Call> call;
    {
      std::unique_lock lock(shared.mutex);
      shared.changed.wait(lock, [&] { return shared.closed || !shared.calls.empty(); });
      if (shared.closed) return;
      call = std::move(shared.calls.front());
      shared.calls.pop_front();
      if (!call->begin()) continue;
      shared.busy = true;
    }
    scsi::Reply reply;
    try {
      reply = shared.work(call->command);
    } catch (const std::bad_alloc&) {
      reply.delivery = scsi::Delivery::link_lost;  // before the command was sent, or after
      reply.detail = "there is not enough memory";
    }
    {
      const std::lock_guard lock(shared.mutex);
      shared.busy = shared.overdue = false;
    }
    const std::lock_guard lock(call->mutex);
    if (call->waiting == nullptr) continue;
    call->reply = std::move(reply);
    // The timer is the coroutine's, on whose executor it is touched.
    asio::post(call->executor, [call] {
      const std::lock_guard guard(call->mutex);
      if (call->waiting != nullptr) call->waiting->expires_at(steady_clock::time_point::min());
    });
  }
}

bool DeviceThread::overdue() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->overdue;
}

asio::awaitable<scsi::Reply> DeviceThread::execute(std::string name, scsi::Command command) {
  constexpr const char* kOverdue = ": the system has not given back an earlier command";
  std::string reason = reason_not_to_send(command);
  if (reason.empty() && overdue()) reason = name + kOverdue;
  if (reason.empty()) {
    if (const std::string trouble = start(); !trouble.empty()) reason = name + ": " + trouble;
  }
  if (!reason.empty()) co_return not_sent(std::move(reason));

  const auto limit = command.timeout + grace_;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto call = std::make_shared<Call>();
  call->command = std::move(command);
  call->waiting = &timer;
  call->executor = timer.get_executor();
  // However this coroutine ends: behind the timer, so that it goes before it.
  struct Leave {
    Call& call;
    ~Leave() { call.leave(); }
  } leave{*call};
  timer.expires_after(limit);
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->calls.push_back(call);
  }
  shared_->changed.notify_all();
  for (;;) {
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const bool hindered = overdue();
    std::optional<steady_clock::time_point> begun;
    {
      const std::lock_guard lock(call->mutex);
      if (call->reply) co_return std::move(*call->reply);
      begun = call->begun;
      if (!begun && hindered) call->waiting = nullptr;  // it will not be begun
    }
    if (!begun && hindered) co_return not_sent(name + kOverdue);
    if (begun && steady_clock::now() >= *begun + limit) break;
    timer.expires_at(begun ? *begun + limit : steady_clock::now() + limit);
  }
  {
    const std::scoped_lock lock(shared_->mutex, call->mutex);
    if (call->reply) co_return std::move(*call->reply);
    shared_->overdue = shared_->busy;
  }
  scsi::Reply reply;
  reply.delivery = scsi::Delivery::timed_out;
  reply.detail = name + ": the command has not come back within its time-out";
  co_return reply;
}

}  // namespace ntms::transport

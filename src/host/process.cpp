// SPDX-License-Identifier: MIT
#include "host/process.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#ifndef _WIN32
#include <pthread.h>
#endif

#include "platform/files.h"
#include "platform/module.h"
#include "platform/system.h"
#include "server/access.h"

namespace ntms::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kReadyLimit{60000};
constexpr milliseconds kStopLimit{4500};
constexpr std::size_t kApplicationLength = 63;
// Handle values look like the system's: multiples of four, and not the first few.
constexpr std::uintptr_t kFirstHandle = 0x4E0;

// What belongs to a session beside it: a notification channel, or a change detection (no channel).
struct Bound {
  std::uintptr_t session = 0;
  std::shared_ptr<server::NotificationChannel> channel;
};

struct State {
  std::mutex mutex;
  std::condition_variable changed;
  std::shared_ptr<Server> server;
  std::shared_ptr<Server> leaving;  // a server whose last motion has not ended yet
  std::size_t users = 0;            // sessions and calls of open_session under way
  std::size_t calls = 0;            // other calls under way
  bool stopping = false;            // a server is being stopped; the lock is not held meanwhile
  std::map<std::uintptr_t, std::shared_ptr<const server::OpenSession>> sessions;
  std::map<std::uintptr_t, Bound> bound;
  std::uintptr_t next = kFirstHandle;

  std::uintptr_t take_handle() {
    const std::uintptr_t handle = next;
    next += 4;
    return handle;
  }
};

// Lives from the first use to the end of the process; deliberately never destroyed, because other
// threads may be in it when the process ends. A forked child gets a new one: threads, locks and
// database connections of its parent are none of its own.
constinit std::atomic<State*> g_state{nullptr};

#ifndef _WIN32
void forget_in_child() {
  g_state.store(nullptr, std::memory_order_relaxed);
}
#endif

State& state() {
  State* current = g_state.load(std::memory_order_acquire);
  if (current != nullptr) return *current;
  auto fresh = std::make_unique<State>();
#ifndef _WIN32
  static constinit std::atomic<bool> registered{false};
  if (!registered.exchange(true)) pthread_atfork(nullptr, nullptr, &forget_in_child);
#endif
  if (!g_state.compare_exchange_strong(current, fresh.get())) return *current;
  platform::keep_module_loaded();
  return *fresh.release();
}

// Cuts at a character boundary.
std::string shortened(std::string text) {
  if (text.size() <= kApplicationLength) return text;
  std::size_t end = kApplicationLength;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

// Stops the server and remembers one that goes on in the background. The caller has set `stopping`
// and does not hold the lock.
void stop_server(State& all, std::shared_ptr<Server> last, milliseconds limit) noexcept {
  bool ended = false;
  try {
    ended = last->stop(limit);
  } catch (const std::exception&) {
    ended = false;  // no memory: the next one to open a session tries again
  }
  const std::lock_guard lock(all.mutex);
  if (ended) {
    last.reset();  // closes its files before another server may open them
  } else {
    all.leaving = std::move(last);
  }
  all.stopping = false;
  all.changed.notify_all();
}

// Gives up one use of the server, counted by `count`; the last one stops it. Called without the
// lock.
void release_use(State& all, std::size_t State::*count, milliseconds limit) noexcept {
  std::shared_ptr<Server> last;
  {
    const std::lock_guard lock(all.mutex);
    --(all.*count);
    all.changed.notify_all();
    if (all.users != 0 || all.calls != 0) return;
    all.stopping = true;
    last = std::move(all.server);
    all.server.reset();
  }
  stop_server(all, std::move(last), limit);
}

// Waits, at most until `deadline`, for the calls under way, so that the last close is the one who
// stops the server. Not when somebody opens a session again.
void wait_for_calls(State& all, steady_clock::time_point deadline) {
  std::unique_lock lock(all.mutex);
  all.changed.wait_until(lock, deadline, [&] { return all.calls == 0 || !all.sessions.empty(); });
}

// The server of this process, started if necessary, with one use taken; it stays until that is
// given back. Nobody but the state holds it: the last one to let go of it would close its files.
Result<Server*> use_server(State& all) {
  auto directory = platform::data_directory();
  if (!directory) return directory.error();
  std::unique_lock lock(all.mutex);
  // Two servers on one directory in one process would release each other's file locks.
  all.changed.wait(lock, [&] { return !all.stopping; });
  while (all.leaving) {
    all.stopping = true;
    std::shared_ptr<Server> leaving = std::move(all.leaving);
    all.leaving.reset();
    lock.unlock();
    stop_server(all, std::move(leaving), kReadyLimit);
    lock.lock();
    if (all.leaving) return fail(ERROR_NOT_READY, "the arm is still moving for the last session");
    all.changed.wait(lock, [&] { return !all.stopping; });
  }
  if (!all.server) {
    auto started = Server::start(*directory);
    if (!started) return started.error();
    all.server = std::move(*started);
  }
  ++all.users;
  return all.server.get();
}

// The state of this process, if it has any: handles are invalid without.
State* existing_state() {
  return g_state.load(std::memory_order_acquire);
}

// Counts a call under way. The caller holds the lock, and a session is open.
ServerUse count_call(State& all) {
  ++all.calls;
  return ServerUse(*all.server);
}

Error no_handle(const char* what) {
  return fail(ERROR_INVALID_HANDLE, what);
}

// Binds something to an open session.
Result<std::uintptr_t> bind(std::uintptr_t session,
                            std::shared_ptr<server::NotificationChannel> channel) {
  State* const all = existing_state();
  if (all == nullptr) return no_handle("not an open session");
  const std::lock_guard lock(all->mutex);
  if (!all->sessions.contains(session)) return no_handle("not an open session");
  const std::uintptr_t handle = all->next;
  all->bound.emplace(handle, Bound{session, std::move(channel)});
  return all->take_handle();
}

}  // namespace

ServerUse::~ServerUse() {
  State* const all = existing_state();
  if (server_ == nullptr || all == nullptr) return;
  release_use(*all, &State::calls, kStopLimit);
}

Result<std::uintptr_t> open_session(std::string application) {
  State& all = state();
  const auto server = use_server(all);
  if (!server) return server.error();
  struct Use {
    State* all;
    ~Use() {
      if (all != nullptr) release_use(*all, &State::users, kStopLimit);
    }
  } use{&all};
  if (const auto ready = (*server)->wait_ready(kReadyLimit); !ready) return ready.error();
  auto session = std::make_shared<server::OpenSession>();
  session->application = application.empty() ? "RSM" : shortened(std::move(application));
  session->user = platform::user_name();
  session->computer = platform::computer_name();
  session->data_directory = (*server)->directory();
  if (const auto allowed =
          server::check_computer((*server)->database(), server::Session(*session), NTMS_USE_ACCESS);
      !allowed) {
    return allowed.error();
  }
  const std::lock_guard lock(all.mutex);
  all.sessions.emplace(all.next, std::move(session));
  all.changed.notify_all();
  use.all = nullptr;  // the session has it now
  return all.take_handle();
}

Result<void> close_session(std::uintptr_t handle) {
  const auto deadline = steady_clock::now() + kStopLimit;
  State* const all = existing_state();
  if (all == nullptr) return no_handle("not an open session");
  Server* server = nullptr;
  bool last = false;
  {
    const std::lock_guard lock(all->mutex);
    const auto session = all->sessions.find(handle);
    if (session == all->sessions.end()) return no_handle("not an open session");
    session->second->close();
    all->sessions.erase(session);
    last = all->sessions.empty();
    for (auto bound = all->bound.begin(); bound != all->bound.end();) {
      if (bound->second.session != handle) {
        ++bound;
        continue;
      }
      if (bound->second.channel) bound->second.channel->close();
      bound = all->bound.erase(bound);
    }
    server = all->server.get();  // the session's use is given up below
  }
  server->wake_waiters();
  if (last) wait_for_calls(*all, deadline);
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
  release_use(*all, &State::users, std::max(left, milliseconds(0)));
  return {};
}

std::optional<SessionUse> find_session(std::uintptr_t handle) {
  State* const all = existing_state();
  if (all == nullptr) return std::nullopt;
  const std::lock_guard lock(all->mutex);
  const auto session = all->sessions.find(handle);
  if (session == all->sessions.end()) return std::nullopt;
  return SessionUse{count_call(*all), session->second};
}

std::optional<ServerUse> use_current_server() {
  State* const all = existing_state();
  if (all == nullptr) return std::nullopt;
  const std::lock_guard lock(all->mutex);
  if (all->sessions.empty()) return std::nullopt;
  return count_call(*all);
}

Result<std::uintptr_t> add_channel(std::uintptr_t session,
                                   std::shared_ptr<server::NotificationChannel> channel) {
  return bind(session, std::move(channel));
}

std::optional<ChannelUse> find_channel(std::uintptr_t handle) {
  State* const all = existing_state();
  if (all == nullptr) return std::nullopt;
  const std::lock_guard lock(all->mutex);
  const auto found = all->bound.find(handle);
  if (found == all->bound.end() || !found->second.channel) return std::nullopt;
  return ChannelUse{count_call(*all), found->second.channel};
}

Result<void> close_channel(std::uintptr_t handle) {
  const auto use = find_channel(handle);
  if (!use) return no_handle("not a notification channel");
  State* const all = existing_state();
  {
    const std::lock_guard lock(all->mutex);
    if (all->bound.erase(handle) == 0) return no_handle("not a notification channel");
  }
  use->channel->close();
  use->server->wake_waiters();
  return {};
}

Result<std::uintptr_t> add_detection(std::uintptr_t session) {
  return bind(session, nullptr);
}

bool is_detection(std::uintptr_t session, std::uintptr_t handle) {
  State* const all = existing_state();
  if (all == nullptr) return false;
  const std::lock_guard lock(all->mutex);
  const auto found = all->bound.find(handle);
  return found != all->bound.end() && !found->second.channel && found->second.session == session;
}

Result<void> close_detection(std::uintptr_t session, std::uintptr_t handle) {
  if (!is_detection(session, handle)) return no_handle("not a change detection of the session");
  State* const all = existing_state();
  const std::lock_guard lock(all->mutex);
  if (all->bound.erase(handle) == 0) return no_handle("not a change detection of the session");
  return {};
}

}  // namespace ntms::host

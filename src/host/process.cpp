// SPDX-License-Identifier: MIT
#include "host/process.h"

#include <condition_variable>
#include <map>
#include <mutex>

#ifndef _WIN32
#include <pthread.h>
#endif

#include "platform/files.h"
#include "platform/identity.h"
#include "platform/system.h"
#include "server/access.h"

namespace ntms::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReadyLimit{60000};
constexpr milliseconds kStopLimit{4500};
constexpr std::size_t kApplicationLength = 63;
// Handle values look like the system's: multiples of four, and not the first few.
constexpr std::uintptr_t kFirstHandle = 0x4E0;

struct State {
  std::mutex mutex;
  std::condition_variable changed;
  std::shared_ptr<Server> server;
  std::shared_ptr<Server> leaving;  // a server whose last motion has not ended yet
  std::size_t users = 0;            // sessions and calls of open_session under way
  bool stopping = false;
  std::map<std::uintptr_t, std::shared_ptr<const server::Session>> sessions;
  std::uintptr_t next = kFirstHandle;
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
  if (g_state.compare_exchange_strong(current, fresh.get())) return *fresh.release();
  return *current;
}

// Cuts at a character boundary.
std::string shortened(std::string text) {
  if (text.size() <= kApplicationLength) return text;
  std::size_t end = kApplicationLength;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

// Gives up one use of the server; the last one stops it. Called without the lock.
void release_use(State& all) {
  std::unique_lock lock(all.mutex);
  if (--all.users != 0) return;
  all.stopping = true;
  std::shared_ptr<Server> last = std::move(all.server);
  all.server.reset();
  lock.unlock();
  const bool ended = last->stop(kStopLimit);
  lock.lock();
  if (!ended) all.leaving = std::move(last);
  all.stopping = false;
  all.changed.notify_all();
}

// The server of this process, started if necessary, with one use taken.
Result<std::shared_ptr<Server>> use_server(State& all) {
  auto directory = platform::data_directory();
  if (!directory) return directory.error();
  std::unique_lock lock(all.mutex);
  // Two servers on one directory in one process would release each other's file locks.
  all.changed.wait(lock, [&] { return !all.stopping; });
  if (all.leaving) {
    if (!all.leaving->stop(kReadyLimit)) {
      return fail(ERROR_NOT_READY, "the arm is still moving for the previous session");
    }
    all.leaving.reset();
  }
  if (!all.server) {
    auto started = Server::start(*directory);
    if (!started) return started.error();
    all.server = std::move(*started);
  }
  ++all.users;
  return all.server;
}

}  // namespace

Result<std::uintptr_t> open_session(std::string application) {
  State& all = state();
  auto server = use_server(all);
  if (!server) return server.error();
  struct Use {
    State* all;
    ~Use() {
      if (all != nullptr) release_use(*all);
    }
  } use{&all};
  if (const auto ready = (*server)->wait_ready(kReadyLimit); !ready) return ready.error();
  auto session = std::make_shared<server::Session>();
  session->application = application.empty() ? "RSM" : shortened(std::move(application));
  session->user = platform::user_name();
  session->computer = platform::computer_name();
  session->standing = platform::standing_of_caller((*server)->directory());
  if (const auto allowed = server::check_access(*session, NTMS_USE_ACCESS); !allowed) {
    return allowed.error();
  }
  const std::lock_guard lock(all.mutex);
  const std::uintptr_t handle = all.next;
  all.sessions.emplace(handle, std::move(session));
  all.next += 4;
  use.all = nullptr;  // the session has it now
  return handle;
}

Result<void> close_session(std::uintptr_t handle) {
  State& all = state();
  {
    const std::lock_guard lock(all.mutex);
    if (all.sessions.erase(handle) == 0) {
      return fail(ERROR_INVALID_HANDLE, "not an open session");
    }
  }
  release_use(all);
  return {};
}

std::optional<SessionUse> find_session(std::uintptr_t handle) {
  State* const all = g_state.load(std::memory_order_acquire);
  if (all == nullptr) return std::nullopt;
  const std::lock_guard lock(all->mutex);
  const auto session = all->sessions.find(handle);
  if (session == all->sessions.end()) return std::nullopt;
  return SessionUse{all->server, session->second};
}

std::shared_ptr<Server> current_server() {
  State* const all = g_state.load(std::memory_order_acquire);
  if (all == nullptr) return nullptr;
  const std::lock_guard lock(all->mutex);
  return all->server;
}

}  // namespace ntms::host

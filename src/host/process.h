// SPDX-License-Identifier: MIT
// The sessions of this process and the server behind them, and what is bound to a session. The
// library is a guest in foreign processes: the first session starts everything, the last one ends
// it, and nothing is left that would run at exit.
//
// Handle values of sessions, notification channels and change detections come from one counter: a
// value names one thing only, for the life of the process. None of them is valid in a process
// forked from the one that opened it. All functions are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "host/server.h"
#include "server/notification_channel.h"
#include "server/session.h"

namespace ntms::host {

// The server as a call under way uses it. It is not stopped before every use is given back: a
// second server beside it would lose its file locks when this one closes its files. Giving back the
// last use after the last session was closed stops the server, which takes at most five seconds.
class ServerUse {
 public:
  explicit ServerUse(Server& server) : server_(&server) {}  // the caller has counted the use
  ServerUse(ServerUse&& other) noexcept : server_(std::exchange(other.server_, nullptr)) {}
  ServerUse& operator=(ServerUse&&) = delete;
  ~ServerUse();

  Server& operator*() const { return *server_; }
  Server* operator->() const { return server_; }

 private:
  Server* server_;
};

// An open session as a call uses it.
struct SessionUse {
  ServerUse server;
  std::shared_ptr<const server::OpenSession> session;
};

// An open notification channel as a call uses it.
struct ChannelUse {
  ServerUse server;
  std::shared_ptr<server::NotificationChannel> channel;
};

// Opens a session for `application` (empty: "RSM") on this computer and returns its handle value,
// never 0 or -1. Waits at most 60 seconds for the devices to be configured.
// Errors: ERROR_NOT_READY, ERROR_ACCESS_DENIED, ERROR_DATABASE_FAILURE, ERROR_DATABASE_FULL,
// ERROR_NOT_ENOUGH_MEMORY, RPC_S_NO_INTERFACES.
Result<std::uintptr_t> open_session(std::string application);

// Closes it, with its notification channels and change detections, and makes the calls that wait
// in its name return. The last close waits for the calls under way and stops the server; it returns
// within five seconds even when the arm is moving.
// Error: ERROR_INVALID_HANDLE.
Result<void> close_session(std::uintptr_t handle);

// The session behind a handle value; nothing for values that are none and for closed sessions.
std::optional<SessionUse> find_session(std::uintptr_t handle);

// The server of this process, if a session is open; for messages of calls without a session.
std::optional<ServerUse> use_current_server();

// Binds a notification channel to a session and returns its handle value.
// Error: ERROR_INVALID_HANDLE when the session is no longer open.
Result<std::uintptr_t> add_channel(std::uintptr_t session,
                                   std::shared_ptr<server::NotificationChannel> channel);

// The channel behind a handle value; nothing for values that are none.
std::optional<ChannelUse> find_channel(std::uintptr_t handle);

// Closes a channel and makes the calls that wait for it return.
// Error: ERROR_INVALID_HANDLE.
Result<void> close_channel(std::uintptr_t handle);

// Begins a change detection of a session and returns its handle value.
// Error: ERROR_INVALID_HANDLE when the session is no longer open.
Result<std::uintptr_t> add_detection(std::uintptr_t session);

// Whether a handle value is a change detection of this session.
bool is_detection(std::uintptr_t session, std::uintptr_t handle);

// Ends a change detection. Error: ERROR_INVALID_HANDLE when it is none of this session.
Result<void> close_detection(std::uintptr_t session, std::uintptr_t handle);

}  // namespace ntms::host

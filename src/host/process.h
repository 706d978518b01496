// SPDX-License-Identifier: MIT
// The sessions of this process and the server behind them. The library is a guest in foreign
// processes: the first session starts everything, the last one ends it, and nothing is left that
// would run at exit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "host/server.h"
#include "server/session.h"

namespace ntms::host {

// An open session as a call uses it. Keeps the server alive while the call lasts.
struct SessionUse {
  std::shared_ptr<Server> server;
  std::shared_ptr<const server::Session> session;
};

// Opens a session for `application` (empty: "RSM") on this computer and returns its handle value,
// never 0 or -1. Waits at most 60 seconds for the devices to be configured.
// Errors: ERROR_NOT_READY, ERROR_ACCESS_DENIED, ERROR_DATABASE_FAILURE, ERROR_DATABASE_FULL,
// ERROR_NOT_ENOUGH_MEMORY, RPC_S_NO_INTERFACES. Thread-safe.
Result<std::uintptr_t> open_session(std::string application);

// Closes it. The last close returns within five seconds even when the arm is moving.
// Error: ERROR_INVALID_HANDLE. Thread-safe.
Result<void> close_session(std::uintptr_t handle);

// The session behind a handle value; nothing for values that are none, for closed sessions, and in
// a process forked from the one that opened it. Thread-safe.
std::optional<SessionUse> find_session(std::uintptr_t handle);

// The server of this process, if a session is open; for messages of calls without a session.
std::shared_ptr<Server> current_server();

}  // namespace ntms::host

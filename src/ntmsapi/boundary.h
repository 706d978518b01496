// SPDX-License-Identifier: MIT
// The edge between foreign programs and the server: handles become sessions, results become Win32
// codes, and no exception gets out.
#pragma once

#include <ntmsapi.h>

#include <memory>
#include <type_traits>

#include "base/error.h"
#include "host/process.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::abi {

// What an export works with once its session handle has been found valid. The references stay
// valid while the call lasts, also when another thread closes the session meanwhile. The session
// has the identity that the calling thread had when the call began.
struct Call {
  store::Database& database;
  const server::Session& session;
  host::Server& server;
};

// The same for an export that takes a notification handle.
struct ChannelCall {
  store::Database& database;
  server::NotificationChannel& channel;
  host::Server& server;
};

namespace detail {
DWORD run(HANDLE session, const char* name, void* body,
          Result<void> (*invoke)(void* body, Call& call)) noexcept;
DWORD run_on_channel(HANDLE notification, const char* name, void* body,
                     Result<void> (*invoke)(void* body, ChannelCall& call)) noexcept;
DWORD run_bare(void* body, Result<void> (*invoke)(void* body)) noexcept;
}  // namespace detail

// Runs the body of an export, a callable Result<void>(Call&). Returns ERROR_INVALID_HANDLE when
// `session` is not an open session of this process, ERROR_NOT_ENOUGH_MEMORY when memory ran out,
// else the code of the body's result. Never throws. `name` is the export's name, for the log.
// The body is passed by reference: wrapping it could run out of memory outside of the boundary.
template <class Body>
DWORD run(HANDLE session, const char* name, Body&& body) noexcept {
  using Callable = std::remove_reference_t<Body>;
  return detail::run(session, name, const_cast<void*>(static_cast<const void*>(&body)),
                     [](void* callable, Call& call) -> Result<void> {
                       return (*static_cast<Callable*>(callable))(call);
                     });
}

// The same for a body Result<void>(ChannelCall&) and a notification handle.
template <class Body>
DWORD run_on_channel(HANDLE notification, const char* name, Body&& body) noexcept {
  using Callable = std::remove_reference_t<Body>;
  return detail::run_on_channel(notification, name,
                                const_cast<void*>(static_cast<const void*>(&body)),
                                [](void* callable, ChannelCall& call) -> Result<void> {
                                  return (*static_cast<Callable*>(callable))(call);
                                });
}

// The same for a body Result<void>() that looks after its handles itself.
template <class Body>
DWORD run_bare(Body&& body) noexcept {
  using Callable = std::remove_reference_t<Body>;
  return detail::run_bare(
      const_cast<void*>(static_cast<const void*>(&body)),
      [](void* callable) -> Result<void> { return (*static_cast<Callable*>(callable))(); });
}

// A handle is a number, never a pointer that anybody follows.
inline std::uintptr_t to_value(HANDLE handle) {
  return reinterpret_cast<std::uintptr_t>(handle);
}
inline HANDLE to_handle(std::uintptr_t value) {
  return reinterpret_cast<HANDLE>(value);  // NOLINT(performance-no-int-to-ptr)
}

// What a required pointer that is NULL gives. `what` is the parameter's name.
inline Error missing(const char* what) {
  return fail(ERROR_INVALID_PARAMETER, std::string(what) + " is missing");
}

// The GUID behind a pointer of the caller, by value.
inline Guid to_guid(const NTMS_GUID& id) {
  Guid guid;
  static_assert(sizeof(id) == sizeof(guid.bytes));
  std::memcpy(guid.bytes.data(), &id, sizeof id);
  return guid;
}

inline NTMS_GUID from_guid(const Guid& id) {
  NTMS_GUID guid;
  std::memcpy(&guid, id.bytes.data(), sizeof guid);
  return guid;
}

// Writes an operation's id to the caller, if there is one; a failed call writes nothing.
inline Result<void> hand_out(const Result<Guid>& operation, LPNTMS_GUID out) {
  if (!operation) return operation.error();
  *out = from_guid(*operation);
  return {};
}

}  // namespace ntms::abi

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
// valid while the call lasts, also when another thread closes the session meanwhile.
struct Call {
  store::Database& database;
  const server::Session& session;
  host::Server& server;
};

namespace detail {
DWORD run(HANDLE session, const char* name, void* body,
          Result<void> (*invoke)(void* body, Call& call)) noexcept;
}

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

}  // namespace ntms::abi

// SPDX-License-Identifier: MIT
// The order of queued mounts and the removal of finished requests (contract:
// functions-library-control 9 to 11, concepts 15). Rows only: the owner of the robots reads them
// when it next looks for something to start.
#pragma once

#include <cstdint>
#include <span>

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Requests on behalf of a session. Holds references only. Thread safety: all functions may be
// called from any thread. A failed call changes nothing.
class RequestManagement {
 public:
  // Both must outlive the object.
  RequestManagement(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // GetNtmsRequestOrder: the place, from 1, of an unfinished mount among the unfinished mounts of
  // its library; 0 for finished mounts and every other kind of request.
  // Errors: ERROR_OBJECT_NOT_FOUND, then ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS.
  Result<std::uint32_t> order(const Guid& request) const;

  // SetNtmsRequestOrder: moves an unfinished mount to place `order` (beyond the last: to the end)
  // and numbers the mounts of its library anew from 1. Nothing happens to requests without an
  // order. Errors: ERROR_INVALID_PARAMETER when `order` is 0, then as order().
  Result<void> set_order(const Guid& request, std::uint32_t order) const;

  // DeleteNtmsRequests: deletes those of the requests that are finished or answered; unknown ones
  // and others are passed over.
  //   type  NTMS_LIBREQUEST or NTMS_OPREQUEST, else ERROR_INVALID_PARAMETER
  // Errors: ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS.
  Result<void> remove(std::uint32_t type, std::span<const Guid> requests) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

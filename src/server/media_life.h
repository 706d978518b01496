// SPDX-License-Identifier: MIT
// The life of an allocated side, and the end of a medium (contract: functions-media-services 4, 5,
// 9, 10 and 11; concepts 6).
#pragma once

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Media on behalf of a session. Holds references only. Thread safety: all functions may be called
// from any thread. A failed call changes nothing. "In use" is any MediaState but
// NTMS_MEDIASTATE_IDLE.
class MediaLife {
 public:
  // Both must outlive the object.
  MediaLife(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // DeallocateNtmsMedia: the logical medium ceases to exist, its side is AVAILABLE, or
  // DECOMMISSIONED when its pool allows no further allocation. With the last side of the medium
  // that was allocated, the reserved ones are AVAILABLE too; then, by the pool's policy, the medium
  // goes back to the free pool of its type (operations/free_pool.h), unless that does not exist or
  // a side is DECOMMISSIONED. Errors, in this order: ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED
  // without NTMS_CONTROL_ACCESS to the pool or, going back, the right to put into the free pool.
  Result<void> deallocate(const Guid& logical_medium) const;

  // SwapNtmsMedia: the two logical media exchange their sides.
  // Errors, in this order: ERROR_INVALID_MEDIA for an unknown one, and for the same one twice;
  // ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS to the pools; ERROR_INVALID_MEDIA_POOL when they
  // are in different ones; ERROR_INVALID_MEDIA when a medium is in use; ERROR_INVALID_STATE when a
  // side is not ALLOCATED.
  Result<void> swap(const Guid& first, const Guid& second) const;

  // DecommissionNtmsMedia: an available side, online or offline, is never allocated again.
  // Errors, in this order: ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS,
  // ERROR_INVALID_STATE when it is disabled or not AVAILABLE.
  Result<void> decommission(const Guid& side) const;

  // SetNtmsMediaComplete: nothing is written on the side any more.
  // Errors, in this order: ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS,
  // ERROR_INVALID_STATE when it is not ALLOCATED or its medium is in use.
  Result<void> set_complete(const Guid& logical_medium) const;

  // DeleteNtmsMedia: forgets an offline medium. Its unfinished requests end INVALID, people are no
  // longer asked to bring it.
  // Errors, in this order: ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS to
  // the pool and the computer, ERROR_INVALID_STATE when it is not in the offline library or a side
  // is ALLOCATED, COMPLETE or RESERVED.
  Result<void> remove(const Guid& medium) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

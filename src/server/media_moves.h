// SPDX-License-Identifier: MIT
// Media that change their pool (contract: functions-media-services 8 and 16, concepts 5.1).
#pragma once

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Media on behalf of a session. Holds references only. Thread safety: all functions may be called
// from any thread. A failed call changes nothing.
//
// A move to a free pool is queued (operations/free_pool.h); all others are done with the call,
// logical media and all. A move to where the medium is already changes nothing, except for free
// media, which cannot be moved to the free pool.
class MediaMoves {
 public:
  // Both must outlive the object.
  MediaMoves(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // MoveToNtmsMediaPool.
  // Errors, in this order: ERROR_INVALID_MEDIA for an unknown medium, ERROR_INVALID_MEDIA_POOL for
  // an unknown pool, ERROR_ACCESS_DENIED without the rights to move from the one pool to the other,
  // ERROR_INVALID_MEDIA_POOL for a move that the kinds of the pools do not allow,
  // ERROR_MEDIA_INCOMPATIBLE when the pool's media type is another, ERROR_BUSY when the medium is
  // in use or its sides cannot get a free label.
  Result<void> move(const Guid& medium, const Guid& pool) const;

  // ChangeNtmsMediaType: a move after which the medium is of the pool's media type.
  // Errors, in this order: ERROR_INVALID_MEDIA, ERROR_INVALID_MEDIA_POOL for unknown ones;
  // ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS to the medium's pool and the computer;
  // ERROR_LIBRARY_OFFLINE when its library is the offline one or not present,
  // ERROR_RESOURCE_DISABLED; ERROR_INVALID_MEDIA_POOL for a move that is not allowed and for a type
  // with another number of sides; ERROR_BUSY as above.
  Result<void> change_type(const Guid& medium, const Guid& pool) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

// SPDX-License-Identifier: MIT
// Allocation: how an application gets a side of a medium as a logical medium of its own (contract:
// functions-media-services 3, concepts 5.1, 6 and 16).
#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "base/guid.h"
#include "model/objects.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// What AllocateNtmsMedia was asked for.
struct Wish {
  Guid pool;
  std::optional<Guid> side;         // the side wanted; nothing: any
  std::optional<Guid> same_medium;  // NTMS_ALLOCATE_NEXT: a logical medium; another side of it
  bool reserve_others = false;      // NTMS_ALLOCATE_NEW

  // Whether it may be any side of any medium: only then it can be waited for.
  bool is_open() const { return !side && !same_medium; }
};

// What was allocated.
struct Allocated {
  Guid logical_medium;  // the new logical medium
  Guid from;            // the pool the medium was in before
};

// One call of AllocateNtmsMedia. Not thread-safe: it belongs to the thread that makes the call.
// Holds references and what it is waiting for.
class MediaAllocation {
 public:
  // The first two must outlive the object.
  MediaAllocation(store::Database& database, const Session& session, const Wish& wish)
      : database_(database), session_(session), wish_(wish) {}

  // Allocates now or says why not. Nothing has changed after an error, in this order:
  // ERROR_INVALID_MEDIA_POOL for what is no application pool for media; ERROR_INVALID_MEDIA for a
  // side, or a logical medium of this pool, that does not exist; ERROR_ACCESS_DENIED without
  // NTMS_CONTROL_ACCESS to the pool or the right to take from the other one (right_to_move);
  // of a side that was named ERROR_MEDIA_OFFLINE, ERROR_RESOURCE_DISABLED,
  // ERROR_MEDIA_INCOMPATIBLE and ERROR_MEDIA_UNAVAILABLE; ERROR_DEVICE_NOT_AVAILABLE when there is
  // no free pool to draw from; ERROR_MEDIA_UNAVAILABLE when nothing is available.
  Result<Allocated> now();

  // For an open wish: allocates as soon as it can, asking the operator for new media meanwhile. To
  // be called again whenever something may have changed. Nothing as long as there is nothing to
  // say. Errors: those of now() except that nothing is available; ERROR_CANCELLED when the operator
  // has refused or the session is closed. Its operator request is gone once it has answered, unless
  // that was refused.
  std::optional<Result<Allocated>> poll();

  // The caller's time is over: takes the operator request back.
  // Errors: those of the database.
  Result<void> give_up();

 private:
  // What poll() finds when it only looks.
  enum class Sight { unchanged, changed };

  Result<Sight> look();

  store::Database& database_;
  const Session& session_;
  const Wish wish_;
  Guid operator_request_;  // asked for new media; null: not yet
};

}  // namespace ntms::server

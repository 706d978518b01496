// SPDX-License-Identifier: MIT
// Mounting and dismounting as calls of a session (contract: functions-media-services 1 and 2). The
// calls check, write rows and look at them; the owner of the robots carries the rows out
// (operations/mount.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// What MountNtmsMedia was asked for.
struct MountOrder {
  std::vector<Guid> media;    // logical media or sides
  std::vector<Guid> drives;   // one for each medium, or none: any drive
  std::uint32_t options = 0;  // NtmsMountOptions
  std::int32_t priority = 0;  // clamped to -15..15
};

// A mount under way.
struct MountTicket {
  Guid group;                  // what its requests have in common
  std::vector<Guid> requests;  // for each medium; null where it was loaded for the session already
  std::vector<Guid> media;     // physical media, for each of those asked for
};

// Holds references only. Thread safety: all functions may be called from any thread. A failed call
// changes nothing.
class Mounting {
 public:
  // Both must outlive the object.
  Mounting(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // Checks and queues. `immediate` is for a caller who does not wait: it succeeds only when no
  // medium has to be moved. Errors: those of the function's table, in its order; ERROR_TIMEOUT with
  // `immediate`.
  Result<MountTicket> begin(const MountOrder& order, bool immediate) const;

  // The drives that hold the media when all are loaded, an error when the mount has failed, nothing
  // while it goes on. Errors: that of the first request that failed; ERROR_CANCELLED for one that
  // was cancelled or deleted, and when the session is closed; ERROR_REQUEST_REFUSED when the
  // operator does not bring a medium.
  std::optional<Result<std::vector<Guid>>> look(const MountTicket& ticket) const;

  // Takes back what is not done, and dismounts what is: a mount is done as a whole or not at all.
  void give_up(const MountTicket& ticket) const;

  // DismountNtmsMedia: queues one request for each medium.
  Result<void> dismount(std::span<const Guid> media, std::uint32_t options) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

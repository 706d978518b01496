// SPDX-License-Identifier: MIT
// Watching stand-alone drives (functions-library-control 19, concepts 19).
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Holds references only. Thread safety: all functions may be called from any thread.
class ChangeDetection {
 public:
  // Both must outlive the object.
  ChangeDetection(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // SetNtmsDeviceChangeDetection: queues a fast inventory of every stand-alone library that is one
  // of the targets, or that could hold a medium or a media type that is. Libraries with a changer
  // are no targets for it: nothing is done for them, nor for a library that is not there, is
  // disabled, or is about to be looked at anyway.
  //   type     NTMS_LIBRARY, NTMS_PHYSICAL_MEDIA or NTMS_MEDIA_TYPE
  //   targets  objects of that type
  // Errors, in this order: ERROR_INVALID_PARAMETER for any other type, and when an object is of
  // another type; ERROR_INVALID_LIBRARY or, for media and media types, ERROR_INVALID_MEDIA when
  // there is no such object. A failed call changes nothing.
  Result<void> poll(std::uint32_t type, const std::vector<Guid>& targets) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

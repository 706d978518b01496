// SPDX-License-Identifier: MIT
// Listing objects by their containers (functions-objects 4).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Lists objects on behalf of a session. Holds references only. Thread safety: all functions may be
// called from any thread.
class ObjectManagement {
 public:
  // Both must outlive the object.
  ObjectManagement(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // The identifiers of the objects of one type that a container holds, in the order of their
  // creation; the sides of a medium by their numbers. Without a container: all objects of the type,
  // of the pools those at top level. Objects that the session may not use are left out.
  //   container  a library, media pool, physical medium, logical medium or side, as the type needs
  //   type       NtmsObjectsTypes, of the objects wanted
  //   options    NTMS_ENUM_DEFAULT, or NTMS_ENUM_ROOTPOOL to have the root pool first
  // Errors, in this order: ERROR_INVALID_PARAMETER when the type or the options are not valid or
  // do not go together; ERROR_OBJECT_NOT_FOUND when the container is not an object of the types
  // above; ERROR_INVALID_PARAMETER when it is not one for `type`; ERROR_ACCESS_DENIED without
  // NTMS_USE_ACCESS on it.
  Result<std::vector<Guid>> enumerate(const std::optional<Guid>& container, std::uint32_t type,
                                      std::uint32_t options) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

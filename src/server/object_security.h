// SPDX-License-Identifier: MIT
// Reading and changing the security descriptors of media pools, libraries and the computer
// (functions-objects 9 and 10, security 1).
#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/guid.h"
#include "security/rights.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Descriptors on behalf of a session. Holds references only. Thread safety: all functions may be
// called from any thread. `type` is that of the object, or NTMS_UNKNOWN; `information` names parts
// of a descriptor (SECURITY_INFORMATION: owner, group, DACL, SACL).
class ObjectSecurity {
 public:
  // Both must outlive the object.
  ObjectSecurity(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // The parts of an object's descriptor, self-relative.
  // Errors, in this order: ERROR_INVALID_PARAMETER when `information` names nothing or has unknown
  // bits; ERROR_OBJECT_NOT_FOUND, also for an object of another type; ERROR_ACCESS_DENIED without
  // READ_CONTROL to the object or what guards it, and without the privilege to read a SACL;
  // ERROR_NO_SECURITY_ON_OBJECT when the object has no descriptor of its own;
  // ERROR_DATABASE_FAILURE when the stored one is damaged.
  Result<security::StoredDescriptor> get(const Guid& object, std::uint32_t type,
                                         std::uint32_t information) const;

  // Replaces the parts of an object's descriptor by those of `from`, whose generic rights become
  // the rights they stand for. Errors, in this order: ERROR_INVALID_PARAMETER as above, and when
  // `from` lacks an owner, group or DACL that is named; ERROR_OBJECT_NOT_FOUND; ERROR_ACCESS_DENIED
  // without WRITE_DAC for the lists or WRITE_OWNER for owner and group, and as
  // security::check_given() says; ERROR_NO_SECURITY_ON_OBJECT; ERROR_DATABASE_FAILURE when the
  // stored one is damaged.
  Result<void> set(const Guid& object, std::uint32_t type, std::uint32_t information,
                   const security::StoredDescriptor& from) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

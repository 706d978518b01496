// SPDX-License-Identifier: MIT
// Deleting libraries and drives that are no longer there (contract: functions-library-control 12
// and 13). One transaction each; no device is touched.
#pragma once

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Deletions on behalf of a session. Holds references only. Thread safety: all functions may be
// called from any thread. A failed call changes nothing.
class LibraryDeletion {
 public:
  // Both must outlive the object.
  LibraryDeletion(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // DeleteNtmsLibrary: deletes a library that is not present, with its changers, drives, slots,
  // ports and doors. Its media go to the offline library, its unfinished requests are cancelled,
  // and what the server asked people to do about the deleted objects is done.
  // Errors, in this order: ERROR_INVALID_LIBRARY (also for the offline library),
  // ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS, ERROR_INVALID_STATE when the library is present
  // or disabled.
  Result<void> remove_library(const Guid& library) const;

  // DeleteNtmsDrive: deletes a drive that is not present; a medium recorded in it goes to the
  // offline library. The drive of a library without slots goes with the library.
  // Errors, in this order: ERROR_INVALID_DRIVE, ERROR_INVALID_LIBRARY, ERROR_ACCESS_DENIED without
  // NTMS_MODIFY_ACCESS, ERROR_INVALID_STATE when the drive is present.
  Result<void> remove_drive(const Guid& drive) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

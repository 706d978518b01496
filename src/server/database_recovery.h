// SPDX-License-Identifier: MIT
// Backup and recovery of the database (contract: functions-session 7 and 8, concepts 21).
#pragma once

#include "base/error.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Backup and recovery on behalf of a session. Holds references only. Thread safety: all functions
// may be called from any thread.
class DatabaseRecovery {
 public:
  // Both must outlive the object.
  DatabaseRecovery(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // ExportNtmsDatabase: writes a consistent copy into the folder "Export" of the data directory.
  // Errors: ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS, else those of
  // store::export_database().
  Result<void> export_database() const;

  // ImportNtmsDatabase: has the copy take the place of the database at the next start of the
  // service.
  // Errors: ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS, else those of store::mark_import().
  Result<void> import_database() const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server

// SPDX-License-Identifier: MIT
// Database backup and recovery (contract: functions-session 7 and 8).
#include "server/database_recovery.h"

#include "boundary.h"
#include "export.h"

using ntms::abi::Call;
using ntms::server::DatabaseRecovery;

extern "C" {

NTMS_EXPORT DWORD WINAPI ExportNtmsDatabase(HANDLE hSession) {
  return ntms::abi::run(hSession, "ExportNtmsDatabase", [](Call& call) {
    return DatabaseRecovery(call.database, call.session).export_database();
  });
}

NTMS_EXPORT DWORD WINAPI ImportNtmsDatabase(HANDLE hSession) {
  return ntms::abi::run(hSession, "ImportNtmsDatabase", [](Call& call) {
    return DatabaseRecovery(call.database, call.session).import_database();
  });
}

}  // extern "C"

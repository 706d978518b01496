// SPDX-License-Identifier: MIT
// The database backup and recovery functions, none of which is built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI ExportNtmsDatabase(HANDLE hSession) {
  return not_built(hSession, "ExportNtmsDatabase");
}

NTMS_EXPORT DWORD WINAPI ImportNtmsDatabase(HANDLE hSession) {
  return not_built(hSession, "ImportNtmsDatabase");
}

}  // extern "C"

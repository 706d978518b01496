// SPDX-License-Identifier: MIT
// Deleting libraries and drives (contract: functions-library-control 12 and 13).
#include "server/library_deletion.h"

#include "boundary.h"
#include "export.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::to_guid;
using ntms::server::LibraryDeletion;

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI DeleteNtmsLibrary(HANDLE hSession, LPNTMS_GUID lpLibraryId) {
  return ntms::abi::run(hSession, "DeleteNtmsLibrary", [&](Call& call) -> Result<void> {
    if (lpLibraryId == nullptr) return fail(ERROR_INVALID_PARAMETER, "lpLibraryId is missing");
    return LibraryDeletion(call.database, call.session).remove_library(to_guid(*lpLibraryId));
  });
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsDrive(HANDLE hSession, LPNTMS_GUID lpDriveId) {
  return ntms::abi::run(hSession, "DeleteNtmsDrive", [&](Call& call) -> Result<void> {
    if (lpDriveId == nullptr) return fail(ERROR_INVALID_PARAMETER, "lpDriveId is missing");
    return LibraryDeletion(call.database, call.session).remove_drive(to_guid(*lpDriveId));
  });
}

}  // extern "C"

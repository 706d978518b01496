// SPDX-License-Identifier: MIT
// Inject, door access and dismounting a drive (contract: functions-library-control 2, 3 and 7).
#include "server/library_access.h"

#include "boundary.h"
#include "export.h"

namespace {

using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::hand_out;
using ntms::abi::missing;
using ntms::server::LibraryAccess;

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI InjectNtmsMedia(HANDLE hSession, LPNTMS_GUID lpLibraryId,
                                         LPNTMS_GUID lpInjectOperation, DWORD dwAction) {
  return ntms::abi::run(hSession, "InjectNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpLibraryId == nullptr) return missing("lpLibraryId");
    if (lpInjectOperation == nullptr) return missing("lpInjectOperation");
    LibraryAccess access(call.database, call.session);
    const Guid library = ntms::abi::to_guid(*lpLibraryId);
    switch (dwAction) {
      case NTMS_INJECT_START:
        return hand_out(access.start_inject(library, false), lpInjectOperation);
      case NTMS_INJECT_STOP:
        return access.stop_inject(library, ntms::abi::to_guid(*lpInjectOperation));
      case NTMS_INJECT_RETRACT:
        return access.retract_inject(library, ntms::abi::to_guid(*lpInjectOperation));
      case NTMS_INJECT_STARTMANY:
        return hand_out(access.start_inject(library, true), lpInjectOperation);
      default:
        return fail(ERROR_INVALID_PARAMETER, "not an inject action");
    }
  });
}

NTMS_EXPORT DWORD WINAPI AccessNtmsLibraryDoor(HANDLE hSession, LPNTMS_GUID lpLibraryId,
                                               DWORD dwAction) {
  return ntms::abi::run(hSession, "AccessNtmsLibraryDoor", [&](Call& call) -> Result<void> {
    if (lpLibraryId == nullptr) return missing("lpLibraryId");
    return LibraryAccess(call.database, call.session)
        .access_door(ntms::abi::to_guid(*lpLibraryId), dwAction);
  });
}

NTMS_EXPORT DWORD WINAPI DismountNtmsDrive(HANDLE hSession, LPNTMS_GUID lpDriveId) {
  return ntms::abi::run(hSession, "DismountNtmsDrive", [&](Call& call) -> Result<void> {
    if (lpDriveId == nullptr) return missing("lpDriveId");
    return LibraryAccess(call.database, call.session)
        .dismount_drive(ntms::abi::to_guid(*lpDriveId));
  });
}

}  // extern "C"

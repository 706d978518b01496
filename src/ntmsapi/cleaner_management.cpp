// SPDX-License-Identifier: MIT
// Cleaning drives, the cleaner cartridge and its slot (contract: functions-library-control 6 and 14
// to 17).
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

NTMS_EXPORT DWORD WINAPI ReserveNtmsCleanerSlot(HANDLE hSession, LPNTMS_GUID lpLibrary,
                                                LPNTMS_GUID lpSlot) {
  return ntms::abi::run(hSession, "ReserveNtmsCleanerSlot", [&](Call& call) -> Result<void> {
    if (lpLibrary == nullptr) return missing("lpLibrary");
    if (lpSlot == nullptr) return missing("lpSlot");
    return LibraryAccess(call.database, call.session)
        .reserve_cleaner_slot(ntms::abi::to_guid(*lpLibrary), ntms::abi::to_guid(*lpSlot));
  });
}

NTMS_EXPORT DWORD WINAPI ReleaseNtmsCleanerSlot(HANDLE hSession, LPNTMS_GUID lpLibrary) {
  return ntms::abi::run(hSession, "ReleaseNtmsCleanerSlot", [&](Call& call) -> Result<void> {
    if (lpLibrary == nullptr) return missing("lpLibrary");
    return LibraryAccess(call.database, call.session)
        .release_cleaner_slot(ntms::abi::to_guid(*lpLibrary));
  });
}

NTMS_EXPORT DWORD WINAPI InjectNtmsCleaner(HANDLE hSession, LPNTMS_GUID lpLibrary,
                                           LPNTMS_GUID lpInjectOperation,
                                           DWORD dwNumberOfCleansLeft, DWORD dwAction) {
  return ntms::abi::run(hSession, "InjectNtmsCleaner", [&](Call& call) -> Result<void> {
    if (lpLibrary == nullptr) return missing("lpLibrary");
    if (lpInjectOperation == nullptr) return missing("lpInjectOperation");
    LibraryAccess access(call.database, call.session);
    const Guid library = ntms::abi::to_guid(*lpLibrary);
    switch (dwAction) {
      case NTMS_INJECT_START:
        return hand_out(access.start_cleaner_inject(library, dwNumberOfCleansLeft),
                        lpInjectOperation);
      case NTMS_INJECT_STOP:
        return access.stop_cleaner_inject(library, ntms::abi::to_guid(*lpInjectOperation));
      default:
        return fail(ERROR_INVALID_PARAMETER, "cleaners are injected by START and STOP only");
    }
  });
}

NTMS_EXPORT DWORD WINAPI EjectNtmsCleaner(HANDLE hSession, LPNTMS_GUID lpLibrary,
                                          LPNTMS_GUID lpEjectOperation, DWORD dwAction) {
  return ntms::abi::run(hSession, "EjectNtmsCleaner", [&](Call& call) -> Result<void> {
    if (lpLibrary == nullptr) return missing("lpLibrary");
    if (lpEjectOperation == nullptr) return missing("lpEjectOperation");
    LibraryAccess access(call.database, call.session);
    const Guid library = ntms::abi::to_guid(*lpLibrary);
    switch (dwAction) {
      case NTMS_EJECT_START:
        return hand_out(access.start_cleaner_eject(library), lpEjectOperation);
      case NTMS_EJECT_STOP:
        return access.stop_cleaner_eject(library, ntms::abi::to_guid(*lpEjectOperation));
      default:
        return fail(ERROR_INVALID_PARAMETER, "cleaners are ejected by START and STOP only");
    }
  });
}

NTMS_EXPORT DWORD WINAPI CleanNtmsDrive(HANDLE hSession, LPNTMS_GUID lpDriveId) {
  return ntms::abi::run(hSession, "CleanNtmsDrive", [&](Call& call) -> Result<void> {
    if (lpDriveId == nullptr) return missing("lpDriveId");
    return LibraryAccess(call.database, call.session).clean_drive(ntms::abi::to_guid(*lpDriveId));
  });
}

}  // extern "C"

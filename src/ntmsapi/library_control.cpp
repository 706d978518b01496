// SPDX-License-Identifier: MIT
// Library control (contract: functions-library-control 1, 4 and 8; functions-objects 5 and 6).
#include "server/library_control.h"

#include "boundary.h"
#include "export.h"

namespace {

using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::hand_out;
using ntms::abi::missing;
using ntms::server::LibraryControl;

Result<void> set_enabled(Call& call, DWORD type, LPNTMS_GUID object, bool enabled) {
  if (object == nullptr) return missing("lpObjectId");
  return LibraryControl(call.database, call.session)
      .set_enabled(type, ntms::abi::to_guid(*object), enabled);
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI EjectNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId,
                                        LPNTMS_GUID lpEjectOperation, DWORD dwAction) {
  return ntms::abi::run(hSession, "EjectNtmsMedia", [&](Call& call) -> Result<void> {
    LibraryControl control(call.database, call.session);
    // Pointers are checked before the action, but which are needed depends on it.
    if (dwAction > NTMS_EJECT_FORCE) return fail(ERROR_INVALID_PARAMETER, "not an eject action");
    if (dwAction != NTMS_EJECT_QUEUE && lpEjectOperation == nullptr) {
      return missing("lpEjectOperation");
    }
    if ((dwAction == NTMS_EJECT_QUEUE || dwAction == NTMS_EJECT_FORCE) && lpMediaId == nullptr) {
      return missing("lpMediaId");
    }
    const Guid medium = lpMediaId != nullptr ? ntms::abi::to_guid(*lpMediaId) : Guid{};
    switch (dwAction) {
      case NTMS_EJECT_START:
        return hand_out(control.start_eject(medium), lpEjectOperation);
      case NTMS_EJECT_STOP:
        return control.stop_eject(ntms::abi::to_guid(*lpEjectOperation));
      case NTMS_EJECT_QUEUE:
        return control.queue_eject(medium);
      default:
        return hand_out(control.force_eject(medium), lpEjectOperation);
    }
  });
}

NTMS_EXPORT DWORD WINAPI InventoryNtmsLibrary(HANDLE hSession, LPNTMS_GUID lpLibraryId,
                                              DWORD dwAction) {
  return ntms::abi::run(hSession, "InventoryNtmsLibrary", [&](Call& call) -> Result<void> {
    if (lpLibraryId == nullptr) return missing("lpLibraryId");
    return LibraryControl(call.database, call.session)
        .inventory(ntms::abi::to_guid(*lpLibraryId), dwAction);
  });
}

NTMS_EXPORT DWORD WINAPI CancelNtmsLibraryRequest(HANDLE hSession, LPNTMS_GUID lpRequestId) {
  return ntms::abi::run(hSession, "CancelNtmsLibraryRequest", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return missing("lpRequestId");
    return LibraryControl(call.database, call.session)
        .cancel_request(ntms::abi::to_guid(*lpRequestId));
  });
}

NTMS_EXPORT DWORD WINAPI EnableNtmsObject(HANDLE hSession, DWORD dwType, LPNTMS_GUID lpObjectId) {
  return ntms::abi::run(hSession, "EnableNtmsObject",
                        [&](Call& call) { return set_enabled(call, dwType, lpObjectId, true); });
}

NTMS_EXPORT DWORD WINAPI DisableNtmsObject(HANDLE hSession, DWORD dwType, LPNTMS_GUID lpObjectId) {
  return ntms::abi::run(hSession, "DisableNtmsObject",
                        [&](Call& call) { return set_enabled(call, dwType, lpObjectId, false); });
}

}  // extern "C"

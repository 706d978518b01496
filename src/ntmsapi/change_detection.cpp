// SPDX-License-Identifier: MIT
// The change detection functions (functions-library-control 18 to 20).
#include "server/change_detection.h"

#include "boundary.h"
#include "export.h"

using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_value;

extern "C" {

NTMS_EXPORT DWORD WINAPI BeginNtmsDeviceChangeDetection(HANDLE hSession, LPHANDLE lpDetectHandle) {
  return ntms::abi::run(hSession, "BeginNtmsDeviceChangeDetection", [&](Call&) -> Result<void> {
    if (lpDetectHandle == nullptr) return missing("lpDetectHandle");
    const auto added = ntms::host::add_detection(to_value(hSession));
    if (!added) return added.error();
    *lpDetectHandle = ntms::abi::to_handle(*added);
    return {};
  });
}

NTMS_EXPORT DWORD WINAPI SetNtmsDeviceChangeDetection(HANDLE hSession, HANDLE DetectHandle,
                                                      LPNTMS_GUID lpRequestId, DWORD dwType,
                                                      DWORD dwCount) {
  return ntms::abi::run(hSession, "SetNtmsDeviceChangeDetection", [&](Call& call) -> Result<void> {
    // Without a handle it is a single poll, and so it is with one: inventories find the rest.
    if (DetectHandle != nullptr &&
        !ntms::host::is_detection(to_value(hSession), to_value(DetectHandle))) {
      return ntms::fail(ERROR_INVALID_HANDLE, "not a change detection of the session");
    }
    if (lpRequestId == nullptr) return missing("lpRequestId");
    std::vector<ntms::Guid> targets;
    for (DWORD i = 0; i < dwCount; ++i) targets.push_back(ntms::abi::to_guid(lpRequestId[i]));
    return ntms::server::ChangeDetection(call.database, call.session).poll(dwType, targets);
  });
}

NTMS_EXPORT DWORD WINAPI EndNtmsDeviceChangeDetection(HANDLE hSession, HANDLE DetectHandle) {
  return ntms::abi::run(hSession, "EndNtmsDeviceChangeDetection", [&](Call&) {
    return ntms::host::close_detection(to_value(hSession), to_value(DetectHandle));
  });
}

}  // extern "C"

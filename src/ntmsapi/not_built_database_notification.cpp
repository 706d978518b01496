// SPDX-License-Identifier: MIT
// The notification functions, none of which is built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;
using ntms::abi::not_built_sessionless;

extern "C" {

NTMS_EXPORT DWORD WINAPI CloseNtmsNotification(HANDLE hNotification) {
  if (hNotification == nullptr) {
    return ERROR_INVALID_PARAMETER;
  }
  return not_built_sessionless("CloseNtmsNotification");
}

NTMS_EXPORT HANDLE WINAPI OpenNtmsNotification(HANDLE hSession, DWORD) {
  SetLastError(not_built(hSession, "OpenNtmsNotification"));
  return INVALID_HANDLE_VALUE;
}

NTMS_EXPORT DWORD WINAPI WaitForNtmsNotification(HANDLE hNotification,
                                                 LPNTMS_NOTIFICATIONINFORMATION, DWORD) {
  if (hNotification == nullptr) {
    return ERROR_INVALID_HANDLE;
  }
  return not_built_sessionless("WaitForNtmsNotification");
}

}  // extern "C"

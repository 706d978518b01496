// SPDX-License-Identifier: MIT
// The change detection functions, none of which is built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI BeginNtmsDeviceChangeDetection(HANDLE hSession, LPHANDLE) {
  return not_built(hSession, "BeginNtmsDeviceChangeDetection");
}

NTMS_EXPORT DWORD WINAPI EndNtmsDeviceChangeDetection(HANDLE hSession, HANDLE) {
  return not_built(hSession, "EndNtmsDeviceChangeDetection");
}

NTMS_EXPORT DWORD WINAPI SetNtmsDeviceChangeDetection(HANDLE hSession, HANDLE, LPNTMS_GUID, DWORD,
                                                      DWORD) {
  return not_built(hSession, "SetNtmsDeviceChangeDetection");
}

}  // extern "C"

// SPDX-License-Identifier: MIT
// The cleaner management functions, none of which is built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI CleanNtmsDrive(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "CleanNtmsDrive");
}

NTMS_EXPORT DWORD WINAPI EjectNtmsCleaner(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID, DWORD) {
  return not_built(hSession, "EjectNtmsCleaner");
}

NTMS_EXPORT DWORD WINAPI InjectNtmsCleaner(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID, DWORD,
                                           DWORD) {
  return not_built(hSession, "InjectNtmsCleaner");
}

NTMS_EXPORT DWORD WINAPI ReleaseNtmsCleanerSlot(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "ReleaseNtmsCleanerSlot");
}

NTMS_EXPORT DWORD WINAPI ReserveNtmsCleanerSlot(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "ReserveNtmsCleanerSlot");
}

}  // extern "C"

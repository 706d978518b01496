// SPDX-License-Identifier: MIT
// The media services functions that are not built yet: mounting and dismounting.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI DismountNtmsMedia(HANDLE hSession, LPNTMS_GUID, DWORD, DWORD) {
  return not_built(hSession, "DismountNtmsMedia");
}

NTMS_EXPORT DWORD WINAPI MountNtmsMedia(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID, DWORD, DWORD,
                                        int, DWORD, LPNTMS_MOUNT_INFORMATION) {
  return not_built(hSession, "MountNtmsMedia");
}

}  // extern "C"

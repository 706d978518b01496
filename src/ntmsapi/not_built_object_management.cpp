// SPDX-License-Identifier: MIT
// The object management functions that are not built yet: security.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID, DWORD,
                                               SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, DWORD,
                                               LPDWORD) {
  return not_built(hSession, "GetNtmsObjectSecurity");
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID, DWORD,
                                               SECURITY_INFORMATION, PSECURITY_DESCRIPTOR) {
  return not_built(hSession, "SetNtmsObjectSecurity");
}

}  // extern "C"

// SPDX-License-Identifier: MIT
// The object management functions that are not built yet: attributes and security.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsObjectAttributeA(HANDLE hSession, LPNTMS_GUID, DWORD, LPCSTR,
                                                 LPVOID, LPDWORD) {
  return not_built(hSession, "GetNtmsObjectAttributeA");
}

NTMS_EXPORT DWORD WINAPI GetNtmsObjectAttributeW(HANDLE hSession, LPNTMS_GUID, DWORD, LPCWSTR,
                                                 LPVOID, LPDWORD) {
  return not_built(hSession, "GetNtmsObjectAttributeW");
}

NTMS_EXPORT DWORD WINAPI GetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID, DWORD,
                                               SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, DWORD,
                                               LPDWORD) {
  return not_built(hSession, "GetNtmsObjectSecurity");
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectAttributeA(HANDLE hSession, LPNTMS_GUID, DWORD, LPCSTR,
                                                 LPVOID, DWORD) {
  return not_built(hSession, "SetNtmsObjectAttributeA");
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectAttributeW(HANDLE hSession, LPNTMS_GUID, DWORD, LPCWSTR,
                                                 LPVOID, DWORD) {
  return not_built(hSession, "SetNtmsObjectAttributeW");
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID, DWORD,
                                               SECURITY_INFORMATION, PSECURITY_DESCRIPTOR) {
  return not_built(hSession, "SetNtmsObjectSecurity");
}

}  // extern "C"

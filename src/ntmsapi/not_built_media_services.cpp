// SPDX-License-Identifier: MIT
// The media services functions, none of which is built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI AddNtmsMediaType(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "AddNtmsMediaType");
}

NTMS_EXPORT DWORD WINAPI AllocateNtmsMedia(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID, LPNTMS_GUID,
                                           DWORD, DWORD, LPNTMS_ALLOCATION_INFORMATION) {
  return not_built(hSession, "AllocateNtmsMedia");
}

NTMS_EXPORT DWORD WINAPI ChangeNtmsMediaType(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "ChangeNtmsMediaType");
}

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaA(HANDLE hSession, LPNTMS_OBJECTINFORMATIONA,
                                          LPNTMS_OBJECTINFORMATIONA, DWORD) {
  return not_built(hSession, "CreateNtmsMediaA");
}

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaPoolA(HANDLE hSession, LPCSTR, LPNTMS_GUID, DWORD,
                                              LPSECURITY_ATTRIBUTES, LPNTMS_GUID) {
  return not_built(hSession, "CreateNtmsMediaPoolA");
}

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaPoolW(HANDLE hSession, LPCWSTR, LPNTMS_GUID, DWORD,
                                              LPSECURITY_ATTRIBUTES, LPNTMS_GUID) {
  return not_built(hSession, "CreateNtmsMediaPoolW");
}

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaW(HANDLE hSession, LPNTMS_OBJECTINFORMATIONW,
                                          LPNTMS_OBJECTINFORMATIONW, DWORD) {
  return not_built(hSession, "CreateNtmsMediaW");
}

NTMS_EXPORT DWORD WINAPI DeallocateNtmsMedia(HANDLE hSession, LPNTMS_GUID, DWORD) {
  return not_built(hSession, "DeallocateNtmsMedia");
}

NTMS_EXPORT DWORD WINAPI DecommissionNtmsMedia(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "DecommissionNtmsMedia");
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsMedia(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "DeleteNtmsMedia");
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsMediaPool(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "DeleteNtmsMediaPool");
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsMediaType(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "DeleteNtmsMediaType");
}

NTMS_EXPORT DWORD WINAPI GetNtmsMediaPoolNameA(HANDLE hSession, LPNTMS_GUID, LPSTR, LPDWORD) {
  return not_built(hSession, "GetNtmsMediaPoolNameA");
}

NTMS_EXPORT DWORD WINAPI GetNtmsMediaPoolNameW(HANDLE hSession, LPNTMS_GUID, LPWSTR, LPDWORD) {
  return not_built(hSession, "GetNtmsMediaPoolNameW");
}

NTMS_EXPORT DWORD WINAPI MoveToNtmsMediaPool(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "MoveToNtmsMediaPool");
}

NTMS_EXPORT DWORD WINAPI SetNtmsMediaComplete(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "SetNtmsMediaComplete");
}

NTMS_EXPORT DWORD WINAPI SwapNtmsMedia(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "SwapNtmsMedia");
}

}  // extern "C"

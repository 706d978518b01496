// SPDX-License-Identifier: MIT
// The library control functions that are not built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;
using ntms::abi::not_built_sessionless;

namespace {

// Callers free both strings of GetVolumesFromDrive without a second look; a failed call hands out
// none (functions-library-control 22).
template <class String>
void set_null(String* out) noexcept {
  if (out != nullptr) {
    *out = nullptr;
  }
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI AccessNtmsLibraryDoor(HANDLE hSession, LPNTMS_GUID, DWORD) {
  return not_built(hSession, "AccessNtmsLibraryDoor");
}

NTMS_EXPORT DWORD WINAPI DismountNtmsDrive(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "DismountNtmsDrive");
}

NTMS_EXPORT DWORD WINAPI EjectDiskFromSADriveA(LPCSTR, LPCSTR, LPCSTR, HWND, LPCSTR, LPCSTR,
                                               DWORD) {
  return not_built_sessionless("EjectDiskFromSADriveA");
}

NTMS_EXPORT DWORD WINAPI EjectDiskFromSADriveW(LPCWSTR, LPCWSTR, LPCWSTR, HWND, LPCWSTR, LPCWSTR,
                                               DWORD) {
  return not_built_sessionless("EjectDiskFromSADriveW");
}

NTMS_EXPORT DWORD WINAPI GetNtmsUIOptionsA(HANDLE hSession, LPNTMS_GUID, DWORD, LPSTR, LPDWORD) {
  return not_built(hSession, "GetNtmsUIOptionsA");
}

NTMS_EXPORT DWORD WINAPI GetNtmsUIOptionsW(HANDLE hSession, LPNTMS_GUID, DWORD, LPWSTR, LPDWORD) {
  return not_built(hSession, "GetNtmsUIOptionsW");
}

NTMS_EXPORT DWORD WINAPI GetVolumesFromDriveA(LPSTR, LPSTR* VolumeNameBufferPtr,
                                              LPSTR* DriveLetterBufferPtr) {
  set_null(VolumeNameBufferPtr);
  set_null(DriveLetterBufferPtr);
  return not_built_sessionless("GetVolumesFromDriveA");
}

NTMS_EXPORT DWORD WINAPI GetVolumesFromDriveW(LPWSTR, LPWSTR* VolumeNameBufferPtr,
                                              LPWSTR* DriveLetterBufferPtr) {
  set_null(VolumeNameBufferPtr);
  set_null(DriveLetterBufferPtr);
  return not_built_sessionless("GetVolumesFromDriveW");
}

NTMS_EXPORT DWORD WINAPI IdentifyNtmsSlot(HANDLE hSession, LPNTMS_GUID, DWORD) {
  return not_built(hSession, "IdentifyNtmsSlot");
}

NTMS_EXPORT DWORD WINAPI InjectNtmsMedia(HANDLE hSession, LPNTMS_GUID, LPNTMS_GUID, DWORD) {
  return not_built(hSession, "InjectNtmsMedia");
}

NTMS_EXPORT DWORD WINAPI SetNtmsUIOptionsA(HANDLE hSession, LPNTMS_GUID, DWORD, DWORD, LPCSTR) {
  return not_built(hSession, "SetNtmsUIOptionsA");
}

NTMS_EXPORT DWORD WINAPI SetNtmsUIOptionsW(HANDLE hSession, LPNTMS_GUID, DWORD, DWORD, LPCWSTR) {
  return not_built(hSession, "SetNtmsUIOptionsW");
}

}  // extern "C"

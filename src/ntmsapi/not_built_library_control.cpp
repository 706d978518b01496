// SPDX-License-Identifier: MIT
// The library control functions that are not built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

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

NTMS_EXPORT DWORD WINAPI EjectDiskFromSADriveA(LPCSTR, LPCSTR, LPCSTR, HWND, LPCSTR, LPCSTR,
                                               DWORD) {
  return not_built_sessionless("EjectDiskFromSADriveA");
}

NTMS_EXPORT DWORD WINAPI EjectDiskFromSADriveW(LPCWSTR, LPCWSTR, LPCWSTR, HWND, LPCWSTR, LPCWSTR,
                                               DWORD) {
  return not_built_sessionless("EjectDiskFromSADriveW");
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

}  // extern "C"

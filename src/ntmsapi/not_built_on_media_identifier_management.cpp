// SPDX-License-Identifier: MIT
// The on-media identifier function, which is not built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI UpdateNtmsOmidInfo(HANDLE hSession, LPNTMS_GUID, DWORD, DWORD, LPVOID) {
  return not_built(hSession, "UpdateNtmsOmidInfo");
}

}  // extern "C"

// SPDX-License-Identifier: MIT
// The cleaner management function that is not built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI CleanNtmsDrive(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "CleanNtmsDrive");
}

}  // extern "C"

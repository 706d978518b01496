// SPDX-License-Identifier: MIT
// The export that no header and no document describes.
#include <ntmsapi.h>

#include "export.h"
#include "undescribed.h"

extern "C" {

// Only the size of the arguments is known, so none is looked at (functions-library-control 23).
NTMS_EXPORT DWORD WINAPI DoEjectFromSADriveW(void*, void*, void*, void*, void*, void*) {
  return ntms::abi::undescribed("DoEjectFromSADriveW");
}

}  // extern "C"

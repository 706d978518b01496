// SPDX-License-Identifier: MIT
// The operator request functions, none of which is built yet.
#include <ntmsapi.h>

#include "export.h"
#include "not_built.h"

using ntms::abi::not_built;

extern "C" {

NTMS_EXPORT DWORD WINAPI CancelNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "CancelNtmsOperatorRequest");
}

NTMS_EXPORT DWORD WINAPI SatisfyNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID) {
  return not_built(hSession, "SatisfyNtmsOperatorRequest");
}

NTMS_EXPORT DWORD WINAPI SubmitNtmsOperatorRequestA(HANDLE hSession, DWORD, LPCSTR, LPNTMS_GUID,
                                                    LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "SubmitNtmsOperatorRequestA");
}

NTMS_EXPORT DWORD WINAPI SubmitNtmsOperatorRequestW(HANDLE hSession, DWORD, LPCWSTR, LPNTMS_GUID,
                                                    LPNTMS_GUID, LPNTMS_GUID) {
  return not_built(hSession, "SubmitNtmsOperatorRequestW");
}

NTMS_EXPORT DWORD WINAPI WaitForNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID, DWORD) {
  return not_built(hSession, "WaitForNtmsOperatorRequest");
}

}  // extern "C"

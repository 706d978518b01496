// SPDX-License-Identifier: MIT
// With UNICODE the names without a letter are the wide ones. The file only has to compile.
#define UNICODE
#include <ntmsapi.h>

_Static_assert(sizeof(NTMS_OBJECTINFORMATION) == sizeof(NTMS_OBJECTINFORMATIONW), "wide names");
_Static_assert(sizeof(NTMS_I1_OBJECTINFORMATION) == sizeof(NTMS_I1_OBJECTINFORMATIONW),
               "wide names");
_Static_assert(_Generic(&OpenNtmsSession, HANDLE(WINAPI*)(LPCWSTR, LPCWSTR, DWORD) : 1,
                        default : 0),
               "wide names");
_Static_assert(_Generic(&GetVolumesFromDrive, DWORD(WINAPI*)(LPWSTR, LPWSTR*, LPWSTR*) : 1,
                        default : 0),
               "wide names");

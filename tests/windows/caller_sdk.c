/* SPDX-License-Identifier: MIT */
/* A program as it was built for the original: the toolchain's own <ntmsapi.h>, its own import
   library, no word of this project. Run beside ntmsapi.dll it uses that. Exit status 0: all went
   well; else the number of the step that did not. */
#include <windows.h>

#include <ntmsapi.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  NTMS_GUID ids[16];
  DWORD count = 16;
  NTMS_GUID nothing = NTMS_NULLGUID;
  char path[MAX_PATH] = "";
  NTMS_OBJECTINFORMATIONW info;
  HANDLE session = OpenNtmsSessionW(NULL, L"a program of 2001", 0);
  if (session == INVALID_HANDLE_VALUE || session == NULL) return 1;
  if (EnumerateNtmsObject(session, NULL, ids, &count, NTMS_LIBRARY, 0) != ERROR_SUCCESS) return 2;
  if (count == 0) return 3;
  memset(&info, 0, sizeof info);
  info.dwSize = sizeof info;
  info.dwType = NTMS_LIBRARY;
  if (GetNtmsObjectInformationW(session, &ids[0], &info) != ERROR_SUCCESS) return 4;
  if (info.szName[0] == L'\0') return 5;
  if (EjectNtmsMedia(session, &nothing, NULL, NTMS_EJECT_START) == ERROR_SUCCESS) return 6;
  if (CloseNtmsSession(session) != ERROR_SUCCESS) return 7;
  if (CloseNtmsSession(session) != ERROR_INVALID_HANDLE) return 8;
  if (GetModuleFileNameA(GetModuleHandleA("ntmsapi.dll"), path, MAX_PATH) == 0) return 9;
  printf("%d-bit, library \"%ls\", %s\n", (int)sizeof(void*) * 8, info.szName, path);
  return 0;
}

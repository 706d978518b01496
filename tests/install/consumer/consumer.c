// SPDX-License-Identifier: MIT
// A C program against the installed library: a malformed server name is refused, and the reason
// crosses the library's border through GetLastError.
#include <ntmsapi.h>
#include <ntmsmli.h>
#include <stdio.h>

int main(void) {
  static const WCHAR server[] = {'a', ' ', 'b', 0};
  NTMS_GUID id = NTMS_NULLGUID;
  HANDLE session;
  DWORD error;

  SetLastError(ERROR_SUCCESS);
  session = OpenNtmsSessionW(server, NULL, 0);
  error = GetLastError();
  if (session != INVALID_HANDLE_VALUE || error != ERROR_INVALID_COMPUTERNAME) {
    fprintf(stderr, "OpenNtmsSessionW: error %lu, expected %lu\n", (unsigned long)error,
            (unsigned long)ERROR_INVALID_COMPUTERNAME);
    return 1;
  }
  error = EjectNtmsMedia(session, &id, &id, NTMS_EJECT_START);
  if (error != ERROR_INVALID_HANDLE || !NTMS_IS_NULLGUID(id)) {
    fprintf(stderr, "EjectNtmsMedia: error %lu, expected %lu\n", (unsigned long)error,
            (unsigned long)ERROR_INVALID_HANDLE);
    return 1;
  }
  puts("C consumer: as expected");
  return 0;
}

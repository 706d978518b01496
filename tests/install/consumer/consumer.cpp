// SPDX-License-Identifier: MIT
// A C++ program against the installed library: as consumer.c, for the W and the A function.
#include <ntmsapi.h>
#include <ntmsmli.h>

#include <iostream>

namespace {

bool refused(HANDLE session, DWORD error, const char* function) {
  if (session == INVALID_HANDLE_VALUE && error == ERROR_INVALID_COMPUTERNAME) {
    return true;
  }
  std::cerr << function << ": error " << error << ", expected " << ERROR_INVALID_COMPUTERNAME
            << '\n';
  return false;
}

}  // namespace

int main() {
  static_assert(sizeof(NTMS_OBJECTINFORMATIONW) == 1408);
  const WCHAR server[] = {'a', ' ', 'b', 0};

  SetLastError(ERROR_SUCCESS);
  HANDLE session = OpenNtmsSessionW(server, nullptr, 0);
  if (!refused(session, GetLastError(), "OpenNtmsSessionW")) {
    return 1;
  }
  SetLastError(ERROR_SUCCESS);
  session = OpenNtmsSessionA("a b", nullptr, 0);
  if (!refused(session, GetLastError(), "OpenNtmsSessionA")) {
    return 1;
  }
  if (CloseNtmsSession(session) != ERROR_INVALID_HANDLE) {
    std::cerr << "CloseNtmsSession accepts INVALID_HANDLE_VALUE\n";
    return 1;
  }
  std::cout << "C++ consumer: as expected\n";
  return 0;
}
